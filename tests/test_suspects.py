"""Pages whose worker died while it asked for them."""

import pytest
from sqlalchemy import Engine, select

from models.tables import METADATA
from pipelines.frontier import LEASE_TRIES, Frontier
from tests.leasing import (
    SITE_A,
    acknowledge,
    lease_all,
    other,
    page_row,
    push,
    run_out,
    urls,
)

FAILURE = METADATA.tables["failure"]


@pytest.fixture
def frontier(engine: Engine) -> Frontier:
    return Frontier(engine, holder="one")


def test_what_a_dead_worker_held_comes_back_one_page_at_a_time(frontier: Frontier, engine: Engine) -> None:
    push(frontier, *(f"{SITE_A}/{number}" for number in range(3)))
    lease_all(frontier)
    push(frontier, f"{SITE_A}/new")
    run_out(engine)

    heir = other(engine)
    (site,) = heir.lease_sites(1, sites=None)
    first = heir.lease_pages(site.site_id, 10)
    second = heir.lease_pages(site.site_id, 10)

    assert sorted((lease.url, lease.attempts) for lease in first)[1:] == [(f"{SITE_A}/new", 0)]
    assert [lease.attempts for lease in first] == [1, 0]
    assert second == [], "one suspect at a time"


def test_suspect_given_back_has_not_been_tried(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/1")
    lease_all(frontier)
    for _ in range(2 * LEASE_TRIES):
        run_out(engine)
        heir = other(engine)
        (suspect,) = lease_all(heir)
        heir.give_back([suspect.page_id])
        assert suspect.attempts == 1


def test_page_that_kills_its_workers_is_quarantined_and_listed(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/killer")
    tries = 0
    while lease_all(Frontier(engine, holder=f"worker {tries}")):
        tries += 1
        run_out(engine)

    assert tries == LEASE_TRIES
    row = page_row(engine, f"{SITE_A}/killer")
    assert row["due_at"] is None
    with engine.connect() as connection:
        failure = connection.execute(select(FAILURE)).mappings().one()
    assert (failure["failure_class"], failure["url"], failure["page_id"]) == ("quarantined", row["url"], row["id"])
    assert f"recrawl {row['url']}" in failure["message"]
    left = frontier.remaining(sites=None)
    assert (left.due, left.leased_here, left.leased_elsewhere) == (0, 0, 0)


def test_quarantined_page_is_not_due_by_a_link_but_by_hand(frontier: Frontier, engine: Engine) -> None:
    push(frontier, f"{SITE_A}/killer")
    while lease_all(other(engine)):
        run_out(engine)

    push(frontier, f"{SITE_A}/killer")
    assert lease_all(frontier) == []
    push(frontier, f"{SITE_A}/killer", at_once=True)
    run_out(engine)

    assert [(lease.url, lease.attempts) for lease in lease_all(frontier)] == [(f"{SITE_A}/killer", 0)]


def test_neighbours_of_a_killer_are_not_blamed(engine: Engine) -> None:
    """Ten pages at a time; a worker that asks for the killer dies, and with it the leases of the others."""
    push(other(engine), *(f"{SITE_A}/{number}" for number in range(30)), f"{SITE_A}/killer")
    done: set[str] = set()
    for number in range(60):
        worker = Frontier(engine, holder=f"worker {number}")
        sites = worker.lease_sites(1, sites=None)
        leases = worker.lease_pages(sites[0].site_id, 10) if sites else []
        if not leases:
            break
        if not any(lease.url.endswith("killer") for lease in leases):
            acknowledge(engine, leases)
            done.update(urls(leases))
        run_out(engine)

    assert len(done) == 30
    with engine.connect() as connection:
        assert connection.execute(select(FAILURE.c.url)).scalars().all() == [f"{SITE_A}/killer"]
