"""Changed rows as JSON: a root with all that belongs to it, each row below its owner."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from pipelines.sync.copying import among
from pipelines.sync.tables import Root, source_columns


def json_lines(connection: Connection, roots: Sequence[Root], ops: Mapping[tuple[str, int], str]) -> str:
    """A line a changed row, in the order of changes: {"table", "id", "op", "row"}; `row` is null once it is gone."""
    ids: dict[str, list[int]] = {}
    for name, id_ in ops:
        ids.setdefault(name, []).append(id_)
    rows = {root.name: _nested(connection, root, ids[root.name]) for root in roots if root.name in ids}
    lines = []
    for (name, id_), op in ops.items():
        row = rows[name].get(id_)
        record = {"table": name, "id": id_, "op": op if row else "delete", "row": row}
        lines.append(json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=_text))
    return "".join(f"{line}\n" for line in lines)


def _nested(connection: Connection, root: Root, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By id."""
    by_id: dict[str, dict[int, dict[str, Any]]] = {}
    for table in root.tables:
        query = select(*source_columns(table)).where(root.where(table, among(connection, ids)))
        rows = [dict(row) for row in connection.execute(query.order_by(*table.primary_key)).mappings()]
        if "id" in table.c:
            by_id[table.name] = {row["id"]: row for row in rows}
        if table is not root.table:
            owners, pointer = by_id[root.owner_of(table).name], root.owners[table.name].name
            for owner in owners.values():
                owner[table.name] = []
            for row in rows:
                owners[row[pointer]][table.name].append(row)
    return by_id[root.name]


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, datetime) else str(value)
