"""Storing: twice equals once, history only where something changed, one page for all its names. On both databases."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text

from models.engine import reading
from models.items import (
    Article,
    Block,
    BlockType,
    Failure,
    FailureClass,
    Item,
    LinkItem,
    LinkList,
    LinkListKind,
    NotModified,
    Outlink,
    OutlinkKind,
    Page,
    PageKind,
    TagItem,
    TagList,
    TagListKind,
)
from models.tables import METADATA
from pipelines.digest import database_digest
from pipelines.queries import stored_page
from pipelines.similarity import TOO_SHORT, similarity_hash
from pipelines.store import Outcome, Store, Stored
from pipelines.validate import check_item

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
BASE = "https://example.com"
LINK_LIST = METADATA.tables["link_list"]


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine, retry_seconds=5)


def rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def make_article(headline: str = "Ships", body: str = "Text.") -> Article:
    return Article(headline=headline, blocks=(Block(type=BlockType.PARAGRAPH, text=body),), authors=("Ann", "Bo"))


def make_page(path: str = "/a", **facts: Any) -> Page:
    page = Page(
        url=f"{BASE}{path}",
        canonical_url=f"{BASE}{path}",
        fetched_at=NOW,
        status=200,
        kind=PageKind.ARTICLE,
        articles=(make_article(),),
        link_lists=(related("/b", "/c"),),
        tag_lists=(tags("Port", "Trade"),),
        outlinks=(Outlink(url=f"{BASE}/x", text="x", kind=OutlinkKind.INTERNAL),),
    )
    return replace(page, **facts)


def related(*paths: str) -> LinkList:
    items = tuple(LinkItem(url=f"{BASE}{path}", headline=path) for path in paths)
    return LinkList(kind=LinkListKind.RELATED, heading="Related", items=items)


def tags(*names: str) -> TagList:
    return TagList(kind=TagListKind.ARTICLE, items=tuple(TagItem(name=name) for name in names))


def write(store: Store, *items: Item) -> tuple[Stored, ...]:
    return store.write(items).stored


def later(page: Page, hours: int = 1, **facts: Any) -> Page:
    return replace(page, fetched_at=NOW + timedelta(hours=hours), **facts)


# What a fetch adds to a page, and no page row keeps.
NOT_OF_THE_PAGE: dict[str, Any] = {"requested_url": None, "archived": None, "part": None, "discovered": ()}


# Making an example of this size smaller takes minutes of database time; the first one found tells enough.
@settings(
    suppress_health_check=list(HealthCheck),
    deadline=None,
    max_examples=25,
    phases=set(Phase) - {Phase.shrink, Phase.explain},
)
@given(st.lists(st.from_type(Page), min_size=1, max_size=2))
def test_any_page_comes_back_as_it_went_in_and_storing_it_again_changes_nothing(
    engine: Engine, pages: list[Page]
) -> None:
    urls = [f"{BASE}/{uuid.uuid4()}" for _ in pages]
    items = [
        check_item(replace(page, url=url, canonical_url=url, fetched_at=NOW, **NOT_OF_THE_PAGE), now=NOW).item
        for page, url in zip(pages, urls, strict=True)
    ]
    store = Store(engine)

    first = store.write(items)
    digest = database_digest(engine)
    second = store.write(items)

    assert [stored_page(engine, url) for url in urls] == items
    assert {stored.outcome for stored in first.stored} == {Outcome.STORED}
    assert {stored.outcome for stored in second.stored} == {Outcome.UNCHANGED}
    assert database_digest(engine) == digest


def test_second_fetch_of_the_same_moves_times_and_nothing_else(engine: Engine, store: Store) -> None:
    write(store, make_page())
    before = rows(engine, "SELECT * FROM article"), rows(engine, "SELECT * FROM link_list")

    (stored,) = write(store, later(make_page()))

    assert (stored.outcome, stored.articles, stored.read_at) == (Outcome.UNCHANGED, (), NOW)
    assert (rows(engine, "SELECT * FROM article"), rows(engine, "SELECT * FROM link_list")) == before
    assert rows(engine, "SELECT count(*) FROM article_version") == [(1,)]
    page = stored_page(engine, f"{BASE}/a")
    assert page is not None
    assert page.fetched_at == NOW + timedelta(hours=1)


def test_edit_adds_a_version_and_keeps_the_old_one(engine: Engine, store: Store) -> None:
    write(store, make_page())

    (stored,) = write(store, later(make_page(articles=(make_article("Ships wait", "Longer text."),))))

    assert stored.outcome is Outcome.STORED
    assert [article.version for article in stored.articles] == [2]
    assert rows(engine, "SELECT number, headline, article_body FROM article_version ORDER BY number") == [
        (1, "Ships", "Text."),
        (2, "Ships wait", "Longer text."),
    ]
    assert rows(engine, "SELECT headline, version FROM article") == [("Ships wait", 2)]
    assert rows(engine, "SELECT count(*) FROM article_author") == [(2,)]


def test_article_that_left_its_page_is_gone_and_comes_back_without_a_new_version(engine: Engine, store: Store) -> None:
    both = (make_article(), replace(make_article("Second"), position=1))
    write(store, make_page(articles=both))

    (left,) = write(store, later(make_page()))
    (back,) = write(store, later(make_page(articles=both), hours=2))

    assert [(article.version, article.is_gone) for article in left.articles] == [(1, True)]
    assert [(article.version, article.is_gone) for article in back.articles] == [(1, False)]
    assert rows(engine, "SELECT count(*) FROM article WHERE gone_at IS NULL") == [(2,)]
    assert rows(engine, "SELECT count(*) FROM article_version") == [(2,)]


def test_list_is_kept_with_the_time_in_which_it_was_shown(engine: Engine, store: Store) -> None:
    write(store, make_page())
    write(store, later(make_page(), hours=1))

    write(store, later(make_page(link_lists=(related("/d"),)), hours=2))

    with reading(engine) as connection:
        spans = select(LINK_LIST.c.first_seen_at, LINK_LIST.c.last_seen_at).order_by(LINK_LIST.c.id)
        assert [tuple(row) for row in connection.execute(spans)] == [
            (NOW, NOW + timedelta(hours=1)),
            (NOW + timedelta(hours=2), None),
        ]
    assert rows(engine, "SELECT count(*) FROM link_item") == [(3,)]
    page = stored_page(engine, f"{BASE}/a")
    assert page is not None
    assert page.link_lists == (related("/d"),)


def test_source_of_a_reprint_resolves_when_it_is_stored(engine: Engine, store: Store) -> None:
    sources = "SELECT p.url, p.read_at IS NULL FROM article a JOIN page p ON p.id = a.source_page_id"
    original = "https://elsewhere.example/1"
    write(store, make_page(articles=(replace(make_article(), source_url=f"{original}?utm_source=x"),)))
    assert rows(engine, sources) == [(original, True)]

    write(store, replace(make_page(), url=original, canonical_url=original))

    assert rows(engine, sources) == [(original, False)]
    write(store, later(make_page()))
    assert rows(engine, sources) == [], "the page names it no more"
    assert rows(engine, "SELECT source_url FROM article_version WHERE article_id = 1 ORDER BY number") == [
        (f"{original}?utm_source=x",),
        (None,),
    ]


def test_each_version_has_the_similarity_of_its_body(engine: Engine, store: Store) -> None:
    body = "岸桥的远程操作已经覆盖七个泊位。" * 3
    for hours, text_then in enumerate((body, f"{body}!", "短文")):
        write(store, later(make_page(articles=(make_article(body=text_then),)), hours))

    kept = [row[0] for row in rows(engine, "SELECT similarity FROM article_version ORDER BY number")]
    assert kept == [similarity_hash(body), similarity_hash(body), TOO_SHORT]
    assert kept[0] != TOO_SHORT


def test_tags_of_an_article_follow_its_page_without_a_new_version(engine: Engine, store: Store) -> None:
    write(store, make_page())

    (stored,) = write(store, later(make_page(tag_lists=(tags("port", "PORT", "Rail"),))))

    shown = "SELECT t.name FROM article_tag a JOIN tag t ON t.id = a.tag_id ORDER BY a.position"
    assert stored.outcome is Outcome.STORED
    assert rows(engine, shown) == [("Port",), ("Rail",)]
    assert rows(engine, "SELECT name_text FROM tag_list_item ORDER BY tag_list_id, position")[-3:] == [
        ("port",),
        ("PORT",),
        ("Rail",),
    ]
    assert rows(engine, "SELECT version FROM article") == [(1,)]


def test_not_modified_page_is_touched_and_counted_as_unchanged(engine: Engine, store: Store) -> None:
    write(store, make_page(etag='"1"'))

    (stored,) = write(store, NotModified(url=f"{BASE}/a", fetched_at=NOW + timedelta(hours=1)))

    page = stored_page(engine, f"{BASE}/a")
    assert stored.outcome is Outcome.UNCHANGED
    assert page is not None
    assert (page.fetched_at, page.etag, page.status) == (NOW + timedelta(hours=1), '"1"', 200)
    assert rows(engine, 'SELECT status, outcome FROM "fetch" ORDER BY id') == [(200, "stored"), (304, "unchanged")]


@pytest.mark.parametrize(
    ("failure_class", "outcome"),
    [(FailureClass.GONE, Outcome.FAILED), (FailureClass.REFUSED_ROBOTS, Outcome.REFUSED)],
)
def test_failure_is_recorded_and_leaves_what_is_stored(
    engine: Engine, store: Store, failure_class: FailureClass, outcome: Outcome
) -> None:
    write(store, make_page())
    failure = Failure(
        url=f"{BASE}/a", failure_class=failure_class, message="m", occurred_at=NOW, stage="download", attempts=3
    )

    (stored,) = write(store, failure)

    assert (stored.outcome, stored.failure) == (outcome, failure)
    assert rows(engine, "SELECT failure_class, stage, attempts FROM failure") == [(failure_class, "download", 3)]
    assert stored_page(engine, f"{BASE}/a") is not None


def test_failure_of_a_url_that_can_be_no_page_is_recorded_without_one(engine: Engine, store: Store) -> None:
    failure = Failure(
        url="mailto:a@b", failure_class=FailureClass.REFUSED_SCHEME, message="m", occurred_at=NOW, stage="request"
    )

    write(store, failure)

    assert rows(engine, "SELECT url, page_id FROM failure") == [("mailto:a@b", None)]
    assert rows(engine, "SELECT count(*) FROM page") == [(0,)]


def test_sums_of_a_run_are_those_of_its_items(engine: Engine, store: Store) -> None:
    crawl_id = store.begin_crawl("articles", {"url": BASE})
    refused = Failure(
        url=f"{BASE}/r", failure_class=FailureClass.REFUSED_ROBOTS, message="m", occurred_at=NOW, stage="request"
    )
    store.write([make_page("/a"), make_page("/b"), refused, replace(refused, failure_class=FailureClass.TLS)], crawl_id)
    store.write([later(make_page("/a"))], crawl_id)

    row = store.finish_crawl(crawl_id, reason="finished", asked=5)

    names = ("asked", "stored", "unchanged", "failed", "refused", "finish_reason", "arguments")
    assert [row[name] for name in names] == [5, 2, 1, 1, 1, "finished", {"url": BASE}]
    assert rows(engine, 'SELECT count(*) FROM "fetch"') == [(5,)]


def test_every_change_is_recorded_once_in_its_transaction(engine: Engine, store: Store) -> None:
    write(store, make_page(), later(make_page(articles=(make_article("Edited"),))))

    changes = rows(engine, "SELECT table_name, row_id, op FROM change")
    with reading(engine) as connection:
        tables = [METADATA.tables[name] for name in ("page", "article", "tag", "fetch")]
        counts = {table.name: connection.execute(select(func.count()).select_from(table)).scalar() for table in tables}
    assert len(set(changes)) == len(changes)
    assert {op for _, _, op in changes} == {"insert"}
    assert {name: sum(change[0] == name for change in changes) for name in counts} == counts


def test_nothing_to_write_writes_nothing(engine: Engine, store: Store) -> None:
    assert store.write([]).stored == ()
    assert rows(engine, "SELECT count(*) FROM change") == [(0,)]
