"""Pages built by scripts, in a real Chromium that has no network of its own."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from models.engine import open_database
from models.items import Page
from pipelines.queries import stored_page
from tests.conftest import ROOT, RunScrapy
from tests.foreign_warcs import article

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.skipif(not importlib.util.find_spec("scrapy_playwright"), reason="the extra js is not installed"),
]

BODY = article("Four hundred parcels").partition(b"<article>")[2].partition(b"</article>")[0].decode()
SHELL = (
    '<!doctype html><html lang="en"><head><title>Quay</title><meta property="og:type" content="article">'
    '<script defer src="/app.js"></script></head><body><div id="root"></div></body></html>'
)
APP = """
fetch('/api' + location.pathname).then(answer => answer.json()).then(page => {
  document.getElementById('root').innerHTML = '<article>' + page.text + '</article><img src="/pixel.png">';
  fetch('ELSEWHERE/secret').catch(() => 0);
  new WebSocket('ELSEWHERE/socket'.replace('http', 'ws'));
  navigator.sendBeacon('/beacon', 'x');
  setTimeout(() => { location.href = '/another-page' }, 10);
});
"""


@dataclass
class ScriptedSite:
    base: str
    pages: dict[str, tuple[str, str]]
    asked: list[str] = field(default_factory=list)


@contextmanager
def serve(pages: dict[str, tuple[str, str]]) -> Iterator[ScriptedSite]:
    """Path to content type and body; /api/… has the text of the page."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            content_type, body = pages.get(self.path, ("text/html", ""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", content_type)
            self.send_header("ETag", '"shell"')
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET  # noqa: N815  # the names are given by the class above

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is given by the class above
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = ScriptedSite(f"http://127.0.0.1:{server.server_port}", pages)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield served
        server.shutdown()
        thread.join()


@pytest.fixture
def elsewhere() -> Iterator[ScriptedSite]:
    with serve({}) as site:
        yield site


@pytest.fixture
def site(elsewhere: ScriptedSite) -> Iterator[ScriptedSite]:
    html, data = "text/html; charset=utf-8", "application/json"
    pages = {
        **dict.fromkeys(("/first", "/second"), (html, SHELL)),
        **{f"/api{path}": (data, json.dumps({"text": BODY})) for path in ("/first", "/second")},
        "/app.js": ("text/javascript", APP.replace("ELSEWHERE", elsewhere.base)),
        "/loop": (html, "<head><script>for (;;) {}</script></head><div id='root'></div>"),
        "/eat": (
            html,
            "<head><script>var all = []; setInterval(() => { for (let i = 0; i < 20; i++) "
            "all.push(new Uint8Array(4000000).fill(1)) }, 10)</script></head><div id='root'></div>",
        ),
    }
    with serve(pages) as served:
        yield served


def read(tmp_path: Path, url: str) -> Page | None:
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    page = stored_page(engine, url)
    engine.dispose()
    return page


def processes_below(parent: int) -> set[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)  # noqa: S607
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    found: set[int] = set()
    waiting = [parent]
    while waiting:
        above = waiting.pop()
        below = {pid for pid, ppid in pairs if ppid == above} - found
        found |= below
        waiting += below
    return found


def test_the_text_that_scripts_bring_is_stored_and_nothing_else_is_asked_for(
    run_scrapy: RunScrapy, site: ScriptedSite, elsewhere: ScriptedSite, tmp_path: Path
) -> None:
    urls = [f"{site.base}/first", f"{site.base}/second"]

    done = run_scrapy("recrawl", *urls, "-s", "BROWSER_ENABLED=1", "-s", "BROWSER_PAGES=1")
    again = run_scrapy("reextract", "--dry-run", "--workers", "1")

    assert done.returncode == 0, done.stdout + done.stderr
    for url in urls:
        page = read(tmp_path, url)
        assert page is not None
        assert page.articles[0].headline == "Four hundred parcels"
        assert len(page.articles[0].blocks) == 6
        assert page.etag is None  # that of the shell says nothing of the text
    # The script is shared; pictures, beacons and other pages are not asked for, nor is any other host.
    assert sorted(site.asked) == ["/api/first", "/api/second", "/app.js", "/first", "/robots.txt", "/second"]
    assert elsewhere.asked == []
    assert ", 0 would change" in again.stderr, again.stderr


