"""Reading many tables as they were at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text


@contextmanager
def snapshot(engine: Engine, *, is_long: bool = False) -> Iterator[Connection]:
    """One transaction that reads, and sees nothing that is committed after it began. A long one has no time limit."""
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    with connection, connection.begin():
        if is_long and engine.dialect.name == "postgresql":
            for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
                connection.execute(text(f"SET LOCAL {name} = 0"))
        yield connection
