"""DuckDB, through dlt, is like the source: deletes, lists that shrink and all."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Engine, Table, text

from models.columns import UTCDateTime
from models.engine import open_database, writing
from pipelines.sync import Choice, TableSum, WarehouseSync
from pipelines.sync.proof import sum_of
from pipelines.sync.tables import mirrored_roots
from tests.downstream import NOW, fill, record_delete, sums, wait_for_others

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install 'triptych[dlt]'")
pytest.importorskip("dlt", reason="dlt is not installed: pip install 'triptych[dlt]'")


def sums_in(path: Path) -> dict[str, TableSum]:
    found: dict[str, TableSum] = {}
    with duckdb.connect(str(path), read_only=True) as warehouse:
        for root in mirrored_roots({}):
            for table in root.tables:
                rows = warehouse.execute(f'SELECT {_columns(table)} FROM triptych."{table.name}"').fetchall()  # noqa: S608  # no input
                found[table.name] = sum_of(_typed(table, row) for row in rows)
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


@pytest.mark.filterwarnings("ignore::Warning")  # of dlt's own code
def test_duckdb_is_like_its_source_after_the_copy_and_after_changes(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    sync = WarehouseSync(engine, f"dlt+duckdb:///{path}", Choice())
    fill(engine, range(6))
    wait_for_others(engine)
    list(sync.catch_up())
    assert sums_in(path) == sums(engine)
    fill(engine, range(4, 9), version=1)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM article WHERE id = 1"))
        connection.execute(text("DELETE FROM outlink WHERE page_id IN (SELECT page_id FROM article WHERE id = 2)"))
        connection.execute(text("INSERT INTO change (table_name, row_id, op, changed_at) "
                                "SELECT 'page', page_id, 'update', changed_at FROM article WHERE id = 2"))  # fmt: skip
        record_delete(connection, "article", 1)
    wait_for_others(engine)

    list(sync.catch_up())

    assert sums_in(path) == sums(engine)
    assert list(sync.catch_up()) == []


@pytest.mark.filterwarnings("ignore::Warning")  # of dlt's own code
def test_since_loads_what_has_changed_from_then_on(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_database(sqlite_url)
    path = tmp_path / "warehouse.duckdb"
    fill(engine, range(5))
    fill(engine, [1], version=2)
    choice = Choice(roots=("article",), since=NOW + timedelta(hours=1))

    steps = [*WarehouseSync(engine, f"dlt+duckdb:///{path}", choice).catch_up()]
    fill(engine, [2], version=3)
    steps += WarehouseSync(engine, f"dlt+duckdb:///{path}", choice).catch_up()

    with duckdb.connect(str(path), read_only=True) as warehouse:
        assert sorted(warehouse.execute("SELECT id FROM triptych.article").fetchall()) == [(2,), (3,)]
    assert [step.changes for step in steps] == [1, 1]
    engine.dispose()
