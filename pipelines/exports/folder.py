"""A folder of files of all tables, as they were at one moment."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Engine, Select, Table, select

from models.tables import METADATA
from pipelines.exports.formats import FORMATS, Columns, TableFile
from pipelines.snapshots import snapshot
from pipelines.sync.changes import check_reach
from pipelines.sync.tables import ROOTS, Root, extra_columns, mirrored_roots

_ROWS = 1000
_FIRST_TIMES = ("first_seen_at", "seen_at", "started_at", "fetched_at", "occurred_at")
"""When a row came to be; a table has one of them, or its owner has."""


@dataclass(frozen=True, slots=True)
class Exported:
    table: str
    rows: int


def export_tables(
    source: Engine, folder: Path, format_name: str, *, roots: Sequence[str] = ROOTS, since: datetime | None = None
) -> Iterator[Exported]:
    """Writes table after table, and tells of some rows at a time. The folder is there when all is told, and not before.

    With `since`, the rows that came or changed since then, with all that belongs to them. Raises StorageOutdated where
    the record of changes does not go back so far.
    """
    with _whole(folder) as unfinished, snapshot(source, is_long=True) as connection:
        if since is not None:
            check_reach(connection, since)
        for root in mirrored_roots(extra_columns(source), roots):
            for table in root.tables:
                files = _Files(unfinished, table.name, format_name)
                yield Exported(table.name, 0)  # it has a file, with rows or without
                for rows in files.write(connection, root, table, since=since):
                    yield Exported(table.name, rows)


class _Files:
    """Of one table: one file; or, of Parquet, one a day."""

    def __init__(self, folder: Path, name: str, format_name: str) -> None:
        self._folder, self._name, self._format = folder, name, format_name

    def write(self, connection: Connection, root: Root, table: Table, *, since: datetime | None) -> Iterator[int]:
        """The rows that were written, some at a time."""
        columns = list(table.columns)
        if self._format == "parquet":
            yield from self._write_days(connection, _query(root, table, since, with_day=True), columns)
            return
        file = FORMATS[self._format](self._folder / f"{self._name}.{self._format}", columns)
        try:
            for rows in _partitions(connection, _query(root, table, since)):
                yield self._pass_on(rows, file)
        finally:
            file.close()

    def _write_days(self, connection: Connection, query: Select[Any], columns: Columns) -> Iterator[int]:
        day = None
        file: TableFile | None = None
        try:
            for rows in _partitions(connection, query):
                for row_day, of_day in groupby(rows, key=lambda row: row[-1].date()):
                    if row_day != day:
                        if file:
                            file.close()
                        day, file = row_day, self._open_day(row_day, columns)
                    assert file  # noqa: S101  # opened with the first day
                    yield self._pass_on([row[:-1] for row in of_day], file)
        finally:
            if file:
                file.close()

    def _open_day(self, day: date, columns: Columns) -> TableFile:
        folder = self._folder / self._name / f"day={day.isoformat()}"
        folder.mkdir(parents=True)
        return FORMATS[self._format](folder / "part.parquet", columns)

    def _pass_on(self, rows: Sequence[Sequence[Any]], file: TableFile) -> int:
        file.write(rows)
        return len(rows)


def _partitions(connection: Connection, query: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
    for rows in connection.execute(query.execution_options(yield_per=_ROWS)).partitions():
        yield [tuple(row) for row in rows]


def _query(root: Root, table: Table, since: datetime | None, *, with_day: bool = False) -> Select[Any]:
    query = select(*table.columns)
    if with_day:
        query, first_time = _with_first_time(query, root, table)
        query = query.order_by(first_time)
    return query if since is None else query.where(root.where(table, lambda key: _is_changed(root, key, since)))


def _with_first_time(query: Select[Any], root: Root, table: Table) -> tuple[Select[Any], Column[Any]]:
    """The time of the row, or of the nearest owner that has one, as the last column."""
    owner = table
    while not (names := [name for name in _FIRST_TIMES if name in owner.c]):
        above = root.owner_of(owner)
        query = query.join(above, above.c.id == owner.c[root.owners[owner.name].name])
        owner = above
    first_time = owner.c[names[0]]
    return query.add_columns(first_time.label("day_of")), first_time


def _is_changed(root: Root, key: Column[Any], since: datetime) -> ColumnElement[bool]:
    change = METADATA.tables["change"].c
    return key.in_(select(change.row_id).where(change.table_name == root.name, change.changed_at >= since))


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """A new folder that takes its name when all is written. Raises FileExistsError, and leaves what is there alone."""
    if folder.exists():
        raise FileExistsError(17, "is there already; name another folder", str(folder))
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}")
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
