"""Many rows in one statement, the fastest way of each dialect. No SQL is put together from text of a page.

SQLite takes rows through the driver's own executemany. PostgreSQL takes them by COPY, or as one array a column where
rows may be there already. Measured, SQLAlchemy's own executemany costs about twice as much on both.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    CursorResult,
    Dialect,
    Executable,
    Insert,
    LargeBinary,
    Table,
    Update,
    any_,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy import column as sql_column
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.types import TypeEngine

from models.columns import UTCDateTime
from pipelines.rows import Row, Values

_Key = TypeVar("_Key")
_CHUNK = 512  # SQLite takes at most 32,766 parameters in a statement


class Bulk(ABC):
    """Statements on one connection, inside the caller's transaction. All rows of a call have the same columns."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.rows_written = 0

    @abstractmethod
    def next_ids(self, table: Table, count: int) -> Sequence[int]:
        """Keys that no other row of the table has or will get."""

    def insert(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            names = _names(table, rows[0])
            self.insert_values(table, names, _values(rows, names))

    @abstractmethod
    def insert_values(self, table: Table, names: tuple[str, ...], rows: Sequence[Values]) -> None:
        """The same for rows whose values are in the order of `names`, and these in that of the table's columns."""

    @abstractmethod
    def insert_missing(self, table: Table, rows: Sequence[Row], key: Column[Any]) -> dict[Any, int]:
        """Insert the rows whose key is not there yet; their ids by key. In the order of keys, against deadlocks."""

    @abstractmethod
    def update(self, table: Table, rows: Sequence[Row]) -> None:
        """Each row has the key `id` and the columns to set."""

    @abstractmethod
    def select(self, columns: Sequence[Any], key: Column[Any], values: Iterable[Any], *where: Any) -> list[Row]:
        """The rows whose key is among the values."""

    @abstractmethod
    def delete(self, table: Table, key: Column[Any], values: Iterable[Any]) -> None: ...

    def select_locked(self, columns: Sequence[Any], key: Column[Any], values: Iterable[Any]) -> list[Row]:
        """The same, and no other transaction changes them until this one ends."""
        return self.select(columns, key, values)


def bulk_of(connection: Connection) -> Bulk:
    return PostgresqlBulk(connection) if connection.dialect.name == "postgresql" else SqliteBulk(connection)


class SqliteBulk(Bulk):
    """SQLite has one writer, who holds the lock from the beginning of his transaction."""

    def next_ids(self, table: Table, count: int) -> Sequence[int]:
        last = self.connection.execute(select(func.max(table.c.id))).scalar() or 0
        return range(last + 1, last + 1 + count)

    def insert_values(self, table: Table, names: tuple[str, ...], rows: Sequence[Values]) -> None:
        if rows:
            self._run_many(_sqlite_insert(table, names, self.connection.dialect), rows)

    def insert_missing(self, table: Table, rows: Sequence[Row], key: Column[Any]) -> dict[Any, int]:
        if not rows:
            return {}
        first = self.next_ids(table, 1)[0]
        names = _names(table, rows[0])
        values = _values(sorted(rows, key=itemgetter(key.name)), names)
        self._run_many(_sqlite_insert(table, names, self.connection.dialect, missing=True), values)
        new = self.connection.execute(select(key, table.c.id).where(table.c.id >= first))
        return {row[0]: row[1] for row in new}

    def update(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            names = (*(name for name in _names(table, rows[0]) if name != "id"), "id")
            self._run_many(_sqlite_update(table, names, self.connection.dialect), _values(rows, names))

    def select(self, columns: Sequence[Any], key: Column[Any], values: Iterable[Any], *where: Any) -> list[Row]:
        statement = select(*columns).where(key.in_(bindparam("keys", expanding=True)), *where)
        found: list[Row] = []
        for chunk in _chunks(values):
            found += _rows(self.connection.execute(statement, {"keys": padded(chunk)}))
        return found

    def delete(self, table: Table, key: Column[Any], values: Iterable[Any]) -> None:
        statement = delete(table).where(key.in_(bindparam("keys", expanding=True)))
        for chunk in _chunks(values):
            self.connection.execute(statement, {"keys": padded(chunk)})

    def _run_many(self, plan: "_Plan", rows: Sequence[Values]) -> None:
        self.rows_written += len(rows)
        self.connection.exec_driver_sql(plan.statement, plan.convert(rows))


class PostgresqlBulk(Bulk):
    def next_ids(self, table: Table, count: int) -> Sequence[int]:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        series = func.generate_series(1, count)
        return self.connection.execute(select(func.nextval(sequence)).select_from(series)).scalars().all()

    def insert_values(self, table: Table, names: tuple[str, ...], rows: Sequence[Values]) -> None:
        if not rows:
            return
        from psycopg import sql  # noqa: PLC0415  # SQLite starts without it

        self.rows_written += len(rows)
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
        converted = _conversion(tuple(table.c[name] for name in names), self.connection.dialect)(rows)
        driver: Any = self.connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in converted:
                copy.write_row(row)

    def insert_missing(self, table: Table, rows: Sequence[Row], key: Column[Any]) -> dict[Any, int]:
        if not rows:
            return {}
        self.rows_written += len(rows)
        rows = sorted(rows, key=itemgetter(key.name))
        statement = _postgresql_insert_missing(table, tuple(rows[0]), key)
        return {row[0]: row[1] for row in self.connection.execute(statement, _arrays(rows))}

    def update(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            self.rows_written += len(rows)
            self.connection.execute(_postgresql_update(table, tuple(rows[0])), _arrays(rows))

    def select(self, columns: Sequence[Any], key: Column[Any], values: Iterable[Any], *where: Any) -> list[Row]:
        keys = list(values)
        if not keys:
            return []
        return _rows(self.connection.execute(select(*columns).where(_is_among(key, keys), *where)))

    def select_locked(self, columns: Sequence[Any], key: Column[Any], values: Iterable[Any]) -> list[Row]:
        # Locked in the order of their keys, against deadlocks; a link to the page may still be stored meanwhile.
        statement = select(*columns).where(_is_among(key, list(values))).order_by(key).with_for_update(key_share=True)
        return _rows(self.connection.execute(statement))

    def delete(self, table: Table, key: Column[Any], values: Iterable[Any]) -> None:
        if keys := list(values):
            self.connection.execute(delete(table).where(_is_among(key, keys)))


class _Plan:
    """A compiled statement of SQLite and the way rows become its parameters."""

    def __init__(self, statement: Insert | Update, columns: tuple[Column[Any], ...], dialect: Dialect) -> None:
        self.statement = str(statement.compile(dialect=dialect))
        self.convert = _conversion(columns, dialect)


@lru_cache(maxsize=256)
def _sqlite_insert(table: Table, names: tuple[str, ...], dialect: Dialect, *, missing: bool = False) -> _Plan:
    statement = sqlite_insert(table).values({name: bindparam(name) for name in names})
    columns = tuple(table.c[name] for name in names)
    return _Plan(statement.on_conflict_do_nothing() if missing else statement, columns, dialect)


@lru_cache(maxsize=256)
def _sqlite_update(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Plan:
    """`id` is the last of the names."""
    columns = tuple(table.c[name] for name in names)
    changes: dict[Any, Any] = {column: bindparam(f"new_{column.name}") for column in columns[:-1]}
    statement = update(table).where(table.c.id == bindparam("old_id")).values(changes)
    return _Plan(statement, columns, dialect)


def _names(table: Table, row: Row) -> tuple[str, ...]:
    """The columns of a row in the order of the table, in which SQLAlchemy puts them into a statement."""
    return tuple(column.name for column in table.columns if column.name in row)


def _rows(result: CursorResult[Any]) -> list[Row]:
    """Plain dictionaries: a mapping of SQLAlchemy looks each column up by a method of its own."""
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result]


def _values(rows: Iterable[Row], names: tuple[str, ...]) -> list[Values]:
    return list(map(itemgetter(*names), rows))


@lru_cache(maxsize=256)
def _conversion(columns: tuple[Column[Any], ...], dialect: Dialect) -> Callable[[Sequence[Values]], Sequence[Values]]:
    """From rows to what the driver takes. Column by column: most of them need nothing."""
    converters = [
        (place, convert) for place, column in enumerate(columns) if (convert := _converter(column.type, dialect))
    ]
    if not converters:
        return lambda rows: rows

    def converted(rows: Sequence[Values]) -> Sequence[Values]:
        by_column: list[Sequence[Any]] = list(zip(*rows, strict=True))
        filled = [(place, convert) for place, convert in converters if by_column[place].count(None) < len(rows)]
        for place, convert in filled:
            by_column[place] = [None if value is None else convert(value) for value in by_column[place]]
        return list(zip(*by_column, strict=True)) if filled else rows

    return converted


def _converter(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, LargeBinary):
        return None  # that of SQLAlchemy copies bytes into a memoryview, for drivers of old
    if isinstance(kind, UTCDateTime):
        return _moment_converter(dialect)
    return kind.dialect_impl(dialect).bind_processor(dialect)


@lru_cache(maxsize=16)
def _moment_converter(dialect: Dialect) -> Callable[[Any], Any] | None:
    """The time of a fetch stands in a dozen of its rows, and costs more than all their other values."""
    convert = UTCDateTime().dialect_impl(dialect).bind_processor(dialect)
    return convert and lru_cache(maxsize=4096)(convert)


@lru_cache(maxsize=256)
def _postgresql_insert_missing(table: Table, names: tuple[str, ...], key: Column[Any]) -> Executable:
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert  # noqa: PLC0415  # SQLite starts without it

    source = _unnested(table, names)
    statement = postgresql_insert(table).from_select(list(names), select(*(source.c[name] for name in names)))
    return statement.on_conflict_do_nothing().returning(key, table.c.id)


@lru_cache(maxsize=256)
def _postgresql_update(table: Table, names: tuple[str, ...]) -> Executable:
    source = _unnested(table, names)
    changes = {name: source.c[name] for name in names if name != "id"}
    return update(table).where(table.c.id == source.c.id).values(changes)


def _unnested(table: Table, names: tuple[str, ...]) -> Any:
    """One array a column, as rows: one statement whatever the number of rows."""
    arrays = [bindparam(f"new_{name}", type_=ARRAY(table.c[name].type, dimensions=1)) for name in names]
    columns = [sql_column(name, table.c[name].type) for name in names]
    return func.unnest(*arrays).table_valued(*columns, name="new").render_derived()


def _arrays(rows: Sequence[Row]) -> dict[str, list[Any]]:
    return {f"new_{name}": [row[name] for row in rows] for name in rows[0]}


def _is_among(key: Column[Any], values: list[Any]) -> ColumnElement[bool]:
    return key == any_(bindparam(None, values, type_=ARRAY(key.type)))


def padded(keys: Collection[_Key]) -> list[_Key]:
    """The same keys for an IN, one of them again and again: as many as the next power of two.

    Each length of such a list is a statement of its own. A connection keeps the last 128, of up to 100 KB each, and
    would have to prepare nearly every one anew.
    """
    known = list(keys)
    missing = (1 << (len(known) - 1).bit_length()) - len(known) if known else 0
    return known + known[-1:] * missing


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk
