"""Redirects from page to page: chains and circles of them, and the cookies that are set on the way."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from scrapy.http import Request, Response

from crawler.redirects import RedirectChains, carry_cookies
from tests.conftest import RunScrapy
from tests.test_crawl_limits import article

PAGE = "https://example.com/a"


def led(*urls: str) -> RedirectChains:
    chains = RedirectChains()
    for url, target in pairwise(urls):
        chains.lead(url, target)
    return chains


@pytest.mark.parametrize(
    ("urls", "url", "target", "is_circle"),
    [
        ("ab", "b", "a", True),
        ("abcd", "d", "a", True),
        ("abcd", "d", "b", True),
        ("abcd", "d", "e", False),
        ("aba", "c", "a", False),  # it leads into a circle of others
        ("ab", "c", "b", False),
    ],
)
def test_a_redirect_closes_a_circle_if_its_target_has_led_to_it(
    urls: str, url: str, target: str, is_circle: bool
) -> None:
    chains = led(*urls)

    assert chains.returns(url, target) is is_circle


def test_the_steps_of_a_chain_are_counted_until_a_page_answers() -> None:
    chains = led(*"abcd")
    assert [chains.steps_to(url) for url in "abcd"] == [0, 1, 2, 3]

    chains.end("c")
    chains.lead("c", "d")

    assert chains.steps_to("d") == 1


def test_a_page_that_answers_is_part_of_no_circle_any_more() -> None:
    chains = led("a", "b")

    chains.end("a")

    assert not chains.returns("b", "a")


def step(target: str, *cookies: str, request: Request | None = None) -> Request:
    """The next request, after an answer that sets the cookies."""
    request = request or Request(PAGE)
    following = request.replace(url=target)
    response = Response(request.url, status=302, headers={"Set-Cookie": list(cookies)} if cookies else None)
    carry_cookies(request, response, following)
    return following


def test_cookies_go_back_to_their_origin_through_all_steps() -> None:
    first = step(PAGE, "seen=1; Path=/", "old=2; Max-Age=0")
    second = step(PAGE, "other=3", request=first)

    assert first.headers.getlist("Cookie") == [b"seen=1"]
    assert sorted(b"".join(second.headers.getlist("Cookie")).split(b"; ")) == [b"other=3", b"seen=1"]


@pytest.mark.parametrize(
    "target",
    ["https://example.org/a", "http://example.com/a", "https://www.example.com/a", "https://example.com:8443/a"],
)
def test_cookies_go_to_no_other_origin_whatever_they_say(target: str) -> None:
    first = step(PAGE, "seen=1; Domain=example.com; Path=/")
    away = step(target, "more=2; Domain=example.com; Path=/", request=first)
    back = step(PAGE, request=away)

    assert "Cookie" in first.headers
    assert "Cookie" not in away.headers
    assert "Cookie" not in back.headers


def test_more_cookies_than_servers_take_are_not_sent() -> None:
    flooded = step(PAGE, *(f"name{each}={'x' * 100}" for each in range(200)))

    assert "Cookie" not in flooded.headers


LEADS = {
    "inside": "/127.0.0.1:9/a",
    "far": "a" * 3000,
    "pair": "pair-2",
    "pair-2": "pair",
    "long": "long-1",
    "long-1": "long-2",
    "long-2": "long-3",
    "check": "two",
}
WANTED = {"dance": ("seen",), "two": ("asked", "checked")}
"""Cookies without which a page redirects: the first sets its own, and the second leads to who sets the other."""

LINKED = ("endless", "far", "inside", "pair", "long", "dance", "two")
START = "<title>Days</title>" + "".join(f"<p><a href='/{each}'>{each}</a></p>" for each in LINKED)


class _Redirects(BaseHTTPRequestHandler):
    """/endless leads to a new address each time, /far to one that is too long, /inside to one of this machine, /pair to
    its other half and back, /long over three pages to a page; /dance and /two are shown to who brings the cookies."""

    protocol_version = "HTTP/1.1"
    paths: ClassVar[list[str]]

    def do_GET(self) -> None:
        self.paths.append(self.path)
        name = self.path.strip("/")
        brought = {each.partition("=")[0] for each in (self.headers["Cookie"] or "").split("; ")}
        if name.startswith("endless"):
            self.lead(f"endless-{int(name.partition('-')[2] or 0) + 1}")
        elif not brought.issuperset(WANTED.get(name, ())):
            self.lead("check" if name == "two" else name, "seen" if name == "dance" else "asked")
        elif name in LEADS:
            self.lead(LEADS[name], "checked")
        else:
            self.show(article(name) if name else START)

    def lead(self, target: str, cookie: str = "any") -> None:
        self.answer(302, "", Location=f"/{target}", **{"Set-Cookie": f"{cookie}=1; Path=/"})

    def show(self, page: str) -> None:
        self.answer(200, page, **{"Content-Type": "text/html; charset=utf-8"})

    def answer(self, status: int, text: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text.encode()))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def redirecting() -> Iterator[tuple[str, list[str]]]:
    """The URL of the site, and the paths that are asked for."""

    class Handler(_Redirects):
        paths: ClassVar[list[str]] = []

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", Handler.paths
        server.shutdown()


@pytest.mark.parametrize(("hosts", "refusal"), [("", "refused_offsite"), ("any", "refused_address")])
def test_redirects_end_at_a_page_or_as_a_recorded_failure(
    run_scrapy: RunScrapy, tmp_path: Path, hosts: str, refusal: str
) -> None:
    options = ("-s", "ADDRESSES_ALLOWED=intranet.example:80", *(("-a", f"hosts={hosts}") if hosts else ()))
    with redirecting() as (url, paths):
        run_scrapy("crawl", "articles", "-a", f"url={url}/", "-s", "AUTOTHROTTLE_ENABLED=False", *options)

    with closing(sqlite3.connect(tmp_path / "test.db")) as connection:
        failures = connection.execute("SELECT url, failure_class FROM failure ORDER BY url").fetchall()
        articles = connection.execute("SELECT url FROM article JOIN page ON page.id = page_id ORDER BY url").fetchall()
        [sums] = connection.execute("SELECT asked, stored + unchanged + failed + refused FROM crawl").fetchall()
    ends = {"endless-5": "redirect", "far": "redirect", "inside": refusal, "pair-2": "redirect"}
    assert failures == [(f"{url}/{name}", failure_class) for name, failure_class in ends.items()]
    assert articles == [(f"{url}/{name}",) for name in ("dance", "long-3", "two")]
    assert sums[0] == sums[1]
    assert [path for path in paths if "endless" in path] == ["/endless", *(f"/endless-{each}" for each in range(1, 6))]
