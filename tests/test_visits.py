"""What the store does to the frontier: an end of a request ends its lease, and its links are followed, all at once."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select

from models.items import (
    Article,
    Block,
    BlockType,
    Discovery,
    Failure,
    FailureClass,
    Item,
    NotModified,
    Outlink,
    OutlinkKind,
    Page,
    PageKind,
    Priority,
)
from models.tables import METADATA
from pipelines.digest import database_digest
from pipelines.frontier import Frontier
from pipelines.store import Store
from tests.leasing import SITE_A, SITE_B, lease_all, page_row, push, run_out, urls

NOW = datetime.now(UTC)
HOME, FIRST, SECOND = f"{SITE_A}/", f"{SITE_A}/1", f"{SITE_A}/2"
ARTICLE = Article(headline="港口", blocks=(Block(type=BlockType.PARAGRAPH, text="岸桥的远程操作。" * 9),))


@pytest.fixture
def frontier(engine: Engine) -> Frontier:
    return Frontier(engine, holder="one")


def page(url: str, *links: str, at: datetime = NOW, **facts: Any) -> Page:
    found = tuple(Discovery(url=link, depth=1) for link in links)
    known: Mapping[str, Any] = {"kind": PageKind.LISTING, "status": 200, "discovered": found}
    return Page(**{"url": url, "canonical_url": url, "fetched_at": at, **known, **facts})


def failure(url: str, failure_class: FailureClass, *, at: datetime = NOW, **facts: Any) -> Failure:
    return Failure(url=url, failure_class=failure_class, message="no", occurred_at=at, stage="download", **facts)


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(METADATA.tables[table])).scalar_one()


def site_row(engine: Engine, domain: str = "a.example") -> Any:
    site = METADATA.tables["site"]
    with engine.connect() as connection:
        return connection.execute(select(site).where(site.c.domain == domain)).mappings().one()


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(page(HOME), id="page"),
        pytest.param(NotModified(url=HOME, fetched_at=NOW), id="not-modified"),
        pytest.param(NotModified(url=HOME, fetched_at=NOW, target_url=FIRST), id="redirect"),
        pytest.param(page(FIRST, requested_url=HOME), id="redirect-followed"),
        pytest.param(page(HOME, canonical_url=f"{SITE_B}/"), id="name-of-another-page"),
        pytest.param(failure(HOME, FailureClass.TIMEOUT), id="failure"),
        pytest.param(failure(HOME, FailureClass.GONE), id="gone"),
        pytest.param(failure(HOME, FailureClass.REFUSED_ROBOTS), id="refused"),
    ],
)
def test_every_end_of_a_request_ends_the_lease_of_its_page(engine: Engine, frontier: Frontier, item: Item) -> None:
    push(frontier, HOME)
    (lease,) = lease_all(frontier)

    Store(engine).write([item])

    assert count(engine, "lease") == 0
    row = page_row(engine, HOME)
    assert row["asked_at"] == NOW
    assert row["due_at"] is None or row["due_at"] > NOW
    assert frontier.lease_pages(lease.site_id, 5) == []


def test_pages_that_a_page_leads_to_are_due_at_once_and_others_are_not(engine: Engine, frontier: Frontier) -> None:
    links = (Outlink(url=f"{SITE_B}/x", text="x", kind=OutlinkKind.EXTERNAL),)
    Store(engine).write([page(HOME, FIRST, SECOND, outlinks=links)])

    leases = lease_all(frontier)

    assert sorted(urls(leases)) == [FIRST, SECOND]
    assert {(lease.priority, lease.depth) for lease in leases} == {(Priority.NEW, 1)}
    assert page_row(engine, f"{SITE_B}/x")["due_at"] is None
    assert site_row(engine, "b.example")["due_at"] is None


def test_page_known_from_a_link_becomes_due_when_it_is_discovered(engine: Engine, frontier: Frontier) -> None:
    links = (Outlink(url=FIRST, text="x", kind=OutlinkKind.INTERNAL),)
    store = Store(engine)
    store.write([page(HOME, outlinks=links)])

    store.write([page(f"{HOME}feed", FIRST)])

    assert urls(lease_all(frontier)) == [FIRST]


def test_page_asked_for_before_is_not_due_again_by_a_link(engine: Engine, frontier: Frontier) -> None:
    store = Store(engine)
    store.write([page(FIRST)])
    before = page_row(engine, FIRST)

    store.write([page(HOME, FIRST)])
    Store(engine).write([page(HOME, FIRST)])

    assert page_row(engine, FIRST) == before
    assert lease_all(frontier) == []


def test_run_that_asks_for_all_makes_each_page_due_once(engine: Engine, frontier: Frontier) -> None:
    Store(engine).write([page(HOME, at=NOW - timedelta(days=1)), page(FIRST, at=NOW - timedelta(days=1))])
    store = Store(engine, revisit_since=NOW - timedelta(hours=1))

    store.write([page(HOME, HOME, FIRST)])
    due = urls(lease_all(frontier))
    store.write([page(FIRST, HOME, FIRST)])
    Store(engine, revisit_since=NOW - timedelta(hours=1)).write([page(SECOND, HOME, FIRST)])

    assert due == [FIRST], "the page itself has been asked for by now"
    assert lease_all(frontier) == []
    assert frontier.remaining(sites=None).due == 0


def test_links_of_pages_that_are_settled_cost_no_look_at_the_database(engine: Engine) -> None:
    store = Store(engine)
    links = [f"{SITE_A}/{number}" for number in range(50)]
    store.write([page(HOME, *links)])
    statements: list[str] = []
    looks = len([each for each in written(engine, store, page(f"{HOME}b"), statements) if "asked_at" in each])

    again = len([each for each in written(engine, store, page(f"{HOME}c", *links), statements) if "asked_at" in each])

    assert again == looks


def written(engine: Engine, store: Store, item: Item, statements: list[str]) -> list[str]:
    """The statements of storing it."""
    statements.clear()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    store.write([item])
    event.remove(engine, "before_cursor_execute", note)
    return list(statements)


def test_page_that_the_database_refuses_does_not_take_its_links_along(engine: Engine, frontier: Frontier) -> None:
    fail_next_commit(engine)

    (stored,) = Store(engine, retry_seconds=0.1).write([page(HOME, FIRST)]).stored

    assert stored.failure is not None
    assert stored.failure.failure_class is FailureClass.STORAGE
    assert urls(lease_all(frontier)) == [FIRST]


def fail_next_commit(engine: Engine) -> None:
    failed: list[bool] = []

    @event.listens_for(engine, "commit")
    def refuse(_connection: Any) -> None:
        if not failed:
            failed.append(True)
            raise ValueError("refused")


def test_page_announced_as_modified_is_asked_for_sooner(engine: Engine) -> None:
    store = Store(engine)
    long_ago = NOW - timedelta(days=20)
    store.write([page(FIRST, at=long_ago, kind=PageKind.ARTICLE, articles=(ARTICLE,))])
    store.write([NotModified(url=FIRST, fetched_at=long_ago + timedelta(days=19, hours=12))])
    before = page_row(engine, FIRST)
    told = Discovery(url=FIRST, modified_at=NOW - timedelta(minutes=1))

    store.write([page(f"{HOME}sitemap.xml", kind=PageKind.SITEMAP, discovered=(told,))])

    after = page_row(engine, FIRST)
    assert after["due_at"] < before["due_at"]
    assert after["announced_at"] == told.modified_at


def test_failure_that_may_pass_is_asked_for_again_later_and_later(engine: Engine) -> None:
    store = Store(engine)
    waits = []
    for number in range(3):
        store.write([failure(HOME, FailureClass.TIMEOUT, at=NOW + timedelta(minutes=number))])
        row = page_row(engine, HOME)
        waits.append(row["due_at"] - row["asked_at"])

    assert waits == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=4)]


def test_server_that_names_a_time_is_not_asked_before_it(engine: Engine) -> None:
    later = NOW + timedelta(hours=5)

    Store(engine).write([failure(HOME, FailureClass.RATE_LIMITED, retry_at=later)])

    assert page_row(engine, HOME)["due_at"] == later


def test_page_gone_twice_is_gone_with_its_articles_and_stays_stored(engine: Engine) -> None:
    store = Store(engine)
    store.write([page(FIRST, at=NOW - timedelta(days=3), kind=PageKind.ARTICLE, articles=(ARTICLE,))])
    store.write([failure(FIRST, FailureClass.GONE, at=NOW - timedelta(days=1))])
    first = page_row(engine, FIRST)
    shown = articles(engine)
    store.write([failure(FIRST, FailureClass.GONE)])

    assert first["due_at"] == NOW, "a second look after a day"
    assert [row["gone_at"] for row in shown] == [None]
    assert page_row(engine, FIRST)["due_at"] is None
    assert [row["gone_at"] for row in articles(engine)] == [NOW]


def articles(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(METADATA.tables["article"])).mappings())


def test_site_is_due_with_the_first_of_its_pages(engine: Engine) -> None:
    store = Store(engine)
    store.write([failure(HOME, FailureClass.TIMEOUT)])
    in_an_hour = site_row(engine)["due_at"]

    store.write([page(FIRST, SECOND)])

    assert in_an_hour == NOW + timedelta(hours=1)
    assert site_row(engine)["due_at"] == NOW


def test_pages_read_again_from_the_archive_change_nothing_of_the_frontier(engine: Engine, frontier: Frontier) -> None:
    push(frontier, HOME)
    (lease,) = lease_all(frontier)
    before = page_row(engine, HOME)

    Store(engine, records_fetches=False).write([page(HOME, FIRST)])

    after = page_row(engine, HOME)
    assert [after[name] for name in ("asked_at", "due_at")] == [before[name] for name in ("asked_at", "due_at")]
    assert count(engine, "lease") == 1
    assert page_row(engine, FIRST)["due_at"] is None
    assert lease.url == HOME


def test_late_acknowledgement_ends_the_lease_of_whoever_has_it_now(engine: Engine, frontier: Frontier) -> None:
    """The page has been fetched: the other worker's fetch of it is one too many, and a third would be worse."""
    push(frontier, HOME)
    lease_all(frontier)
    run_out(engine)
    heir = Frontier(engine, holder="heir")
    (again,) = lease_all(heir)

    Store(engine).write([page(HOME)])
    heir.renew()

    assert again.url == HOME
    assert heir.remaining(sites=None).leased_here == 0
    run_out(engine)
    assert lease_all(Frontier(engine, holder="third")) == []


def test_visits_that_find_nothing_new_leave_the_digest_as_it_is(engine: Engine) -> None:
    """What the frontier knows differs from crawl to crawl, and is in no digest."""
    store = Store(engine)
    store.write([page(HOME, FIRST), page(FIRST)])
    before = database_digest(engine)

    store.write([failure(FIRST, FailureClass.TIMEOUT), NotModified(url=HOME, fetched_at=NOW + timedelta(days=1))])

    assert database_digest(engine) == before
