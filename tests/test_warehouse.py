"""DuckDB, through dlt, is like the source: deletes, lists that shrink and all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from models.engine import open_database, writing
from pipelines.sync import Choice, WarehouseSync
from tests.downstream import fill, record_delete, sums, wait_for_others
from tests.targets import duckdb_sums

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install 'triptych[dlt]'")
pytest.importorskip("dlt", reason="dlt is not installed: pip install 'triptych[dlt]'")


@pytest.mark.filterwarnings("ignore::Warning")  # of dlt's own code
def test_duckdb_is_like_its_source_after_the_copy_and_after_changes(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    sync = WarehouseSync(engine, f"dlt+duckdb:///{path}", Choice())
    fill(engine, range(6))
    wait_for_others(engine)
    list(sync.catch_up())
    assert duckdb_sums(path) == sums(engine)
    fill(engine, range(4, 9), version=1)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM article WHERE id = 1"))
        connection.execute(text("DELETE FROM outlink WHERE page_id IN (SELECT page_id FROM article WHERE id = 2)"))
        connection.execute(text("INSERT INTO change (table_name, row_id, op, changed_at) "
                                "SELECT 'page', page_id, 'update', changed_at FROM article WHERE id = 2"))  # fmt: skip
        record_delete(connection, "article", 1)
    wait_for_others(engine)

    list(sync.catch_up())

    assert duckdb_sums(path) == sums(engine)
    assert list(sync.catch_up()) == []


@pytest.mark.filterwarnings("ignore::Warning")  # of dlt's own code
def test_since_loads_what_has_changed_from_then_on(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_database(sqlite_url)
    path = tmp_path / "warehouse.duckdb"
    fill(engine, range(5))
    between = datetime.now(UTC)
    fill(engine, [1], version=2)
    choice = Choice(roots=("article",), since=between)

    steps = [*WarehouseSync(engine, f"dlt+duckdb:///{path}", choice).catch_up()]
    fill(engine, [2], version=3)
    steps += WarehouseSync(engine, f"dlt+duckdb:///{path}", choice).catch_up()

    with duckdb.connect(str(path), read_only=True) as warehouse:
        assert sorted(warehouse.execute("SELECT id FROM triptych.article").fetchall()) == [(2,), (3,)]
    assert [step.changes for step in steps] == [1, 1]
    engine.dispose()
