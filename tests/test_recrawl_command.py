"""`scrapy recrawl` as a user runs it: one page again, and what has changed on it."""

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

RunScrapy = Callable[..., subprocess.CompletedProcess[str]]

PARAGRAPHS = [
    "The harbour office of Lindenau counted four hundred parcels on the first morning of the new customs line.",
    "By noon the queue had reached the fish market, and the clerks began to sort by colour instead of by number.",
    "Nobody complained: for the first time in a decade every parcel left the hall on the day on which it came.",
    "The second line opens in spring, together with a canteen, a tide table and a bench for people who wait.",
]
ARTICLE = """<!doctype html><html lang="en"><head><title>{headline} - Lindenau Post</title></head><body><article>
<h1>{headline}</h1><p class="date">2024-03-13 08:00 +00:00</p>{body}
<p class="tags">Tags: {tags}</p></article></body></html>"""
LISTING = """<!doctype html><html><body><h1>News</h1><ul>{}</ul></body></html>""".format(
    "".join(f'<li><h2><a href="/news/{n}.html">Headline number {n}</a></h2></li>' for n in range(20))
)


def article(headline: str = "Four hundred parcels", tags: str = "customs", paragraphs: int = 4) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS[:paragraphs])
    links = " ".join(f'<a rel="tag" href="/tag/{tag}">{tag}</a>' for tag in tags.split())
    return ARTICLE.format(headline=headline, body=body, tags=links).encode()


class EditableSite:
    """A site whose pages a test can change: path to body; a path that is not there is 404."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.pages: dict[str, bytes] = {
            "/a.html": article(),
            "/news/": LISTING.encode(),
            "/robots.txt": b"User-agent: *\nDisallow: /private/",
            "/private/a.html": article(),
        }


@pytest.fixture
def site() -> Iterator[EditableSite]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = editable.pages.get(self.path.partition("?")[0])
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body or b"<h1>gone</h1>")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is given by the class above
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        editable = EditableSite(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield editable
        server.shutdown()
        thread.join()


def rows(tmp_path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(tmp_path / "test.db")) as connection:
        return connection.execute(query).fetchall()


def test_an_edited_page_is_told_field_by_field_and_gets_a_new_version(
    run_scrapy: RunScrapy, site: EditableSite, tmp_path: Path
) -> None:
    run_scrapy("recrawl", f"{site.base}/a.html")
    site.pages["/a.html"] = article(headline="Five hundred parcels", tags="customs spring", paragraphs=3)

    done = run_scrapy("recrawl", f"{site.base}/a.html")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("changed")
    for line in ("- Four hundred parcels", "+ Five hundred parcels", f"- {PARAGRAPHS[3]}", "+ spring"):
        assert line in done.stdout
    assert rows(tmp_path, "SELECT number, headline FROM article_version ORDER BY number") == [
        (1, "Four hundred parcels"),
        (2, "Five hundred parcels"),
    ]


def test_an_unchanged_page_gets_no_new_version(run_scrapy: RunScrapy, site: EditableSite, tmp_path: Path) -> None:
    run_scrapy("recrawl", f"{site.base}/a.html")

    done = run_scrapy("recrawl", f"{site.base}/a.html?utm_source=mail")

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("unchanged")
    assert rows(tmp_path, "SELECT count(*) FROM article_version") == [(1,)]


def test_a_page_that_is_gone_keeps_its_article_and_is_a_failure(
    run_scrapy: RunScrapy, site: EditableSite, tmp_path: Path
) -> None:
    run_scrapy("recrawl", f"{site.base}/a.html")
    del site.pages["/a.html"]

    done = run_scrapy("recrawl", f"{site.base}/a.html")

    assert done.returncode == 1
    assert "gone" in done.stdout
    assert rows(tmp_path, "SELECT failure_class, status FROM failure") == [("gone", 404)]
    assert rows(tmp_path, "SELECT count(*) FROM article") == [(1,)]


@pytest.mark.parametrize(
    ("url", "failure_class"),
    [
        pytest.param("http://nowhere.invalid/a.html", "unreachable", id="host-does-not-resolve"),
        pytest.param("{base}/news/", "not_article", id="a-listing"),
        pytest.param("{base}/private/a.html", "refused_robots", id="forbidden-by-robots"),
    ],
)
def test_a_url_that_gives_no_article_is_recorded_with_its_reason(
    run_scrapy: RunScrapy, site: EditableSite, tmp_path: Path, url: str, failure_class: str
) -> None:
    done = run_scrapy("recrawl", url.format(base=site.base), "-s", "RETRY_TIMES=0")

    assert done.returncode == 1
    assert failure_class in done.stdout
    assert rows(tmp_path, "SELECT failure_class FROM failure") == [(failure_class,)]


def test_one_bad_url_does_not_keep_the_others_from_being_stored(
    run_scrapy: RunScrapy, site: EditableSite, tmp_path: Path
) -> None:
    done = run_scrapy("recrawl", f"{site.base}/a.html", f"{site.base}/missing.html")

    assert done.returncode == 1
    assert rows(tmp_path, "SELECT count(*) FROM article") == [(1,)]
    assert rows(tmp_path, "SELECT asked, stored, failed FROM crawl") == [(2, 1, 1)]


def test_no_url_is_a_wrong_call(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("recrawl")

    assert done.returncode == 2
    assert "no URL given" in done.stderr
