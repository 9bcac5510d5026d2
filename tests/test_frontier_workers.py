"""Many workers at once: no page is held by two of them, none is lost, whoever dies when."""

import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from sqlalchemy import Engine, func, select

from models.engine import create_database_engine, open_database
from models.items import Discovery, Page, PageKind
from models.tables import METADATA
from pipelines.frontier import Frontier, Lease
from pipelines.store import Store, clock
from tests.leasing import SITE_A, lease_all, page_row, push, urls

FETCH, PAGE = METADATA.tables["fetch"], METADATA.tables["page"]
SITES, PAGES = 6, 12
DEATHS = 2  # of one worker: five with the same page would put that into quarantine


def link(site: int, number: int) -> str:
    return f"https://site{site}.example/{number}"


def page_of(lease: Lease) -> Page:
    """Each leads to the next of its site."""
    site, _, number = lease.url.removeprefix("https://site").partition(".example/")
    following = [Discovery(url=link(int(site), int(number) + 1))] if int(number) + 1 < PAGES else []
    return Page(url=lease.url, fetched_at=datetime.now(UTC), kind=PageKind.LISTING, discovered=tuple(following))


class Worker(threading.Thread):
    """Leases, stores and gives back until nothing is left; may die at any moment, with all it holds."""

    def __init__(self, url: str, number: int, *, chance_of_death: float, lease_seconds: float) -> None:
        super().__init__()
        self._engine = create_database_engine(url)
        self._chance = random.Random(number)  # noqa: S311  # the same deaths each time
        self._chance_of_death = chance_of_death
        self._holder = f"worker {number}"
        self._lease_seconds = lease_seconds
        self.leased: list[str] = []
        self.deaths = 0
        self.errors: list[BaseException] = []

    def run(self) -> None:
        try:
            while self._live():
                self.deaths += 1
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test has failed
            self.errors.append(error)
        finally:
            self._engine.dispose()

    def _live(self) -> bool:
        """True when it has died before all was done."""
        holder = f"{self._holder}, life {self.deaths}"
        frontier = Frontier(self._engine, holder=holder, lease_seconds=self._lease_seconds)
        store = Store(self._engine)
        while True:
            for site in frontier.lease_sites(2, sites=None):
                leases = frontier.lease_pages(site.site_id, 5)
                self.leased += urls(leases)
                if self.deaths < DEATHS and self._chance.random() < self._chance_of_death:
                    return True
                store.write([page_of(lease) for lease in leases])
                frontier.release_site(site.site_id)
            left = frontier.remaining(sites=None)
            if left.due + left.leased_here + left.leased_elsewhere == 0:
                return False
            threading.Event().wait(0.01)


def run(
    database_url: str, workers: int, *, chance_of_death: float, lease_seconds: float
) -> tuple[list[Worker], Engine]:
    engine = open_database(database_url)
    push(Frontier(engine, holder="start"), *(link(site, number) for site in range(SITES) for number in (0, 6)))
    crew = [
        Worker(database_url, number, chance_of_death=chance_of_death, lease_seconds=lease_seconds)
        for number in range(workers)
    ]
    for worker in crew:
        worker.start()
    for worker in crew:
        worker.join()
    assert [error for worker in crew for error in worker.errors] == []
    return crew, engine


def fetches(engine: Engine) -> Counter[str]:
    counted = select(PAGE.c.url, func.count()).join(FETCH, FETCH.c.page_id == PAGE.c.id).group_by(PAGE.c.url)
    with engine.connect() as connection:
        found = Counter({row[0]: row[1] for row in connection.execute(counted)})
    engine.dispose()
    return found


EVERY_PAGE = {link(site, number) for site in range(SITES) for number in range(PAGES)}


def test_no_page_is_handed_out_twice_and_each_is_fetched_once(database_url: str) -> None:
    crew, engine = run(database_url, 5, chance_of_death=0, lease_seconds=60)

    assert Counter(url for worker in crew for url in worker.leased) == dict.fromkeys(EVERY_PAGE, 1)
    assert fetches(engine) == dict.fromkeys(EVERY_PAGE, 1)


def test_workers_that_die_lose_nothing(database_url: str) -> None:
    crew, engine = run(database_url, 4, chance_of_death=0.3, lease_seconds=0.5)

    assert sum(worker.deaths for worker in crew) > DEATHS
    assert fetches(engine).keys() == EVERY_PAGE


def test_worker_whose_clock_is_wrong_neither_waits_nor_asks_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("workers on several machines need PostgreSQL")
    ahead = timedelta(hours=3)

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Ahead":
            return super().now(tz) + ahead

    frontier = Frontier(engine, holder="one")
    since = frontier.now()
    monkeypatch.setattr(clock, "datetime", Ahead)
    store = Store(engine, revisit_since=since)
    found = (Discovery(url=f"{SITE_A}/new"), Discovery(url=f"{SITE_A}/"))

    store.write([Page(url=f"{SITE_A}/", fetched_at=Ahead.now(UTC), kind=PageKind.LISTING, discovered=found)])

    assert since < page_row(engine, f"{SITE_A}/")["asked_at"] < since + timedelta(minutes=1)
    assert urls(lease_all(frontier)) == [f"{SITE_A}/new"]
