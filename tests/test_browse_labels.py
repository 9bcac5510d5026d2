"""A label set right in a real Chromium, from the click to the next extraction."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the pages need the extra web: pip install 'triptych[web]'")
pytest.importorskip("playwright", reason="needs the extra test: pip install 'triptych[test]'")
pytest.importorskip("axe_playwright_python", reason="needs the extra test: pip install 'triptych[test]'")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from pipelines.browse import hash_password
from tests.browsing import CHROMIUM
from tests.project_copies import copy_project

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed: apt install chromium")

PASSWORD = "four hundred 包裹"  # noqa: S105  # of these tests
PAGE = "/2026/02/harbour-office.html"
TEXTS = [
    f"The harbour office counted {number} hundred parcels that morning, and the clerks wrote each of them down twice."
    for number in ("four", "five", "six", "seven", "eight", "nine")
]
PLUG = "Buy the almanac of the harbour from our shop before the last copies are gone from the shelf."
MARKUP = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Parcels</title></head><body>
<article><h1>Four hundred parcels in one morning</h1>
<div class="text">{"".join(f"<p>{text}</p>" for text in TEXTS)}<p class="plug">{PLUG}</p></div></article>
<div class="more"><h3>Related articles</h3><ul>
<li><a href="/2026/01/cranes-at-night.html">Cranes that work through the night at the eastern quay</a></li>
<li><a href="/2026/01/customs-line.html">What the new customs line means for small importers</a></li>
</ul></div></body></html>"""


@dataclass(frozen=True)
class Project:
    """A copy of the project, a database with one page, and the pages in the browser."""

    folder: Path
    environment: dict[str, str]
    base_url: str

    def run(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "crawler", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    tmp_path = tmp_path_factory.mktemp("labels")
    folder = copy_project(tmp_path / "project")
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "TRIPTYCH_DATABASE_URL": f"sqlite:///{tmp_path / 'test.db'}",
        "TRIPTYCH_ARCHIVE": str(tmp_path / "archive"),
        "TRIPTYCH_BROWSE_PASSWORD_HASH": hash_password(PASSWORD),
    }
    warc = tmp_path / "page.warc"
    warc.write_bytes(response_record(f"http://news.example{PAGE}", MARKUP.encode()))
    Project(folder, environment, "").run("archive", "import", str(warc))
    command = [sys.executable, "-m", "crawler", "browse", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
        assert address
        yield Project(folder, environment, address[0])
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def response_record(url: str, body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0c4b2f2e-7d6a-4a57-9f0c-0123456789ab>\r\n"
        f"WARC-Date: 2026-02-03T04:05:06Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


@pytest.fixture
def page(project: Project) -> Iterator[Any]:
    """Of somebody who has logged in, on the view in which labels are set right."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_context(base_url=project.base_url, viewport={"width": 1280, "height": 900}).new_page()
        opened.goto("/articles")
        opened.locator(".entry h2 a").click()
        opened.get_by_role("link", name="Log in to recrawl it or to set labels right").click()
        opened.get_by_label("Password").fill(PASSWORD)
        opened.keyboard.press("Enter")
        opened.get_by_role("link", name="Set labels right").click()
        yield opened
        browser.close()


def click_block(page: Any, text: str) -> None:
    frame = page.frame_locator("iframe")
    block = frame.locator("[data-pick]", has_text=text).last
    block.locator(":scope > a").click()
    page.wait_for_url("**/label/*")


def body_of(page: Any) -> str:
    return str(page.locator(".panel.body .blocks").inner_text())


def serious(page: Any) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [each["id"] for each in found if each["impact"] in ("serious", "critical")]


def test_a_hint_that_is_saved_by_clicks_holds_for_the_next_extraction(project: Project, page: Any) -> None:
    before = body_of(page)
    click_block(page, "Buy the almanac")
    chosen = page.locator("input[name='css']:checked").input_value()
    page.get_by_label("It is").select_option("none:")
    page.get_by_role("button", name="Try it").click()
    tried = page.locator(".changes li").all_inner_texts()
    findings = serious(page)
    page.get_by_role("button", name="Save as a hint of the site").click()
    saved = page.locator("main code").first.inner_text()
    project.run("reextract", "--site", "news.example")
    page.get_by_role("link", name="Back to the page").click()

    assert PLUG in before
    assert chosen == "p.plug"
    assert ["Buy the almanac" in line for line in tried] == [True]
    assert findings == []
    assert Path(saved) == project.folder / "crawler" / "sites" / "news-example.toml"
    assert PLUG not in body_of(page)
    assert TEXTS[-1] in body_of(page)


def test_a_test_case_is_saved_with_the_label_set_right(project: Project, page: Any) -> None:
    click_block(page, "What the new customs line")
    page.get_by_label("ul > li:nth-of-type(2)").check()
    page.get_by_label("It is").select_option("links:popular")
    page.locator("select[name='where']").select_option("page")
    page.get_by_role("button", name="Try it").click()
    page.get_by_label("Name of the case").fill("customs")
    page.get_by_role("button", name="Save as a test case").click()

    assert page.get_by_role("heading", level=1).inner_text() == "Saved"
    (case,) = (project.folder / "tests" / "pages").glob("*/customs")
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    assert [(each["kind"], len(each["items"])) for each in expected["link_lists"]] == [("related", 1), ("popular", 1)]
    assert json.loads((case / "response.json").read_text("utf-8"))["url"] == f"http://news.example{PAGE}"
    assert (case / "page.html").read_bytes() == MARKUP.encode()


def test_a_selector_that_is_none_is_told_and_not_saved(project: Project, page: Any) -> None:
    click_block(page, "Buy the almanac")
    page.get_by_label("Or a selector of your own").fill("p[")
    page.get_by_role("button", name="Try it").click()

    assert "expected a CSS selector" in page.get_by_role("alert").inner_text()
    assert not any("p[" in file.read_text() for file in (project.folder / "crawler" / "sites").glob("*.toml"))


def test_who_has_not_logged_in_gets_no_block_to_click(project: Project, page: Any) -> None:
    number = re.search(r"/pages/(\d+)", page.url)
    assert number
    stranger = page.context.browser.new_context(base_url=project.base_url).new_page()

    stranger.goto(f"/pages/{number[1]}/archived?label=1")
    links = stranger.locator("a[href]").count()
    stranger.goto(f"/pages/{number[1]}/label/5")

    assert links == 0
    assert stranger.url == f"{project.base_url}/login?next=/pages/{number[1]}/label/5"
