"""How all runs go over time: requests, errors by class, fields, and how fresh what is stored is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from models.items import PageKind
from models.tables import METADATA
from pipelines.browse.records import OUTCOMES
from pipelines.health import FIELDS, Share

TABLES = METADATA.tables
CRAWL, FETCH, READING, PAGE, SITE = (TABLES[name] for name in ("crawl", "fetch", "reading", "page", "site"))


class Period(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_HOUR, _DAY = 3600, 86_400
# Length and step in seconds.
_LENGTHS = {
    Period.DAY: (_DAY, 900),
    Period.WEEK: (7 * _DAY, 2 * _HOUR),
    Period.MONTH: (30 * _DAY, 12 * _HOUR),
    Period.YEAR: (364 * _DAY, 4 * _DAY),
}
_AGES = (
    ("an hour", timedelta(hours=1)),
    ("a day", timedelta(days=1)),
    ("a week", timedelta(days=7)),
    ("a month", timedelta(days=30)),
)
_OLDER = "longer ago"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """Sums by step of time, the oldest first; each sequence has as many."""

    begins: tuple[datetime, ...]
    seconds: int
    """Of a step."""
    requests: tuple[Mapping[str, float], ...]
    """Ended in each minute of the step, by outcome; of one site: answered and failed."""
    errors: tuple[Mapping[str, int], ...]
    """Requests that failed, by class; refusals are not among them."""
    fields: Mapping[str, tuple[Share, ...]]
    """In the order of FIELDS: how many of the articles read had it."""
    ages: Mapping[str, int]
    """Pages of articles, by the time since they were last looked at."""
    overdue: int
    """Pages whose time has come."""


def trends(connection: Connection, *, now: datetime, period: Period, site: str | None) -> Trends:
    length, seconds = _LENGTHS[period]
    first = (int(now.timestamp()) - length) // seconds + 1
    begins = tuple(datetime.fromtimestamp((first + place) * seconds, UTC) for place in range(length // seconds))
    readings = _readings(connection, begins[0], site)
    steps = len(begins)
    counted: list[dict[str, float]] = [{} for _ in range(steps)]
    errors: list[dict[str, int]] = [{} for _ in range(steps)]
    filled = {name: [Share(0, 0)] * steps for name in FIELDS}
    for row in readings:
        place = min(max(int(row.taken_at.timestamp()) // seconds - first, 0), steps - 1)
        _add(errors[place], row.failures)
        failed = sum(row.failures.values())
        _add(counted[place], {"answered": (row.requests - failed) * 60 / seconds, "failed": failed * 60 / seconds})
        for name, shares in filled.items():
            old = shares[place]
            shares[place] = Share(old.count + row.fields.get(name, 0), old.total + row.articles)
    if site is None:
        counted = _spread(_runs(connection, begins[0]), begins=begins, seconds=seconds)
    return Trends(
        begins=begins,
        seconds=seconds,
        requests=tuple(counted),
        errors=tuple(errors),
        fields={name: tuple(shares) for name, shares in filled.items()},
        ages=_ages(connection, now, site),
        overdue=_overdue(connection, now, site),
    )


def _spread(runs: Iterable[Any], *, begins: Sequence[datetime], seconds: int) -> list[dict[str, float]]:
    """Of each run as many a minute as it had on the whole: its sums say no more."""
    counted: list[dict[str, float]] = [dict.fromkeys(OUTCOMES, 0.0) for _ in begins]
    first = begins[0].timestamp()
    for run in runs:
        start = run.started_at.timestamp()
        end = max(run.until.timestamp(), start + 1)
        for place in range(max(int((start - first) // seconds), 0), len(begins)):
            within = min(end, first + (place + 1) * seconds) - max(start, first + place * seconds)
            if within <= 0:
                break
            for name in OUTCOMES:
                counted[place][name] += run._mapping[name] * within / (end - start) * 60 / seconds
    return counted


def _runs(connection: Connection, since: datetime) -> Sequence[Any]:
    """A run that has not ended is running or was killed: its last request tells until when it was there."""
    last = select(func.max(FETCH.c.fetched_at)).where(FETCH.c.crawl_id == CRAWL.c.id).scalar_subquery()
    until = func.coalesce(CRAWL.c.ended_at, last).label("until")
    columns = (CRAWL.c.started_at, until, *(CRAWL.c[name] for name in OUTCOMES))
    return connection.execute(select(*columns).where(until >= since)).all()


def _readings(connection: Connection, since: datetime, site: str | None) -> Sequence[Any]:
    names = ("taken_at", "requests", "failures", "articles", "fields")
    query = select(*(READING.c[name] for name in names)).where(READING.c.taken_at >= since, *_of(READING, site))
    return connection.execute(query.order_by(READING.c.id)).all()


def _ages(connection: Connection, now: datetime, site: str | None) -> dict[str, int]:
    looked_at = func.coalesce(PAGE.c.read_at, PAGE.c.fetched_at)
    cases = [(looked_at >= now - age, name) for name, age in _AGES]
    label = case(*cases, else_=_OLDER).label("age")
    query = select(label, func.count()).where(PAGE.c.kind == PageKind.ARTICLE, *_of(PAGE, site)).group_by(label)
    found: dict[str, int] = {row[0]: row[1] for row in connection.execute(query)}
    return {name: found.get(name, 0) for name in (*(name for name, _ in _AGES), _OLDER)}


def _overdue(connection: Connection, now: datetime, site: str | None) -> int:
    query = select(func.count()).select_from(PAGE).where(PAGE.c.due_at <= now, *_of(PAGE, site))
    return int(connection.execute(query).scalar_one())


def _of(table: Any, site: str | None) -> list[ColumnElement[bool]]:
    if site is None:
        return []
    return [table.c.site_id == select(SITE.c.id).where(SITE.c.domain == site).scalar_subquery()]


def _add(sums: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        sums[name] = sums.get(name, 0) + value
