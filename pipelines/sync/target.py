"""The other database: its tables, and how far each of them has come, written in the transaction of the rows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    insert,
    inspect,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.schema import CreateColumn

from models.columns import UTCDateTime
from models.engine import create_database_engine, shown_url, writing
from models.errors import StorageOutdated, StorageUnavailable
from pipelines.sync.changes import Position
from pipelines.sync.tables import Root

_DRIVERS = {"mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
_EXTRAS = {"pymysql": "mariadb"}

PROGRESS = Table(
    "sync_progress",
    MetaData(),
    Column("root", String(64), primary_key=True),
    Column("xid", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("copied_id", BigInteger),  # null once all rows have been copied
    Column("source", Text, nullable=False),
    Column("synced_at", UTCDateTime, nullable=False),
    mysql_charset="utf8mb4",
    mariadb_charset="utf8mb4",
)


class TargetTaken(StorageUnavailable):
    """Another sync has written there in the meantime: let that one do it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a root and what belongs to it have come."""

    position: Position
    copied_id: int | None = 0
    """The last key of the first copy; None once that is whole. Changes are delivered from then on."""


def open_target(url: str) -> Engine:
    """An engine on any database that SQLAlchemy knows. Connects to nothing yet. Raises StorageUnavailable."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend in ("sqlite", "postgresql", "postgres"):
            return create_database_engine(url)
        if parsed.drivername in _DRIVERS:
            parsed = parsed.set(drivername=_DRIVERS[parsed.drivername])
        return create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError):
        raise StorageUnavailable(
            "the target is no database URL that SQLAlchemy knows; write it as postgresql://user:password@host/name, "
            "sqlite:///copy.db, mariadb://user:password@host/name"
        ) from None
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get(str(error.name), str(error.name))
        raise StorageUnavailable(f"{error}; run: pip install 'triptych[{extra}]'") from None


class Target:
    """One database that is kept like the source."""

    def __init__(self, engine: Engine, source: str) -> None:
        self.engine = engine
        self._source = source

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with writing(self.engine) as connection:
            yield connection

    def match(self, roots: Sequence[Root]) -> set[str]:
        """Make the tables and columns that are missing; the roots whose tables were there and have new columns."""
        widened: set[str] = set()
        with self.writing() as connection:
            found = inspect(connection)
            names = set(found.get_table_names())
            if "alembic_version" in names:
                raise StorageOutdated(f"{shown_url(self.engine.url)} is a database that is crawled into; name another")
            PROGRESS.create(connection, checkfirst=True)
            for root in roots:
                for table in root.tables:
                    if table.name not in names:
                        table.create(connection)
                    elif self._widen(connection, table, {column["name"] for column in found.get_columns(table.name)}):
                        widened.add(root.name)
        return widened

    def _widen(self, connection: Connection, table: Table, present: set[str]) -> bool:
        missing = [column for column in table.columns if column.name not in present]
        quoted = connection.dialect.identifier_preparer.format_table(table)
        for column in missing:
            column.nullable = True  # rows are there already, and get its values later
            definition = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {quoted} ADD COLUMN {definition}")
        return bool(missing)

    def progress(self, connection: Connection) -> dict[str, Progress]:
        """By root. Raises StorageOutdated where the target is a copy of another database."""
        rows = connection.execute(select(PROGRESS)).all()
        if other := {row.source for row in rows} - {self._source}:
            raise StorageOutdated(
                f"{shown_url(self.engine.url)} is a copy of {', '.join(sorted(other))}, not of {self._source}; "
                "name another target, or drop its table sync_progress to have all copied again"
            )
        return {row.root: Progress(Position(row.xid, row.seq), row.copied_id) for row in rows}

    def begin(self, starts: Mapping[str, Progress]) -> None:
        """Where the roots that are new here begin."""
        with self.writing() as connection:
            for name, progress in starts.items():
                connection.execute(insert(PROGRESS).values(root=name, source=self._source, **_columns(progress)))

    def advance(self, connection: Connection, name: str, *, before: Progress, after: Progress) -> None:
        """In the transaction of the rows, and before them: the row of the position is the lock of the root.

        Raises TargetTaken where the position is not what it was.
        """
        columns = (PROGRESS.c.xid, PROGRESS.c.seq, PROGRESS.c.copied_id)
        values = (before.position.xid, before.position.seq, before.copied_id)
        as_before = [column.is_not_distinct_from(value) for column, value in zip(columns, values, strict=True)]
        moved = update(PROGRESS).where(PROGRESS.c.root == name, *as_before).values(**_columns(after))
        if connection.execute(moved).rowcount != 1:
            raise TargetTaken(
                f"another sync writes to {shown_url(self.engine.url)}; let it do so, or stop it and run this one again"
            )


def _columns(progress: Progress) -> dict[str, object]:
    return {
        "xid": progress.position.xid,
        "seq": progress.position.seq,
        "copied_id": progress.copied_id,
        "synced_at": datetime.now(UTC),
    }