def test_a_page_whose_data_fail_is_a_failure_and_keeps_what_is_stored(
    run_scrapy: RunScrapy, site: ScriptedSite, tmp_path: Path
) -> None:
    run_scrapy("recrawl", f"{site.base}/first", "-s", "BROWSER_ENABLED=1")
    site.pages["/robots.txt"] = ("text/plain", "User-agent: *\nDisallow: /api/\n")

    done = run_scrapy("recrawl", f"{site.base}/first", "-s", "BROWSER_ENABLED=1", "-s", "POLITENESS_REMEMBERED=0")

    assert done.returncode == 1
    assert "what its scripts asked for could not be fetched" in " ".join(done.stdout.split())
    page = read(tmp_path, f"{site.base}/first")
    assert page is not None
    assert page.articles[0].headline == "Four hundred parcels"


def test_without_the_setting_no_browser_is_used(run_scrapy: RunScrapy, site: ScriptedSite) -> None:
    done = run_scrapy("recrawl", f"{site.base}/first")

    assert done.returncode == 1
    assert "no article on this page" in done.stdout
    assert "/app.js" not in site.asked


@pytest.mark.parametrize(
    ("path", "words"), [("/loop", "timeout: its scripts were not done"), ("/eat", "the browser could not build it")]
)
def test_a_page_that_takes_too_much_is_a_failure_and_costs_no_other(
    run_scrapy: RunScrapy, site: ScriptedSite, tmp_path: Path, path: str, words: str
) -> None:
    limits = ("-s", "BROWSER_SECONDS=12", "-s", "BROWSER_MEMORY=300000000", "-s", "BROWSER_ENABLED=1")

    done = run_scrapy("recrawl", f"{site.base}{path}", f"{site.base}/first", *limits)

    assert words in " ".join(done.stdout.split())
    assert read(tmp_path, f"{site.base}/first") is not None


def test_a_killed_crawl_leaves_no_browser_behind(site: ScriptedSite, tmp_path: Path) -> None:
    environment = {**os.environ, "TRIPTYCH_DATABASE_URL": f"sqlite:///{tmp_path / 'test.db'}"}
    command = [sys.executable, "-m", "scrapy", "recrawl", f"{site.base}/loop"]
    settings = ["-s", "BROWSER_ENABLED=1", "-s", "BROWSER_SECONDS=100", "-s", f"ARCHIVE_FOLDER={tmp_path / 'archive'}"]
    crawl = subprocess.Popen([*command, *settings], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    below: set[int] = set()
    until = time.monotonic() + 60
    while len(below) < 5 and time.monotonic() < until:  # the driver, the browser and its parts
        time.sleep(0.2)
        below = processes_below(crawl.pid)

    crawl.send_signal(signal.SIGKILL)
    crawl.wait()
    while any(Path(f"/proc/{pid}").exists() for pid in below) and time.monotonic() < until:
        time.sleep(0.2)

    assert len(below) >= 5
    assert [pid for pid in below if Path(f"/proc/{pid}").exists()] == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [(("BROWSER_EXECUTABLE=no-such-browser",), "no no-such-browser found; install one")],
)
def test_a_browser_that_is_not_there_is_told(
    run_scrapy: RunScrapy, site: ScriptedSite, settings: tuple[str, ...], words: str
) -> None:
    done = run_scrapy("recrawl", f"{site.base}/first", "-s", "BROWSER_ENABLED=1", "-s", *settings)

    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert site.asked == []
