"""Pages that kill their worker, or hang in it, cost only themselves."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# An extractor that dies as a parser in C would: without a Python exception. Workers are forked, so they have it too.
_DEADLY = """
import os, sys
from pathlib import Path
from crawler import extraction_pool
from crawler.limited_process import Limits
from crawler.saved_pages import SavedPage

extract_page = extraction_pool.extract_page

def extract_or_die(html, **arguments):
    if b"dies" in html:
        os.abort()
    while b"hangs" in html:
        pass
    if b"raises" in html:
        raise ZeroDivisionError("by nothing")
    return extract_page(html, **arguments)

extraction_pool.extract_page = extract_or_die
pages = (SavedPage(id=name, path=Path(name)) for name in sys.argv[1:])
for line in extraction_pool.extract_saved_pages(pages, workers=2, limits=Limits(cpu_seconds=1)):
    sys.stdout.buffer.write(line.json)
"""


def extract(*paths: Path) -> list[tuple[str, str | None]]:
    """File name, and message of the first error."""
    done = subprocess.run(
        [sys.executable, "-c", _DEADLY, *map(str, paths)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    lines = map(json.loads, done.stdout.splitlines())
    return [(Path(line["id"]).name, line["errors"][0]["message"] if line["errors"] else None) for line in lines]


@pytest.fixture
def good_pages(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number:03}.html" for number in range(60)]
    for path in paths:
        path.write_text(f"<html><title>{path.stem}</title><p>A page that harms nobody.</p></html>", encoding="utf-8")
    return paths


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are spawned, and know nothing of this extractor")
@pytest.mark.parametrize(
    ("what", "message"), [("dies", "killed the extractor"), ("hangs", "more than 1 s"), ("raises", "by nothing")]
)
def test_deadly_page_gives_a_line_and_its_neighbours_are_read(what: str, message: str, good_pages: list[Path]) -> None:
    good_pages[7].write_text(what, encoding="utf-8")

    found = extract(*good_pages)

    assert [name for name, _ in found] == [path.name for path in good_pages]
    assert [name for name, error in found if error] == ["007.html"]
    assert message in str(found[7][1])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers are spawned, and know nothing of this extractor")
def test_several_deadly_pages_are_all_found(good_pages: list[Path]) -> None:
    for number in (0, 1, 30, 59):
        good_pages[number].write_text("dies", encoding="utf-8")

    found = extract(*good_pages)

    assert [name for name, error in found if error] == ["000.html", "001.html", "030.html", "059.html"]
