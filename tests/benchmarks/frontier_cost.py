"""What the frontier costs, however many pages it holds.

    python -m tests.benchmarks.frontier_cost postgresql
    python -m tests.benchmarks.frontier_cost sqlite --rows 10000 1000000 10000000

For each size a database of so many pages, a thousandth of them sites, a tenth of the pages due. A round leases 16 pages
of a site, stores their requests as ended with one new link each, pushes as many new URLs, gives the site back, and
looks what remains. Rounds of all sizes alternate, so that whatever else the machine does falls on all. CPU is that of
client and server.
"""

import argparse
import statistics
import sys
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, text

from models.engine import create_database_engine, open_database
from models.items import Discovery, NotModified
from pipelines.frontier import Frontier
from pipelines.store import Store
from tests.benchmarks.write_speed import Database, databases

LEASED = 16
_NUMBERS = {
    "postgresql": "generate_series(CAST(:first AS int), CAST(:last AS int)) AS n",
    "sqlite": "(WITH RECURSIVE n(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM n WHERE n < :last) SELECT n FROM n)",
}
_MOMENT = {
    "postgresql": "now() + ({}) * interval '1 second'",
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', 'now', ({}) || ' seconds')",
}
_HASH = {
    "postgresql": "decode(md5(n::text), 'hex')",
    "sqlite": "randomblob(16)",
}
_AT_ONCE = 200_000


def fill(engine: Engine, rows: int) -> None:
    """Pages as crawls leave them, by the database itself. Of each ten, one is due, one was never asked for."""
    dialect, sites = engine.dialect.name, max(10, rows // 1000)
    moment = _MOMENT[dialect].format
    site = f"""
        INSERT INTO site (id, domain, first_seen_at, due_at)
        SELECT n, 'site' || n || '.example', {moment("-86400")}, {moment("-n % 3600")} FROM {_NUMBERS[dialect]}
    """  # noqa: S608  # our own text
    page = f"""
        INSERT INTO page (id, site_id, url, url_hash, first_seen_at, fetched_at, status, title, asked_at, due_at,
                          priority, depth, interval_seconds, etag)
        SELECT n, n % :sites + 1, 'https://site' || (n % :sites + 1) || '.example/2026/11/an-article-' || n || '.html',
               {_HASH[dialect]}, {moment("-86400")}, {moment("-3600")}, 200, 'The headline of article ' || n,
               {moment("-3600")}, CASE WHEN n / :sites % 10 = 0 THEN {moment("-n % 3000")}
               WHEN n / :sites % 10 < 9 THEN {moment("86400 + n % 1000000")} END,
               CASE WHEN n / :sites % 50 = 0 THEN 1 WHEN n / :sites % 20 = 0 THEN 2 ELSE 3 END, 2, 86400, '"abc"'
        FROM {_NUMBERS[dialect]}
    """  # noqa: S608  # our own text
    with engine.begin() as connection:
        if dialect == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text(site), {"first": 1, "last": sites})
        for first in range(1, rows + 1, _AT_ONCE):
            last = min(first + _AT_ONCE - 1, rows)
            connection.execute(text(page), {"first": first, "last": last, "sites": sites})
    _settle(engine, rows, sites)


def _settle(engine: Engine, rows: int, sites: int) -> None:
    """Sequences go on behind the rows; planners know them; what was written is on disk."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            return
        connection.execute(text("SET statement_timeout = 0"))
        for name, last in (("page", rows), ("site", sites)):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})"))
            connection.execute(text(f"VACUUM (FREEZE, ANALYZE) {name}"))
        connection.execute(text("CHECKPOINT"))


class _Frontier:
    """Of one size."""

    def __init__(self, database: Database, rows: int) -> None:
        self.rows = rows
        self._database = database
        fill(open_database(database.url), rows)
        engine = create_database_engine(database.url)
        self._frontier = Frontier(engine, holder=uuid.uuid4().hex)
        self._store = Store(engine)
        names = ("lease", "acknowledge", "push", "give back", "look")
        self.spent: dict[str, list[float]] = {name: [] for name in names}
        self.pages = 0

    def run(self) -> None:
        (site,) = self._timed("lease", lambda: self._frontier.lease_sites(1, sites=None))
        leases = self._timed("lease", lambda: self._frontier.lease_pages(site.site_id, LEASED), more=True)
        ended = [self._ended(lease.url) for lease in leases]
        self._timed("acknowledge", lambda: self._store.write(ended))
        pushed = [Discovery(url=f"{lease.url}?push={uuid.uuid4().hex}") for lease in leases]
        self._timed("push", lambda: self._frontier.push(pushed, at_once=False))
        self._timed("give back", lambda: self._frontier.release_site(site.site_id))
        self._timed("look", lambda: self._frontier.remaining(sites=None))
        self.pages += len(leases)

    def _ended(self, url: str) -> NotModified:
        found = Discovery(url=f"{url}?new={uuid.uuid4().hex}")
        return NotModified(url=url, fetched_at=datetime.now(UTC), discovered=(found,))

    def _timed(self, name: str, act: Any, *, more: bool = False) -> Any:
        server = self._database.server_seconds()  # outside of what is measured: to ask costs more than many an act
        begun = time.process_time()
        result = act()
        spent = time.process_time() - begun + self._database.server_seconds() - server
        if more:
            self.spent[name][-1] += spent
        else:
            self.spent[name].append(spent)
        return result


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.frontier_cost", description=(__doc__ or "").split("\n\n", 1)[0]
    )
    parser.add_argument("dialect", choices=("sqlite", "postgresql"))
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args(arguments)
    with databases(options.dialect) as make:
        frontiers = []
        for rows in sorted(options.rows):
            begun = time.monotonic()
            frontiers.append(_Frontier(make(f"of_{rows}"), rows))
            print(f"{rows:>12,} pages made in {time.monotonic() - begun:.0f} s", flush=True)
        _rounds(frontiers, options.rounds)
    return 0


def _rounds(frontiers: Sequence[_Frontier], rounds: int) -> None:
    for _ in range(rounds):
        for frontier in frontiers:
            frontier.run()
    print(f"ms of CPU a page: mean of {rounds} rounds (times that of the smallest)")
    names = list(frontiers[0].spent)
    print(f"{'pages':>12}" + "".join(f"{name:>20}" for name in (*names, "all")))
    first: list[float] = []
    for frontier in frontiers:
        means = [1000 * statistics.fmean(frontier.spent[name]) * rounds / frontier.pages for name in names]
        means.append(sum(means))
        first = first or means
        cells = [f"{mean:.3f} ({mean / least:.2f})" for mean, least in zip(means, first, strict=True)]
        print(f"{frontier.rows:>12,}" + "".join(f"{cell:>20}" for cell in cells))


if __name__ == "__main__":
    sys.exit(main())
