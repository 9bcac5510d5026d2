"""`scrapy site new` as a user runs it: a site never seen becomes a site file and test cases, or a plain message."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.samplesite.listings import HIDDEN_PATH
from tests.conftest import RunScrapy

CASES = ["article-1", "article-2", "article-3", "front"]


class Bare(BaseHTTPRequestHandler):
    """A site without an article: any page is a menu."""

    def do_GET(self) -> None:
        body = b"<html><title>Menu</title><body><a href='/a'>One</a> <a href='/b'>Two</a></body></html>"
        self.send_response(404 if self.path.endswith((".txt", ".xml")) else 200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that http.server gives it
        pass


@pytest.fixture
def bare_site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bare)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def cases(project: Path, name: str) -> list[str]:
    return sorted(path.name for path in (project / "tests" / "pages" / name).iterdir())


def test_site_file_and_cases_are_written_and_hold(run_scrapy: RunScrapy, project: Path, sample_site: str) -> None:
    done = run_scrapy("site", "new", f"{sample_site}/", "--name", "lantern", cwd=project)

    assert done.returncode == 0, done.stderr
    assert [title for title in ("List page", "Article 1 of 3", "Article 3 of 3") if title not in done.stdout] == []
    assert f"{sample_site}/sitemap.xml" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "crawler/sites/lantern.py" in done.stderr
    assert cases(project, "lantern") == CASES
    for case in CASES:
        expected = json.loads((project / "tests" / "pages" / "lantern" / case / "expected.json").read_text("utf-8"))
        assert expected["id"] == f"lantern/{case}"
        assert bool(expected["articles"] and expected["articles"][0]["headline"]) is (case != "front")

    listed = json.loads(run_scrapy("sites", "--json", cwd=project).stdout)["site_files"]

    assert listed == [{"name": "lantern", "domains": ["127.0.0.1"], "hints": ["start_urls"]}]


def test_what_is_there_is_kept_unless_forced(run_scrapy: RunScrapy, project: Path, sample_site: str) -> None:
    file = project / "crawler" / "sites" / "lantern.py"
    by_hand = '"""By hand."""\nfrom crawler.site import Site\nSITE = Site(name="lantern", domains=("127.0.0.1",))\n'
    file.write_text(by_hand, encoding="utf-8")

    unnamed = run_scrapy("site", "new", f"{sample_site}/", cwd=project)
    named = run_scrapy("site", "new", f"{sample_site}/", "--name", "lantern", cwd=project)

    assert (unnamed.returncode, named.returncode) == (2, 2)
    assert "crawler/sites/lantern.py has this host already" in unnamed.stderr
    assert "--force" in named.stderr
    assert file.read_text("utf-8") == by_hand
    assert not (project / "tests").exists()

    forced = run_scrapy("site", "new", f"{sample_site}/", "--force", "-q", cwd=project)

    assert (forced.returncode, forced.stderr) == (0, "")
    assert f'"{sample_site}/"' in file.read_text("utf-8")
    assert cases(project, "lantern") == CASES


def test_dry_run_writes_nothing_and_json_has_the_pages(run_scrapy: RunScrapy, project: Path, sample_site: str) -> None:
    done = run_scrapy("site", "new", f"{sample_site}/", "--dry-run", "--json", cwd=project)

    found = json.loads(done.stdout)
    assert (done.returncode, found["site"], found["site_file"]) == (0, "site_127_0_0_1", None)
    assert len(found["articles"]) == 3
    assert all(page["kind"] == "article" for page in found["articles"])
    assert {each["format"] for each in found["announcements"]} >= {"sitemap", "sitemap_index"}
    assert not (project / "tests").exists()
    assert list((project / "crawler" / "sites").glob("*127*")) == []


def test_an_article_is_a_start_too(run_scrapy: RunScrapy, project: Path, sample_site: str) -> None:
    first = json.loads(run_scrapy("site", "new", f"{sample_site}/", "--dry-run", "--json", cwd=project).stdout)
    url = first["articles"][0]["url"]

    found = json.loads(run_scrapy("site", "new", url, "--dry-run", "--json", cwd=project).stdout)

    assert found["articles"][0]["url"] == url
    assert len(found["articles"]) == 3
    assert found["front"]["url"] == f"{sample_site}/"


def test_elsewhere_it_writes_into_the_project_and_says_where(project: Path, sample_site: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    done = subprocess.run(
        [sys.executable, "-m", "crawler", "site", "new", f"{sample_site}/", "--name", "lantern"],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert str(project / "crawler" / "sites" / "lantern.py") in done.stderr
    assert str(project / "tests" / "pages" / "lantern" / "front") in done.stderr
    assert list(elsewhere.iterdir()) == []
    assert cases(project, "lantern") == CASES


@pytest.mark.parametrize(
    ("address", "status", "parts"),
    [
        pytest.param("http://127.0.0.1:9/", 1, ("unreachable", "nothing was written"), id="not-reachable"),
        pytest.param(HIDDEN_PATH, 1, ("refused_robots", "robots.txt forbids", "ask its owner"), id="robots-forbid"),
        pytest.param("/no/such/page", 1, ("gone", "check the address"), id="gone"),
        pytest.param("example.test", 2, ("http or https URL", "https://example.test/"), id="no-url"),
    ],
)
def test_what_cannot_be_looked_at_is_told_in_one_message(
    address: str, status: int, parts: tuple[str, ...], run_scrapy: RunScrapy, project: Path, sample_site: str
) -> None:
    url = f"{sample_site}{address}" if address.startswith("/") else address

    done = run_scrapy("site", "new", url, cwd=project)

    assert (done.returncode, done.stdout) == (status, "")
    assert [part for part in parts if part not in done.stderr] == []
    assert not (project / "tests").exists()


def test_site_without_an_article_is_told_with_what_to_do(run_scrapy: RunScrapy, project: Path, bare_site: str) -> None:
    done = run_scrapy("site", "new", f"{bare_site}/", cwd=project)

    assert (done.returncode, done.stdout) == (1, "")
    assert "no article on 3 pages" in done.stderr
    assert "start at a page that lists articles" in done.stderr
    assert not (project / "tests").exists()


@pytest.mark.parametrize("arguments", [(), ("new",), ("old", "http://a.test/"), ("new", "http://a.test/", "more")])
def test_wrong_call_ends_with_status_2(arguments: tuple[str, ...], run_scrapy: RunScrapy) -> None:
    assert run_scrapy("site", *arguments).returncode == 2
