"""Databases: opened, looked at, and brought up to date."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from models.columns import UTCDateTime
from models.errors import StorageOutdated, StorageUnavailable
from models.search import is_of_tables
from models.tables import METADATA

BUSY_TIMEOUT_SECONDS = 30
STATEMENT_TIMEOUT_SECONDS = 60
CONNECT_TIMEOUT_SECONDS = 10
_POSTGRESQL_OPTIONS = (
    f"-c statement_timeout={STATEMENT_TIMEOUT_SECONDS}s -c lock_timeout={BUSY_TIMEOUT_SECONDS}s "
    f"-c idle_in_transaction_session_timeout={STATEMENT_TIMEOUT_SECONDS}s -c timezone=UTC"
)
_EXAMPLES = "sqlite:///triptych.db or postgresql://user:password@host/name"
# Any number no other program on the server is likely to lock: two workers may find the same database empty at once.
_MIGRATION_LOCK = 0x7472697074796368
_WRITES = "triptych_writes"
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
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A read transaction that turns into a writing one fails at once when another writer is there: no timeout helps.
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: URL) -> Engine:
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
    with migrating(engine) as (connection, config):
        state = _state(connection)
        if state is DatabaseState.NEWER or (state is DatabaseState.FOREIGN and _has_our_names(connection)):
            raise StorageOutdated(_mend(engine, state))
        config.attributes["on_version_apply"] = (lambda step, **_: tell(step.up_revision_id)) if tell else None
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to `revision`, or to nothing by "base". Data of what is dropped is lost."""
    with migrating(engine) as (_, config):
        command.downgrade(config, revision)


def write_revision(engine: Engine, message: str) -> str:
    """A new file in the history, made from the difference of tables.py and this database; its path."""
    with migrating(engine) as (_, config):
        number = f"{len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1:04}"
        script = command.revision(config, message, autogenerate=True, rev_id=number)
    if not isinstance(script, Script):
        raise StorageOutdated("Alembic wrote no file; look at models/migrations/versions")
    return script.path


def current_revision(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def differences(engine: Engine) -> list[Any]:
    """What Alembic would have to change for the database to be as tables.py says; empty if nothing."""
    with reading(engine) as connection:
        options = migration_options(connection)
        metadata = options.pop("target_metadata")
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def migration_options(connection: Connection) -> dict[str, Any]:
    """How Alembic looks at the tables, here and in env.py."""
    dialect = connection.dialect.name

    def is_of_dialect(item: Any, _name: Any, _kind: str, _reflected: bool, _other: Any) -> bool:
        """Alembic does not heed `ddl_if`; what one dialect only has says so in `info` too."""
        return bool(item.info.get("dialect", dialect) == dialect)

    return {
        "target_metadata": METADATA,
        "render_as_batch": True,  # SQLite changes a table by copying it
        # SQLite shows identities and defaults in ways that would count as differences.
        "compare_server_default": dialect == "postgresql",
        "include_object": is_of_dialect,
        "include_name": is_of_tables,
        "render_item": _render_type,
    }


def _render_type(kind: str, item: Any, _context: Any) -> str | bool:
    """The history is written in types of SQLAlchemy, which stay as they are when ours change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "models:migrations")  # found in an installed package too
    return config


@contextmanager
def migrating(engine: Engine) -> Iterator[tuple[Connection, Config]]:
    """A transaction in which one process at a time may change tables."""
    try:
        connection = engine.connect().execution_options(**{_WRITES: True})
    except DBAPIError as error:
        raise _unavailable(engine, error) from None
    with connection, _without_cascades(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        config = _config()
        config.attributes["connection"] = connection
        try:
            yield connection, config
        except CommandError as error:
            raise StorageOutdated(f"{error}; the revisions are the files of models/migrations/versions") from None


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
    if not names - {"alembic_version"}:
        return DatabaseState.EMPTY
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        return DatabaseState.FOREIGN
    scripts = ScriptDirectory.from_config(_config())
    if revision == scripts.get_current_head():
        return DatabaseState.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return DatabaseState.OLD if revision in known else DatabaseState.NEWER


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
