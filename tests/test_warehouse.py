"""DuckDB, through dlt, is like the source: deletes, lists that shrink and all."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Engine, Table, select, text

from models.columns import UTCDateTime
from models.engine import open_database, writing
from pipelines.sync import Choice, WarehouseSync
from pipelines.sync.tables import mirrored_roots
from tests.downstream import fill, record_delete

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install 'triptych[dlt]'")
pytest.importorskip("dlt", reason="dlt is not installed: pip install 'triptych[dlt]'")


def rows_of(engine: Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {
            table.name: sorted(_text(row) for row in connection.execute(select(*table.columns)))
            for root in mirrored_roots({})
            for table in root.tables
        }


def rows_in(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with duckdb.connect(str(path), read_only=True) as warehouse:
        for root in mirrored_roots({}):
            for table in root.tables:
                rows = warehouse.execute(f'SELECT {_columns(table)} FROM triptych."{table.name}"').fetchall()  # noqa: S608  # no input
                found[table.name] = sorted(_text(_typed(table, row)) for row in rows)
    return found


def _columns(table: Table) -> str:
    """A driver that gives times of a zone wants another package for it."""
    times = {column.name for column in table.columns if isinstance(column.type, UTCDateTime)}
    return ", ".join(f'epoch_us("{name}")' if name in times else f'"{name}"' for name in table.c.keys())  # noqa: SIM118  # not a dict


def _typed(table: Table, row: Sequence[Any]) -> list[Any]:
    values: list[Any] = []
    for column, value in zip(table.columns, row, strict=True):
        if value is not None and isinstance(column.type, UTCDateTime):
            values.append(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value))
        else:
            values.append(json.loads(value) if isinstance(value, str) and isinstance(column.type, JSON) else value)
    return values


def _text(row: Sequence[Any]) -> str:
    return json.dumps(list(row), sort_keys=True, default=str)


@pytest.mark.filterwarnings("ignore::Warning")  # of dlt's own code
def test_duckdb_is_like_its_source_after_the_copy_and_after_changes(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_database(sqlite_url)
    path = tmp_path / "warehouse.duckdb"
    sync = WarehouseSync(engine, f"dlt+duckdb:///{path}", Choice())
    fill(engine, range(6))
    list(sync.catch_up())
    assert rows_in(path) == rows_of(engine)
    fill(engine, range(4, 9), version=1)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM article WHERE id = 1"))
        connection.execute(text("DELETE FROM outlink WHERE page_id IN (SELECT page_id FROM article WHERE id = 2)"))
        connection.execute(text("INSERT INTO change (table_name, row_id, op, changed_at) "
                                "SELECT 'page', page_id, 'update', changed_at FROM article WHERE id = 2"))  # fmt: skip
        record_delete(connection, "article", 1)

    list(sync.catch_up())

    assert rows_in(path) == rows_of(engine)
    assert list(sync.catch_up()) == []
    engine.dispose()
