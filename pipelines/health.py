"""How each site is: what its articles say of themselves now and said before, what failed, and when it was last asked.

A day is compared with the days before it, of the same site; no threshold is set by anybody. What is compared are the
versions of articles that were stored on a day: those that came, and those that had changed.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Integer, Select, case, exists, func, select

from models.engine import reading
from models.tables import METADATA
from pipelines.epoch import DAY, EpochSeconds

TABLES = METADATA.tables
SITE, PAGE, ARTICLE, VERSION = (TABLES[name] for name in ("site", "page", "article", "article_version"))
FETCH, FAILURE, ARTICLE_TAG, LINK_LIST = (TABLES[name] for name in ("fetch", "failure", "article_tag", "link_list"))

DAYS = 30
_FACTS = ("headline", "date_published", "source", "section", "in_language", "description", "main_image")
FIELDS = ("headline", "article_body", "date_published", "authors", "source", "section", "in_language",
          "description", "main_image", "tags", "related")  # fmt: skip
_FEWEST = 5
"""Articles of a day from which a share says something, and of the days before it."""
_LEAST_FALL = 0.15
"""A share that falls by less is no news, however sure it is."""
_DEVIATIONS = 4.0
"""Of a share of so many articles by chance: one false alarm in tens of thousands of days."""
_STALE_GAPS = 3
FAILED, VISITS = "failed", "visits"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    total: int

    @property
    def value(self) -> float | None:
        return self.count / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Series:
    """A share by day, of the days that have any; the last is the one to be judged."""

    name: str
    days: tuple[Share, ...]

    @property
    def last(self) -> float | None:
        return self.days[-1].value if self.days else None

    @property
    def usual(self) -> float | None:
        """Of all days before the last."""
        return _sum(self.days[:-1]).value


@dataclass(frozen=True, slots=True)
class SiteHealth:
    domain: str
    last_fetched_at: datetime | None
    days: tuple[datetime, ...]
    """Those on which versions were stored, the oldest first: of the series of fields."""
    fields: tuple[Series, ...]
    """In the order of FIELDS: the share of articles that have each."""
    failed: Series
    """Of its requests, by the days on which there were any."""
    failures: Mapping[str, int]
    """By class, on the last of those days."""
    troubles: tuple[str, ...]
    """What is not as it was; empty for a site that is well."""
    subjects: tuple[str, ...] = ()
    """What each of these is about: a field, FAILED or VISITS."""


def is_fall(before: Share, now: Share) -> bool:
    """The share is lower than before, by more than chance would make of so few articles."""
    return _differs(before, now) < 0


def is_rise(before: Share, now: Share) -> bool:
    return _differs(before, now) > 0


def site_healths(engine: Engine, *, now: datetime, site: str | None = None) -> tuple[SiteHealth, ...]:
    """Of every site that anything was fetched of, by domain; or of one."""
    since = now - timedelta(days=DAYS)
    with reading(engine) as connection:
        names = _last_fetches(connection, site)
        fields = _by_site(connection.execute(_filled(since, site)), len(FIELDS) + 1)
        requests = _by_site(connection.execute(_failed(since, site)), 2)
        failures = _failures(connection, since, site)
    return tuple(
        _health(
            domain,
            last_fetched_at=last,
            fields=fields.get(number, {}),
            requests=requests.get(number, {}),
            failures=failures.get(number, {}),
            now=now,
        )
        for number, domain, last in names
    )


def _health(
    domain: str,
    *,
    last_fetched_at: datetime | None,
    fields: Mapping[int, Sequence[int]],
    requests: Mapping[int, Sequence[int]],
    failures: Mapping[int, Mapping[str, int]],
    now: datetime,
) -> SiteHealth:
    days = sorted(fields)
    series = tuple(
        Series(name, tuple(Share(fields[day][place], fields[day][0]) for day in days))
        for place, name in enumerate(FIELDS, 1)
    )
    asked = sorted(requests)
    failed = Series(FAILED, tuple(Share(requests[day][1], requests[day][0]) for day in asked))
    troubles = (*_troubles(series, failed), *_staleness(asked, last_fetched_at, now))
    return SiteHealth(
        domain=domain,
        last_fetched_at=last_fetched_at,
        days=tuple(datetime.fromtimestamp(day * DAY, UTC) for day in days),
        fields=series,
        failed=failed,
        failures=failures.get(asked[-1], {}) if asked else {},
        troubles=tuple(told for _, told in troubles),
        subjects=tuple(subject for subject, _ in troubles),
    )


def _troubles(fields: Iterable[Series], failed: Series) -> Iterable[tuple[str, str]]:
    for series in (each for each in fields if len(each.days) > 1):
        if is_fall(_sum(series.days[:-1]), series.days[-1]):
            yield series.name, f"{series.name} fell from {series.usual:.0%} to {series.last:.0%} of the articles"
    if len(failed.days) > 1 and is_rise(_sum(failed.days[:-1]), failed.days[-1]):
        yield FAILED, f"failures rose from {failed.usual:.0%} to {failed.last:.0%} of the requests"


def _staleness(days: Sequence[int], last: datetime | None, now: datetime) -> Iterable[tuple[str, str]]:
    """Not asked for three times as long as it used to be left alone; a site that was asked on one day has no habit."""
    gaps = [after - before for before, after in pairwise(days)]
    if gaps and last and (now - last).total_seconds() > _STALE_GAPS * DAY * median(gaps):
        yield VISITS, f"not fetched for {(now - last).days} days; it was every {median(gaps):g}"


def _differs(before: Share, now: Share) -> int:
    """-1 lower, 1 higher, 0 as before. The test for two proportions, with the pooled share as what is expected."""
    was, share = before.value, now.value
    if was is None or share is None or min(before.total, now.total) < _FEWEST or abs(share - was) < _LEAST_FALL:
        return 0
    pooled = (before.count + now.count + 1) / (before.total + now.total + 2)
    chance = math.sqrt(pooled * (1 - pooled) * (1 / before.total + 1 / now.total))
    return 0 if abs(share - was) < _DEVIATIONS * chance else (1 if share > was else -1)


def _sum(shares: Iterable[Share]) -> Share:
    listed = list(shares)
    return Share(sum(share.count for share in listed), sum(share.total for share in listed))


def _last_fetches(connection: Connection, site: str | None) -> list[tuple[int, str, datetime | None]]:
    query = (
        select(SITE.c.id, SITE.c.domain, func.max(PAGE.c.fetched_at))
        .join(PAGE, PAGE.c.site_id == SITE.c.id)
        .where(PAGE.c.fetched_at.is_not(None), *_of(site))
        .group_by(SITE.c.id, SITE.c.domain)
        .order_by(SITE.c.domain)
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def _filled(since: datetime, site: str | None) -> Select[Any]:
    """Site, day, versions, and how many of them have each of FIELDS."""
    has = has_field()
    day = (EpochSeconds(VERSION.c.seen_at) // DAY).label("day")
    counts = [func.sum(case((has[name], 1), else_=0)).cast(Integer) for name in FIELDS]
    return (
        select(PAGE.c.site_id, day, func.count(), *counts)
        .select_from(VERSION)
        .join(ARTICLE, ARTICLE.c.id == VERSION.c.article_id)
        .join(PAGE, PAGE.c.id == ARTICLE.c.page_id)
        .join(SITE, SITE.c.id == PAGE.c.site_id)
        .where(VERSION.c.seen_at >= since, *_of(site))
        .group_by(PAGE.c.site_id, day)
    )


def has_field() -> dict[str, ColumnElement[bool]]:
    """By name of FIELDS, of a row of article with its page and one of its versions: whether it has it."""
    has: dict[str, ColumnElement[bool]] = {name: VERSION.c[name].is_not(None) for name in _FACTS}
    has["article_body"] = VERSION.c.article_body != ""
    has["authors"] = func.json_array_length(VERSION.c.authors) > 0
    has["tags"] = exists().where(ARTICLE_TAG.c.article_id == ARTICLE.c.id)
    shown = (LINK_LIST.c.page_id == PAGE.c.id, LINK_LIST.c.last_seen_at.is_(None), LINK_LIST.c.kind == "related")
    has["related"] = exists().where(*shown)
    return has


def _failed(since: datetime, site: str | None) -> Select[Any]:
    """Site, day, requests, and how many of them failed."""
    day = (EpochSeconds(FETCH.c.fetched_at) // DAY).label("day")
    return (
        select(
            PAGE.c.site_id, day, func.count(), func.sum(case((FETCH.c.outcome == "failed", 1), else_=0)).cast(Integer)
        )
        .select_from(FETCH)
        .join(PAGE, PAGE.c.id == FETCH.c.page_id)
        .join(SITE, SITE.c.id == PAGE.c.site_id)
        .where(FETCH.c.fetched_at >= since, *_of(site))
        .group_by(PAGE.c.site_id, day)
    )


def _failures(connection: Connection, since: datetime, site: str | None) -> dict[int, dict[int, dict[str, int]]]:
    """By site, day and class; refusals are not among them."""
    day = (EpochSeconds(FAILURE.c.occurred_at) // DAY).label("day")
    query = (
        select(PAGE.c.site_id, day, FAILURE.c.failure_class, func.count())
        .join(PAGE, PAGE.c.id == FAILURE.c.page_id)
        .join(SITE, SITE.c.id == PAGE.c.site_id)
        .where(FAILURE.c.occurred_at >= since, FAILURE.c.failure_class.not_like("refused%"), *_of(site))
        .group_by(PAGE.c.site_id, day, FAILURE.c.failure_class)
        .order_by(func.count().desc(), FAILURE.c.failure_class)
    )
    found: dict[int, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for number, at, name, count in connection.execute(query):
        found[number][int(at)][name] = count
    return found


def _by_site(rows: Iterable[Any], width: int) -> dict[int, dict[int, Sequence[int]]]:
    """Site and day, then so many numbers."""
    found: dict[int, dict[int, Sequence[int]]] = defaultdict(dict)
    for row in rows:
        found[row[0]][int(row[1])] = [int(value) for value in row[2 : 2 + width]]
    return found


def _of(site: str | None) -> list[ColumnElement[bool]]:
    return [] if site is None else [SITE.c.domain == site]
