"""One source, targets of all kinds: after copies, changes, deletes and a prune, every table is the same in all."""

from pathlib import Path

import pytest

from models.engine import open_database
from tests.benchmarks.sync_targets import copy_everywhere, shown
from tests.targets import MARIADB_IS_MISSING

pytestmark = pytest.mark.skipif(bool(MARIADB_IS_MISSING), reason=MARIADB_IS_MISSING)
pytest.importorskip("pymysql", reason="PyMySQL is not installed: pip install 'triptych[mariadb]'")
pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install 'triptych[dlt]'")
pytest.importorskip("dlt", reason="dlt is not installed: pip install 'triptych[dlt]'")


@pytest.mark.filterwarnings("ignore::Warning")  # of dlt's own code
def test_mariadb_sqlite_and_duckdb_hold_what_postgresql_does(postgresql_url: str, tmp_path: Path) -> None:
    engine = open_database(postgresql_url)

    found = copy_everywhere(engine, tmp_path, articles=20)

    engine.dispose()
    assert found.keys() == {"postgresql", "SQLite", "MariaDB", "DuckDB"}
    assert all(copy == found["postgresql"] for copy in found.values()), shown(found)
    assert all(table.rows for table in found["postgresql"].values()), shown(found)
