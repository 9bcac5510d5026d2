"""Facts of pages that are empty, huge or made of anything."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.document import Document
from crawler.extractors.body.finder import BodyFinder
from crawler.extractors.metadata import Metadata, extract_metadata
from crawler.extractors.tree.outline import outline_of
from crawler.site import GENERIC

NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)
TEXT = "<p>" + "The harbour opened its gates again this week, and ships that had waited came in at last. " * 4 + "</p>"
HAN = "<p>" + "港口本周重新开放，等候多日的船只终于进港，商家说库存会在月底前恢复到往年的水平。" * 4 + "</p>"


def read(
    head: str = "", above: str = "<h1>Ports reopen after the storm</h1>", below: str = "", *, text: str = TEXT
) -> Metadata:
    document = Document.parse(
        f"<html><head>{head}</head><body><article>{above}<div class='text'>{text * 3}</div>{below}</article></body>",
        url="https://www.example.org/trade/ports",
    )
    outline = outline_of(document)
    return extract_metadata(document, outline, BodyFinder(outline).find().numbers, site=GENERIC, now=NOW)


def test_an_empty_page_has_no_facts() -> None:
    document = Document.parse("<html><body></body></html>")
    outline = outline_of(document)

    assert extract_metadata(document, outline, frozenset(), site=GENERIC, now=None) == Metadata()


@pytest.mark.parametrize(
    "head",
    [
        f"<title>{'a - ' * 250_000}</title>",
        f"<title>{'港|' * 300_000}</title>",
        f"<meta name='author' content='{'A, ' * 300_000}'>",
        f"<meta property='article:published_time' content='{'2024-' * 200_000}'>",
    ],
    ids=lambda head: head[:20],
)
def test_hostile_heads_cost_little(head: str) -> None:
    started = time.process_time()

    read(head)

    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "unit",
    [
        "By Jane Roe ",
        "2024-03-13 ",
        "（记者 王小明）",
        "作者：",
        "Jane Roe, ",
        "<h1>a</h1>",
        "<p class=author>A B</p>",
        "a | ",
    ],
)
def test_hostile_bodies_are_read_in_linear_time(unit: str) -> None:
    document = Document.parse(f"<h1>x</h1><p>{unit * (400_000 // len(unit))}</p><p>{TEXT}</p>")
    outline = outline_of(document)
    started = time.process_time()

    extract_metadata(document, outline, range(min(3, len(outline.blocks))), site=GENERIC, now=NOW)

    assert time.process_time() - started < 3


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_page_gives_facts_without_an_exception(markup: str, title: str) -> None:
    document = Document.parse(
        f"<html><head><title>{title}</title></head><body>x{markup}</body></html>", url="https://example.org/"
    )
    outline = outline_of(document)

    found = extract_metadata(document, outline, range(len(outline.blocks)), site=GENERIC, now=NOW)

    assert found.blocks <= set(range(len(outline.blocks)))
