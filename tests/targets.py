"""Targets of a sync that need programs of their own: a MariaDB server, and what DuckDB holds."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Table, create_engine, text

from models.columns import UTCDateTime
from pipelines.sync import ROOTS, TableSum
from pipelines.sync.proof import sum_of
from pipelines.sync.tables import mirrored_roots

_MARIADBD = shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
_INSTALL = shutil.which("mariadb-install-db")
MARIADB_IS_MISSING = (
    "" if _MARIADBD and _INSTALL else "no mariadbd and mariadb-install-db on the PATH; Debian: mariadb-server"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@contextmanager
def mariadb_server(folder: Path) -> Iterator[str]:
    """The URL of an empty database on a server of the caller's own, with its files in the folder."""
    socket = folder / "socket"
    install = [str(_INSTALL), "--no-defaults", f"--datadir={folder / 'data'}"]
    install += ["--auth-root-authentication-method=normal", "--user=root", "--skip-test-db"]
    subprocess.run(install, check=True, capture_output=True)
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


def duckdb_sums(path: Path, names: Sequence[str] = ROOTS) -> dict[str, TableSum]:
    """By table, as `table_sums` gives them of a database."""
    import duckdb  # noqa: PLC0415  # an optional extra

    found: dict[str, TableSum] = {}
    with duckdb.connect(str(path), read_only=True) as warehouse:
        for root in mirrored_roots({}, names):
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
            values.append(_EPOCH + timedelta(microseconds=value))
        else:
            values.append(json.loads(value) if isinstance(value, str) and isinstance(column.type, JSON) else value)
    return values
