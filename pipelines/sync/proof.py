"""A proof that a target is like its source: rows and a checksum of every table, in one pass and constant memory."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from pipelines.sync.tables import ROOTS, IsMeant, buried_keys, mirrored_roots, source_columns

_BITS = 128


@dataclass(frozen=True, slots=True)
class TableSum:
    rows: int
    checksum: str
    """Of all rows, keys and all, whatever their order."""


def table_sums(
    connection: Connection, names: Sequence[str] = ROOTS, *, tombstones: bool = False
) -> Iterator[tuple[str, TableSum]]:
    """By table, without rows that are marked as deleted. A source, and a target that has caught up, give the same."""
    for root in mirrored_roots({}, names, tombstones=tombstones):
        buried = buried_keys(root) if tombstones else None
        for table in root.tables:
            query = select(*source_columns(table)).execution_options(yield_per=1000)
            if buried is not None:
                query = query.where(root.where(table, _outside(buried)))
            yield table.name, sum_of(connection.execute(query))


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
