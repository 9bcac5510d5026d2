"""The measures: of runs, of what is extracted, of the store, the frontier, copies and alarms.

Each is one small statement over sums that are there, or stops counting where more would say no more. Names follow
Prometheus: base units, counters end in _total.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, select, text

from models.engine import reading
from models.tables import METADATA
from models.terms import AlarmRule
from pipelines.alarms.sync_targets import lags_of

TABLES = METADATA.tables
CRAWL, READING, SITE, PAGE, LEASE, CHANGE, ALARM = (
    TABLES[name] for name in ("crawl", "reading", "site", "page", "lease", "change", "alarm")
)
MOST_SITES = 200
"""With series of their own: those read last. A hundred thousand would be too many for the receiver."""
MOST_COUNTED = 100_000
"""Due pages; a longer queue is told as this long."""
_RUNNING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sample:
    value: float
    labels: tuple[str, ...] = ()
    """Values, in the order of the measure's labels."""


@dataclass(frozen=True, slots=True)
class Measure:
    name: str
    """Without _total, where it is a counter."""
    told: str
    samples: Sequence[Sample]
    labels: tuple[str, ...] = ()
    is_counter: bool = False


def measures(engine: Engine, *, now: datetime) -> tuple[Measure, ...]:
    """Of the database as it is at one time."""
    parts: tuple[Callable[[Connection, datetime], Iterator[Measure]], ...]
    parts = (_runs, _extraction, _store, _frontier, _sync, _alarms)
    with reading(engine) as connection:
        return tuple(measure for part in parts for measure in part(connection, now))


def _runs(connection: Connection, now: datetime) -> Iterator[Measure]:
    outcomes = ("stored", "unchanged", "failed", "refused")
    sums = connection.execute(select(*(func.coalesce(func.sum(CRAWL.c[name]), 0) for name in outcomes))).one()
    samples = [Sample(float(value), (name,)) for name, value in zip(outcomes, sums, strict=True)]
    yield Measure("triptych_requests", "Requests by how they ended.", samples, ("outcome",), is_counter=True)
    is_running = (CRAWL.c.ended_at.is_(None), CRAWL.c.started_at > now - _RUNNING)
    running = connection.execute(select(func.count()).select_from(CRAWL).where(*is_running)).scalar_one()
    yield Measure("triptych_runs_open", "Runs of the last day that have not ended.", [Sample(running)])
    last: datetime | None = connection.execute(select(func.max(CRAWL.c.ended_at))).scalar()
    ended = [Sample(last.timestamp())] if last else []
    yield Measure("triptych_run_ended_timestamp_seconds", "When a run ended last.", ended)


def _extraction(connection: Connection, now: datetime) -> Iterator[Measure]:  # noqa: ARG001  # the door of all parts
    """Of the last reading of each site that had articles."""
    newest = (
        select(func.max(READING.c.id).label("id"))
        .where(READING.c.articles > 0)
        .group_by(READING.c.site_id)
        .order_by(func.max(READING.c.id).desc())
        .limit(MOST_SITES)
        .subquery()
    )
    query = select(SITE.c.domain, READING).join(newest, newest.c.id == READING.c.id)
    rows = connection.execute(query.join(SITE, SITE.c.id == READING.c.site_id)).mappings().all()
    shares = [
        Sample(count / row["articles"], (row["domain"], name)) for row in rows for name, count in row["fields"].items()
    ]
    labels = ("site", "field")
    yield Measure("triptych_field_ratio", "Articles of a site's last reading that have the field.", shares, labels)
    yield from (
        Measure(name, told, [Sample(float(of(row)), (row["domain"],)) for row in rows], ("site",))
        for name, told, of in (
            ("triptych_body_bytes", "Typical length of a body.", lambda row: exp(row["log_length"] or 0.0)),
            ("triptych_articles_read", "Articles of the last reading.", lambda row: row["articles"]),
            ("triptych_articles_new", "New articles of the last reading.", lambda row: row["new_articles"]),
            ("triptych_read_timestamp_seconds", "When it was taken.", lambda row: row["taken_at"].timestamp()),
        )
    )
    failed = [Sample(count, (row["domain"], name)) for row in rows for name, count in row["failures"].items()]
    yield Measure("triptych_failures", "Failures of the last reading.", failed, ("site", "class"))


def _store(connection: Connection, now: datetime) -> Iterator[Measure]:  # noqa: ARG001  # the door of all parts
    changes = connection.execute(select(func.max(CHANGE.c.seq))).scalar() or 0
    yield Measure("triptych_changes", "Rows that came, changed or went.", [Sample(changes)], is_counter=True)
    is_postgresql = connection.dialect.name == "postgresql"
    size = "pg_database_size(current_database())" if is_postgresql else "page_count * page_size"
    source = "" if is_postgresql else " FROM pragma_page_count(), pragma_page_size()"
    found = connection.execute(text(f"SELECT {size}{source}")).scalar_one()  # both are ours
    yield Measure("triptych_database_bytes", "Size of the database.", [Sample(found)])


def _frontier(connection: Connection, now: datetime) -> Iterator[Measure]:
    due = _counted(connection, PAGE.c.id, PAGE.c.due_at <= now)
    yield Measure("triptych_frontier_due_pages", f"Pages that are due; {MOST_COUNTED} or more.", [Sample(due)])
    sites = _counted(connection, SITE.c.id, SITE.c.due_at <= now)
    yield Measure("triptych_frontier_due_sites", "Sites that have some.", [Sample(sites)])
    leased = _counted(connection, LEASE.c.page_id, LEASE.c.leased_until > now)
    yield Measure("triptych_frontier_leased_pages", "Pages that workers ask for now.", [Sample(leased)])
    held = _counted(connection, SITE.c.id, SITE.c.leased_until > now)
    yield Measure("triptych_frontier_held_sites", "Sites that a worker has.", [Sample(held)])


def _counted(connection: Connection, key: ColumnElement[Any], condition: ColumnElement[bool]) -> int:
    some = select(key).where(condition).limit(MOST_COUNTED).subquery()
    count: int = connection.execute(select(func.count()).select_from(some)).scalar_one()
    return count


def _sync(connection: Connection, now: datetime) -> Iterator[Measure]:
    lags = lags_of(connection)
    behind = [Sample(lag.changes, (lag.url,)) for lag in lags]
    yield Measure("triptych_sync_behind_changes", "Changes that a copy has not.", behind, ("target",))
    seconds = [Sample(max(0.0, lag.lag(now).total_seconds()), (lag.url,)) for lag in lags]
    yield Measure("triptych_sync_lag_seconds", "Age of the oldest of them.", seconds, ("target",))


def _alarms(connection: Connection, now: datetime) -> Iterator[Measure]:  # noqa: ARG001  # the door of all parts
    query = select(ALARM.c.rule, func.count()).where(ALARM.c.cleared_at.is_(None)).group_by(ALARM.c.rule)
    found = Counter({row[0]: row[1] for row in connection.execute(query)})
    samples = [Sample(found[rule.value], (rule.value,)) for rule in AlarmRule]
    yield Measure("triptych_alarms_open", "Alarms that are open, by rule.", samples, ("rule",))
