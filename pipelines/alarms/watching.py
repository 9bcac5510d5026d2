"""One look: what was fetched since the last one becomes readings, and what they say becomes alarms."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from models.engine import reading, writing
from models.tables import METADATA
from models.terms import AlarmRule
from pipelines.alarms.readings import KEPT, READING, take_readings
from pipelines.alarms.rules import span
from pipelines.alarms.sync_targets import TargetLag, lags_of
from pipelines.alarms.table import clear, judge_site

ALARM = METADATA.tables["alarm"]


def look(engine: Engine, *, now: datetime, crawl_id: int | None = None) -> None:
    """After one run, only at what it fetched; else at all that no look has seen."""
    for site_id in sorted(take_readings(engine, now=now, crawl_id=crawl_id)):
        with writing(engine) as connection:
            _forget_old(connection, site_id, now=now)
            judge_site(connection, site_id, now=now)
    with reading(engine) as connection:
        lags = lags_of(connection)
    if lags:
        with writing(engine) as connection:
            for lag in lags:
                _judge_target(connection, lag, now=now)


def accept(engine: Engine, alarm_id: int, *, now: datetime) -> bool:
    """It is meant to be so from now on: what was before is no history for it any more. False if it is not open."""
    with writing(engine) as connection:
        is_open = (ALARM.c.id == alarm_id, ALARM.c.cleared_at.is_(None))
        if connection.execute(select(ALARM.c.id).where(*is_open)).first() is None:
            return False
        clear(connection, alarm_id, because="accepted", now=now)
        return True


def _forget_old(connection: Connection, site_id: int, *, now: datetime) -> None:
    """Readings that no history reaches back to. The last of each run stays while the run may have more to read."""
    is_old = (READING.c.site_id == site_id, READING.c.taken_at < now - 2 * KEPT)
    connection.execute(READING.delete().where(*is_old))


def _judge_target(connection: Connection, lag: TargetLag, *, now: datetime) -> None:
    of_target = (ALARM.c.rule == AlarmRule.SYNC, ALARM.c.watched == lag.url, ALARM.c.cleared_at.is_(None))
    open_id = connection.execute(select(ALARM.c.id).where(*of_target)).scalar()
    seconds = lag.lag(now).total_seconds()
    told = f"{lag.changes:,} changes behind, the oldest for {span(lag.lag(now))}"
    if open_id is not None and not lag.is_late(now):
        clear(connection, open_id, because="recovered", now=now)
    elif open_id is not None:
        seen = {"seen_at": now, "found": seconds, "message": told}
        connection.execute(update(ALARM).where(ALARM.c.id == open_id).values(seen))
    elif lag.is_late(now):
        row: dict[str, Any] = {"watched": lag.url, "rule": AlarmRule.SYNC.value, "subject": "", "message": told}
        row |= {"usual": lag.usual_seconds, "found": seconds, "since_at": lag.oldest_at, "raised_at": now}
        connection.execute(insert(ALARM).values(seen_at=now, **row))
