"""Many workers at once: no page is held by two of them, none is lost, whoever dies when."""

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
from tests.leasing import SITE_A, lease_all, page_row, push, run_out, urls

FETCH, PAGE = METADATA.tables["fetch"], METADATA.tables["page"]
SITES, PAGES = 6, 12
DYING = 4  # five deaths with the same page would put that into quarantine


def link(site: int, number: int) -> str:
    return f"https://site{site}.example/{number}"


def page_of(lease: Lease) -> Page:
    """Each leads to the next of its site."""
    site, _, number = lease.url.removeprefix("https://site").partition(".example/")
    following = [Discovery(url=link(int(site), int(number) + 1))] if int(number) + 1 < PAGES else []
    return Page(url=lease.url, fetched_at=datetime.now(UTC), kind=PageKind.LISTING, discovered=tuple(following))


class Worker(threading.Thread):
    """Leases, stores and gives back until nothing is left; may die once, with all it holds, and lives again."""

    def __init__(self, url: str, number: int, *, deaths: threading.Barrier | None) -> None:
        """`deaths`: nobody lives again before all have died; None where nobody dies."""
        super().__init__()
        self._engine = create_database_engine(url)
        self._number = number
        self._deaths = deaths
        self.leased: list[str] = []
        self.deaths = 0
        self.errors: list[BaseException] = []

    def run(self) -> None:
        try:
            while self._live():
                self.deaths += 1
                if self._deaths:
                    self._deaths.wait(timeout=60)
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test has failed
            self.errors.append(error)
        finally:
            self._engine.dispose()

    def _live(self) -> bool:
        """True when it has died before all was done."""
        holder = f"worker {self._number}, life {self.deaths}"
        frontier = Frontier(self._engine, holder=holder)
        store = Store(self._engine)
        while True:
            for site in frontier.lease_sites(2, sites=None):
                leases = frontier.lease_pages(site.site_id, 5)
                self.leased += urls(leases)
                if self._deaths and leases and not self.deaths:
                    # Before it has stored anything of what it holds, or in the middle.
                    store.write([page_of(lease) for lease in leases[: self._number % 3]])
                    run_out(self._engine, holder)
                    return True
                store.write([page_of(lease) for lease in leases])
                frontier.release_site(site.site_id)
            left = frontier.remaining(sites=None)
            if left.due + left.leased_here + left.leased_elsewhere == 0:
                return False
            threading.Event().wait(0.01)


def run(database_url: str, workers: int, *, deaths: threading.Barrier | None = None) -> tuple[list[Worker], Engine]:
    engine = open_database(database_url)
    push(Frontier(engine, holder="start"), *(link(site, number) for site in range(SITES) for number in (0, 6)))
    crew = [Worker(database_url, number, deaths=deaths) for number in range(workers)]
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
    crew, engine = run(database_url, 5)

    assert Counter(url for worker in crew for url in worker.leased) == dict.fromkeys(EVERY_PAGE, 1)
    assert fetches(engine) == dict.fromkeys(EVERY_PAGE, 1)


def test_workers_that_die_lose_nothing(database_url: str) -> None:
    crew, engine = run(database_url, DYING, deaths=threading.Barrier(DYING))

    assert [worker.deaths for worker in crew] == [1] * DYING
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
