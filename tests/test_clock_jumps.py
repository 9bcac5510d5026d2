"""A clock that was ahead for a while: what was written by it holds nothing back once it is set right."""

from datetime import timedelta

from sqlalchemy import Engine, insert, select, update

from models.engine import reading, writing
from models.tables import METADATA
from pipelines.frontier import Frontier
from tests.leasing import PAGE, SITE, SITE_A, SITE_B, lease_all, other, push, urls

CRAWL, LEASE = METADATA.tables["crawl"], METADATA.tables["lease"]
YEAR = timedelta(days=400)


def set_ahead(engine: Engine) -> None:
    """As a run leaves it that was killed while the clock was a year ahead."""
    now = Frontier(engine, holder="clock").now()
    with writing(engine) as connection:
        connection.execute(insert(CRAWL).values(spider="articles", arguments={}, started_at=now + YEAR))
        for table, column in ((SITE, "leased_until"), (LEASE, "leased_until"), (PAGE, "due_at"), (SITE, "due_at")):
            connection.execute(update(table).values({column: now + YEAR}))


def test_what_a_clock_that_was_ahead_leased_and_planned_is_leased_now(engine: Engine) -> None:
    push(Frontier(engine, holder="one"), f"{SITE_A}/1")
    lease_all(Frontier(engine, holder="one"))
    push(Frontier(engine, holder="one"), f"{SITE_B}/1")
    set_ahead(engine)

    assert sorted(urls(lease_all(other(engine)))) == [f"{SITE_A}/1", f"{SITE_B}/1"]


def test_lease_of_a_worker_that_lives_stays(engine: Engine) -> None:
    push(Frontier(engine, holder="one"), f"{SITE_A}/1")
    lease_all(Frontier(engine, holder="one"))

    assert lease_all(other(engine)) == []
    with reading(engine) as connection:
        assert connection.execute(select(LEASE.c.page_id)).scalars().all() != []


def test_page_that_was_asked_for_keeps_its_day(engine: Engine) -> None:
    frontier = Frontier(engine, holder="one")
    push(frontier, f"{SITE_A}/1")
    now = frontier.now()
    with writing(engine) as connection:
        connection.execute(update(PAGE).values(asked_at=now, due_at=now + YEAR))
        connection.execute(update(SITE).values(due_at=now + YEAR))

    assert lease_all(other(engine)) == []
