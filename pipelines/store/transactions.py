"""One transaction, tried again while the database is busy or away."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, Engine

from models.engine import shown_url, writing
from models.errors import StorageUnavailable
from pipelines.store.faults import Fault, fault_of, pauses

RETRY_SECONDS = 120.0
"""How long a database may be busy or away: PostgreSQL restarts within this, and so do backups of SQLite files."""

logger = logging.getLogger(__name__)
_Result = TypeVar("_Result")


def persist(
    engine: Engine,
    act: Callable[[Connection], _Result],
    *,
    retry_seconds: float = RETRY_SECONDS,
    before_retry: Callable[[], object] = lambda: None,
) -> _Result:
    """What `act` returns, once it is committed. It may run more than once, and have been committed without our knowing.

    Raises StorageUnavailable; and as it is, what is the fault of a row.
    """
    name = shown_url(engine.url)
    waits = pauses(retry_seconds)
    while True:
        try:
            with writing(engine) as connection:
                result = act(connection)
        except Exception as error:
            fault = fault_of(error)
            if fault is Fault.ROW:
                raise
            wait = next(waits, None) if fault is Fault.PASSING else None
            if wait is None:
                raise StorageUnavailable(
                    f"{name} cannot be written to: {first_line(error)}; check that it runs, "
                    "is not locked by another program and has space, then run the same command again"
                ) from error
            before_retry()
            logger.warning("%s is busy or away, trying again in %.1f s: %s", name, wait, first_line(error))
            time.sleep(wait)
        else:
            return result


def first_line(error: Exception) -> str:
    return next(iter(str(getattr(error, "orig", None) or error).strip().splitlines()), type(error).__name__)
