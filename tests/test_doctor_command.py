"""`scrapy doctor`: what is wrong is told with what mends it."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from models.engine import open_database, writing
from pipelines.store import Store
from tests.conftest import RunScrapy
from tests.downstream import fill, page

Diagnose = Callable[..., tuple[int, Mapping[str, Mapping[str, str]]]]


@pytest.fixture
def diagnose(run_scrapy: RunScrapy) -> Diagnose:
    """Exit status, and each check's finding."""

    def run(*arguments: str) -> tuple[int, Mapping[str, Mapping[str, str]]]:
        done = run_scrapy("doctor", "--json", *arguments)
        return done.returncode, {found["check"]: found for found in map(json.loads, done.stdout.splitlines())}

    return run


def test_a_database_in_order_is_found_good_and_nothing_stays_written(
    diagnose: Diagnose, engine: Engine, database_url: str
) -> None:
    Store(engine).write([replace(page(1), fetched_at=datetime.now(UTC))])

    status, found = diagnose("-s", f"DATABASE_URL={database_url}")

    assert status == 0, found
    bad = {check: each for check, each in found.items() if each["state"] != "good"}
    assert bad.keys() <= {
        "packages",
        "search",
    }  # not installed where tests run; the server's locale may know no Chinese
    assert {"python", "settings", "guard", "extractor", "database", "writing", "clock", "archive"} <= found.keys()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM site WHERE domain LIKE 'doctor%'")).scalar_one() == 0


def test_before_the_first_crawl_all_is_well_and_no_file_is_made(diagnose: Diagnose, tmp_path: Path) -> None:
    status, found = diagnose("-s", f"DATABASE_URL=sqlite:///{tmp_path / 'new.db'}")

    assert (status, found["database"]["state"]) == (0, "good")
    assert not (tmp_path / "new.db").exists()
    assert found["clock"]["state"] == "good"


def test_guard_is_tried_with_a_real_connection(diagnose: Diagnose) -> None:
    """What a setting allows is meant, and does not count."""
    handlers = {"http": "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"}

    _, guarded = diagnose("-s", "ADDRESSES_ALLOWED=127.0.0.1:*")
    status, open_to_all = diagnose("-s", f"DOWNLOAD_HANDLERS={json.dumps(handlers)}")

    assert guarded["guard"]["state"] == "good"
    assert "127.0.0.1:*" in guarded["guard"]["found"]
    assert (status, open_to_all["guard"]["state"]) == (1, "bad")
    assert "DOWNLOAD_HANDLERS" in open_to_all["guard"]["mend"]


def test_browser_that_is_wanted_and_missing_is_told(diagnose: Diagnose) -> None:
    status, found = diagnose("-s", "BROWSER_ENABLED=1", "-s", "BROWSER_EXECUTABLE=no-such-browser")

    assert (status, found["chromium"]["state"]) == (1, "bad")
    assert "install" in found["chromium"]["mend"]


def old(path: Path) -> str:
    engine = open_database(f"sqlite:///{path}")
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    return f"sqlite:///{path}"


def foreign(path: Path) -> str:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customer (id INTEGER)")
    connection.close()
    return f"sqlite:///{path}"


@pytest.mark.parametrize(
    ("make", "mend"),
    [
        pytest.param(old, "run: scrapy db upgrade", id="old"),
        pytest.param(foreign, "scrapy db check", id="foreign"),
        pytest.param(lambda path: f"sqlite:///{path / 'nowhere' / 'x.db'}", "make the folder", id="no-folder"),
        pytest.param(lambda _: "postgresql://u:secret@127.0.0.1:9/x", "check that the server runs", id="no-server"),
        pytest.param(lambda _: "mysql://host/x", "sqlite:///triptych.db", id="no-such-dialect"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_with_its_mend(
    diagnose: Diagnose, tmp_path: Path, make: Callable[[Path], str], mend: str
) -> None:
    status, found = diagnose("-s", f"DATABASE_URL={make(tmp_path / 'x.db')}")

    assert (status, found["database"]["state"]) == (3, "bad")
    assert mend in found["database"]["found"] + str(found["database"]["mend"])
    assert "secret" not in str(found)


def test_a_clock_behind_what_is_stored_is_told(diagnose: Diagnose, sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    fill(engine, [1])
    with writing(engine) as connection:
        connection.execute(
            text("UPDATE fetch SET fetched_at = :at"),
            {"at": f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d %H:%M:%S}.0"},
        )
    engine.dispose()

    status, found = diagnose("-s", f"DATABASE_URL={sqlite_url}")

    assert (status, found["clock"]["state"]) == (1, "bad")


def test_doubtful_settings_are_told_and_are_no_failure(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("doctor", "-s", "ROBOTSTXT_OBEY=0", "-s", "ARCHIVE_FOLDER=")

    assert done.returncode == 0
    assert "??  settings  ROBOTSTXT_OBEY is False" in done.stdout
    assert "responses are not kept" in done.stdout


def test_an_archive_that_cannot_be_written_is_a_failure(diagnose: Diagnose, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")

    status, found = diagnose("-s", f"ARCHIVE_FOLDER={tmp_path / 'file'}")

    assert (status, found["archive"]["state"]) == (1, "bad")
