"""Test cases: a page as it came, how it was fetched, and what is to be read from it; tests/pages/SITE/CASE."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from scrapy.utils.conf import closest_scrapy_cfg

from crawler.errors import UsageError
from crawler.label_file import NAME
from crawler.pagejson import JUDGEMENTS
from crawler.saved_pages import SavedPage

_OWN_PROJECT = Path(__file__).parents[1]


def case_folder(site: str, case: str) -> Path:
    """Of the project that the working directory is in; elsewhere of the one that the program runs from, if any.

    Raises UsageError for names that are none.
    """
    for name in (site, case):
        if not NAME.fullmatch(name):
            raise UsageError(f"letters, digits, - and _ expected in the names of site and case, found {name!r}")
    configuration = closest_scrapy_cfg()
    project = Path(configuration).parent if configuration else _OWN_PROJECT
    if not (project / "scrapy.cfg").exists():  # installed, without the tests
        project = Path.cwd()
    return project / "tests" / "pages" / site / case


def what_the_page_says(line: str | bytes) -> dict[str, Any]:
    """The JSON of a page without what the extractor thinks of its findings."""
    found: dict[str, Any] = json.loads(line, object_hook=_without_judgements)
    return found


def save_case(page: SavedPage, expected: dict[str, Any], folder: Path) -> None:
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


def _without_judgements(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in JUDGEMENTS}


def _write_json(path: Path, record: dict[str, Any]) -> None:
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    path.write_bytes(text.encode("utf-8", "backslashreplace"))
