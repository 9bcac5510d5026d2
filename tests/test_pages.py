"""Saved pages, field by field: tests/pages/SITE/CASE holds page.html, response.json and expected.json.

`scrapy record` saves a case; its expected.json is then corrected by hand and never written by a test.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.extractors import extract_page
from crawler.pagejson import JUDGEMENTS, page_to_json
from crawler.site import GENERIC
from crawler.sites import known_sites, site_named

PAGES = Path(__file__).parent / "pages"
CASES = sorted(path.parent.relative_to(PAGES).as_posix() for path in PAGES.glob("*/*/expected.json"))


def fields(record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each field that the page says, with its place, as "articles[0].headline"; lists of items are one field."""
    for name, value in record.items():
        if name in JUDGEMENTS:
            continue
        if name not in ("articles", "link_lists", "tag_lists"):
            yield name, value
            continue
        yield f"number of {name}", len(value)
        for place, part in enumerate(value):
            yield from ((f"{name}[{place}].{field}", part[field]) for field in part if field not in JUDGEMENTS)


@cache
def expected(case: str) -> dict[str, Any]:
    return dict(fields(json.loads((PAGES / case / "expected.json").read_text("utf-8"))))


@cache
def found(case: str) -> dict[str, Any]:
    response = json.loads((PAGES / case / "response.json").read_text("utf-8"))
    site = case.partition("/")[0]
    page = extract_page(
        (PAGES / case / "page.html").read_bytes(),
        url=response["url"],
        content_type=response["content_type"],
        site=site_named(site) if site in known_sites() else GENERIC,
        now=datetime.fromisoformat(response["fetched_at"]),
    )
    return dict(fields(page_to_json(page, case)))


@pytest.mark.parametrize(("case", "field"), [(case, field) for case in CASES for field in expected(case)])
def test_field_is_as_the_page_says(case: str, field: str) -> None:
    assert found(case).get(field) == expected(case)[field]


@pytest.mark.parametrize("case", CASES)
def test_nothing_more_is_found(case: str) -> None:
    assert found(case).keys() == expected(case).keys()


def test_there_is_a_case_for_each_layout() -> None:
    cases = {case.partition("/")[2] for case in CASES if case.startswith("sample/")}

    assert {
        "modern-english",
        "modern-chinese",
        "portal-bare-paragraphs",
        "portal-line-breaks",
        "portal-headings",
    } <= cases
    assert {"plain-gbk", "plain-english", "print-page", "list-page"} <= cases
