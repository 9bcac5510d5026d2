"""Crawls of a real server, judged by what reached it and when: never sooner than allowed, however late."""

import os
import socket
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Lock, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from models.engine import create_database_engine, open_database
from models.tables import METADATA
from tests.conftest import ROOT, RunScrapy

FAILURE, SITE = METADATA.tables["failure"], METADATA.tables["site"]
PARAGRAPH = "<p>The harbour opened its gates again this week, and the ships that had waited came in at last.</p>"
ARTICLES = ("/2026/a.html", "/2026/b.html", "/2026/c.html")
QUICK = ("-s", "AUTOTHROTTLE_ENABLED=False", "-s", "BACKOFF_START=0.05")
ONE_BY_ONE = (*QUICK, "-s", "DOWNLOAD_DELAY=0.05")
"""Nothing is on its way while another is answered: a delay begins when the answer has come."""

RESET = 0  # in the place of a status: the connection is torn down
Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Site:
    """Three articles and a list of them; `special` answers a path otherwise, told how often it was asked before."""

    special: Mapping[str, Callable[[int], Answer]] = field(default_factory=dict)
    arrivals: list[tuple[float, str]] = field(default_factory=list)
    """Seconds of one clock, and the path."""
    lock: Lock = field(default_factory=Lock)

    @property
    def asked(self) -> Counter[str]:
        return Counter(path for _, path in self.arrivals)

    @property
    def least_gap(self) -> float:
        return min(later - earlier for (earlier, _), (later, _) in pairwise(self.arrivals))

    def answer(self, path: str) -> Answer:
        with self.lock:
            before = self.asked[path]
            self.arrivals.append((time.monotonic(), path))
        if path in self.special:
            return self.special[path](before)
        if path == "/":
            return _page("".join(f'<li><a href="{each}">Ships of {each}</a></li>' for each in ARTICLES))
        return (
            _page(f"<article><h1>Ships of {path}</h1>{PARAGRAPH * 8}</article>") if path in ARTICLES else _status(404)
        )


def _page(content: str) -> Answer:
    markup = f"<html><head><title>Ships</title></head><body>{content}</body></html>"
    return 200, {"Content-Type": "text/html; charset=utf-8"}, markup.encode()


def _status(status: int, **headers: str) -> Answer:
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, b""


def _robots(rules: str) -> Callable[[int], Answer]:
    return lambda _: (200, {"Content-Type": "text/plain"}, f"User-agent: *\n{rules}".encode())


def _first(answer: Callable[[], Answer], then: str) -> Callable[[int], Answer]:
    """The answer once, then an article."""
    return lambda before: _page(f"<article><h1>{then}</h1>{PARAGRAPH * 8}</article>") if before else answer()


@contextmanager
def served(site: Site) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, content = site.answer(self.path)
            if status == RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True  # it is torn down when this thread asks for no further request
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who reads no further closes the connection
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _failures(folder: Path) -> list[tuple[str, str]]:
    engine = open_database(f"sqlite:///{folder / 'test.db'}")
    with engine.connect() as connection:
        rows = connection.execute(select(FAILURE.c.url, FAILURE.c.failure_class)).all()
    engine.dispose()
    return sorted((url.rpartition("/")[2], failure_class) for url, failure_class in rows)


@pytest.mark.parametrize(
    ("options", "robots", "least_seconds"),
    [
        pytest.param(("-s", "DOWNLOAD_DELAY=0.15"), "", 0.15, id="as-set"),
        pytest.param((), "Crawl-delay: 0.2", 0.2, id="as-robots-txt-says"),
        pytest.param(("-s", "DOWNLOAD_DELAY=0.05"), "Request-rate: 5/1", 0.2, id="the-longer-of-both"),
    ],
)
def test_all_requests_of_a_site_keep_its_delay(
    run_scrapy: RunScrapy, options: tuple[str, ...], robots: str, least_seconds: float
) -> None:
    site = Site(
        {
            "/robots.txt": _robots(robots),
            "/2026/a.html": _first(lambda: _status(500), "tried again"),
            "/2026/b.html": lambda _: _status(301, Location="/2026/moved.html"),
            "/2026/c.html": _first(lambda: _status(RESET), "lost, and tried again"),
            "/2026/moved.html": _first(lambda: _status(502), "moved, and tried again"),
        }
    )
    with served(site) as url:
        done = run_scrapy("crawl", "articles", "-a", f"url={url}", *QUICK, *options)

    assert done.returncode == 0, done.stderr
    assert site.asked == {
        "/robots.txt": 1, "/": 1, "/2026/a.html": 2, "/2026/b.html": 1, "/2026/moved.html": 2, "/2026/c.html": 2,
    }  # fmt: skip
    assert site.least_gap >= least_seconds


