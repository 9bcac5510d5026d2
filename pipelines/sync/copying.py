"""Rows from one database into another. Between two PostgreSQL servers as COPY hands them over, unread."""

from collections.abc import Sequence
from typing import Any, cast

from psycopg import sql
from sqlalchemy import ARRAY, Column, ColumnElement, Connection, Select, Table, any_, bindparam, insert, select

from pipelines.rows import Row
from pipelines.store.bulk import bulk_of
from pipelines.sync.tables import IsMeant, Root, source_columns

_PARTITION_ROWS = 1000


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
