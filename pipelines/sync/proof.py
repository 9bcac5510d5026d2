"""A proof that a target is like its source: rows and a checksum of every table, in one pass and constant memory."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from pipelines.sync.tables import ROOTS, mirrored_roots, source_columns

_BITS = 128


@dataclass(frozen=True, slots=True)
class TableSum:
    rows: int
    checksum: str
    """Of all rows, keys and all, whatever their order."""


def table_sums(connection: Connection, names: Sequence[str] = ROOTS) -> Iterator[tuple[str, TableSum]]:
    """By table. A source, and a target that has caught up, give the same."""
    for root in mirrored_roots({}, names):
        for table in root.tables:
            yield table.name, _sum(connection, table)


def _sum(connection: Connection, table: Table) -> TableSum:
    count = total = 0
    columns = source_columns(table)
    for row in connection.execute(select(*columns).execution_options(yield_per=1000)):
        text = json.dumps(list(row), ensure_ascii=False, sort_keys=True, default=_text)
        total += int.from_bytes(hashlib.sha256(text.encode()).digest()[: _BITS // 8])
        count += 1
    return TableSum(rows=count, checksum=f"{total % 2**_BITS:0{_BITS // 4}x}")


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, datetime) else str(value)
