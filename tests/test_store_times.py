"""Responses that others fetched come in any order: an older one never replaces a newer reading. On both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from models.engine import reading
from models.items import Article, Failure, FailureClass, Item, NotModified, Page, PageKind
from models.tables import METADATA
from pipelines.queries import stored_page
from pipelines.store import Outcome, Store

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(days=30)
URL = "https://example.com/a"
FETCH, PAGE = METADATA.tables["fetch"], METADATA.tables["page"]

NEW = Page(url=URL, fetched_at=NOW, status=200, kind=PageKind.ARTICLE, articles=(Article(headline="New"),))
OLD = replace(NEW, fetched_at=EARLIER, etag='"old"', articles=(Article(headline="Old"),))
GONE = Failure(url=URL, failure_class=FailureClass.GONE, message="", occurred_at=NOW, stage="download", status=404)


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine, keeps_newer=True)


def page_row(engine: Engine) -> Any:
    with reading(engine) as connection:
        return connection.execute(select(PAGE).where(PAGE.c.url == URL)).one()


@pytest.mark.parametrize(
    "older",
    [
        pytest.param(OLD, id="page"),
        pytest.param(replace(GONE, occurred_at=EARLIER), id="gone"),
        pytest.param(NotModified(url=URL, fetched_at=EARLIER), id="not-modified"),
        pytest.param(NotModified(url=URL, fetched_at=EARLIER, target_url="https://example.com/b"), id="redirect"),
    ],
)
def test_what_is_older_changes_nothing_and_has_a_row_of_its_fetch(store: Store, engine: Engine, older: Item) -> None:
    store.write([NEW])
    before = page_row(engine)

    (stored,) = store.write([older]).stored

    assert stored.outcome is not Outcome.STORED
    assert page_row(engine) == before
    assert stored_page(engine, URL).articles[0].headline == "New"  # type: ignore[union-attr]  # it is stored
    with reading(engine) as connection:
        assert connection.execute(select(FETCH.c.fetched_at).order_by(FETCH.c.id)).scalars().all() == [NOW, EARLIER]


def test_the_last_text_of_a_page_that_is_gone_is_kept_beside_its_end(store: Store, engine: Engine) -> None:
    store.write([GONE])

    (stored,) = store.write([OLD]).stored

    assert stored.outcome is Outcome.STORED
    row = page_row(engine)
    assert (row.status, row.fetched_at, row.read_at) == (404, NOW, EARLIER)


def test_in_order_of_time_all_are_versions(store: Store, engine: Engine) -> None:
    stored = store.write([OLD, NEW]).stored

    assert [each.outcome for each in stored] == [Outcome.STORED, Outcome.STORED]
    assert stored[1].articles[0].version == 2
    assert page_row(engine).etag is None
