"""Alarms for people: those that are open, and those that were."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from models.engine import reading
from models.tables import METADATA

ALARM, ALARM_PAGE, PAGE = (METADATA.tables[name] for name in ("alarm", "alarm_page", "page"))
_MOST = 1000


@dataclass(frozen=True, slots=True)
class SamplePage:
    url: str
    is_before: bool
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAlarm:
    """A row of `alarm`, whose columns `models.alarms` tells, with its pages."""

    id: int
    site_id: int | None
    crawl_id: int | None
    watched: str
    rule: str
    subject: str
    message: str
    usual: float | None
    found: float | None
    since_at: datetime
    raised_at: datetime
    seen_at: datetime
    cleared_at: datetime | None
    cleared_because: str | None
    told_at: datetime | None
    pages: tuple[SamplePage, ...] = ()


def listed_alarms(
    engine: Engine, *, watched: str | None = None, with_cleared: bool = False, most: int = _MOST
) -> tuple[ShownAlarm, ...]:
    """The open ones first, and of both the newest; `watched` is a domain, or a target's URL."""
    with reading(engine) as connection:
        return alarms_of(connection, watched=watched, with_cleared=with_cleared, most=most)


def alarms_of(
    connection: Connection,
    *,
    watched: str | None = None,
    with_cleared: bool = False,
    ids: Sequence[int] | None = None,
    most: int = _MOST,
) -> tuple[ShownAlarm, ...]:
    query = select(ALARM).order_by(ALARM.c.cleared_at.is_not(None), ALARM.c.raised_at.desc(), ALARM.c.id).limit(most)
    if not with_cleared:
        query = query.where(ALARM.c.cleared_at.is_(None))
    if watched is not None:
        query = query.where(ALARM.c.watched == watched)
    if ids is not None:
        query = query.where(ALARM.c.id.in_(ids[:most]))
    rows = connection.execute(query).mappings().all()
    pages = _pages(connection, [row["id"] for row in rows])
    return tuple(ShownAlarm(**row, pages=tuple(pages[row["id"]])) for row in rows)


def _pages(connection: Connection, ids: list[int]) -> dict[int, list[SamplePage]]:
    query = (
        select(ALARM_PAGE.c.alarm_id, PAGE.c.url, ALARM_PAGE.c.is_before, ALARM_PAGE.c.version)
        .join(PAGE, PAGE.c.id == ALARM_PAGE.c.page_id)
        .where(ALARM_PAGE.c.alarm_id.in_(ids))
        .order_by(ALARM_PAGE.c.alarm_id, ALARM_PAGE.c.position)
    )
    found: dict[int, list[SamplePage]] = defaultdict(list)
    for alarm_id, url, is_before, version in connection.execute(query):
        found[alarm_id].append(SamplePage(url, is_before, version))
    return found
