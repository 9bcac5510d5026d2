"""`scrapy work` as its users run it: workers that share what is due."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from crawler.samplesite import SampleSite, serve
from models.engine import open_database, writing
from models.tables import METADATA
from tests.benchmarks.crawl_kills import ChangingSite, served
from tests.conftest import RunScrapy

ROOT = Path(__file__).parents[1]
PAGE, LEASE, SITE, CRAWL, ARTICLE = (METADATA.tables[name] for name in ("page", "lease", "site", "crawl", "article"))
QUICK = ("-s", "AUTOTHROTTLE_ENABLED=False")


@contextmanager
def counted_site() -> Iterator[tuple[str, Counter[str]]]:
    """The sample site, and how often each path was asked for."""
    asked: Counter[str] = Counter()
    with serve(on_request=lambda path, _: asked.update([path])) as site:
        yield site, asked


def values(url: str, statement: Any) -> list[Any]:
    engine = open_database(url)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(statement)]
    engine.dispose()
    return rows


def begin(run_scrapy: RunScrapy, site: str, database: str) -> None:
    """A crawl that ends after a few articles: the rest is due."""
    done = run_scrapy(
        "crawl", "articles", "-a", f"url={site}/", "-a", "limit=2", "-s", f"DATABASE_URL={database}", *QUICK
    )
    assert done.returncode == 0, done.stderr


def start(database: str, *options: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "TRIPTYCH_DATABASE_URL": database, "TRIPTYCH_ARCHIVE": ""}
    command = [sys.executable, "-m", "scrapy", "work", "--json", *options]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_until(is_so: Callable[[], bool], *, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it does not come about"
        time.sleep(0.1)


def test_a_worker_goes_on_where_a_crawl_was_ended(run_scrapy: RunScrapy, database_url: str) -> None:
    with counted_site() as (site, asked):
        begin(run_scrapy, site, database_url)
        done = run_scrapy("work", "--json", "-s", f"DATABASE_URL={database_url}", *QUICK)
        articles = {
            url for (url,) in values(database_url, select(PAGE.c.url).join(ARTICLE, ARTICLE.c.page_id == PAGE.c.id))
        }

    assert done.returncode == 0, done.stderr
    sums = json.loads(done.stdout)
    assert sums["asked"] == sums["stored"] + sums["unchanged"] + sums["failed"] + sums["refused"] > 0
    truth = SampleSite(site).truth()
    assert len(articles & set(truth)) >= len(truth) - 5  # those that the limit refused are due in an hour
    assert asked["/robots.txt"] == 1


def test_two_workers_ask_for_each_page_once(run_scrapy: RunScrapy, postgresql_url: str) -> None:
    with counted_site() as (one, first), counted_site() as (other, second):
        for site in (one, other):
            begin(run_scrapy, site, postgresql_url)
        done = run_scrapy("work", "--processes", "2", "--json", "-s", f"DATABASE_URL={postgresql_url}", *QUICK)

    assert done.returncode == 0, done.stderr
    runs = values(
        postgresql_url, select(CRAWL.c.asked, CRAWL.c.arguments).where(CRAWL.c.arguments["sites"].as_string() == "all")
    )
    assert len(runs) == 2
    assert sum(asked for asked, _ in runs) == json.loads(done.stdout)["asked"]
    assert not [path for asked in (first, second) for path, count in asked.items() if count > 1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_that_is_stopped_gives_back_what_it_has_not_asked_for(
    run_scrapy: RunScrapy, sqlite_url: str, number: int
) -> None:
    with counted_site() as (site, _):
        begin(run_scrapy, site, sqlite_url)
        worker = start(sqlite_url, "-s", "DOWNLOAD_DELAY=0.5")
        wait_until(lambda: bool(values(sqlite_url, select(LEASE.c.page_id))))
        worker.send_signal(number)
        printed, _ = worker.communicate(timeout=60)

    assert worker.returncode == 130
    sums = json.loads(printed)
    assert sums["asked"] == sums["stored"] + sums["unchanged"] + sums["failed"] + sums["refused"]
    assert values(sqlite_url, select(LEASE.c.page_id)) == []
    assert values(sqlite_url, select(SITE.c.domain).where(SITE.c.lease_holder.is_not(None))) == []
    now = datetime.now(UTC)
    assert values(sqlite_url, select(func.count()).select_from(PAGE).where(PAGE.c.due_at <= now))[0][0] > 20


class FailingSite(ChangingSite):
    """Its home page leads to pages that take their time, and fail; nothing says that they will not another time."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def page(self, path: str) -> str | None:
        if not path.startswith("/slow-"):
            return "".join(f"<a href='/slow-{number}'>{number}</a>" for number in range(4))
        self.begun.set()
        time.sleep(1.5)
        raise ConnectionAbortedError


