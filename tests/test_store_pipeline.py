"""StorePipeline in a real crawl: off the event loop, counted, and an end that tells the truth."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models.engine import open_database, reading

ROOT = Path(__file__).parents[1]

Crawl = Callable[[str, int], dict[str, Any]]

# A spider of data: URLs, which need no server. Prints the stats, and the error that kept the crawl from starting.
CRAWL = """
import asyncio, json, sys
from datetime import UTC, datetime
import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from models.items import Article, Failure, FailureClass, NotModified, Page

NOW = datetime(2026, 11, 23, tzinfo=UTC)
url, count, pause = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])

class Items(scrapy.Spider):
    name = "items"
    arguments = {"count": str(count)}
    async def start(self):
        for number in range(count):
            if number == count // 2 and pause:
                await asyncio.sleep(pause)
            yield scrapy.Request(f"data:,{number}", cb_kwargs={"number": number})
        yield scrapy.Request("data:,end", callback=self.parse_end)
    def parse(self, response, number):
        address = f"https://example.com/{number}"
        yield Page(url=address, fetched_at=NOW, status=200, articles=(Article(headline=f"a\\0b {number}"),))
    def parse_end(self, response):
        yield NotModified(url="https://example.com/0", fetched_at=NOW)
        for kind in (FailureClass.GONE, FailureClass.REFUSED_ROBOTS):
            yield Failure(url="https://example.com/f", failure_class=kind, message="m", occurred_at=NOW, stage="s")

process = AsyncCrawlerProcess({
    "DATABASE_URL": url, "ITEM_PIPELINES": {"pipelines.store.StorePipeline": 100}, "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False, "CONCURRENT_ITEMS": 1, "STORE_BATCH_ITEMS": 10,
    "STORE_RETRY_SECONDS": 0.5,
})
crawler = process.create_crawler(Items)
task = process.crawl(crawler)
process.start()
print(json.dumps({"error": str(task.exception()), "stats": crawler.stats.get_stats()}, default=str))
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """In a file, because Scrapy reads the source of callbacks."""
    file = tmp_path / "crawl_items.py"
    file.write_text(CRAWL, "utf-8")
    return file


@pytest.fixture
def crawl(script: Path) -> Crawl:
    def run(url: str, count: int) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, script, url, str(count), "0"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1]) | {"log": done.stderr}
        return found

    return run


def of_ours(stats: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("triptych/"): value for name, value in stats.items() if name.startswith("triptych/")}


def test_every_item_is_stored_and_counted_once(crawl: Crawl, database_url: str) -> None:
    first = crawl(database_url, 35)
    second = crawl(database_url, 35)

    assert first["error"] == second["error"] == "None"
    counts = of_ours(first["stats"])
    assert {name: counts[name] for name in ("stored", "unchanged", "failed", "refused", "articles")} == {
        "stored": 35,
        "unchanged": 1,
        "failed": 1,
        "refused": 1,
        "articles": 35,
    }
    assert counts["cleaned/control_characters"] == 35
    assert of_ours(second["stats"]).get("unchanged") == 36
    assert "articles" not in of_ours(second["stats"])
    engine = open_database(database_url)
    with reading(engine) as connection:
        sums = "SELECT spider, finish_reason, asked, stored, unchanged, failed, refused FROM crawl ORDER BY id"
        assert [tuple(row) for row in connection.execute(text(sums))] == [
            ("items", "finished", 38, 35, 1, 1, 1),
            ("items", "finished", 38, 0, 36, 1, 1),
        ]
        assert connection.execute(text("SELECT count(*) FROM article WHERE headline LIKE 'ab %'")).scalar() == 35
    engine.dispose()


def test_what_has_come_is_written_within_a_second_though_the_batch_is_not_full(script: Path, sqlite_url: str) -> None:
    engine = open_database(sqlite_url)

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, script, sqlite_url, "4", "60"], env=environment)
    try:
        stored = wait_for_articles(engine.url.database or "", 2)
    finally:
        process.kill()
        process.wait()
    engine.dispose()

    assert stored == 2


# Stops the process in the moment in which the crawl is being opened, and lets its opening take a while.
STOPPED = """
import asyncio, os, signal, sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Nothing(scrapy.Spider):
    name = "nothing"
    arguments = {}
    async def start(self):
        await asyncio.sleep(30)
        yield

class StoppedMeanwhile:
    def __init__(self, crawler):
        self.stats = crawler.stats
    @classmethod
    def from_crawler(cls, crawler):
        return cls(crawler)
    async def open_spider(self):
        while sys.argv[2] == "begun" and not self.stats.get_value("triptych/crawl_id"):
            await asyncio.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(5)

process = AsyncCrawlerProcess({
    "DATABASE_URL": sys.argv[1], "ITEM_PIPELINES": {"pipelines.store.StorePipeline": 100, StoppedMeanwhile: 200},
    "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
})
process.crawl(Nothing)
process.start()
"""


@pytest.mark.parametrize("moment", ["opening", "begun"])
def test_run_that_is_stopped_while_it_is_opened_has_an_end(tmp_path: Path, database_url: str, moment: str) -> None:
    script = tmp_path / "stopped.py"
    script.write_text(STOPPED, "utf-8")

    subprocess.run(
        [sys.executable, script, database_url, moment],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=60,
    )

    engine = open_database(database_url)
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT ended_at IS NOT NULL, finish_reason FROM crawl")).all()
    engine.dispose()
    assert rows in ([], [(True, "shutdown")])
    assert rows or moment == "opening"


def wait_for_articles(file: str, count: int) -> int:
    connection = sqlite3.connect(file)
    found = 0
    for _ in range(600):
        (found,) = connection.execute("SELECT count(*) FROM article").fetchone()
        if found == count:
            break
        threading.Event().wait(0.05)
    connection.close()
    return found


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param("sqlite:////nowhere/x.db", "check that its folder exists", id="no-folder"),
        pytest.param("postgresql://me:sesame@127.0.0.1:1/x", "check that the server runs", id="no-server"),
    ],
)
def test_database_that_cannot_be_opened_stops_the_crawl_before_it_begins(crawl: Crawl, url: str, message: str) -> None:
    done = crawl(url, 3)

    assert message in done["error"]
    assert "item_scraped_count" not in done["stats"]
    assert "sesame" not in str(done)


def test_database_lost_in_mid_crawl_ends_it_and_counts_what_was_not_stored(crawl: Crawl, sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE article_version"))
    engine.dispose()

    done = crawl(sqlite_url, 35)

    assert done["stats"]["finish_reason"] == "storage_unavailable"
    assert of_ours(done["stats"])["storage_errors"] == done["stats"]["item_scraped_count"]
    assert "article_version" in done["log"]
    assert "Traceback" not in done["log"]
