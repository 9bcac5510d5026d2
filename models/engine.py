"""Databases: opened, looked at, and brought up to date."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from models.columns import TransactionId
from models.errors import StorageOutdated, StorageUnavailable
from models.tables import METADATA

BUSY_TIMEOUT_SECONDS = 30
STATEMENT_TIMEOUT_SECONDS = 60
CONNECT_TIMEOUT_SECONDS = 10
_POSTGRESQL_OPTIONS = (
    f"-c statement_timeout={STATEMENT_TIMEOUT_SECONDS}s -c lock_timeout={BUSY_TIMEOUT_SECONDS}s "
    f"-c idle_in_transaction_session_timeout={STATEMENT_TIMEOUT_SECONDS}s -c timezone=UTC"
)
_SQLITE_PRAGMAS = (
    *("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"),
    # Pages of 4 KiB in the log before they are copied to their places. The links of 100 articles touch up to 4,000 of
    # the index of who links where: with SQLite's 1,000 each transaction copied its own, and the next one many of the
    # same again, which was a tenth of storing an article beside 10,000 others.
    "wal_autocheckpoint = 16000",
)
_EXAMPLES = "sqlite:///triptych.db or postgresql://user:password@host/name"
# Any number no other program on the server is likely to lock: two workers may find the same database empty at once.
_MIGRATION_LOCK = 0x7472697074796368
_WRITES = "triptych_writes"
_VERSION_TABLE = "alembic_version"
_REVISIONS = Path(__file__).parent / "migrations" / "versions"
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)


class DatabaseState(StrEnum):
    EMPTY = "empty"  # no tables at all
    CURRENT = "current"
    OLD = "old"  # made by an earlier version of this code
    NEWER = "newer"  # made by a version that this code does not know
    FOREIGN = "foreign"  # somebody else's tables


def create_database_engine(url: str) -> Engine:
    """An engine with the safe settings of its dialect. Connects to nothing yet.

    Raises StorageUnavailable for a URL of neither SQLite nor PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageUnavailable(f"DATABASE_URL is no database URL; write it as {_EXAMPLES}") from None
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return _sqlite_engine(parsed)
    if backend in ("postgresql", "postgres"):
        return _postgresql_engine(parsed)
    raise StorageUnavailable(f"DATABASE_URL names {shown_url(parsed)}; a file or a server is needed, as {_EXAMPLES}")


def shown_url(url: URL) -> str:
    """The URL without any password, for messages and logs."""
    secrets = {name: "***" for name in url.query if "password" in name.lower()}
    return url.update_query_dict(secrets).render_as_string(hide_password=True)


def _sqlite_engine(url: URL) -> Engine:
    patience = {} if "timeout" in url.query else {"timeout": BUSY_TIMEOUT_SECONDS}
    engine = create_engine(url, connect_args=patience, json_serializer=_JSON.encode)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late; ours is below
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A read transaction that turns into a writing one fails at once when another writer is there: no timeout helps.
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    from sqlalchemy.dialects.postgresql.base import ischema_names

    ischema_names["xid8"] = TransactionId  # the inspector warns of types that it does not know
    options = " ".join((_POSTGRESQL_OPTIONS, *_values(url, "options")))
    url = url.set(drivername="postgresql+psycopg").difference_update_query(["options"])
    return create_engine(
        url,
        pool_pre_ping=True,
        json_serializer=_JSON.encode,
        connect_args={
            "options": options,  # the user's own come last, and win
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "application_name": "triptych",
        },
    )


def _values(url: URL, name: str) -> tuple[str, ...]:
    value = url.query.get(name, ())
    return (value,) if isinstance(value, str) else tuple(value)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: committed at the end, rolled back by an exception."""
    with engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that reads. Raises StorageUnavailable where the database cannot be reached."""
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise _unavailable(engine, error) from None
    with connection, connection.begin():
        yield connection


