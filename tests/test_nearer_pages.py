"""Pages found in many steps first and in few later, as where workers die: their links are followed all the same."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from models.items import Discovery, Page, PageKind
from pipelines.frontier import Frontier
from pipelines.store import Store
from tests.leasing import SITE_A, lease_all, page_row, push

NOW = datetime.now(UTC)
HOME, LIST, FAR = f"{SITE_A}/", f"{SITE_A}/list", f"{SITE_A}/far"
LIMIT = 10


def page(url: str, *found: Discovery) -> Page:
    return Page(
        url=url,
        canonical_url=url,
        fetched_at=NOW,
        kind=PageKind.LISTING,
        status=200,
        etag='"one"',
        last_modified="Mon, 02 Mar 2026 08:00:00 GMT",
        discovered=found,
    )


@pytest.fixture
def frontier(engine: Engine) -> Frontier:
    return Frontier(engine, holder="one")


@pytest.fixture
def store(engine: Engine) -> Store:
    store = Store(engine)
    store.depth_limit = LIMIT
    return store


def far_page(store: Store, frontier: Frontier, *, depth: int, is_asked: bool) -> None:
    """In so many steps, by a list page."""
    push(frontier, LIST)
    store.write([page(LIST, Discovery(url=FAR, depth=depth))])
    if is_asked:
        store.write([page(FAR)])


@pytest.mark.parametrize("is_same_worker", [True, False])
def test_page_that_waits_is_as_near_as_the_shortest_way_to_it(
    engine: Engine, store: Store, frontier: Frontier, is_same_worker: bool
) -> None:
    far_page(store, frontier, depth=9, is_asked=False)
    finder = store if is_same_worker else Store(engine)

    finder.write([page(HOME, Discovery(url=FAR, depth=2)), page(f"{SITE_A}/other", Discovery(url=FAR, depth=5))])

    assert [(lease.url, lease.depth) for lease in lease_all(frontier) if lease.url == FAR] == [(FAR, 2)]


def test_page_too_far_away_is_asked_for_again_as_a_whole_once_it_is_near(
    engine: Engine, store: Store, frontier: Frontier
) -> None:
    far_page(store, frontier, depth=LIMIT, is_asked=True)
    assert page_row(engine, FAR)["due_at"] > datetime.now(UTC)

    store.write([page(HOME, Discovery(url=FAR, depth=LIMIT - 1))])

    (lease,) = (lease for lease in lease_all(frontier) if lease.url == FAR)
    assert (lease.url, lease.depth, lease.etag, lease.last_modified) == (FAR, LIMIT - 1, None, None)
    store.write([page(FAR)])
    assert page_row(engine, FAR)["etag"] == '"one"'


@pytest.mark.parametrize(
    ("first", "later"),
    [
        pytest.param(LIMIT - 1, 2, id="its-links-were-followed"),
        pytest.param(LIMIT + 2, LIMIT, id="still-too-far"),
        pytest.param(LIMIT, LIMIT + 1, id="farther"),
    ],
)
def test_page_asked_for_is_not_asked_again_where_that_brings_nothing(
    engine: Engine, store: Store, frontier: Frontier, first: int, later: int
) -> None:
    far_page(store, frontier, depth=first, is_asked=True)
    before = page_row(engine, FAR)

    store.write([page(HOME, Discovery(url=FAR, depth=later))])

    assert page_row(engine, FAR) == before
