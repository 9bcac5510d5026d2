"""A proof that a target is like its source: rows and a checksum of every table, in one pass and constant memory."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from pipelines.sync.tables import ROOTS, IsMeant, buried_keys, mirrored_roots, source_columns

_BITS = 128


@dataclass(frozen=True, slots=True)
class TableSum:
    rows: int
    checksum: str
    """Of all rows, keys and all, whatever their order."""


Tell = Callable[[int], None]
"""Called with the number of rows that were read since the last time."""


def table_counts(connection: Connection, names: Sequence[str] = ROOTS) -> dict[str, int]:
    """The rows of each table."""
    tables = [table for root in mirrored_roots({}, names) for table in root.tables]
    return {each.name: connection.execute(select(func.count()).select_from(each)).scalar_one() for each in tables}


def table_sums(
    connection: Connection, names: Sequence[str] = ROOTS, *, tombstones: bool = False, tell: Tell | None = None
) -> Iterator[tuple[str, TableSum]]:
    """By table, without rows that are marked as deleted. A source, and a target that has caught up, give the same."""
    for root in mirrored_roots({}, names, tombstones=tombstones):
        buried = buried_keys(root) if tombstones else None
        for table in root.tables:
            query = select(*source_columns(table)).execution_options(yield_per=1000)
            if buried is not None:
                query = query.where(root.where(table, _outside(buried)))
            yield table.name, sum_of(_told(connection.execute(query).partitions(), tell))


def _told(partitions: Iterable[Sequence[Sequence[Any]]], tell: Tell | None) -> Iterator[Sequence[Any]]:
    for rows in partitions:
        yield from rows
        if tell:
            tell(len(rows))


def _outside(keys: Select[Any]) -> IsMeant:
    return lambda column: column.not_in(keys)


def sum_of(rows: Iterable[Sequence[Any]]) -> TableSum:
    """In the order of the table's columns."""
    count = total = 0
    for row in rows:
        text = json.dumps(list(row), ensure_ascii=False, sort_keys=True, default=_text)
        total += int.from_bytes(hashlib.sha256(text.encode()).digest()[: _BITS // 8])
        count += 1
    return TableSum(rows=count, checksum=f"{total % 2**_BITS:0{_BITS // 4}x}")


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, datetime) else str(value)
