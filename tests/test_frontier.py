"""The frontier: what is due is leased once, ends when it is acknowledged, and comes back when a worker dies."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text, update

from models.engine import writing
from models.items import Priority
from models.tables import METADATA
from pipelines.frontier import Frontier, LeaseLost
from tests.leasing import (
    PAGE,
    SITE,
    SITE_A,
    SITE_B,
    acknowledge,
    lease_all,
    other,
    page_row,
    push,
    run_out,
    set_pages,
    urls,
)

CHANGE = METADATA.tables["change"]


@pytest.fixture
def frontier(engine: Engine) -> Frontier:
    return Frontier(engine, holder="one")


def test_pushed_page_is_leased_with_what_is_known_of_it(frontier: Frontier) -> None:
    push(frontier, f"{SITE_A}/1?utm_source=x", priority=Priority.LIST, depth=2)

    (site,) = frontier.lease_sites(5, sites=None)
    (lease,) = frontier.lease_pages(site.site_id, 5)

    assert (site.domain, site.not_before, site.delay_seconds) == ("a.example", None, None)
    assert (lease.url, lease.priority, lease.depth, lease.attempts) == (f"{SITE_A}/1", Priority.LIST, 2, 0)
    assert (lease.etag, lease.last_modified, lease.asked_at, lease.read_at) == (None, None, None, None)


def test_what_is_leased_is_nobody_elses(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1", f"{SITE_A}/2", f"{SITE_B}/1")
    first = frontier.lease_sites(1, sites=None)

    second = other(engine).lease_sites(5, sites=None)

    assert len(first) == len(second) == 1
    assert first[0].domain != second[0].domain
    assert other(engine, holder="third").lease_sites(5, sites=None) == []


def test_page_is_handed_out_once_and_not_by_who_does_not_hold_its_site(frontier: Frontier, engine: Engine) -> None:
    push(frontier, *(f"{SITE_A}/{number}" for number in range(5)))
    (site,) = frontier.lease_sites(1, sites=None)

    batches = [frontier.lease_pages(site.site_id, 2) for _ in range(4)]

    assert [len(batch) for batch in batches] == [2, 2, 1, 0]
    assert len({lease.page_id for batch in batches for lease in batch}) == 5
    assert other(engine).lease_pages(site.site_id, 2) == []


def test_only_the_sites_named_are_leased(frontier: Frontier) -> None:
    push(frontier, f"{SITE_A}/1", f"{SITE_B}/1")

    assert [site.domain for site in frontier.lease_sites(5, sites=["b.example"])] == ["b.example"]
    assert frontier.lease_sites(5, sites=[]) == []


def test_urgent_pages_come_first_and_then_the_longest_due(frontier: Frontier, engine: Engine) -> None:
    for name, priority in (("revisit", 3), ("new", 2), ("later", 1), ("list", 1), ("waited-for", 0)):
        push(frontier, f"{SITE_A}/{name}", priority=Priority(priority))
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    with writing(engine) as connection:
        connection.execute(update(PAGE).where(PAGE.c.url == f"{SITE_A}/list").values(due_at=an_hour_ago))

    found = urls(lease_all(frontier))

    assert [url.rpartition("/")[2] for url in found] == ["waited-for", "list", "later", "new", "revisit"]


def test_page_that_was_asked_for_is_not_due_by_a_link_but_at_once_by_hand(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1")
    set_pages(engine, due_at=None, asked_at=datetime.now(UTC))

    push(frontier, f"{SITE_A}/1")
    by_link = page_row(engine, f"{SITE_A}/1")
    push(frontier, f"{SITE_A}/1", at_once=True, priority=Priority.URGENT)
    by_hand = page_row(engine, f"{SITE_A}/1")

    assert by_link["due_at"] is None
    assert by_hand["due_at"] is not None
    assert by_hand["priority"] == Priority.URGENT


def test_page_that_is_due_already_does_not_lose_its_place(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1", priority=Priority.LIST, depth=1)
    before = page_row(engine, f"{SITE_A}/1")

    push(frontier, f"{SITE_A}/1", at_once=True, priority=Priority.REVISIT, depth=5)

    assert page_row(engine, f"{SITE_A}/1") == before


def test_nothing_of_the_frontier_is_recorded_as_a_change(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1", f"{SITE_A}/2")
    with engine.connect() as connection:
        before = connection.execute(select(CHANGE.c.table_name, CHANGE.c.op)).all()

    push(frontier, f"{SITE_A}/1", at_once=True)
    (site,) = frontier.lease_sites(1, sites=None)
    frontier.renew()
    frontier.give_back(lease.page_id for lease in frontier.lease_pages(site.site_id, 2))
    frontier.release_site(site.site_id, delay_seconds=1.0)

    with engine.connect() as connection:
        after = connection.execute(select(CHANGE.c.table_name, CHANGE.c.op)).all()
    assert sorted(map(tuple, before)) == [("page", "insert"), ("page", "insert"), ("site", "insert")]
    assert after == before


def test_renewed_leases_do_not_run_out(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1")
    lease_all(frontier)
    run_out(engine)

    frontier.renew()

    assert lease_all(other(engine)) == []
    assert frontier.remaining(sites=None).leased_here == 1


def test_who_was_silent_for_too_long_is_told_which_sites_are_lost(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1", f"{SITE_B}/1")
    leases = lease_all(frontier)
    with writing(engine) as connection:
        taken = update(SITE).where(SITE.c.domain == "a.example").values(lease_holder="other")
        connection.execute(taken)

    with pytest.raises(LeaseLost) as lost:
        frontier.renew()
    frontier.renew()

    assert lost.value.site_ids == {lease.site_id for lease in leases if lease.url.startswith(SITE_A)}


def test_what_is_given_back_is_due_as_before_and_no_suspect(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1", f"{SITE_A}/2")
    before = page_row(engine, f"{SITE_A}/1")
    (site,) = frontier.lease_sites(1, sites=None)
    leases = frontier.lease_pages(site.site_id, 2)

    frontier.give_back(lease.page_id for lease in leases)

    assert page_row(engine, f"{SITE_A}/1") == before
    again = frontier.lease_pages(site.site_id, 2)
    assert [(lease.url, lease.attempts) for lease in again] == [(lease.url, 0) for lease in leases]


def test_site_given_back_is_due_when_its_next_page_is(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1")
    (lease,) = lease_all(frontier)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    acknowledge(engine, [lease])
    set_pages(engine, due_at=tomorrow)

    frontier.release_site(lease.site_id)

    assert frontier.lease_sites(1, sites=None) == []
    left = frontier.remaining(sites=None)
    assert (left.due, left.leased_here, left.next_due_at) == (0, 0, tomorrow)


def test_site_given_back_with_a_page_under_way_is_not_leased_for_nothing(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1")
    (lease,) = lease_all(frontier)

    frontier.release_site(lease.site_id)

    assert other(engine).lease_sites(1, sites=None) == []
    left = other(engine).remaining(sites=None)
    assert (left.due, left.leased_here, left.leased_elsewhere) == (0, 0, 1)
    assert left.next_due_at is not None
    assert left.next_due_at > datetime.now(UTC), "when the lease of its page runs out"


def test_site_is_not_leased_before_its_delay_is_over(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1", f"{SITE_A}/2")
    (site,) = frontier.lease_sites(1, sites=None)
    soon = datetime.now(UTC) + timedelta(hours=1)
    frontier.release_site(site.site_id, not_before=soon, delay_seconds=2.5)
    early = other(engine).lease_sites(1, sites=None)
    left = other(engine).remaining(sites=["a.example"])
    with writing(engine) as connection:
        connection.execute(update(SITE).values(not_before=datetime.now(UTC)))

    (late,) = other(engine).lease_sites(1, sites=None)

    assert early == []
    assert (left.due, left.next_due_at) == (2, soon)
    assert late.delay_seconds == 2.5


def test_site_that_asked_for_more_time_has_it_whatever_its_delay(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1")
    (site,) = frontier.lease_sites(1, sites=None)
    later = datetime.now(UTC) + timedelta(hours=1)
    with writing(engine) as connection:
        connection.execute(update(SITE).values(not_before=later))

    frontier.release_site(site.site_id, not_before=datetime.now(UTC))

    assert frontier.remaining(sites=None).next_due_at == later


def test_what_remains_is_counted_within_its_scope(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1", f"{SITE_A}/2", f"{SITE_B}/1")
    (site,) = frontier.lease_sites(1, sites=["a.example"])
    frontier.lease_pages(site.site_id, 1)

    here, there = frontier.remaining(sites=["a.example"]), other(engine).remaining(sites=None)

    assert (here.due, here.leased_here, here.leased_elsewhere) == (1, 1, 0)
    assert (there.due, there.leased_here, there.leased_elsewhere) == (2, 0, 1)
    assert frontier.remaining(sites=[]).next_due_at is None


def test_next_site_is_found_behind_many_that_wait(frontier: Frontier, engine: Engine) -> None:
    push(frontier, *(f"https://site{number}.example/" for number in range(150)))
    soon = datetime.now(UTC) + timedelta(minutes=5)
    with writing(engine) as connection:
        connection.execute(update(SITE).values(not_before=soon + timedelta(hours=1)))
        connection.execute(update(SITE).where(SITE.c.domain == "site149.example").values(not_before=None, due_at=soon))

    left = frontier.remaining(sites=None)

    assert left.due == 149
    assert left.next_due_at == soon


def test_url_that_can_name_no_page_is_passed_over(frontier: Frontier) -> None:
    push(frontier, "mailto:editor@a.example", "http://[", at_once=True)

    assert lease_all(frontier) == []


def test_time_is_that_of_the_database(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no clock of its own")
    with engine.connect() as connection:
        before = connection.execute(text("SELECT clock_timestamp()")).scalar_one()

    assert before < Frontier(engine, holder="one").now() < before + timedelta(minutes=1)
