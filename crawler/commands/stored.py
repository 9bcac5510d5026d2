"""The database as it is, for commands that only read: nothing is made or brought up to date. No command itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

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
