"""The record of what one transaction changed."""

from collections.abc import Iterable
from datetime import datetime

from models.tables import METADATA
from pipelines.store.bulk import Bulk


class Changes:
    """Collects the rows that came or changed, each once, and writes them at the end of the transaction."""

    def __init__(self) -> None:
        self._ops: dict[tuple[str, int], str] = {}

    def add(self, table_name: str, ids: Iterable[int], op: str) -> None:
        """A row that was inserted and then updated in one transaction has been inserted."""
        for id_ in ids:
            self._ops.setdefault((table_name, id_), op)

    def write(self, bulk: Bulk, at: datetime) -> None:
        rows = [(table_name, row_id, op, at) for (table_name, row_id), op in self._ops.items()]
        bulk.insert_values(METADATA.tables["change"], ("table_name", "row_id", "op", "changed_at"), rows)
        self._ops.clear()
