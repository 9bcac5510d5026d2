"""Tables of what was done: runs, their requests, and the record of every change to a row."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import KEY, XID, CurrentTransaction, Key, Table, points_to


class Crawl(Table):
    """A run. When it has ended, asked = stored + unchanged + failed + refused."""

    __tablename__ = "crawl"
    id: Mapped[Key]
    spider: Mapped[str]
    arguments: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """Null while it runs, and for ever if it was killed."""
    finish_reason: Mapped[str | None]
    asked: Mapped[int | None]
    """Null until it ends."""
    stored: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    batches: Mapped[int] = mapped_column(default=0)
    """Transactions that have added to the sums: a writer that lost its connection sees whether its last one counts."""


class Fetch(Table):
    """The end of one request."""

    __tablename__ = "fetch"
    __table_args__ = (CheckConstraint("outcome IN ('stored', 'unchanged', 'failed', 'refused')", name="outcome"),)
    id: Mapped[Key]
    page_id: Mapped[int | None] = points_to("page.id", index=True)
    """The URL asked for, before redirects; null for one that can be no page, as "mailto:"."""
    crawl_id: Mapped[int | None] = points_to("crawl.id", index=True)
    fetched_at: Mapped[datetime]
    outcome: Mapped[str]
    failure_class: Mapped[str | None]
    status: Mapped[int | None]
    attempts: Mapped[int]
    archive_file: Mapped[str | None]
    """Where the response lies: a file of the archive, and the bytes before its record; null if it is not kept."""
    archive_offset: Mapped[int | None] = mapped_column(KEY)


class Failure(Table):
    """Why a request ended without a stored page."""

    __tablename__ = "failure"
    id: Mapped[Key]
    page_id: Mapped[int | None] = points_to("page.id", index=True)
    crawl_id: Mapped[int | None] = points_to("crawl.id", index=True)
    url: Mapped[str]
    failure_class: Mapped[str]
    stage: Mapped[str]
    message: Mapped[str]
    status: Mapped[int | None]
    attempts: Mapped[int]
    occurred_at: Mapped[datetime]


class Change(Table):
    """One row that came, changed or went, written in the transaction that did it.

    Once changes were pruned, the first row is the mark of that: its `table_name` is "change", and the last change that
    went stood in its place.

    A reader that goes by `seq` alone skips rows, as transactions commit in another order than they number them: on
    PostgreSQL it must stop below `xid < pg_snapshot_xmin(pg_current_snapshot())`.
    """

    __tablename__ = "change"
    __table_args__ = (
        CheckConstraint("op IN ('insert', 'update', 'delete')", name="op"),
        # The order in which a reader goes on PostgreSQL. SQLite's is that of `seq`.
        Index("ix_change_xid_seq", "xid", "seq", info={"dialect": "postgresql"}).ddl_if(dialect="postgresql"),
        {"sqlite_autoincrement": True},  # a number is never given twice, even after old changes were deleted
    )
    seq: Mapped[Key]
    xid: Mapped[int | None] = mapped_column(XID, server_default=CurrentTransaction())
    table_name: Mapped[str]
    row_id: Mapped[int] = mapped_column(KEY)
    op: Mapped[str]
    changed_at: Mapped[datetime]
