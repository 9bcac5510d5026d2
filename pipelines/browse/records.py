"""What was done, read for people: runs, failures, tags and how often they are used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select

from models.tables import METADATA
from pipelines.epoch import EpochSeconds

TABLES = METADATA.tables
CRAWL, FETCH, FAILURE, PAGE, SITE = (TABLES[name] for name in ("crawl", "fetch", "failure", "page", "site"))
TAG, ARTICLE_TAG, ARTICLE = (TABLES[name] for name in ("tag", "article_tag", "article"))

LENGTH = 50
OUTCOMES = ("stored", "unchanged", "failed", "refused")
_STEPS = 90
"""Columns of a chart over time, at most."""
_MOST_STEPS = 400
"""Of a run whose clock was turned."""
_SPANS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400)
DATED = 2_000
"""Articles of a tag whose dates are counted: the last stored."""


@dataclass(frozen=True, slots=True)
class Step:
    """One column of a chart over time."""

    begins_at: datetime
    counts: Mapping[str, int]
    """By outcome, each of OUTCOMES."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the requests of a run ended, over its time."""

    seconds: int
    """Of each step."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class SiteSums:
    domain: str
    pages: int
    """URLs fetched, whatever they were."""
    articles: int
    """That their pages still have."""
    failures: int
    last_fetched_at: datetime | None


def runs(connection: Connection, *, before: int | None = None) -> Sequence[RowMapping]:
    """The latest first, one more than a page shows."""
    query = select(CRAWL).order_by(CRAWL.c.id.desc()).limit(LENGTH + 1)
    return connection.execute(query if before is None else query.where(CRAWL.c.id < before)).mappings().all()


def run(connection: Connection, crawl_id: int) -> RowMapping | None:
    return connection.execute(select(CRAWL).where(CRAWL.c.id == crawl_id)).mappings().one_or_none()


def failure_counts(connection: Connection, crawl_id: int) -> Mapping[str, int]:
    """By class, the most frequent first."""
    count = func.count()
    query = select(FAILURE.c.failure_class, count).where(FAILURE.c.crawl_id == crawl_id)
    rows = connection.execute(query.group_by(FAILURE.c.failure_class).order_by(count.desc(), FAILURE.c.failure_class))
    return {row[0]: row[1] for row in rows}


def pace(connection: Connection, crawl_id: int, *, length: timedelta) -> Pace | None:
    """Of a run that took so long; None where it has asked for nothing."""
    seconds = next((span for span in _SPANS if length.total_seconds() / span < _STEPS), _SPANS[-1])
    number = (EpochSeconds(FETCH.c.fetched_at) // seconds).label("number")
    query = select(number, FETCH.c.outcome, func.count()).where(FETCH.c.crawl_id == crawl_id)
    found: dict[int, dict[str, int]] = {}
    for place, outcome, count in connection.execute(query.group_by(number, FETCH.c.outcome)):
        found.setdefault(int(place), dict.fromkeys(OUTCOMES, 0))[outcome] = count
    if not found:
        return None
    nothing = dict.fromkeys(OUTCOMES, 0)
    steps = (
        Step(datetime.fromtimestamp(place * seconds, UTC), found.get(place, nothing))
        for place in range(min(found), min(max(found), min(found) + _MOST_STEPS) + 1)
    )
    return Pace(seconds, tuple(steps))


def failures(
    connection: Connection, *, failure_class: str | None, crawl_id: int | None, site: str | None, before: int | None
) -> Sequence[RowMapping]:
    """The latest first, one more than a page shows; `domain` beside the columns of `failure`."""
    query = select(FAILURE, SITE.c.domain).outerjoin(PAGE, PAGE.c.id == FAILURE.c.page_id)
    query = query.outerjoin(SITE, SITE.c.id == PAGE.c.site_id)
    wanted = [
        condition
        for condition, value in (
            (FAILURE.c.failure_class == failure_class, failure_class),
            (FAILURE.c.crawl_id == crawl_id, crawl_id),
            (SITE.c.domain == site, site),
            (FAILURE.c.id < (before or 0), before),
        )
        if value is not None
    ]
    return connection.execute(query.where(*wanted).order_by(FAILURE.c.id.desc()).limit(LENGTH + 1)).mappings().all()


def site_sums(connection: Connection) -> Sequence[SiteSums]:
    """By domain: of each site that anything was fetched of."""
    pages = (
        select(SITE.c.id, SITE.c.domain, func.count(), func.max(PAGE.c.fetched_at))
        .join(PAGE, PAGE.c.site_id == SITE.c.id)
        .where(PAGE.c.fetched_at.is_not(None))
        .group_by(SITE.c.id, SITE.c.domain)
    )
    of_site = select(PAGE.c.site_id, func.count()).group_by(PAGE.c.site_id)
    articles = of_site.join(ARTICLE, ARTICLE.c.page_id == PAGE.c.id).where(ARTICLE.c.gone_at.is_(None))
    failures = of_site.join(FAILURE, FAILURE.c.page_id == PAGE.c.id)
    counts = [{row[0]: row[1] for row in connection.execute(query)} for query in (articles, failures)]
    return [
        SiteSums(domain, fetched, counts[0].get(number, 0), counts[1].get(number, 0), last)
        for number, domain, fetched, last in connection.execute(pages.order_by(SITE.c.domain))
    ]


def tag(connection: Connection, tag_id: int) -> RowMapping | None:
    return connection.execute(select(TAG).where(TAG.c.id == tag_id)).mappings().one_or_none()


def months_of(connection: Connection, article_ids: Sequence[int]) -> dict[str, int]:
    """How many of the articles were published in each month, from the first to the last, as "2026-11"."""
    query = select(ARTICLE.c.date_published).where(ARTICLE.c.id.in_(article_ids))
    dates = connection.execute(query.where(ARTICLE.c.date_published.is_not(None))).scalars().all()
    if not dates:
        return {}
    counts = dict.fromkeys(_months(min(dates), max(dates)), 0)
    for date in dates:
        if (month := f"{date:%Y-%m}") in counts:
            counts[month] += 1
    return counts


def used_tags(*, begins: str = "", most: int = 300) -> Select[Any]:
    """Tags with the number of their articles, the most used first; those whose name begins so."""
    counted = select(ARTICLE_TAG.c.tag_id, func.count().label("articles")).group_by(ARTICLE_TAG.c.tag_id).subquery()
    query = select(TAG.c.id, TAG.c.name, counted.c.articles).join(counted, counted.c.tag_id == TAG.c.id)
    if begins:
        query = query.where(TAG.c.name.istartswith(begins, autoescape=True))
    return query.order_by(counted.c.articles.desc(), TAG.c.name).limit(most)


def _months(first: datetime, last: datetime) -> list[str]:
    """At most fifty years: a date may be wrong."""
    found: list[str] = []
    month = last.replace(day=1)
    while f"{month:%Y-%m}" >= f"{first:%Y-%m}" and len(found) < 600:
        found.append(f"{month:%Y-%m}")
        month = (month - timedelta(days=1)).replace(day=1)
    return found[::-1]
