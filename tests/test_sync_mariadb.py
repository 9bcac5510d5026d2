"""The same onto a real MariaDB server: whatever the source holds, in whole length and to the microsecond."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from models.engine import open_database, writing
from pipelines.sync import Choice
from tests.downstream import fill, record_delete, sums, sums_of, sync_once

_MARIADBD = shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
_INSTALL = shutil.which("mariadb-install-db")

pytestmark = pytest.mark.skipif(
    not (_MARIADBD and _INSTALL), reason="no mariadbd and mariadb-install-db on the PATH; Debian: mariadb-server"
)
pytest.importorskip("pymysql", reason="PyMySQL is not installed: pip install 'triptych[mariadb]'")


@pytest.fixture
def mariadb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the test's own, with an empty database."""
    folder = tmp_path_factory.mktemp("mariadb")
    socket = folder / "socket"
    install = [
        str(_INSTALL),
        "--no-defaults",
        f"--datadir={folder / 'data'}",
        "--auth-root-authentication-method=normal",
    ]
    subprocess.run([*install, "--user=root", "--skip-test-db"], check=True, capture_output=True)
    serve = [str(_MARIADBD), "--no-defaults", f"--datadir={folder / 'data'}", f"--socket={socket}", "--user=root"]
    serve += ["--skip-networking", "--innodb-flush-log-at-trx-commit=0", f"--pid-file={folder / 'pid'}"]
    with (folder / "log").open("wb") as log, subprocess.Popen(serve, stdout=log, stderr=log) as server:
        url = f"mariadb+pymysql://root@localhost/?unix_socket={socket}"
        _create_database(url, server, folder / "log")
        yield url.replace("/?", "/copy?")
        server.terminate()


def _create_database(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while b"ready for connections" not in log.read_bytes():
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE DATABASE copy CHARACTER SET latin1"))  # the tables must not rely on it
    engine.dispose()


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
