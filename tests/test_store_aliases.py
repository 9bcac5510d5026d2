"""A page has many names and one row set: aliases, redirects, canonical URLs. On both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from models.engine import reading
from models.items import Article, Item, LinkItem, LinkList, LinkListKind, NotModified, Page, PageKind
from pipelines.queries import stored_page
from pipelines.store import Outcome, Store, Stored

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
BASE = "https://example.com"


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def make_article(headline: str = "Ships") -> Article:
    return Article(headline=headline)


def make_page(path: str = "/a", **facts: Any) -> Page:
    page = Page(
        url=f"{BASE}{path}",
        canonical_url=f"{BASE}{path}",
        fetched_at=NOW,
        status=200,
        kind=PageKind.ARTICLE,
        articles=(make_article(),),
    )
    return replace(page, **facts)


def related(*paths: str) -> LinkList:
    return LinkList(kind=LinkListKind.RELATED, items=tuple(LinkItem(url=f"{BASE}{path}") for path in paths))


def write(store: Store, *items: Item) -> tuple[Stored, ...]:
    return store.write(items).stored


def later(page: Page, hours: int = 1, **facts: Any) -> Page:
    return replace(page, fetched_at=NOW + timedelta(hours=hours), **facts)


RESOLVED = """
    SELECT count(*) FROM link_item i JOIN page t ON t.id = i.target_page_id
    JOIN article a ON a.page_id = coalesce(t.canonical_page_id, t.id) AND a.gone_at IS NULL
"""
OTHER_NAMES: list[Any] = [
    pytest.param([make_page("/old")], id="itself"),
    pytest.param([make_page("/new", requested_url=f"{BASE}/old")], id="redirect"),
    pytest.param([make_page("/old", canonical_url=f"{BASE}/new")], id="canonical"),
    pytest.param([make_page("/old"), make_page("/old", canonical_url=f"{BASE}/new")], id="moved-later"),
    pytest.param(
        [NotModified(url=f"{BASE}/old", fetched_at=NOW, target_url=f"{BASE}/new"), make_page("/new")],
        id="redirect-to-a-page-asked-for-by-itself",
    ),
]


@pytest.mark.parametrize("items", OTHER_NAMES)
def test_link_resolves_when_its_target_is_stored_under_whatever_name(
    engine: Engine, store: Store, items: list[Item]
) -> None:
    write(store, make_page(link_lists=(related("/old?utm_source=feed"),)))
    assert rows(engine, RESOLVED) == [(0,)]

    for item in items:
        write(store, item)

    assert rows(engine, RESOLVED) == [(1,)]


@pytest.mark.parametrize("together", [True, False], ids=["one-batch", "two-batches"])
@pytest.mark.parametrize("alias_first", [True, False], ids=["alias-first", "canonical-first"])
def test_one_article_under_two_urls_is_stored_once(
    engine: Engine, store: Store, together: bool, alias_first: bool
) -> None:
    pages = [make_page("/a"), make_page("/print/a", canonical_url=f"{BASE}/a")]
    if alias_first:
        pages.reverse()

    for items in [pages] if together else [[page] for page in pages]:
        write(store, *items)

    assert rows(engine, "SELECT p.url FROM article a JOIN page p ON p.id = a.page_id") == [(f"{BASE}/a",)]
    assert rows(engine, "SELECT version FROM article") == [(1,)]
    assert stored_page(engine, f"{BASE}/print/a") == stored_page(engine, f"{BASE}/a")


def test_alias_that_differs_in_details_does_not_overwrite_the_page_itself(engine: Engine, store: Store) -> None:
    mobile = make_page("/m/a", canonical_url=f"{BASE}/a", articles=(make_article("Shorter"),))
    write(store, make_page("/a"))

    (stored,) = write(store, later(mobile))

    assert (stored.outcome, stored.is_alias) == (Outcome.UNCHANGED, True)
    assert rows(engine, "SELECT version FROM article") == [(1,)]


def test_alias_is_read_as_long_as_its_canonical_page_was_never_fetched(engine: Engine, store: Store) -> None:
    mobile = make_page("/m/a", canonical_url=f"{BASE}/a")
    write(store, mobile)

    (stored,) = write(store, later(mobile, articles=(make_article("Edited"),)))

    assert (stored.outcome, stored.is_alias) == (Outcome.STORED, False)
    assert rows(engine, "SELECT headline, version FROM article") == [("Edited", 2)]


def test_redirect_whose_target_names_the_redirecting_url_canonical_is_read_each_time(
    engine: Engine, store: Store
) -> None:
    page = make_page("/a/1", requested_url=f"{BASE}/a", canonical_url=f"{BASE}/a")
    write(store, page)

    (stored,) = write(store, later(page, articles=(make_article("Edited"),)))

    assert stored.outcome is Outcome.STORED
    assert rows(engine, "SELECT p.url, a.headline FROM article a JOIN page p ON p.id = a.page_id") == [
        (f"{BASE}/a", "Edited")
    ]


def test_page_that_turns_out_to_be_an_alias_hands_its_article_over(engine: Engine, store: Store) -> None:
    write(store, make_page("/a?ref=1"), NotModified(url=f"{BASE}/short", fetched_at=NOW, target_url=f"{BASE}/a?ref=1"))

    write(store, later(make_page("/a?ref=1", canonical_url=f"{BASE}/a")))

    assert rows(engine, "SELECT p.url FROM article a JOIN page p ON p.id = a.page_id") == [(f"{BASE}/a",)]
    assert rows(engine, "SELECT version FROM article") == [(1,)]
    assert stored_page(engine, f"{BASE}/short") == stored_page(engine, f"{BASE}/a")


def test_pages_that_name_each_other_canonical_end_as_one(engine: Engine, store: Store) -> None:
    first = make_page("/a", canonical_url=f"{BASE}/b")
    second = make_page("/b", canonical_url=f"{BASE}/a")

    for hours in range(3):
        write(store, later(first, hours), later(second, hours))

    assert rows(engine, "SELECT count(*) FROM article WHERE gone_at IS NULL") == [(1,)]
    chains = (
        "SELECT count(*) FROM page p JOIN page c ON c.id = p.canonical_page_id WHERE c.canonical_page_id IS NOT NULL"
    )
    assert rows(engine, chains) == [(0,)]


def test_alias_that_becomes_a_page_of_its_own_is_released(engine: Engine, store: Store) -> None:
    write(store, make_page("/a"), make_page("/b", canonical_url=f"{BASE}/a"))

    write(store, later(make_page("/b", articles=(make_article("Own"),))))

    assert rows(engine, "SELECT headline FROM article ORDER BY id") == [("Ships",), ("Own",)]
