"""`scrapy schedule` as its user runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings
from sqlalchemy import select, update

from crawler.commands.scheduling import run_due
from crawler.console import Exit
from models.engine import open_database, reading, writing
from models.tables import METADATA
from pipelines.schedules import NewSchedule, Schedules, Timing
from tests.conftest import RunScrapy

ROOT = Path(__file__).parents[1]
SCHEDULE, RUN, CRAWL = (METADATA.tables[name] for name in ("schedule", "schedule_run", "crawl"))


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The URL that `run_scrapy` uses."""
    return f"sqlite:///{tmp_path / 'test.db'}"


def _make_due(url: str, **values: Any) -> None:
    engine = open_database(url)
    with writing(engine) as connection:
        connection.execute(update(SCHEDULE).values({"due_at": datetime.now(UTC) - timedelta(seconds=1), **values}))
    engine.dispose()


def _rows(url: str, table: Any) -> list[dict[str, Any]]:
    engine = open_database(url)
    with reading(engine) as connection:
        rows = [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]
    engine.dispose()
    return rows


def test_what_is_due_is_crawled_and_its_run_has_the_sums(
    run_scrapy: RunScrapy, sample_site: str, database: str
) -> None:
    added = run_scrapy("schedule", "add", "news", "--url", sample_site, "--every", "1h", "--limit", "3")
    _make_due(database)

    ran = run_scrapy("schedule", "run-due")
    again = run_scrapy("schedule", "run-due")
    listed = run_scrapy("schedule", "list", "--json")

    assert "news is due first at" in added.stderr
    assert (ran.returncode, again.returncode) == (0, 0)
    assert "news begins" in ran.stderr
    assert again.stderr == ""
    (run,), (crawl,) = _rows(database, RUN), _rows(database, CRAWL)
    assert (run["outcome"], run["exit_status"], run["crawl_id"]) == ("done", 0, crawl["id"])
    assert crawl["asked"] == crawl["stored"] + crawl["unchanged"] + crawl["failed"] + crawl["refused"]
    state = json.loads(listed.stdout)
    assert state["last_run"]["crawl_stored"] == crawl["stored"] > 0
    assert not state["is_running"]


def test_a_killed_run_does_not_overlap_and_the_next_is_fine(
    run_scrapy: RunScrapy, sample_site: str, database: str
) -> None:
    run_scrapy("schedule", "add", "news", "--url", sample_site, "--every", "1h")
    _make_due(database)
    slow = ("-s", "DOWNLOAD_DELAY=1", "-s", "FRONTIER_LEASE_SECONDS=4")  # instead of waiting for a minute
    child = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "schedule", "run", "news", *slow],
        cwd=ROOT,
        env={**os.environ, "TRIPTYCH_DATABASE_URL": database, "TRIPTYCH_ARCHIVE": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while not any(run["crawl_id"] for run in _rows(database, RUN)):
        assert time.monotonic() < until, "the run does not begin"
        time.sleep(0.1)

    meanwhile = run_scrapy("schedule", "run", "news")
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    _make_due(database, leased_until=datetime.now(UTC) - timedelta(seconds=1))  # instead of waiting for a minute
    after = run_scrapy("schedule", "run-due")

    assert meanwhile.returncode == 1
    assert "running already" in meanwhile.stderr
    assert after.returncode == 0
    assert [run["outcome"] for run in _rows(database, RUN)] == ["killed", "done"]


def test_a_run_that_cannot_begin_is_begun_once_and_told(database: str, tmp_path: Path) -> None:
    engine = open_database(database)
    schedules = Schedules(engine)
    schedules.add(NewSchedule(name="news", arguments={}, timing=Timing(every_seconds=60)))
    _make_due(database)
    elsewhere = Settings({"DATABASE_URL": f"sqlite:///{tmp_path / 'no folder' / 'x.db'}"})

    status = run_due(schedules, elsewhere, workers=2, forever=False)

    assert status is Exit.FAILED
    assert schedules.due() == ["news"]
    engine.dispose()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "x", "--url", "https://example.com/"), "--cron"),
        (("add", "x", "--url", "https://example.com/", "--cron", "nonsense"), "five fields"),
        (("add", "x", "--url", "https://example.com/", "--every", "soon"), "a span as 30m"),
        (("add", "x", "--every", "1h"), "url"),
        (("frob",), "found frob"),
    ],
)
def test_a_wrong_call_says_what_to_type(run_scrapy: RunScrapy, arguments: tuple[str, ...], words: str) -> None:
    result = run_scrapy("schedule", *arguments)

    assert result.returncode == 2
    assert words in result.stderr


def test_lists_pauses_and_removes(run_scrapy: RunScrapy) -> None:
    empty = run_scrapy("schedule", "list")
    run_scrapy("schedule", "add", "news", "--url", "https://example.com/", "--cron", "30 6 * * 1-5")
    paused = run_scrapy("schedule", "pause", "news")
    listed = run_scrapy("schedule", "list")
    removed = run_scrapy("schedule", "remove", "news")
    unknown = run_scrapy("schedule", "resume", "news")

    assert "no schedule yet" in empty.stderr
    assert (paused.returncode, removed.returncode, unknown.returncode) == (0, 0, 1)
    assert "30 6 * * 1-5" in listed.stdout
    assert "paused" in listed.stdout