def _in_seconds(seconds: int) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("answer", "least_seconds"),
    [
        pytest.param(lambda: _status(429, Retry_After="2"), 2.0, id="seconds"),
        # A date has whole seconds: up to one less than three are left of it.
        pytest.param(lambda: _status(503, Retry_After=_in_seconds(3), Date=_in_seconds(0)), 2.0, id="date"),
        pytest.param(lambda: _status(503), 1.0, id="backing-off"),
    ],
)
def test_a_site_that_refuses_is_left_alone_and_then_asked_again(
    run_scrapy: RunScrapy, answer: Callable[[], Answer], least_seconds: float
) -> None:
    site = Site({"/2026/a.html": _first(answer, "asked again")})
    with served(site) as url:
        done = run_scrapy("crawl", "articles", "-a", f"url={url}", *ONE_BY_ONE, "-s", "BACKOFF_START=1")

    assert done.returncode == 0, done.stderr
    assert site.asked["/2026/a.html"] == 2
    refused_at = next(at for at, path in site.arrivals if path == "/2026/a.html")
    assert min(at for at, _ in site.arrivals if at > refused_at) >= refused_at + least_seconds


def test_a_site_that_closes_for_an_hour_is_left_till_then_by_this_run_and_by_others(
    run_scrapy: RunScrapy, tmp_path: Path
) -> None:
    site = Site({"/2026/a.html": lambda _: _status(429, Retry_After="3600")})
    with served(site) as url:
        run_scrapy("crawl", "articles", "-a", f"url={url}", *ONE_BY_ONE)
        run_scrapy("crawl", "articles", "-a", f"url={url}", *ONE_BY_ONE)
        run_scrapy("work", *ONE_BY_ONE)

    assert list(site.asked)[-1] == "/2026/a.html"
    assert set(site.asked.values()) == {1}
    assert ("a.html", "rate_limited") in _failures(tmp_path)


def test_a_refusal_outlives_the_process_that_was_told(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    told: list[datetime] = []

    def refuse() -> Answer:
        told.append(datetime.now(UTC))
        return _status(429, Retry_After="6")

    site = Site({"/2026/a.html": _first(refuse, "asked again")})
    quick = (*ONE_BY_ONE, "-s", "FRONTIER_LEASE_SECONDS=1")
    with served(site) as url:
        arguments = ("crawl", "articles", "-a", f"url={url}", *quick)
        own = {"TRIPTYCH_DATABASE_URL": f"sqlite:///{tmp_path / 'test.db'}", "TRIPTYCH_ARCHIVE": ""}
        command = [sys.executable, "-m", "scrapy", *arguments]
        killed = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, stderr=subprocess.DEVNULL)
        while not told or _not_before(tmp_path) < told[0] + timedelta(seconds=6):
            assert killed.poll() is None
            time.sleep(0.1)
        killed.kill()
        killed.wait()
        before_kill = len(site.arrivals)
        done = run_scrapy(*arguments)

    assert done.returncode == 0, done.stderr
    refused_at = next(at for at, path in site.arrivals if path == "/2026/a.html")
    assert site.asked["/2026/a.html"] == 2
    assert min(at for at, _ in site.arrivals[before_kill:]) >= refused_at + 6


def _not_before(folder: Path) -> datetime:
    """Of the one site that has any; long ago while nothing is kept."""
    long_ago, file = datetime.min.replace(tzinfo=UTC), folder / "test.db"
    if not file.exists():
        return long_ago
    engine = create_database_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            return connection.execute(select(func.max(SITE.c.not_before))).scalar() or long_ago
    except OperationalError:  # its tables are being made
        return long_ago
    finally:
        engine.dispose()


def test_robots_txt_is_asked_for_once_for_many_runs(run_scrapy: RunScrapy) -> None:
    site = Site({"/robots.txt": _robots("Disallow: /2026/b.html")})
    with served(site) as url:
        for _ in range(2):
            run_scrapy("crawl", "articles", "-a", f"url={url}", *QUICK)

    assert site.asked["/robots.txt"] == 1
    assert site.asked["/"] == 2
    assert site.asked["/2026/b.html"] == 0


@pytest.mark.parametrize(
    ("answer", "is_read"),
    [
        pytest.param(_status(404), True, id="none"),
        pytest.param(_status(500), False, id="server-error"),
        pytest.param(_status(302, Location="/robots.txt?again"), True, id="endless-redirects"),
        pytest.param((200, {}, b"User-agent: *\nDisallow: /x\n" * 1_000_000), True, id="of-27-megabytes"),
        pytest.param((200, {}, b"User-agent: *\nCrawl-delay: 99999999"), False, id="a-delay-of-three-years"),
    ],
)
def test_what_becomes_of_pages_under_an_odd_robots_txt(
    run_scrapy: RunScrapy, tmp_path: Path, answer: Answer, is_read: bool
) -> None:
    site = Site({"/robots.txt": lambda _: answer, "/robots.txt?again": lambda _: answer})
    with served(site) as url:
        run_scrapy("crawl", "articles", "-a", f"url={url}", *QUICK)

    assert (site.asked["/"] == 1) is is_read
    assert site.asked["/robots.txt"] + site.asked["/robots.txt?again"] <= 6
    assert _failures(tmp_path) == ([] if is_read else [("", "refused_robots")])
