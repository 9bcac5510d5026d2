"""The statements of models/README.md answer what they say they do, on both databases."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from models.engine import reading
from models.items import (
    Article,
    Failure,
    FailureClass,
    Item,
    LinkItem,
    LinkList,
    LinkListKind,
    Page,
    PageKind,
    TagItem,
    TagList,
    TagListKind,
)
from pipelines.store import Store

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
BASE = "http://127.0.0.1:8808"
TARGET = f"{BASE}/dianshang/8801.shtml"
README = (Path(__file__).parents[1] / "models" / "README.md").read_text("utf-8")
QUESTIONS = {
    match[1]: match[2].replace("\n... ", "\n") for match in re.finditer(r'>>> (\w+) = """(.*?)"""', README, re.DOTALL)
}


def page(path: str, *links: str, tags: tuple[str, ...] = (), **facts: Any) -> Page:
    items = tuple(LinkItem(url=f"{BASE}{link}") for link in links)
    made = Page(
        url=f"{BASE}{path}",
        canonical_url=f"{BASE}{path}",
        fetched_at=NOW,
        status=200,
        kind=PageKind.ARTICLE,
        articles=(Article(headline=path),),
        link_lists=(LinkList(kind=LinkListKind.RELATED, items=items),) if items else (),
        tag_lists=(TagList(kind=TagListKind.ARTICLE, items=tuple(TagItem(name=tag) for tag in tags)),),
    )
    return replace(made, **facts)


def later(page: Page, **facts: Any) -> Page:
    return replace(page, fetched_at=NOW + timedelta(hours=1), **facts)


def answers(engine: Engine, name: str, *items: Item) -> list[tuple[Any, ...]]:
    store = Store(engine)
    for item in items:
        store.write([item])
    with reading(engine) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(QUESTIONS[name])]


def test_the_questions_are_found_in_the_document() -> None:
    assert {"what_links_here", "most_linked", "tags_used_together", "vanished_articles"} <= QUESTIONS.keys()


ITEMS: tuple[Item, ...] = (
    page("/a", "/dianshang/8801.shtml", "/x"),
    page("/b", "/m/8801", "/x"),
    page("/c", "/old", "/dianshang/8801.shtml?utm_source=x"),
    page("/d", "/dianshang/8801.shtml"),
    later(page("/d", "/x")),
    page("/m/8801", canonical_url=TARGET),
    page("/dianshang/8801.shtml", requested_url=f"{BASE}/old"),
)


def test_what_links_here_tells_of_links_by_any_name_that_are_shown_now(engine: Engine) -> None:
    found = answers(engine, "what_links_here", *ITEMS)

    assert found == [(f"{BASE}/{name}", "related") for name in "abc"]


def test_most_linked_counts_pages_whether_their_target_was_crawled_or_not(engine: Engine) -> None:
    assert answers(engine, "most_linked", *ITEMS) == [(3, TARGET), (3, f"{BASE}/x")]


def test_tags_used_together_are_counted_by_article(engine: Engine) -> None:
    pages = [page("/a", tags=("港口", "物流")), page("/b", tags=("物流", "港口")), page("/c", tags=("港口", "Port"))]

    found = answers(engine, "tags_used_together", *pages)

    assert [({one, other}, count) for one, other, count in found] == [({"港口", "物流"}, 2), ({"港口", "Port"}, 1)]


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(later(page("/a"), articles=()), id="left-its-page"),
        pytest.param(
            Failure(
                url=f"{BASE}/a",
                failure_class=FailureClass.GONE,
                message="m",
                occurred_at=NOW,
                stage="download",
                status=404,
            ),
            id="page-is-gone",
        ),
    ],
)
def test_vanished_articles_left_their_page_or_went_with_it(engine: Engine, item: Item) -> None:
    assert [row[:2] for row in answers(engine, "vanished_articles", page("/a"), page("/b"), item)] == [
        (f"{BASE}/a", "/a")
    ]


def test_most_reprinted_counts_the_articles_that_name_a_source(engine: Engine) -> None:
    reprint = Article(headline="h", source_url="https://elsewhere.example/1")

    assert answers(engine, "most_reprinted", page("/a", articles=(reprint,))) == [(1, "https://elsewhere.example/1")]
