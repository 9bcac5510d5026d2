"""Facts of pages that are empty, huge or made of anything."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.document import Document
from crawler.extractors.metadata import Metadata, extract_metadata
from crawler.extractors.tree.outline import outline_of
from crawler.site import GENERIC

ReadMetadata = Callable[..., Metadata]
NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)
TEXT = "<p>" + "The harbour opened its gates again this week, and ships that had waited came in at last. " * 4 + "</p>"


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
def test_hostile_heads_change_no_fact_of_the_page(read_metadata: ReadMetadata, head: str) -> None:
    assert read_metadata(head).headline == "Ports reopen after the storm"


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
def test_hostile_bodies_change_no_headline(unit: str) -> None:
    document = Document.parse(f"<title>Ports</title><h1>Ports</h1><p>{unit * (100_000 // len(unit))}</p><p>{TEXT}</p>")
    outline = outline_of(document)

    found = extract_metadata(document, outline, range(min(3, len(outline.blocks))), site=GENERIC, now=NOW)

    assert found.headline == "Ports"


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_page_gives_facts_without_an_exception(markup: str, title: str) -> None:
    document = Document.parse(
        f"<html><head><title>{title}</title></head><body>x{markup}</body></html>", url="https://example.org/"
    )
    outline = outline_of(document)

    found = extract_metadata(document, outline, range(len(outline.blocks)), site=GENERIC, now=NOW)

    assert found.blocks <= set(range(len(outline.blocks)))
