"""Rows from one database into another. Between two PostgreSQL servers as COPY hands them over, unread."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from psycopg import sql
from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    any_,
    bindparam,
    func,
    insert,
    select,
    tuple_,
)
from sqlalchemy import column as sql_column

from pipelines.rows import Row
from pipelines.store.bulk import bulk_of
from pipelines.sync.tables import LASTING, IsMeant, Root, source_columns

_PARTITION_ROWS = 1000
_Key = tuple[Any, ...]


def replace_roots(
    source: Connection, target: Connection, root: Root, *, read: IsMeant, clear: IsMeant | None = None
) -> int:
    """Copy the roots that `read` means, whole, in the place of those that `clear` means; the number of rows copied."""
    delete_roots(target, root, clear or read)
    copied = 0
    for table in root.tables:
        query = select(*source_columns(table)).where(root.where(table, read))
        copied += _copy(source, target, query, table)
    return copied


def renew_roots(source: Connection, target: Connection, root: Root, ids: Sequence[int]) -> int:
    """The same for roots that have changed; rows that never change stay where the target has them already."""
    is_in_source, is_in_target = among(source, ids), among(target, ids)
    lasting = {
        table.name: _difference(source, target, root, table, ids) for table in root.tables if table.name in LASTING
    }
    for table in reversed(root.tables):
        if table.name in lasting:
            for keys in _chunks(lasting[table.name][1]):
                target.execute(table.delete().where(_keys_among(target, table, keys)))
        else:
            target.execute(table.delete().where(root.where(table, is_in_target)))
    copied = 0
    for table in root.tables:
        query = select(*source_columns(table))
        if table.name in lasting:
            for keys in _chunks(lasting[table.name][0]):
                copied += _copy(source, target, query.where(_keys_among(source, table, keys)), table)
        else:
            copied += _copy(source, target, query.where(root.where(table, is_in_source)), table)
    return copied


def _difference(
    source: Connection, target: Connection, root: Root, table: Table, ids: Sequence[int]
) -> tuple[list[_Key], list[_Key]]:
    """Keys of rows that the target lacks, and of those that it has otherwise or that are gone.

    Rows are the same where all but their texts is: a hash of these is among it, and what may be filled in later. By the
    key alone they are not, as SQLite may give the key of an article that is gone to another one.
    """
    columns = [column for column in source_columns(table) if not isinstance(column.type, Text | JSON)]
    width = len(table.primary_key)
    ordered = select(*table.primary_key, *columns)
    ours = {tuple(row[:width]): row for row in source.execute(ordered.where(root.where(table, among(source, ids))))}
    theirs = {tuple(row[:width]): row for row in target.execute(ordered.where(root.where(table, among(target, ids))))}
    return (
        [key for key, row in ours.items() if key not in theirs or theirs[key] != row],
        [key for key, row in theirs.items() if key not in ours or ours[key] != row],
    )


def _keys_among(connection: Connection, table: Table, keys: Sequence[_Key]) -> ColumnElement[bool]:
    columns = list(table.primary_key)
    if connection.dialect.name != "postgresql":
        return tuple_(*columns).in_(keys)
    arrays = [
        bindparam(None, list(values), type_=ARRAY(column.type))
        for column, values in zip(columns, zip(*keys, strict=True), strict=True)
    ]
    names = [sql_column(column.name, column.type) for column in columns]
    wanted = func.unnest(*arrays).table_valued(*names, name="wanted").render_derived()
    return tuple_(*columns).in_(select(*wanted.c))


def _chunks(keys: Sequence[_Key]) -> Iterator[Sequence[_Key]]:
    """SQLite takes a limited number of parameters."""
    return (keys[start : start + _PARTITION_ROWS] for start in range(0, len(keys), _PARTITION_ROWS))


def delete_roots(target: Connection, root: Root, is_meant: IsMeant) -> None:
    for table in reversed(root.tables):  # an owner shows which rows are below it, and so goes last
        target.execute(table.delete().where(root.where(table, is_meant)))


def among(connection: Connection, ids: Sequence[int]) -> IsMeant:
    """The keys given; on PostgreSQL one array, so that the statement is the same for any number of them."""
    if connection.dialect.name != "postgresql":
        return lambda column: column.in_(ids)
    return lambda column: column == any_(bindparam(None, list(ids), type_=ARRAY(column.type)))


def between(after: int, last: int | None, *, but: Select[Any] | None = None) -> IsMeant:
    """Keys above one and up to another, None for all above; those that `but` selects left out."""

    def is_meant(column: Column[Any]) -> ColumnElement[bool]:
        is_in_range = column > after if last is None else (column > after) & (column <= last)
        return is_in_range if but is None else is_in_range & column.not_in(but)

    return is_meant


def _copy(source: Connection, target: Connection, query: Select[Any], table: Table) -> int:
    if source.dialect.name == target.dialect.name == "postgresql":
        return _pass_on(source, target, query, table)
    copied = 0
    rows = source.execute(query.execution_options(yield_per=_PARTITION_ROWS)).mappings()
    for partition in rows.partitions():
        copied += len(partition)
        if target.dialect.name in ("postgresql", "sqlite"):
            bulk_of(target).insert(table, cast(Sequence[Row], partition))  # read like a dict
        else:
            target.execute(insert(table), [dict(row) for row in partition])
    return copied


def _pass_on(source: Connection, target: Connection, query: Select[Any], table: Table) -> int:
    compiled = query.compile(dialect=source.dialect)
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in query.selected_columns)
    read = sql.SQL("COPY ({}) TO STDOUT").format(sql.SQL(str(compiled)))
    write = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    reader: Any = source.connection.driver_connection
    writer: Any = target.connection.driver_connection
    with reader.cursor() as read_cursor, writer.cursor() as write_cursor:
        with read_cursor.copy(read, compiled.params) as rows, write_cursor.copy(write) as copy:
            for row in rows:
                copy.write(row)
        copied: int = write_cursor.rowcount
    return copied
