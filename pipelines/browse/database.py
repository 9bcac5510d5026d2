"""A database that can be read and not written, by statements that end in time."""

import time
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from models.engine import create_database_engine

STATEMENT_SECONDS = 10
_STEPS = 20_000  # of SQLite's machine between two looks at the clock: about a millisecond


def open_to_read(url: str) -> Engine:
    """Raises StorageUnavailable for a URL of neither SQLite nor PostgreSQL. Connects to nothing yet."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_database_engine(url)
        _keep_sqlite_from_writing(engine)
        return engine
    given = parsed.query.get("options", "")
    options = given if isinstance(given, str) else " ".join(given)
    safe = f"{options} -c default_transaction_read_only=on -c statement_timeout={STATEMENT_SECONDS}s"
    return create_database_engine(
        parsed.update_query_dict({"options": safe.strip()}).render_as_string(hide_password=False)
    )


def _keep_sqlite_from_writing(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def refuse_writes(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def end_in_time(connection: Connection) -> None:
        ends_at = time.monotonic() + STATEMENT_SECONDS
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: time.monotonic() > ends_at, _STEPS)
