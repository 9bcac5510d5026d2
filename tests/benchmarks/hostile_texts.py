"""Texts made to be slow: CPU time of a quarter and of the whole of each, measured in turns; linear is 4.

    python -m tests.benchmarks.hostile_texts

Ends with status 1 where a text four times as long takes more than eight times as long.
"""

import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

from crawler.document import Document
from crawler.extractors.metadata import extract_metadata
from crawler.extractors.tree.outline import outline_of
from crawler.markup.dates import find_date, find_dates
from crawler.site import GENERIC

NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)
TURNS = 3
MOST = 8.0
NOISE_SECONDS = 0.02
"""Less than this is no measurement."""
DATES = (
    "2024-",
    "12 ",
    "a",
    "3月",
    "1 a ",
    "12:30 ",
    "（",
    "二〇",
    "2024 Mar ",
    " ",
    "March ",
    "1.",
    "+08",
    "1天",
    "Mar 1 ",
)
TITLES = ("a - ", "港|", "a: ")
BODIES = (
    "By Jane Roe ",
    "2024-03-13 ",
    "（记者 王小明）",
    "作者：",
    "Jane Roe, ",
    "<h1>a</h1>",
    "<p class=author>A B</p>",
    "a | ",
    "<a href=/author/a-b>A B</a>",
    "<i title=2024->a</i>",
)


def main() -> int:
    slow = 0
    for name, read in _cases():
        short, long = _seconds(read)
        ratio = long / max(short, NOISE_SECONDS)
        slow += ratio > MOST
        print(f"{name:<44}{short * 1000:10.1f} ms{long * 1000:10.1f} ms   ×{ratio:.1f}", flush=True)
    return 1 if slow else 0


def _cases() -> Iterator[tuple[str, Callable[[int], object]]]:
    """Name, and what is done with a text of so many letters."""
    for unit in DATES:
        yield f"dates of {unit!r}", partial(_find, unit)
    for unit in TITLES:
        yield f"title of {unit!r}", partial(_extract, "<title>{}</title>", unit)
    for unit in BODIES:
        yield f"body of {unit!r}", partial(_extract, "<h1>x</h1><p>{}</p>", unit)


def _find(unit: str, size: int) -> None:
    text = unit * (size // len(unit))
    find_dates(text)
    find_date(text, now=NOW)


def _extract(markup: str, unit: str, size: int) -> None:
    document = Document.parse(markup.format(unit * (size // len(unit))))
    outline = outline_of(document)
    extract_metadata(document, outline, range(min(3, len(outline.blocks))), site=GENERIC, now=NOW)


def _seconds(read: Callable[[int], object]) -> tuple[float, float]:
    """CPU seconds of a quarter of a megabyte and of a megabyte: the least of several turns."""
    short = long = float("inf")
    for _ in range(TURNS):
        started = time.process_time()
        read(250_000)
        middle = time.process_time()
        read(1_000_000)
        short, long = min(short, middle - started), min(long, time.process_time() - middle)
    return short, long


if __name__ == "__main__":
    sys.exit(main())
