"""The rows of schedules: added, taken by one process at a time, and ended.

Who runs a schedule holds a lease on its row and renews it; a process that is killed does not, so its lease ends by
itself and the next run finds the row free. Everything is one transaction on one row, on SQLite and PostgreSQL alike.
"""

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from models.engine import reading, writing
from models.tables import METADATA
from pipelines.schedules.timing import Timing

LEASE = timedelta(seconds=60)
SCHEDULE, RUN, CRAWL = (METADATA.tables[name] for name in ("schedule", "schedule_run", "crawl"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSchedule:
    name: str
    arguments: Mapping[str, str]
    """The spider's: url, site, limit, revisit."""
    timing: Timing
    missed: str = "once"
    """once or skip: what becomes of a run that nobody was there to start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A schedule that this process runs now."""

    schedule_id: int
    run_id: int
    name: str
    arguments: Mapping[str, str]
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleState:
    """A schedule, and its last run with its sums."""

    schedule: Mapping[Any, Any]
    """The columns of `schedule`."""
    is_running: bool
    last_run: Mapping[Any, Any] | None
    """The columns of `schedule_run` and, prefixed with `crawl_`, of its crawl; None before the first."""


class Schedules:
    """`now` is asked of the clock where it is not given."""

    def __init__(self, engine: Engine, *, chance: random.Random | None = None) -> None:
        self._engine = engine
        self._chance = chance

    def add(self, new: NewSchedule, *, now: datetime | None = None) -> datetime:
        """When it is due first. Raises ValueError for a name that is taken."""
        now = now or datetime.now(UTC)
        timing = new.timing
        due_at = timing.next_after(now, chance=self._chance)
        row = {
            "name": new.name,
            "arguments": dict(new.arguments),
            "cron": timing.cron,
            "every_seconds": timing.every_seconds,
            "timezone": timing.timezone,
            "jitter_seconds": timing.jitter_seconds,
            "missed": new.missed,
            "is_paused": False,
            "created_at": now,
            "due_at": due_at,
        }
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(SCHEDULE).values(row))
        except IntegrityError:
            raise ValueError(
                f"a schedule {new.name!r} is there already; remove it first, or choose another name"
            ) from None
        return due_at

    def remove(self, name: str) -> bool:
        """False where there is none. The crawls it ran stay."""
        with writing(self._engine) as connection:
            return connection.execute(delete(SCHEDULE).where(SCHEDULE.c.name == name)).rowcount > 0

    def pause(self, name: str, *, paused: bool) -> bool:
        """False where there is none. A run that is under way goes on."""
        with writing(self._engine) as connection:
            row = _row(connection, name)
            if row is None:
                return False
            values: dict[str, Any] = {"is_paused": paused}
            if row["is_paused"] and not paused:  # what was paused was not missed
                values["due_at"] = _timing(row).next_after(datetime.now(UTC), chance=self._chance)
            connection.execute(update(SCHEDULE).where(SCHEDULE.c.id == row["id"]).values(values))
        return True

    def due(self, *, now: datetime | None = None) -> list[str]:
        """Names of those that are due and that nobody runs, the longest due first."""
        now = now or datetime.now(UTC)
        free = SCHEDULE.c.leased_until.is_(None) | (SCHEDULE.c.leased_until < now)
        statement = select(SCHEDULE.c.name).where(SCHEDULE.c.due_at <= now, ~SCHEDULE.c.is_paused, free)
        with reading(self._engine) as connection:
            return list(connection.execute(statement.order_by(SCHEDULE.c.due_at)).scalars())

    def take(self, name: str, *, only_due: bool = False, now: datetime | None = None) -> Taken | None:
        """The lease on a schedule, and a new run; None where another process runs it, or there is nothing to do.

        `only_due`: not if it is paused or not due yet; and a run that is late by a whole turn is recorded as missed
        where the schedule skips those. Raises KeyError for an unknown name.
        """
        now = now or datetime.now(UTC)
        with writing(self._engine) as connection:
            row = _row(connection, name)
            if row is None:
                raise KeyError(name)
            is_running = row["leased_until"] is not None and row["leased_until"] > now
            if is_running or (only_due and (row["is_paused"] or row["due_at"] > now)):
                return None
            if row["lease_holder"]:
                _end_killed(connection, row["id"], now)
            is_late = row["missed"] == "skip" and _timing(row).has_missed_one(row["due_at"], now)
            return self._begin(connection, row, now, is_missed=only_due and is_late)

    def _begin(self, connection: Connection, row: RowMapping, now: datetime, *, is_missed: bool) -> Taken | None:
        holder = None if is_missed else uuid.uuid4().hex
        values = {"leased_until": None if is_missed else now + LEASE, "lease_holder": holder}
        if row["due_at"] <= now:
            values["due_at"] = _timing(row).next_after(now, chance=self._chance)
        connection.execute(update(SCHEDULE).where(SCHEDULE.c.id == row["id"]).values(values))
        run = {"schedule_id": row["id"], "due_at": min(row["due_at"], now), "started_at": now}
        if is_missed:
            run |= {"ended_at": now, "outcome": "missed"}
        run_id = connection.execute(insert(RUN).values(run).returning(RUN.c.id)).scalar_one()
        if holder is None:
            return None
        return Taken(schedule_id=row["id"], run_id=run_id, name=row["name"], arguments=row["arguments"], holder=holder)

    def renew(self, taken: Taken, *, now: datetime | None = None) -> bool:
        """False where the lease is lost: this process slept for too long, and another may run the schedule."""
        with writing(self._engine) as connection:
            return _set(connection, taken, leased_until=(now or datetime.now(UTC)) + LEASE)

    def link(self, taken: Taken, crawl_id: int) -> None:
        """The run's sums are those of this crawl."""
        with writing(self._engine) as connection:
            connection.execute(update(RUN).where(RUN.c.id == taken.run_id).values(crawl_id=crawl_id))

    def end(self, taken: Taken, *, exit_status: int, now: datetime | None = None) -> None:
        now = now or datetime.now(UTC)
        ended = {"ended_at": now, "outcome": "failed" if exit_status else "done", "exit_status": exit_status}
        with writing(self._engine) as connection:
            connection.execute(update(RUN).where(RUN.c.id == taken.run_id).values(ended))
            _set(connection, taken, leased_until=None, lease_holder=None)

    def states(self, *, now: datetime | None = None) -> list[ScheduleState]:
        """All schedules by name."""
        now = now or datetime.now(UTC)
        crawl = [CRAWL.c[name].label(f"crawl_{name}") for name in ("asked", "stored", "unchanged", "failed", "refused")]
        last = select(func.max(RUN.c.id)).group_by(RUN.c.schedule_id)
        runs = select(RUN, *crawl).select_from(RUN.outerjoin(CRAWL)).where(RUN.c.id.in_(last))
        with reading(self._engine) as connection:
            schedules = connection.execute(select(SCHEDULE).order_by(SCHEDULE.c.name)).mappings().all()
            last_runs = {row["schedule_id"]: row for row in connection.execute(runs).mappings()}
        return [
            ScheduleState(
                schedule=row,
                is_running=row["leased_until"] is not None and row["leased_until"] > now,
                last_run=last_runs.get(row["id"]),
            )
            for row in schedules
        ]


def _set(connection: Connection, taken: Taken, **values: Any) -> bool:
    """False where another process holds the lease by now."""
    mine = (SCHEDULE.c.id == taken.schedule_id, SCHEDULE.c.lease_holder == taken.holder)
    return connection.execute(update(SCHEDULE).where(*mine).values(values)).rowcount > 0


def _row(connection: Connection, name: str) -> RowMapping | None:
    """Locked until the transaction ends; SQLite has one writer anyway."""
    statement = select(SCHEDULE).where(SCHEDULE.c.name == name).with_for_update()
    return connection.execute(statement).mappings().one_or_none()


def _timing(row: RowMapping) -> Timing:
    return Timing(
        cron=row["cron"],
        every_seconds=row["every_seconds"],
        timezone=row["timezone"],
        jitter_seconds=row["jitter_seconds"],
    )


def _end_killed(connection: Connection, schedule_id: int, now: datetime) -> None:
    """The lease ran out under a run that never ended: its process is gone."""
    open_runs = (RUN.c.schedule_id == schedule_id, RUN.c.ended_at.is_(None))
    connection.execute(update(RUN).where(*open_runs).values(ended_at=now, outcome="killed"))
