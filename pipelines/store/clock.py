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


def skew_of(now: datetime) -> timedelta:
    """How much the database's clock, which shows `now`, is ahead of ours; 0 where that is next to nothing."""
    skew = now - datetime.now(UTC)
    return skew if abs(skew) > _NEGLIGIBLE else timedelta()
