"""`scrapy crawl` a second time: after a kill, over a site that has not changed, and beside somebody who recrawls."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.benchmarks.crawl_kills import ARTICLES, ChangingSite
from tests.conftest import RunScrapy

ROOT = Path(__file__).parents[1]
QUICK = ("-s", "AUTOTHROTTLE_ENABLED=False")
SHORT_LEASES = ("-s", "FRONTIER_LEASE_SECONDS=4")
LEASED = 16


class ConditionalSite:
    """The pages of `ChangingSite`, which do not change, with ETags. How often each path was answered, by status."""

    def __init__(self) -> None:
        self.pages = ChangingSite(is_frozen=True)
        self.answered: Counter[tuple[str, int]] = Counter()
        self.url = ""

    def asked(self, path: str) -> int:
        return sum(count for (each, _), count in self.answered.items() if each == path)

    def statuses(self) -> Counter[int]:
        counts: Counter[int] = Counter()
        for (_, status), count in self.answered.items():
            counts[status] += count
        return counts


@pytest.fixture
def site() -> Iterator[ConditionalSite]:
    with served() as conditional:
        yield conditional


@contextmanager
def served() -> Iterator[ConditionalSite]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            page = conditional.pages.page(self.path)
            body = (page or "gone").encode()
            etag = f'"{sha256(body).hexdigest()}"'
            status = 404 if page is None else 304 if self.headers.get("If-None-Match") == etag else 200
            conditional.answered[self.path, status] += 1
            self.send_response(status)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(0 if status == 304 else len(body)))
            self.end_headers()
            if status != 304:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Quiet: a killed crawl drops its connections."""

    with Server(("127.0.0.1", 0), Handler) as server:
        conditional = ConditionalSite()
        conditional.url = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield conditional
        server.shutdown()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The one that `run_scrapy` uses."""
    return tmp_path / "test.db"


def start_crawl(site: ConditionalSite, database: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", f"url={site.url}/", *QUICK, *options]
    environment = {**os.environ, "TRIPTYCH_DATABASE_URL": f"sqlite:///{database}", "TRIPTYCH_ARCHIVE": ""}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def crawl(run_scrapy: RunScrapy, site: ConditionalSite, *options: str) -> None:
    done = run_scrapy("crawl", "articles", "-a", f"url={site.url}/", *QUICK, *options)
    assert done.returncode == 0, done.stderr


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        return connection.execute(query).fetchall()


def kept(database: Path) -> list[list[tuple[object, ...]]]:
    """All that a page says."""
    queries = (
        "SELECT * FROM article",
        "SELECT * FROM article_version",
        "SELECT * FROM outlink",
        "SELECT * FROM link_list",
        "SELECT * FROM link_item",
    )
    return [rows(database, query) for query in queries]


def wait_until(is_so: Callable[[], bool], *, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it does not come about"
        time.sleep(0.05)


def test_a_crawl_that_was_killed_goes_on_where_it_was(
    run_scrapy: RunScrapy, site: ConditionalSite, database: Path
) -> None:
    killed = start_crawl(site, database, *SHORT_LEASES, "-s", "DOWNLOAD_DELAY=0.1")
    wait_until(lambda: database.exists() and site.statuses()[200] > ARTICLES // 3)
    killed.send_signal(signal.SIGKILL)
    killed.wait()

    crawl(run_scrapy, site, *SHORT_LEASES)

    assert rows(database, "SELECT count(*) FROM article") == [(ARTICLES,)]
    asked_again = sum(count - 1 for (path, _), count in site.answered.items() if path != "/robots.txt")
    assert asked_again <= LEASED
    assert rows(database, "SELECT count(*) FROM lease") == [(0,)]
    assert rows(database, "SELECT asked - stored - unchanged - failed - refused FROM crawl WHERE id = 2") == [(0,)]


def test_a_site_that_has_not_changed_is_asked_whether_it_has_and_nothing_is_written_anew(
    run_scrapy: RunScrapy, site: ConditionalSite, database: Path
) -> None:
    crawl(run_scrapy, site)
    before = kept(database)
    site.answered.clear()

    crawl(run_scrapy, site)

    assert site.statuses() == {304: ARTICLES + 1}  # robots.txt is known for a day
    assert kept(database) == before
    sums = "SELECT asked, stored, unchanged, failed, refused FROM crawl WHERE id = 2"
    assert rows(database, sums) == [(ARTICLES + 1, 0, ARTICLES + 1, 0, 0)]


def test_with_revisit_due_only_the_start_is_asked_as_long_as_nothing_is_due(
    run_scrapy: RunScrapy, site: ConditionalSite
) -> None:
    crawl(run_scrapy, site)
    site.answered.clear()

    crawl(run_scrapy, site, "-a", "revisit=due")

    assert site.answered == {("/", 304): 1}


def test_a_page_is_fetched_once_where_it_is_recrawled_beside_a_crawl_of_its_site(
    run_scrapy: RunScrapy, site: ConditionalSite, database: Path
) -> None:
    crawling = start_crawl(site, database, "-s", "DOWNLOAD_DELAY=0.4")
    wait_until(lambda: database.exists() and site.statuses()[200] > 8)
    stored = rows(database, "SELECT url FROM page JOIN article ON page_id = page.id LIMIT 1")
    url = str(stored[0][0])
    before = site.asked(url.removeprefix(site.url))

    done = run_scrapy("recrawl", url)

    crawling.send_signal(signal.SIGINT)
    crawling.wait(timeout=60)
    assert (done.returncode, done.stdout.split()[0]) == (0, "unchanged")
    assert (before, site.asked(url.removeprefix(site.url))) == (1, 2)
    assert rows(database, "SELECT asked FROM crawl ORDER BY id")[1] == (0,)


def test_recrawl_takes_the_articles_of_a_site_that_meet_all_conditions(
    run_scrapy: RunScrapy, site: ConditionalSite
) -> None:
    crawl(run_scrapy, site)
    site.answered.clear()
    domain = site.url.removeprefix("http://")

    done = run_scrapy("recrawl", "--site", domain, "--where", "url ~ /2026/1", "--where", "version = 1")

    assert done.returncode == 0, done.stderr
    assert set(site.answered) == {(f"/2026/{number}.html", 200) for number in (1, *range(10, 20))}
    assert len(done.stdout.splitlines()) == 11


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("--where", "colour = red"), "fields: url, kind", id="unknown-field"),
        pytest.param(("--where", "date_published > soon"), "date_published", id="no-date"),
        pytest.param(("--site", "e.com", "https://e.com/a"), "URLs, or else --site", id="both"),
    ],
)
def test_a_wrong_choice_says_what_to_type(run_scrapy: RunScrapy, arguments: tuple[str, ...], words: str) -> None:
    done = run_scrapy("recrawl", *arguments)

    assert done.returncode == 2
    assert words in done.stderr
