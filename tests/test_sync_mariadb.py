"""The same onto a real MariaDB server: whatever the source holds, in whole length and to the microsecond."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from models.engine import open_database, writing
from pipelines.sync import Choice
from tests.downstream import fill, record_delete, sums, sums_of, sync_once
from tests.targets import MARIADB_IS_MISSING, mariadb_server

pytestmark = pytest.mark.skipif(bool(MARIADB_IS_MISSING), reason=MARIADB_IS_MISSING)
pytest.importorskip("pymysql", reason="PyMySQL is not installed: pip install 'triptych[mariadb]'")


@pytest.fixture
def mariadb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the test's own, with an empty database."""
    with mariadb_server(tmp_path_factory.mktemp("mariadb")) as url:
        yield url


def test_mariadb_is_like_its_source_after_the_copy_changes_deletes_and_a_new_column(
    mariadb_url: str, postgresql_url: str
) -> None:
    engine = open_database(postgresql_url)
    fill(engine, range(15))
    with writing(engine) as connection:  # longer than its TEXT
        connection.execute(text("UPDATE article_version SET article_body = :long"), {"long": "仓库" * 50_000})
    sync_once(engine, mariadb_url)
    assert sums_of(mariadb_url) == sums(engine)
    fill(engine, range(10, 20), version=1)
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE tag ADD COLUMN colour text"))
        connection.execute(text("DELETE FROM article WHERE id = 3"))
        record_delete(connection, "article", 3)

    sync_once(engine, mariadb_url, Choice(roots_per_step=50))

    assert sums_of(mariadb_url) == sums(engine)
    assert sync_once(engine, mariadb_url) == []
    engine.dispose()
