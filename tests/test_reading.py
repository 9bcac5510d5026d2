"""Responses read in processes of their own: a page that takes too much is a failure, and its neighbours are stored."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from crawler.errors import PageError, UnexpectedContentType
from crawler.limited_process import Limits
from crawler.page_limits import PageLimits
from crawler.site import GENERIC
from crawler.spiders.reading import Read, Readers, read_page
from crawler.spiders.requests import ResponseFacts
from models.items import PageKind
from tests.conftest import RunScrapy

TEXT = "<p>The harbour office counted four hundred parcels on the first morning of the new customs line.</p>"
GOOD = f"<html><title>Parcels</title><body><h1>Four hundred parcels</h1>{TEXT * 8}</body></html>".encode()
# So many links take seconds, as long as nobody makes it faster by ten times.
DEADLY = (
    f"<html><body>{'<p>The office counted <a href=/x>parcels</a> on a morning.</p>' * 200_000}</body></html>".encode()
)
FEED = b'<rss version="2.0"><channel><item><link>https://example.com/a</link></item></channel></rss>'


def facts(name: str, content_type: str = "text/html") -> ResponseFacts:
    return ResponseFacts(
        url=f"https://example.com/2026/03/{name}.html",
        requested_url=None,
        status=200,
        content_type=content_type,
        etag=None,
        last_modified=None,
        fetched_at=datetime(2026, 3, 12, tzinfo=UTC),
        archived=None,
    )


@pytest.fixture
def readers() -> Iterator[Readers]:
    readers = Readers(1, Limits(cpu_seconds=0.5), page_limits=PageLimits(texts=10_000_000))
    yield readers
    readers.stop()


def test_other_processes_read_what_this_one_does(readers: Readers) -> None:
    async def read() -> list[Read]:
        return [await readers.read(body, facts("parcels"), GENERIC) for body in (GOOD, FEED)]

    assert asyncio.run(read()) == [read_page(body, facts("parcels"), GENERIC) for body in (GOOD, FEED)]


def test_a_fault_of_a_page_is_the_same_from_another_process(readers: Readers) -> None:
    with pytest.raises(UnexpectedContentType, match="image/png") as error:
        asyncio.run(readers.read(b"\x89PNG", facts("picture", "image/png"), GENERIC))

    assert error.value.url == "https://example.com/2026/03/picture.html"


def test_a_page_that_takes_too_long_costs_only_itself(readers: Readers) -> None:
    async def read() -> list[Read | BaseException]:
        bodies = {"one": GOOD, "deadly": DEADLY, "two": GOOD}
        asked = [readers.read(body, facts(name), GENERIC) for name, body in bodies.items()]
        return await asyncio.gather(*asked, return_exceptions=True)

    one, deadly, two = asyncio.run(read())

    assert isinstance(deadly, PageError)
    assert "more than 0.5 s of CPU time (https://example.com/2026/03/deadly.html)" in str(deadly)
    assert [isinstance(each, Read) and each.page.kind for each in (one, two)] == [PageKind.ARTICLE, PageKind.ARTICLE]


@pytest.fixture
def site_with_a_deadly_page() -> Iterator[str]:
    links = "".join(f'<li><a href="/2026/03/{name}.html">{name}</a></li>' for name in ("one", "deadly", "two"))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = {
                "/": f"<html><title>List</title><ul>{links}</ul></html>".encode(),
                "/2026/03/one.html": GOOD,
                "/2026/03/two.html": GOOD.replace(b"Four", b"Five"),
                "/2026/03/deadly.html": DEADLY,
            }.get(self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(found or b"")))
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, *arguments: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_crawl_records_a_deadly_page_and_goes_on(
    run_scrapy: RunScrapy, tmp_path: Path, site_with_a_deadly_page: str
) -> None:
    settings = ("-s", "EXTRACTION_CPU_SECONDS=0.5", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "FAILURE_SHARE_MAX=0.5")
    room = ("-s", "DOWNLOAD_MAXSIZE=20000000", "-s", "PAGE_TEXTS=10000000")  # the page has 12 MB of short texts

    done = run_scrapy("crawl", "articles", "-a", f"url={site_with_a_deadly_page}", *settings, *room)

    with closing(sqlite3.connect(tmp_path / "test.db")) as database:
        failures = database.execute("SELECT url, failure_class, message FROM failure").fetchall()
        articles = database.execute("SELECT count(*) FROM article").fetchone()
    assert done.returncode == 0, done.stderr
    assert [(url.rpartition("/")[2], failure_class) for url, failure_class, _ in failures] == [
        ("deadly.html", "extraction")
    ]
    assert "more than 0.5 s of CPU time" in failures[0][2]
    assert articles == (2,)
