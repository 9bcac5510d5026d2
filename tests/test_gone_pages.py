"""Pages that are gone: noticed, looked at again a day later, then said to be gone. On both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from models.engine import reading
from models.items import Article, Block, BlockType, Failure, FailureClass, Item, NotModified, Page, PageKind
from pipelines.store import Store

NOW = datetime(2026, 3, 13, 8, tzinfo=UTC)
DAY = timedelta(days=1)
HOME, URL = "https://example.com/", "https://example.com/ships"


@pytest.fixture
def store(engine: Engine) -> Store:
    """One that has an article."""
    store = Store(engine, retry_seconds=5)
    store.write([article(NOW - DAY)])
    return store


def article(at: datetime) -> Page:
    blocks = (Block(type=BlockType.PARAGRAPH, text="Ships wait."),)
    return Page(url=URL, fetched_at=at, status=200, kind=PageKind.ARTICLE, articles=(Article(blocks=blocks),))


def gone(at: datetime, *, how: str) -> Item:
    if how == "redirect":
        return NotModified(url=URL, fetched_at=at, target_url=HOME)
    return Failure(
        url=URL,
        failure_class=FailureClass.GONE,
        message=f"the server says the page is gone ({how})",
        occurred_at=at,
        stage="download",
        status=int(how),
    )


def stored(engine: Engine) -> tuple[Any, ...]:
    """Whether the article is gone, the page is asked for again, and is its own canonical page."""
    query = """
        SELECT gone_at IS NOT NULL, due_at IS NOT NULL, canonical_page_id IS NULL
        FROM article JOIN page ON page.id = article.page_id WHERE page.url = :url
    """
    with reading(engine) as connection:
        return tuple(connection.execute(text(query), {"url": URL}).one())


HOWS = pytest.mark.parametrize("how", ["404", "410", "redirect"])


@HOWS
def test_a_page_found_gone_once_keeps_its_article_and_is_asked_for_again(
    store: Store, engine: Engine, how: str
) -> None:
    store.write([gone(NOW, how=how)])

    assert stored(engine) == (False, True, True)


@HOWS
def test_a_page_found_gone_twice_a_day_apart_is_gone_and_its_article_stays(
    store: Store, engine: Engine, how: str
) -> None:
    store.write([gone(NOW, how=how)])
    store.write([gone(NOW + DAY, how=how)])

    assert stored(engine) == (True, False, True)
    with reading(engine) as connection:
        changes = "SELECT op FROM change WHERE table_name = 'article' ORDER BY seq"
        assert list(connection.execute(text(changes)).scalars()) == ["insert", "update"]


@HOWS
def test_two_looks_within_the_hour_are_one(store: Store, engine: Engine, how: str) -> None:
    store.write([gone(NOW, how=how)])
    store.write([gone(NOW + timedelta(hours=1), how=how)])

    assert stored(engine) == (False, True, True)


@HOWS
def test_a_page_that_answers_again_has_its_article_back(store: Store, engine: Engine, how: str) -> None:
    store.write([gone(NOW, how=how)])
    store.write([gone(NOW + DAY, how=how)])
    store.write([article(NOW + 5 * DAY)])

    assert stored(engine) == (False, True, True)


def test_a_page_that_moved_elsewhere_is_another_name_of_that(store: Store, engine: Engine) -> None:
    moved = NotModified(url=URL, fetched_at=NOW, target_url="https://example.com/trade/ships")
    store.write([moved])

    with reading(engine) as connection:
        query = text("SELECT canonical_page_id IS NOT NULL FROM page WHERE url = :url")
        assert connection.execute(query, {"url": URL}).scalar_one()
