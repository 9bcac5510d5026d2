"""The clock that all workers go by: the database's. Those of machines differ, and a lease must not end by whose."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

# Smaller differences are the way to the server and back.
_NEGLIGIBLE = timedelta(seconds=1)


def database_now(connection: Connection) -> datetime:
    """SQLite has none of its own; all its writers are on one machine."""
    if connection.dialect.name == "postgresql":
        moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return moment
    return datetime.now(UTC)


def now_and_skew(connection: Connection) -> tuple[datetime, timedelta]:
    """What the database's clock shows, and how much it is ahead of ours: 0 where that is next to nothing.

    Ours is read first: so moments of ours come out late by the way to the server, but never early, and what a run
    asks for never counts as asked before it began.
    """
    ours = datetime.now(UTC)
    now = database_now(connection)
    skew = now - ours
    return now, skew if abs(skew) > _NEGLIGIBLE else timedelta()
