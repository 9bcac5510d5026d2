"""`kill -9` of one of several workers, again and again: which pages are lost, stored twice, asked for once too often.

    python -m tests.benchmarks.frontier_kills postgresql --kills 100 --workers 4
    python -m tests.benchmarks.frontier_kills sqlite --kills 100
    python -m tests.benchmarks.frontier_kills postgresql --also http://127.0.0.1:8101/ http://127.0.0.1:8102/

A site of our own of many pages, one answer in ten an error or none; and others that are served already. The workers are
`scrapy work --follow`. One of them is killed at a random moment and another takes its place, until all kills are done
and nothing is left to ask for. What failed is asked for once more, as it would be in an hour. Then the pages stored are
compared with those of the site. Refetched: answers of our site beyond the first of a page; those of a killed worker may
be, which are all that it had leased.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, func, select, text, update

from models.engine import open_database, writing
from models.identity import page_url
from models.items import Discovery, Priority
from models.tables import METADATA
from pipelines.frontier import Frontier
from tests.benchmarks.sync_kills import two_databases
from tests.benchmarks.wide_site import WideSite, served

SITE, PAGE, LEASE, FETCH, FAILURE = (METADATA.tables[name] for name in ("site", "page", "lease", "fetch", "failure"))
LEASE_SECONDS = 6.0
_QUICK = (
    *("-s", "AUTOTHROTTLE_ENABLED=False", "-s", "DOWNLOAD_DELAY=0", "-s", "PROGRESS_ENABLED=False"),
    *("-s", f"FRONTIER_LEASE_SECONDS={LEASE_SECONDS}", "-s", "RETRY_TIMES=1", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"),
)
# Those that pass by themselves: asked for again in an hour, here at once.
_PASSING = ("server_error", "connection_lost", "timeout", "unreachable", "incomplete", "rate_limited")
_TIMES_FAILED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    kills: int
    pages: int
    """Of our own site."""
    fetches: int
    """Of all sites."""
    lost: int
    stored_twice: int
    """Versions that say what the one before says; and pages of which two requests say that they stored them."""
    refetched: int
    leased_when_killed: int
    quarantined: int


class Crew:
    """So many workers at any time."""

    def __init__(self, database_url: str, count: int) -> None:
        ours = {"TRIPTYCH_ARCHIVE": "", "TRIPTYCH_ADDRESSES_ALLOWED": "127.0.0.1:*"}  # the sites are on this machine
        self._environment = {**os.environ, "TRIPTYCH_DATABASE_URL": database_url, **ours}
        self._count = count
        self._workers: list[subprocess.Popen[bytes]] = []
        self._failed = 0

    def keep(self) -> None:
        """Raises RuntimeError where workers end by themselves, which they should not."""
        self._failed += sum(worker.poll() not in (None, -signal.SIGKILL) for worker in self._workers)
        if self._failed > self._count:
            raise RuntimeError("workers end by themselves; see why with: scrapy work --follow")
        self._workers = [worker for worker in self._workers if worker.poll() is None]
        while len(self._workers) < self._count:
            command = [sys.executable, "-m", "scrapy", "work", "--follow", *_QUICK]
            quiet = subprocess.DEVNULL
            self._workers.append(subprocess.Popen(command, env=self._environment, stdout=quiet, stderr=quiet))

    def holding(self, engine: Engine) -> list[subprocess.Popen[bytes]]:
        """Workers that have leased a site."""
        with engine.connect() as connection:
            holders = connection.execute(select(SITE.c.lease_holder).where(SITE.c.lease_holder.is_not(None))).scalars()
            pids = {pid_of(holder) for holder in holders}
        return [worker for worker in self._workers if worker.pid in pids and worker.poll() is None]

    def end(self) -> None:
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            worker.wait(timeout=60)


def pid_of(holder: str) -> int:
    """A holder is HOST:PID:RANDOM."""
    return int(holder.split(":")[1])


def torment(database_url: str, *, site: WideSite, kills: int, workers: int, also: Sequence[str] = ()) -> Verdict:
    engine = open_database(database_url)
    chance = random.Random(1)  # noqa: S311  # the same moments in every run
    leased: list[int] = []
    with served(site) as home:
        first = [Discovery(url=url, priority=Priority.LIST) for url in (home, *also)]
        Frontier(engine, holder="::start").push(first, at_once=True)
        crew = Crew(database_url, workers)
        try:
            for number in range(kills):
                wait_for_worker(crew, engine, site)
                time.sleep(chance.uniform(0, 2))
                leased.append(kill_one(crew, engine, chance))
                if number % 10 == 9:
                    print(f"{number + 1} kills, {count(engine, FETCH):,} fetches", flush=True)
            _finish(crew, engine)
        finally:
            crew.end()
    site.begin_again()
    verdict = _judge(engine, site, home, leased)
    engine.dispose()
    return verdict


def wait_for_worker(crew: Crew, engine: Engine, site: WideSite) -> None:
    """Till somebody holds something; when nothing is left, everything is asked for once more."""
    while True:
        crew.keep()
        if crew.holding(engine):
            return
        if is_done(engine):
            site.begin_again()
            ask_again(engine, None)
        time.sleep(0.1)


def kill_one(crew: Crew, engine: Engine, chance: random.Random) -> int:
    """How many pages it had leased: first it is stopped, so that these are what it dies with."""
    holding = crew.holding(engine)
    if not holding:
        return 0
    victim = chance.choice(holding)
    victim.send_signal(signal.SIGSTOP)
    with engine.connect() as connection:
        holders = list(connection.execute(select(LEASE.c.lease_holder)).scalars())
    victim.kill()
    victim.wait()
    return sum(pid_of(holder) == victim.pid for holder in holders)


def _finish(crew: Crew, engine: Engine) -> None:
    for _ in range(_TIMES_FAILED):
        while not is_done(engine):
            crew.keep()
            time.sleep(0.5)
        if not ask_again(engine, _PASSING):
            return


def is_done(engine: Engine) -> bool:
    left = Frontier(engine, holder="::looking").remaining(sites=None)
    return not (left.due or left.leased_elsewhere)


def ask_again(engine: Engine, failures: Sequence[str] | None) -> int:
    """Pages whose last request failed so, or all: due now."""
    last = select(func.max(FETCH.c.id)).group_by(FETCH.c.page_id)
    chosen = select(FETCH.c.page_id).where(FETCH.c.id.in_(last))
    if failures is not None:
        chosen = chosen.where(FETCH.c.failure_class.in_(failures))
    now = Frontier(engine, holder="::looking").now()
    with writing(engine) as connection:
        asked = connection.execute(update(PAGE).where(PAGE.c.id.in_(chosen), PAGE.c.due_at > now).values(due_at=now))
        sites = select(PAGE.c.site_id).where(PAGE.c.due_at <= now)
        connection.execute(update(SITE).where(SITE.c.id.in_(sites), SITE.c.due_at > now).values(due_at=now))
        return asked.rowcount


def _judge(engine: Engine, site: WideSite, home: str, leased: Sequence[int]) -> Verdict:
    wanted = {page_url(home.rstrip("/") + site.path(number)) for number in range(site.pages)}
    with engine.connect() as connection:
        read = set(connection.execute(select(PAGE.c.url).where(PAGE.c.read_at.is_not(None))).scalars())
        twice = connection.execute(text(_STORED_TWICE)).scalar_one()
        quarantined = connection.execute(
            text("SELECT count(*) FROM failure WHERE failure_class = 'quarantined'")
        ).scalar_one()
    return Verdict(
        kills=len(leased),
        pages=site.pages,
        fetches=count(engine, FETCH),
        lost=len(wanted - read),
        stored_twice=twice,
        refetched=site.refetched,
        leased_when_killed=sum(leased),
        quarantined=quarantined,
    )


_STORED_TWICE = """
    SELECT (SELECT count(*) FROM article_version AS one
            JOIN article_version AS later ON later.article_id = one.article_id
            AND later.number = one.number + 1 AND later.content_hash = one.content_hash)
         + (SELECT count(*) FROM (SELECT page_id FROM "fetch" WHERE outcome = 'stored' GROUP BY page_id
            HAVING count(*) > 1) AS twice)"""


def count(engine: Engine, table: object) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]  # a Table


@contextmanager
def database(dialect: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, two_databases(dialect, Path(folder)) as (url, _):
        yield url


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dialect", choices=("sqlite", "postgresql"))
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--workers", type=int, default=4, help="SQLite has one")
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--fault-rate", type=float, default=0.1)
    parser.add_argument(
        "--also", nargs="+", metavar="URL", default=[], help="home pages of sites that are served already"
    )
    options = parser.parse_args(arguments)
    workers = 1 if options.dialect == "sqlite" else options.workers
    site = WideSite(options.pages, options.fault_rate)
    with database(options.dialect) as url:
        verdict = torment(url, site=site, kills=options.kills, workers=workers, also=options.also)
    print(verdict)
    return 0 if verdict.lost == verdict.stored_twice == 0 and verdict.refetched <= verdict.leased_when_killed else 1


if __name__ == "__main__":
    sys.exit(main())
