"""Times from a clock that was ahead. Once it is set right, what they hold back would wait for them to come.

A lease of a dead worker that ends next year holds its site till then; pages found in that time are due next year.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select, update

from models.engine import newest_revision_at
from models.tables import METADATA
from pipelines.frontier.due_pages import LEASE, PAGE, PRIORITIES, SITE
from pipelines.frontier.records import LEASE_TRIES
from pipelines.store.bulk import bulk_of

CRAWL, FETCH, ROBOTS = (METADATA.tables[name] for name in ("crawl", "fetch", "robots"))
TOLERATED = timedelta(minutes=10)
"""No worker's lease lasts longer, unless it is set so; clocks that differ by less do no harm worth mending."""
_LOOKED_AT = 100
_AT_ONCE = 5_000


def mend_after_jump(connection: Connection, now: datetime, *, life: timedelta) -> None:
    """Whatever waits for a time that the clock of the database only once showed. `life` is that of a lease."""
    latest = now + max(TOLERATED, 2 * life)
    freed = 0
    for table in (SITE, LEASE):
        freed += connection.execute(
            update(table).where(table.c.leased_until > latest).values(leased_until=now)
        ).rowcount
    was_ahead = _was_ahead(connection, now)
    if was_ahead:
        # Never asked for, so due since it was found, whenever that was.
        connection.execute(update(PAGE).where(PAGE.c.asked_at.is_(None), PAGE.c.due_at > now).values(due_at=now))
        # A clock that says less is behind, and what it finds in the future is right.
        if now > newest_revision_at():
            _mend_visits(connection, now)
            _mend_sites(connection, now)
    if was_ahead or freed:
        _plan_sites(connection, now)


def _was_ahead(connection: Connection, now: datetime) -> bool:
    """The latest runs or requests were made in what is the future."""
    for moment, id_ in ((CRAWL.c.started_at, CRAWL.c.id), (FETCH.c.fetched_at, FETCH.c.id)):
        latest = select(moment.label("at")).order_by(id_.desc()).limit(_LOOKED_AT).subquery()
        at = connection.execute(select(func.max(latest.c.at))).scalar()
        if at is not None and at > now + TOLERATED:
            return True
    return False


def _mend_visits(connection: Connection, now: datetime) -> None:
    """What was asked for in the future was asked for now, and is due after its interval."""
    ahead = now + TOLERATED
    bulk = bulk_of(connection)
    asked = select(PAGE.c.id, PAGE.c.due_at, PAGE.c.interval_seconds).where(PAGE.c.asked_at > ahead).limit(_AT_ONCE)
    while rows := connection.execute(asked).all():
        intervals = [timedelta(seconds=row.interval_seconds or 0) for row in rows]
        mended = [
            {"id": row.id, "asked_at": now, "due_at": row.due_at and now + interval}
            for row, interval in zip(rows, intervals, strict=True)
        ]
        bulk.update(PAGE, mended)


def _mend_sites(connection: Connection, now: datetime) -> None:
    ahead = now + TOLERATED
    connection.execute(update(ROBOTS).where(ROBOTS.c.fetched_at > ahead).values(fetched_at=now, expires_at=now))
    # A site is left alone for a day at most (`retry_after.MOST_SECONDS`).
    far = ahead + timedelta(days=1)
    connection.execute(update(SITE).where(SITE.c.not_before > far).values(not_before=None))


def _plan_sites(connection: Connection, now: datetime) -> None:
    """Those that would be looked at later than the first of their pages is due, or a lease has run out."""
    due = select(PAGE.c.id).where(PAGE.c.site_id == SITE.c.id, PAGE.c.priority.in_(PRIORITIES), PAGE.c.due_at <= now)
    left = select(LEASE.c.page_id).where(
        LEASE.c.site_id == SITE.c.id, LEASE.c.leased_until <= now, LEASE.c.attempts < LEASE_TRIES
    )
    is_late = or_(SITE.c.due_at > now, SITE.c.due_at.is_(None))
    connection.execute(update(SITE).where(is_late, or_(due.exists(), left.exists())).values(due_at=now))
