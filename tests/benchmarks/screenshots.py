"""Pictures to be looked at: of `triptych browse` in light, dark and as wide as a phone, and of the terminal.

    python -m tests.benchmarks.screenshots FOLDER
    python -m tests.benchmarks.screenshots FOLDER --only terminal
    python -m tests.benchmarks.screenshots FOLDER --database sqlite:///triptych.db --archive triptych-archive

Without a database, the sample site is crawled into one that is gone afterwards: twice, with another layout the second
time, so that there are versions, failures and alarms; the terminal shows that one in any case. Labels are tried and
never saved. Needs a Chromium and, for the Chinese in it, a font: apt install chromium fonts-wqy-microhei
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from playwright.sync_api import sync_playwright
from sqlalchemy import Engine, text

from crawler.correcting import SiteCorrector
from pipelines.browse import Actions, Logins, Memory, Recrawled, create_app, hash_password, open_to_read
from tests.benchmarks.terminal_pictures import THEMES, draw_all
from tests.browsing import CHROMIUM, served
from tests.conftest import ROOT

_LOOKS = (("light", "light", 1280), ("dark", "dark", 1280), ("phone", "light", 320))
_PORT = 8830
_PASSWORD = "of these pictures"  # noqa: S105  # of a server that is gone with them
_ENOUGH_BLOCKS = 3
_RICHEST = """SELECT article.page_id FROM article
    LEFT JOIN link_list ON link_list.page_id = article.page_id AND link_list.last_seen_at IS NULL
    LEFT JOIN tag_list ON tag_list.page_id = article.page_id AND tag_list.last_seen_at IS NULL
    WHERE article.gone_at IS NULL GROUP BY article.page_id
    ORDER BY count(DISTINCT tag_list.id) DESC, count(DISTINCT link_list.id) DESC, max(article.version) DESC LIMIT 1"""


def crawl(folder: Path) -> tuple[str, Path]:
    """The sample site's database and archive."""
    url, archive = f"sqlite:///{folder / 'sample.db'}", folder / "archive"
    environment = {
        **os.environ,
        "TRIPTYCH_DATABASE_URL": url,
        "TRIPTYCH_ARCHIVE": str(archive),
        "TRIPTYCH_ADDRESSES_ALLOWED": f"127.0.0.1:{_PORT}",
    }
    start = f"http://127.0.0.1:{_PORT}/"

    def run(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "scrapy", *arguments], cwd=ROOT, env=environment, capture_output=True, check=False
        )

    redesigned = folder / "redesigned"
    site = [sys.executable, "-m", "crawler.samplesite", "--port", str(_PORT), "--redesign", str(redesigned)]
    with subprocess.Popen(site, cwd=ROOT, stdout=subprocess.PIPE) as serving:
        assert serving.stdout is not None
        serving.stdout.readline()
        redesigned.touch()
        run("crawl", "articles", "-a", f"url={start}")
        redesigned.unlink()
        run("crawl", "articles", "-a", f"url={start}")
        run("recrawl", f"{start}not-there.html", f"{start}nor-this.html")
        run("schedule", "add", "sample", "--url", start, "--every", "1h")
        run("sync", f"sqlite:///{folder / 'copy.db'}")
        serving.terminate()
    return url, archive


def views(engine: Engine) -> dict[str, str]:
    """Names and addresses; the page is the one with the most in its lists."""
    with engine.connect() as connection:
        page = connection.execute(text(_RICHEST)).scalar_one()
        site = connection.execute(text("SELECT domain FROM site ORDER BY id LIMIT 1")).scalar_one()
        tag = connection.execute(
            text("SELECT coalesce(min(tag_id), (SELECT min(id) FROM tag)) FROM article_tag")
        ).scalar()
    named = {name: f"/{name}" for name in ("articles", "sites", "tags", "runs", "failures", "schedules", "alarms")}
    named |= {"page": f"/pages/{page}", "beside": f"/pages/{page}?beside=1", "versions": f"/pages/{page}/history"}
    named |= {"graph": f"/pages/{page}/graph", "site": f"/sites/{site}", "run": "/runs/1"}
    named |= {"over-time": "/runs/over-time?period=day", "search": "/articles?q=%E4%BB%93%E5%BA%93", "login": "/login"}
    named |= {"search-empty": "/articles?q=%22no+such+words%22"}
    return named | ({"tag": f"/tags/{tag}"} if tag else {})


def labelled(shown: Any, page: str) -> Iterator[str]:
    """The views of who sets a label right, from the block to what the label changes; the names of the pictures."""
    shown.goto(f"{page}?label=1")
    yield "labels"
    blocks = shown.frame_locator("iframe").locator("a[href*='/label/']")
    chosen = blocks.nth(min(_ENOUGH_BLOCKS, blocks.count() - 1)).get_attribute("href")
    shown.goto(f"{page.partition('/pages/')[0]}{chosen}")
    yield "label"
    shown.get_by_label("It is").select_option("body:quote")
    shown.get_by_role("button", name="Try it").click()
    yield "label-tried"


def _log_in(shown: Any, base_url: str) -> None:
    shown.goto(f"{base_url}/login")
    shown.get_by_label("Password").fill(_PASSWORD)
    shown.keyboard.press("Enter")
    shown.wait_for_url("**/articles")


def take_terminal(folder: Path) -> int:
    """Pictures of real commands in both looks; how many."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1040, "height": 800})
        taken = 0
        for drawing in draw_all(Path(scratch)):
            for look, theme in THEMES.items():
                shown.set_content(drawing.html(theme))
                shown.locator("main").screenshot(path=folder / f"terminal-{drawing.name}-{look}.png")
                taken += 1
        browser.close()
    return taken


def take(url: str, archive: Path, folder: Path) -> int:
    """How many."""
    reader = open_to_read(url)
    logins = Logins(hash_password(_PASSWORD))
    actions = Actions(logins, lambda url: Recrawled(False, f"not for a picture: {url}"), Lock(), SiteCorrector())
    application = create_app(reader, archive=archive, actions=actions, memory=Memory(least_patience_seconds=60))
    with served(application) as browsed, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        taken = sum(_take_look(browser, browsed.base_url, views(reader), into=folder, look=look) for look in _LOOKS)
        browser.close()
    reader.dispose()
    return taken


def _take_look(browser: Any, base_url: str, named: Mapping[str, str], *, into: Path, look: tuple[str, str, int]) -> int:
    name, scheme, width = look
    shown = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    for view, address in named.items():
        shown.goto(f"{base_url}{address}")
        shown.screenshot(path=into / f"{view}-{name}.png", full_page=width < 1000)
    _log_in(shown, base_url)
    steps = 0
    for view in labelled(shown, f"{base_url}{named['page']}"):
        shown.screenshot(path=into / f"{view}-{name}.png", full_page=view == "label-tried")
        steps += 1
    return len(named) + steps


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", help="one to look at; else the sample site's")
    parser.add_argument("--only", choices=("browser", "terminal"), help="else both")
    parser.add_argument("--archive", type=Path, default=Path("triptych-archive"))
    options = parser.parse_args(arguments)
    if CHROMIUM is None:
        print("no Chromium is installed: apt install chromium", file=sys.stderr)
        return 1
    options.folder.mkdir(parents=True, exist_ok=True)
    taken = take_terminal(options.folder) if options.only != "browser" else 0
    if options.only != "terminal":
        with tempfile.TemporaryDirectory() as scratch:
            url, archive = (options.database, options.archive) if options.database else crawl(Path(scratch))
            taken += take(url, archive, options.folder)
    print(f"{taken} pictures in {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