def test_a_page_whose_next_try_was_to_come_is_given_back_and_not_counted(sqlite_url: str, tmp_path: Path) -> None:
    site = FailingSite()
    with served(site) as url:
        command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"url={url}", "--json", *QUICK]
        environment = {**os.environ, "TRIPTYCH_DATABASE_URL": sqlite_url, "TRIPTYCH_ARCHIVE": str(tmp_path / "archive")}
        crawl = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        assert site.begun.wait(60)
        crawl.send_signal(signal.SIGTERM)
        printed, _ = crawl.communicate(timeout=60)

    sums = json.loads(printed)
    assert (sums["asked"], sums["stored"]) == (1, 1)
    assert values(sqlite_url, select(CRAWL.c.asked, CRAWL.c.stored)) == [(1, 1)]
    now = datetime.now(UTC)
    assert values(sqlite_url, select(func.count()).select_from(PAGE).where(PAGE.c.due_at <= now)) == [(4,)]


def test_the_workers_of_one_command_end_with_it(run_scrapy: RunScrapy, postgresql_url: str) -> None:
    with counted_site() as (site, _):
        begin(run_scrapy, site, postgresql_url)
        workers = start(postgresql_url, "--processes", "2", "-s", "DOWNLOAD_DELAY=0.5")
        wait_until(lambda: bool(values(postgresql_url, select(LEASE.c.page_id))))
        workers.send_signal(signal.SIGTERM)
        printed, complaints = workers.communicate(timeout=90)

    assert workers.returncode == 130, complaints
    assert json.loads(printed)["finish_reason"] == "shutdown"
    assert values(postgresql_url, select(CRAWL.c.id).where(CRAWL.c.ended_at.is_(None))) == []
    assert values(postgresql_url, select(LEASE.c.page_id)) == []


def test_a_worker_that_follows_asks_for_what_becomes_due(run_scrapy: RunScrapy, sqlite_url: str) -> None:
    with counted_site() as (site, asked):
        begin(run_scrapy, site, sqlite_url)
        run_scrapy("work", "-s", f"DATABASE_URL={sqlite_url}", *QUICK)
        follower = start(sqlite_url, "--follow", *QUICK)
        before = asked["/"]
        engine = open_database(sqlite_url)
        with writing(engine) as connection:
            connection.execute(update(PAGE).where(PAGE.c.url == f"{site}/").values(due_at=datetime.now(UTC)))
            connection.execute(update(SITE).values(due_at=datetime.now(UTC)))
        engine.dispose()
        wait_until(lambda: asked["/"] > before)
        follower.send_signal(signal.SIGINT)
        follower.communicate(timeout=60)

    assert follower.returncode == 130


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("https://example.com/",), "`scrapy crawl` takes a URL", id="a-url"),
        pytest.param(("--processes", "0"), "1 or more", id="no-worker"),
        pytest.param(("--processes", "2"), "SQLite lets one process write at a time", id="two-on-sqlite"),
    ],
)
def test_a_wrong_call_says_what_to_type(run_scrapy: RunScrapy, arguments: tuple[str, ...], words: str) -> None:
    done = run_scrapy("work", *arguments)

    assert done.returncode == 2
    assert words in done.stderr


def test_nothing_due_is_no_failure(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("work", "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["asked"] == 0
