"""`scrapy record`: a page of today becomes a test case for ever."""

import argparse
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any, ClassVar

from scrapy.utils.conf import closest_scrapy_cfg

from crawler.console import ConsoleCommand, Exit, complain, counted, say
from crawler.errors import UsageError
from crawler.fetching import fetch_pages
from crawler.pagejson import JUDGEMENTS
from crawler.saved_pages import SavedPage

_NAME = re.compile(r"[A-Za-z0-9_-]+")


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy record example interview https://example.com/news/1.html",
        "scrapy record example interview https://example.com/news/1.html --force",
    )

    def syntax(self) -> str:
        return "[options] SITE CASE URL"

    def short_desc(self) -> str:
        return "Save a page as a test case"

    def long_desc(self) -> str:
        return (
            "Fetches a page and saves it in tests/pages/SITE/CASE: page.html as it came, response.json with its URL "
            "and status, and expected.json with what the extractor says of it today, for you to correct by hand. SITE "
            "is the name of a site file where there is one, and CASE says what the page is a case of."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--force", action="store_true", help="replace the case if it is there already")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if len(args) != 3:
            raise UsageError(f"SITE, CASE and URL expected, found {len(args)} arguments")
        site, case, url = args
        folder = _case_folder(site, case)
        if folder.exists() and not opts.force:
            raise UsageError(f"{folder} is there already; name another case, or replace it with --force")
        with tempfile.TemporaryDirectory(prefix="triptych-") as fetched:
            page = fetch_pages([url], Path(fetched), settings=self.project_settings)[url]
            if page.failure_class is not None:
                complain(f"{url}: {page.failure_class.value}: {page.failure_message}\nnothing was saved")
                return Exit.FAILED
            expected = _expected(page, site, case)
            _save(page, expected, folder)
        panels = {"articles": "article", "link_lists": "related list", "tag_lists": "tag list"}
        say(f"saved {folder}: {', '.join(counted(len(expected[key]), noun) for key, noun in panels.items())}")
        say(f"expected.json is what the extractor says today, not what is right: correct it by hand, in {folder}")
        return Exit.OK


def _case_folder(site: str, case: str) -> Path:
    for name in (site, case):
        if not _NAME.fullmatch(name):
            raise UsageError(f"letters, digits, - and _ expected in the names of site and case, found {name!r}")
    configuration = closest_scrapy_cfg()
    project = Path(configuration).parent if configuration else Path.cwd()
    return project / "tests" / "pages" / site / case


def _expected(page: SavedPage, site: str, case: str) -> dict[str, Any]:
    from crawler.extraction_pool import extract_saved_page
    from crawler.sites import known_sites

    line = extract_saved_page(page, site if site in known_sites() else None)
    found: dict[str, Any] = json.loads(line.json, object_hook=_what_the_page_says)
    return found | {"id": f"{site}/{case}"}


def _what_the_page_says(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in JUDGEMENTS}


def _save(page: SavedPage, expected: dict[str, Any], folder: Path) -> None:
    """All three files or none: they are written beside the case and take its place at the end."""
    response = {
        "url": page.url,
        "status": page.status,
        "content_type": page.content_type,
        "fetched_at": page.fetched_at.isoformat() if page.fetched_at else None,
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        shutil.copyfile(page.path, unfinished / "page.html")
        _write_json(unfinished / "response.json", response)
        _write_json(unfinished / "expected.json", expected)
        unfinished.chmod(0o755)  # as mkdir would, where mkdtemp makes it private
        if folder.exists():
            shutil.rmtree(folder)
        unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write_json(path: Path, record: dict[str, Any]) -> None:
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    path.write_bytes(text.encode("utf-8", "backslashreplace"))
