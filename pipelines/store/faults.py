"""Whose fault an exception of the database is: the row's, the moment's, or the database's."""

import sqlite3
import sys
from collections.abc import Iterator
from enum import Enum, auto
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

if TYPE_CHECKING:
    import psycopg

# SQLSTATE, or its first two characters: connection lost, serialization, deadlock, lock or statement timeout, shut down,
# out of connections, memory or disk.
_PASSING_STATES = ("08", "40", "53", "55P03", "57")
_ROW_STATES = ("22", "23", "54")  # data, integrity, and limits such as the size of an index row
_ROW_CODES = {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_RANGE}
_LASTING_CODES = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


class Fault(Enum):
    ROW = auto()  # the same row would be refused again; its neighbours would not
    PASSING = auto()  # worth another try: busy, restarting, connection lost
    LASTING = auto()  # no row can be stored: tables missing, file not writable


def fault_of(error: BaseException) -> Fault:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, sqlite3.Error):
        return _sqlite_fault(cause)
    driver = sys.modules.get("psycopg")  # SQLite starts without it
    if driver is not None and isinstance(cause, driver.Error):
        return _postgresql_fault(cause)
    if isinstance(error, SQLAlchemyError) and not isinstance(error, StatementError):
        return Fault.LASTING  # a statement of ours that cannot be made
    # Whatever Python itself refuses on the way to the driver: a surrogate, a number of 400 digits, a missing value.
    return Fault.ROW


def _sqlite_fault(error: sqlite3.Error) -> Fault:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # raised by the driver, not the library
        return Fault.ROW
    primary = code & 0xFF
    if primary in _ROW_CODES:
        return Fault.ROW
    return Fault.LASTING if primary in _LASTING_CODES else Fault.PASSING


def _postgresql_fault(error: "psycopg.Error") -> Fault:
    from psycopg import InterfaceError, OperationalError  # noqa: PLC0415  # loaded by now

    state = error.sqlstate
    if state is None:
        return Fault.PASSING if isinstance(error, OperationalError | InterfaceError) else Fault.ROW
    if state.startswith(_PASSING_STATES):
        return Fault.PASSING
    return Fault.ROW if state.startswith(_ROW_STATES) else Fault.LASTING


def pauses(total_seconds: float) -> Iterator[float]:
    """Seconds to wait before each further try: doubling from a tenth to five seconds, until the total is used up."""
    pause = 0.1
    while total_seconds > 0:
        yield min(pause, total_seconds)
        total_seconds -= pause
        pause = min(pause * 2, 5.0)