def open_database(url: str) -> Engine:
    """An engine on tables of this code: an empty database is given them, any other state is refused.

    Raises StorageUnavailable or StorageOutdated, with what to do next.
    """
    engine = create_database_engine(url)
    try:
        _make_tables(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _make_tables(engine: Engine) -> None:
    state = database_state(engine)
    if state is DatabaseState.EMPTY:
        upgrade(engine)
    elif state is not DatabaseState.CURRENT:
        raise StorageOutdated(_mend(engine, state))


def database_state(engine: Engine) -> DatabaseState:
    """What is there now; a file that is not there yet is not made. Raises StorageUnavailable."""
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        return DatabaseState.EMPTY
    with reading(engine) as connection:
        return _state(connection)


def upgrade(engine: Engine, revision: str = "head", *, tell: Callable[[str], None] | None = None) -> None:
    """Bring the tables to `revision`; one transaction, one process at a time, and nothing done twice.

    `tell` is called with each revision on the way.

    Raises StorageOutdated where that is not possible, StorageUnavailable.
    """
    from models.upgrades import upgrade_tables

    with migrating(engine) as connection:
        state = _state(connection)
        if state is DatabaseState.NEWER or (state is DatabaseState.FOREIGN and _has_our_names(connection)):
            raise StorageOutdated(_mend(engine, state))
        upgrade_tables(connection, revision, tell=tell)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to `revision`, or to nothing by "base". Data of what is dropped is lost."""
    from models.upgrades import downgrade_tables

    with migrating(engine) as connection:
        downgrade_tables(connection, revision)


def write_revision(engine: Engine, message: str) -> str:
    """A new file in the history, made from the difference of tables.py and this database; its path."""
    from models.upgrades import revision_written

    with migrating(engine) as connection:
        return revision_written(connection, message, number=f"{len(known_revisions()) + 1:04}")


def current_revision(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return _revision(connection)


def known_revisions() -> tuple[str, ...]:
    """From the first to the newest. Their files are named by them, so that no opening of a database loads Alembic."""
    return tuple(sorted(path.name.partition("_")[0] for path in _REVISIONS.glob("[0-9]*.py")))


def newest_revision_at() -> datetime:
    """The day on which it was written: no clock that is right says less."""
    newest = max(_REVISIONS.glob("[0-9]*.py"))
    _, _, rest = newest.read_text("utf-8").partition("Create Date: ")
    return datetime.fromisoformat(rest[:10]).replace(tzinfo=UTC)


def differences(engine: Engine) -> list[Any]:
    """What Alembic would have to change for the database to be as tables.py says; empty if nothing."""
    from models.upgrades import differences_of

    with reading(engine) as connection:
        return differences_of(connection)


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """A transaction in which one process at a time may change tables."""
    try:
        connection = engine.connect().execution_options(**{_WRITES: True})
    except DBAPIError as error:
        raise _unavailable(engine, error) from None
    with connection, _without_cascades(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        yield connection


@contextmanager
def _without_cascades(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying it; dropping the old one would take the rows that point to it along."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection
    driver.execute("PRAGMA foreign_keys = OFF")  # ignored inside a transaction, so before it
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _state(connection: Connection) -> DatabaseState:
    names = set(inspect(connection).get_table_names())
    if not names - {_VERSION_TABLE}:
        return DatabaseState.EMPTY
    revision = _revision(connection)
    if revision is None:
        return DatabaseState.FOREIGN
    known = known_revisions()
    if revision == known[-1]:
        return DatabaseState.CURRENT
    return DatabaseState.OLD if revision in known else DatabaseState.NEWER


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar()  # noqa: S608  # nosec B608


def _has_our_names(connection: Connection) -> bool:
    return bool(set(inspect(connection).get_table_names()) & set(METADATA.tables))


def _mend(engine: Engine, state: DatabaseState) -> str:
    where = shown_url(engine.url)
    return {
        DatabaseState.OLD: f"the tables in {where} are of an earlier version; run: scrapy db upgrade",
        DatabaseState.NEWER: f"the tables in {where} were made by a newer version of Triptych; update it: git pull",
        DatabaseState.FOREIGN: f"{where} holds tables that are not Triptych's; name another database by DATABASE_URL",
    }[state]


def _unavailable(engine: Engine, error: DBAPIError) -> StorageUnavailable:
    reason = str(error.orig).strip().splitlines()[0] if str(error.orig).strip() else type(error.orig).__name__
    if engine.url.password:
        reason = reason.replace(str(engine.url.password), "***")
    cure = (
        "check that its folder exists, that it may be written to, and that the file is a database of SQLite"
        if engine.dialect.name == "sqlite"
        else "check that the server runs and that host, user, password and database name are right"
    )
    return StorageUnavailable(f"cannot open {shown_url(engine.url)}: {reason}; {cure}")
