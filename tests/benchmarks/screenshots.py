"""Pictures of `triptych browse`, to be looked at: every view in light, in dark, and as wide as a phone.

    python -m tests.benchmarks.screenshots FOLDER
    python -m tests.benchmarks.screenshots FOLDER --database sqlite:///triptych.db --archive triptych-archive

Without a database, the sample site is crawled into one that is gone afterwards. Needs a Chromium of the machine.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright
from sqlalchemy import Engine, text

from pipelines.browse import create_app, open_to_read
from tests.browsing import CHROMIUM, served
from tests.conftest import ROOT

_LOOKS = (("light", "light", 1280), ("dark", "dark", 1280), ("phone", "light", 320))


def crawl(folder: Path) -> tuple[str, Path]:
    """The sample site's database and archive."""
    url, archive = f"sqlite:///{folder / 'sample.db'}", folder / "archive"
    environment = {**os.environ, "TRIPTYCH_DATABASE_URL": url, "TRIPTYCH_ARCHIVE": str(archive)}
    subprocess.run([sys.executable, "-m", "scrapy", "demo"], cwd=ROOT, env=environment, capture_output=True, check=True)
    return url, archive


def views(engine: Engine) -> dict[str, str]:
    """Names and addresses; the page is one with several articles if there is one."""
    with engine.connect() as connection:
        page = connection.execute(text("SELECT page_id FROM article ORDER BY position DESC, id LIMIT 1")).scalar_one()
        site = connection.execute(text("SELECT domain FROM site ORDER BY id LIMIT 1")).scalar_one()
        tag = connection.execute(text("SELECT tag_id FROM article_tag ORDER BY tag_id LIMIT 1")).scalar_one_or_none()
    named = {name: f"/{name}" for name in ("articles", "sites", "tags", "runs", "failures", "schedules", "alarms")}
    named |= {"page": f"/pages/{page}", "beside": f"/pages/{page}?beside=1", "versions": f"/pages/{page}/history"}
    named |= {
        "graph": f"/pages/{page}/graph",
        "site": f"/sites/{site}",
        "run": "/runs/1",
        "over-time": "/runs/over-time?period=day",
    }
    return named | ({"tag": f"/tags/{tag}"} if tag else {})


def take(url: str, archive: Path, folder: Path) -> int:
    """How many."""
    folder.mkdir(parents=True, exist_ok=True)
    reader = open_to_read(url)
    taken = 0
    with served(create_app(reader, archive=archive)) as browsed, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for look, scheme, width in _LOOKS:
            context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
            shown = context.new_page()
            for name, address in views(reader).items():
                shown.goto(f"{browsed.base_url}{address}")
                shown.screenshot(path=folder / f"{name}-{look}.png")
                taken += 1
        browser.close()
    reader.dispose()
    return taken


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", help="one to look at; else the sample site's")
    parser.add_argument("--archive", type=Path, default=Path("triptych-archive"))
    options = parser.parse_args(arguments)
    if CHROMIUM is None:
        print("no Chromium is installed: apt install chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        url, archive = (options.database, options.archive) if options.database else crawl(Path(scratch))
        print(f"{take(url, archive, options.folder)} pictures in {options.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
