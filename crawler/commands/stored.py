"""The database as it is, for commands that only read: nothing is made or brought up to date. No command itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine


@contextmanager
def existing_database(url: str) -> "Iterator[Engine | None]":
    """None where nothing has been stored yet. Raises StorageUnavailable or StorageOutdated, with what to do next."""
    from models.engine import DatabaseState, create_database_engine, database_state, open_database

    engine = create_database_engine(url)
    try:
        is_empty = database_state(engine) is DatabaseState.EMPTY
    finally:
        engine.dispose()
    if is_empty:
        yield None
        return
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()


def chosen_roots(names: str | None) -> tuple[str, ...]:
    """The tables named, in the order in which they are copied. Raises UsageError."""
    from pipelines.sync import ROOTS

    if names is None:
        return ROOTS
    wanted = {name.strip() for name in names.split(",")}
    if unknown := sorted(wanted - set(ROOTS)):
        raise UsageError(
            f"--tables: no table {', '.join(unknown)} that can be chosen; known: {', '.join(ROOTS)}. "
            "Lists, items and links come with page; versions, authors, tags and images with article"
        )
    return tuple(root for root in ROOTS if root in wanted)


def parse_time(value: str | None) -> datetime | None:
    """In UTC unless it has a zone of its own. Raises UsageError."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise UsageError(f"--since: a date or time as 2026-11-23 or 2026-11-23T08:30 expected, found {value}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
