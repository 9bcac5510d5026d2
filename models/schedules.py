"""Tables of what is to be crawled when, and of what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Key, Table, points_to


class Schedule(Table):
    """A crawl that comes again."""

    __tablename__ = "schedule"
    __table_args__ = (
        CheckConstraint("(cron IS NULL) <> (every_seconds IS NULL)", name="when"),
        CheckConstraint("missed IN ('once', 'skip')", name="missed"),
    )
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    arguments: Mapped[dict[str, Any]]
    """The spider's: url, site, limit, revisit."""
    cron: Mapped[str | None]
    """Five fields, read in `timezone`."""
    every_seconds: Mapped[int | None]
    timezone: Mapped[str]
    jitter_seconds: Mapped[int]
    """A run begins up to so much later, so that not all sites are asked at the full hour."""
    missed: Mapped[str]
    """What becomes of a run that nobody was there to start: it comes `once`, late; or not at all (`skip`)."""
    is_paused: Mapped[bool]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    leased_until: Mapped[datetime | None]
    """While it runs, the process that runs it moves this on; a killed one does not."""
    lease_holder: Mapped[str | None]


class ScheduleRun(Table):
    """One run of a schedule, or one that did not come about."""

    __tablename__ = "schedule_run"
    __table_args__ = (CheckConstraint("outcome IN ('done', 'failed', 'killed', 'missed')", name="outcome"),)
    id: Mapped[Key]
    schedule_id: Mapped[int] = points_to("schedule.id", index=True)
    crawl_id: Mapped[int | None] = points_to("crawl.id", index=True, owned=False)
    """Where its sums are; null for one that fetched nothing."""
    due_at: Mapped[datetime]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Null while it runs."""
    outcome: Mapped[str | None]
    exit_status: Mapped[int | None]
