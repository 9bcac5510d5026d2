"""What is stored, read back; and the proof that two databases hold the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from models.engine import open_database, writing
from models.items import (
    Article,
    Block,
    BlockType,
    Failure,
    FailureClass,
    LinkItem,
    LinkList,
    LinkListKind,
    Page,
    PageKind,
    TagItem,
    TagList,
    TagListKind,
)
from pipelines.digest import database_digest
from pipelines.queries import crawl_summary, site_counts, stored_page
from pipelines.store import Store

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def make_page(number: int, base: str = "https://news.example.com") -> Page:
    """A page that links to the next two."""
    links = tuple(LinkItem(url=f"{base}/{number + step}", headline=f"{number + step}") for step in (1, 2))
    return Page(
        url=f"{base}/{number}",
        canonical_url=f"{base}/{number}",
        fetched_at=NOW,
        status=200,
        kind=PageKind.ARTICLE,
        articles=(
            Article(
                headline=f"Headline {number}",
                blocks=(Block(type=BlockType.PARAGRAPH, text="港口"),),
                authors=("Ann",),
                date_published=NOW,
                date_text="3小时前",
            ),
        ),
        link_lists=(LinkList(kind=LinkListKind.RELATED, items=links),),
        tag_lists=(TagList(kind=TagListKind.ARTICLE, items=(TagItem(name="Port"), TagItem(name=f"t{number}"))),),
    )


FAILURE = Failure(
    url="https://news.example.com/9", failure_class=FailureClass.GONE, message="m", occurred_at=NOW, stage="download"
)


@pytest.mark.parametrize(
    "url",
    ["https://news.example.com/1", "https://NEWS.example.com:443/1?utm_source=x#top"],
    ids=["as-stored", "any-spelling"],
)
def test_stored_page_is_found_by_any_spelling_of_its_url(engine: Engine, url: str) -> None:
    Store(engine).write([make_page(1)])

    assert stored_page(engine, url) == make_page(1)


@pytest.mark.parametrize(
    "url",
    ["https://news.example.com/2", "https://news.example.com/9", "https://elsewhere.com/", "mailto:a@b", ""],
    ids=["only-linked", "only-failed", "unknown", "no-page", "empty"],
)
def test_nothing_is_stored_of_a_page_that_was_never_read(engine: Engine, url: str) -> None:
    Store(engine).write([make_page(1), FAILURE])

    assert stored_page(engine, url) is None


def test_sites_are_counted_by_what_their_pages_have_now(engine: Engine) -> None:
    store = Store(engine)
    store.write([make_page(1), make_page(2), FAILURE, make_page(1, "http://127.0.0.1:8808")])
    edited = replace(make_page(2).articles[0], headline="Edited")
    store.write([replace(make_page(2), articles=(edited,), fetched_at=NOW + timedelta(hours=1))])

    address, site = site_counts(engine)

    assert (address.domain, address.pages, address.articles) == ("127.0.0.1:8808", 1, 1)
    assert (site.domain, site.pages, site.articles, site.versions) == ("example.com", 3, 2, 3)
    assert (site.link_items, site.resolved_items, site.tags, site.failures) == (4, 1, 3, 1)
    assert site.last_fetched_at == NOW + timedelta(hours=1)


def test_sites_that_were_only_linked_to_are_not_known(engine: Engine) -> None:
    elsewhere = LinkList(kind=LinkListKind.RELATED, items=(LinkItem(url="https://elsewhere.com/"),))
    Store(engine).write([replace(make_page(1), link_lists=(elsewhere,))])

    assert [site.domain for site in site_counts(engine)] == ["example.com"]


def test_summary_of_a_run_has_its_sums_and_its_failures_by_class(engine: Engine) -> None:
    store = Store(engine)
    crawl_id = store.begin_crawl("articles", {"url": "https://news.example.com"})
    store.write([make_page(1), FAILURE, replace(FAILURE, failure_class=FailureClass.TLS)], crawl_id)
    store.finish_crawl(crawl_id, reason="finished")

    summary = crawl_summary(engine, crawl_id)

    assert summary is not None
    assert (summary.crawl["asked"], summary.crawl["stored"], summary.crawl["failed"]) == (3, 1, 2)
    assert summary.failures == {"gone": 1, "tls": 1}
    assert crawl_summary(engine, crawl_id + 1) is None


def test_same_pages_in_another_order_give_equal_digests_on_both_databases(sqlite_url: str, postgresql_url: str) -> None:
    pages = [make_page(number) for number in range(12)]
    digests = []
    for url, items, at_once in ((sqlite_url, pages, 12), (postgresql_url, pages[::-1], 5)):
        engine = open_database(url)
        for start in range(0, len(items), at_once):
            Store(engine).write(items[start : start + at_once])
        digests.append(database_digest(engine))
        engine.dispose()

    first, second = digests
    assert first == second
    assert {name: digest.rows for name, digest in first.items()} == {
        **{"site": 1, "page": 14, "article": 12, "article_author": 12, "article_tag": 24, "author": 1, "tag": 13},
        **{"image": 0, "link_list": 12, "link_item": 24, "tag_list": 12, "tag_list_item": 24, "outlink": 0},
    }


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        pytest.param("UPDATE article SET headline = 'x' WHERE position = 0", {"article"}, id="headline"),
        pytest.param("UPDATE article_version SET article_body = 'x'", {"article"}, id="body"),
        pytest.param("UPDATE link_item SET position = 7 WHERE position = 1", {"link_item"}, id="order"),
        pytest.param("UPDATE link_item SET target_page_id = NULL", {"link_item"}, id="target"),
        pytest.param("DELETE FROM article_tag", {"article_tag"}, id="tags"),
        pytest.param("UPDATE page SET title = 'x'", {"page"}, id="title"),
    ],
)
def test_any_difference_shows_in_the_digest_of_its_table(engine: Engine, statement: str, tables: set[str]) -> None:
    Store(engine).write([make_page(1)])
    before = database_digest(engine)

    with writing(engine) as connection:
        connection.execute(text(statement))

    after = database_digest(engine)
    assert {name for name in before if before[name] != after[name]} == tables


def test_time_counted_back_from_the_fetch_is_no_difference(sqlite_url: str, postgresql_url: str) -> None:
    digests = []
    for url, minutes in ((sqlite_url, 0), (postgresql_url, 7)):
        engine = open_database(url)
        page = make_page(1)
        moved = replace(page.articles[0], date_published=NOW + timedelta(minutes=minutes))
        Store(engine).write([replace(page, articles=(moved,), fetched_at=NOW + timedelta(minutes=minutes))])
        digests.append(database_digest(engine))
        engine.dispose()

    assert digests[0] == digests[1]
