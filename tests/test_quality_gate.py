"""How well saved pages of our own, each of another kind, are split: nothing may fall below these floors.

A floor is lowered only by a commit that says in its message which page lost what, and why that is worth it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from crawler.extractors import extract_page
from models.items import Page, PageKind
from tests.benchmarks.listed import ListScore, score_lists
from tests.benchmarks.scores import BodyScore, four_gram_f1, names_f1, same_day, same_words, score_body

GATE = Path(__file__).parent / "gate"
ROWS = [json.loads(line) for line in (GATE / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
ARTICLES = [row for row in ROWS if row["kind"] == "article"]

FLOORS = {
    "body, word F1": 0.957,
    "body, 4-gram F1": 0.973,
    "body, paragraph F1": 0.953,
    "headline": 1.0,
    "day": 1.0,
    "authors": 1.0,
    "list items": 0.98,
    "related items": 1.0,
    "kinds of lists": 1.0,
    "headlines of items": 1.0,
    "article tags": 1.0,
}


@dataclass(frozen=True, slots=True)
class Scored:
    name: str
    body: BodyScore
    lists: ListScore
    headline: bool
    day: bool
    authors: float


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    return {row["id"]: extract_page((GATE / "html" / f"{row['id']}.html").read_bytes(), url=row["url"]) for row in ROWS}


@pytest.fixture(scope="module")
def scored(pages: Mapping[str, Page]) -> list[Scored]:
    return [_score(row, pages[row["id"]]) for row in ARTICLES]


@pytest.mark.parametrize("name", FLOORS)
def test_quality_is_not_below_its_floor(scored: Sequence[Scored], name: str) -> None:
    figure, worst = _figure(name, scored)

    assert figure >= FLOORS[name], f"{name} fell to {figure:.3f}; lowest: {worst}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_page_is_taken_for_what_it_is(pages: Mapping[str, Page], row: Mapping[str, Any]) -> None:
    page = pages[row["id"]]

    assert (page.kind is PageKind.ARTICLE) == (row["kind"] == "article"), page.kind_reason


def _score(row: Mapping[str, Any], page: Page) -> Scored:
    article = page.articles[0] if page.articles else None
    return Scored(
        name=row["id"],
        body=score_body(row["body"], "\n".join(each.article_body for each in page.articles)),
        lists=score_lists(row, page),
        headline=same_words(row["title"], article.headline if article else None),
        day=same_day(row["date"], article.date_published.isoformat() if article and article.date_published else None),
        authors=names_f1(row["authors"] or (), article.authors if article else ()),
    )


def _figure(name: str, scored: Sequence[Scored]) -> tuple[float, list[tuple[float, str]]]:
    """The mean, and the pages that pull it down."""
    if name == "body, 4-gram F1":
        return four_gram_f1(each.body for each in scored), []
    values = sorted((_of_page(name, each), each.name) for each in scored)
    return fmean(value for value, _ in values), values[:3]


def _of_page(name: str, scored: Scored) -> float:
    lists = scored.lists
    return {
        "body, word F1": scored.body.word_f1,
        "body, paragraph F1": scored.body.paragraph_f1,
        "headline": float(scored.headline),
        "day": float(scored.day),
        "authors": scored.authors,
        "list items": lists.union.f1,
        "related items": lists.related.f1,
        "kinds of lists": lists.kinds_right / lists.matched if lists.matched else 1.0,
        "headlines of items": lists.headlines_right / lists.headed if lists.headed else 1.0,
        "article tags": lists.tags.f1,
    }[name]
