"""The pages of `triptych browse` in a real Chromium: how they look to it, and what it lets them do."""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the pages need the extra web: pip install 'triptych[web]'")
pytest.importorskip("playwright", reason="needs the extra test: pip install 'triptych[test]'")
pytest.importorskip("axe_playwright_python", reason="needs the extra test: pip install 'triptych[test]'")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from models.engine import open_database
from pipelines.browse import Actions, Logins, Recrawled, create_app, hash_password, open_to_read
from tests.browsing import CHROMIUM, HOSTILE_URL, Browsed, browsing, fill_to_browse, served

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed: apt install chromium")

VIEWS = [
    *(
        "/articles",
        "/articles?q=edition",
        "/articles?q=nowhere",
        "/sites",
        "/sites/example.com",
        "/tags",
        "/tags/1",
        "/runs",
        "/runs/1",
        "/runs/over-time",
    ),
    *(
        "/failures",
        "/schedules",
        "/alarms",
        "/pages/1",
        "/pages/1/history",
        "/pages/1/graph",
        "/nowhere",
        "hostile",
        "beside",
    ),
]
# Dark differs from light in colours; what fits into a phone is seen by its width.
LOOKS = [
    pytest.param("light", 1280, {}, id="light"),
    pytest.param("dark", 1280, {"runOnly": ["color-contrast"]}, id="dark"),
    pytest.param("light", 320, {"runOnly": ["scrollable-region-focusable"]}, id="phone"),
]


@pytest.fixture(scope="module")
def browsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsed]:
    folder = tmp_path_factory.mktemp("browse")
    with browsing(f"sqlite:///{folder / 'own.db'}", folder) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_playwright() as playwright:
        # The sandbox needs rights that root in a container has not; the pages are our own.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """A page of the browser, and all that it complained about or asked other hosts for."""

    def __init__(self, chromium: Any, browsed: Browsed, *, scheme: str = "light", width: int = 1280) -> None:
        context = chromium.new_context(
            base_url=browsed.base_url, color_scheme=scheme, viewport={"width": width, "height": 800}
        )
        self.page = context.new_page()
        self.trouble: list[str] = []
        self.page.on("console", lambda message: self.trouble.append(message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("dialog", self._dismiss)
        self.page.on("request", lambda request: self._watch(request.url, browsed))
        self._hostile = browsed.get(f"/articles?q={HOSTILE_URL}").headers["location"]

    def open(self, view: str) -> Any:
        addresses = {"hostile": self._hostile, "beside": f"{self._hostile}?beside=1"}
        self.page.goto(addresses.get(view, view))
        return self.page

    def _dismiss(self, dialog: Any) -> None:
        self.trouble.append(dialog.message)
        dialog.dismiss()

    def _watch(self, url: str, browsed: Browsed) -> None:
        if not url.startswith(browsed.base_url):
            self.trouble.append(f"asked for {url}")


@pytest.mark.parametrize(("scheme", "width", "rules"), LOOKS)
def test_every_page_fits_is_quiet_and_has_no_serious_finding_of_axe(
    chromium: Any, browsed: Browsed, scheme: str, width: int, rules: dict[str, Any]
) -> None:
    visit = Visit(chromium, browsed, scheme=scheme, width=width)
    for view in VIEWS:
        page = visit.open(view)
        missing = ["Failed to load resource: the server responded with a status of 404 (Not Found)"]

        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found = Axe().run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
        serious = [
            (each["id"], [node["target"] for node in each["nodes"]][:3])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]

        assert (view, too_wide, serious) == (view, 0, [])
        assert visit.trouble == (missing if view == "/nowhere" else []), view
        visit.trouble.clear()


def test_words_are_found_by_keyboard_alone(chromium: Any, browsed: Browsed) -> None:
    page = Visit(chromium, browsed).open("/articles")

    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("edition 1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles?q=*")

    assert first == "Skip to the content"
    assert page.locator(".entry h2").all_inner_texts() == ["仓库 1, edition 1 🏬"]
    assert page.locator(".entry mark").first.inner_text() in ("edition", "1")


def test_what_has_the_focus_is_seen(chromium: Any, browsed: Browsed) -> None:
    page = Visit(chromium, browsed).open("/articles")

    for _ in range(4):
        page.keyboard.press("Tab")
    outline = page.evaluate(
        "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth"
    )

    assert outline == "solid2px"


def test_the_frame_shows_the_panels_where_they_were_found(chromium: Any, browsed: Browsed) -> None:
    visit = Visit(chromium, browsed)
    page = visit.open("beside")
    frame = page.frame_locator("iframe")

    boxes = {
        panel: frame.locator(f"[data-panel='{panel}']").evaluate("node => getComputedStyle(node).outlineStyle")
        for panel in ("body", "links")
    }
    page.locator(".panel.links .find").click()
    page.wait_for_timeout(200)

    assert boxes == {"body": "solid", "links": "solid"}
    assert frame.locator(":target").get_attribute("data-panel") == "links"
    assert page.url.endswith("?beside=1")
    assert visit.trouble == []


def test_a_page_is_crawled_again_by_who_logs_in(chromium: Any, sqlite_url: str, tmp_path: Path) -> None:
    engine = open_database(sqlite_url)
    fill_to_browse(engine, tmp_path / "archive")
    engine.dispose()
    reader = open_to_read(sqlite_url)
    actions = Actions(Logins(hash_password("open sesame")), lambda url: Recrawled(True, f"unchanged {url}"), Lock())

    with served(create_app(reader, archive=None, actions=actions)) as browsed:
        visit = Visit(chromium, browsed)
        page = visit.open("hostile")
        page.get_by_role("link", name="Log in to recrawl it").click()
        page.get_by_label("Password").fill("open sesame")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Recrawl now").click()

        assert page.get_by_role("heading", level=1).inner_text() == "Crawled again"
        assert page.locator(".told-by").inner_text() == f"unchanged {HOSTILE_URL}"
        assert visit.trouble == []
    reader.dispose()
