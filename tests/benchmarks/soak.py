"""An hour with everything at once: hostile pages, good sites with faults, a large site, and workers that share them.

    python -m tests.benchmarks.soak ../shared/kit SITES --minutes 60 --workers 4 --picture soak.svg

SITES is a folder of unpacked sites, as ../shared/sites holds them packed. All of it runs on PostgreSQL, in the network
namespace of the hostile kit, which takes root on Linux. `scrapy work --processes N --follow` begins with the start
pages of all cases and sites; where nothing is left to ask for, all is due again. Every five seconds the memory of all
workers and their children is taken, and how many requests have ended. At the end the workers are told to stop.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine, func, select

from models.engine import open_database
from models.items import Discovery, Priority
from models.tables import METADATA
from pipelines.frontier import Frontier
from tests.benchmarks.frontier_kills import ask_again, count, database, is_done
from tests.benchmarks.large_site import large_site
from tests.benchmarks.rss_curve import memory_of
from tests.benchmarks.soak_picture import Course, Moment, draw

FETCH, ARTICLE = METADATA.tables["fetch"], METADATA.tables["article"]
CONTROL = "http://127.0.0.1:8999"
_LOOK_SECONDS = 5.0
_FIRST_PORT = 8101
_LARGE_PAGES = 200_000
_FAULTS = ("--error-rate", "0.03", "--reset-rate", "0.02", "--truncate-rate", "0.01", "--slow-rate", "0.01")
_SETTINGS = ("AUTOTHROTTLE_ENABLED=False", "DOWNLOAD_DELAY=0.05", "SECONDS_PER_RUN=1000000", "PAGES_PER_RUN=10000000")


def soak(kit: Path, sites: Path, *, minutes: float, workers: int) -> tuple[Course, dict[str, Any]]:
    """What was seen on the way, and what was left at the end."""
    with ExitStack() as stack:
        url = stack.enter_context(database("postgresql"))
        hostile = stack.enter_context(hostile_server(kit / "hostile"))
        good = [*stack.enter_context(good_sites(kit, sites)), stack.enter_context(large_site(_LARGE_PAGES))]
        engine = open_database(url)
        Frontier(engine, holder="::start").push(
            [Discovery(url=each, priority=Priority.LIST) for each in hostile], at_once=True
        )
        Frontier(engine, holder="::start").push(
            [Discovery(url=each, priority=Priority.NEW) for each in good], at_once=True
        )
        allowed = ",".join(f"{address.hostname}:{address.port or 80}" for address in map(urlsplit, good))
        running = start(url, workers, allowed)
        course = Course()
        try:
            until = time.monotonic() + 60 * minutes
            while time.monotonic() < until and running.poll() is None:
                time.sleep(_LOOK_SECONDS)
                course.add(look(engine, running.pid))
                if is_done(engine):
                    ask_again(engine, None)
        finally:
            running.send_signal(signal.SIGTERM)
            printed, _ = running.communicate(timeout=120)
        end = {
            "exit status": running.returncode,
            "sums": json.loads(printed or "{}"),
            "fetches": count(engine, FETCH),
            "articles": count(engine, ARTICLE),
            "requests by site": by_site(engine),
            "runs that do not add up": unbalanced_runs(engine),
            "internal addresses reached": _asked("/canaries"),
        }
        engine.dispose()
        return course, end


def start(database_url: str, workers: int, allowed: str) -> "subprocess.Popen[str]":
    options = [each for setting in (*_SETTINGS, f"ADDRESSES_ALLOWED={allowed}") for each in ("-s", setting)]
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", "work", "--processes", str(workers), "--follow", "--json", *options],
        env={**os.environ, "TRIPTYCH_DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        text=True,
    )


def look(engine: Engine, process: int) -> Moment:
    with engine.connect() as connection:
        rows = connection.execute(select(FETCH.c.failure_class, func.count()).group_by(FETCH.c.failure_class)).all()
    return Moment(
        at=time.monotonic(), memory=memory_of(process)[1], ended={name or "": number for name, number in rows}
    )


def by_site(engine: Engine) -> dict[str, str]:
    """Requests that have ended, and pages that are due still."""
    page, site = METADATA.tables["page"], METADATA.tables["site"]
    fetched = select(FETCH.c.page_id, func.count().label("count")).group_by(FETCH.c.page_id).subquery()
    due = func.count().filter(page.c.due_at <= func.now())
    sums = (
        select(site.c.domain, func.coalesce(func.sum(fetched.c.count), 0), due)
        .select_from(page.join(site, site.c.id == page.c.site_id).outerjoin(fetched, fetched.c.page_id == page.c.id))
        .group_by(site.c.domain)
        .having(func.count(fetched.c.page_id) > 0)
        .order_by(func.count(fetched.c.page_id).desc())
    )
    with engine.connect() as connection:
        return {domain: f"{asked} asked, {waiting} due" for domain, asked, waiting in connection.execute(sums)}


def unbalanced_runs(engine: Engine) -> list[dict[str, Any]]:
    crawl = METADATA.tables["crawl"]
    sums = [crawl.c[name] for name in ("asked", "stored", "unchanged", "failed", "refused")]
    with engine.connect() as connection:
        rows = connection.execute(select(crawl.c.id, *sums).where(sums[0] != sum(sums[1:])))
        return [dict(row) for row in rows.mappings()]


@contextmanager
def hostile_server(kit: Path) -> Iterator[list[str]]:
    """The start pages of all cases."""
    options = ["--port", "80", "--control-port", "8999", "--netns", "--bind", "192.175.48.77"]
    options += ["--lane-prefix", "192.175.48.", "--canary-port", "8901"]
    command = [sys.executable, str(kit / "hostile_server.py"), *options]
    with served(command) as server:
        assert server.stdout is not None
        server.stdout.readline()
        yield [case["seed"] for case in _asked("/cases").values()]


@contextmanager
def good_sites(kit: Path, sites: Path) -> Iterator[list[str]]:
    """Each on a port of its own, with some faults."""
    names = sorted(path.parent.name for path in sites.glob("*/truth.jsonl"))
    ports = ["--port", str(_FIRST_PORT - 1), "--port-base", str(_FIRST_PORT)]
    command = [
        sys.executable,
        str(kit / "serve.py"),
        "--root",
        str(sites),
        "--sites",
        ",".join(names),
        *ports,
        *_FAULTS,
    ]
    with served(command) as server:
        assert server.stdout is not None
        server.stdout.readline()
        yield [f"http://127.0.0.1:{_FIRST_PORT + number}/" for number in range(len(names))]


@contextmanager
def served(command: Sequence[str]) -> Iterator["subprocess.Popen[str]"]:
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield server
    finally:
        server.terminate()
        server.wait(timeout=10)


def _asked(path: str) -> Any:
    with urllib.request.urlopen(CONTROL + path, timeout=20) as answer:  # noqa: S310  # our own address
        return json.load(answer)


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", type=Path, help="folder with serve.py and hostile/")
    parser.add_argument("sites", type=Path, help="folder with a folder for each site")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args(given)
    kit = options.kit.resolve()
    if "KIT_IN_NETNS" not in os.environ:
        again = [str(kit / "hostile" / "netns.sh"), sys.executable, "-m", "tests.benchmarks.soak", *given]
        os.execv(again[0], again)  # noqa: S606  # the kit's own
    course, end = soak(kit, options.sites.resolve(), minutes=options.minutes, workers=options.workers)
    print(course.told())
    print(json.dumps(end, indent=1))
    if options.picture:
        draw(course, options.picture, title=f"{options.workers} workers, {options.minutes:.0f} minutes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
