"""`kill -9` of writer, sync and target server at random moments: what is lost, doubled, half-written at the end.

    python -m tests.benchmarks.sync_kills postgresql --kills 100
    python -m tests.benchmarks.sync_kills sqlite --kills 100

A writer stores the pages of a fixed plan, in batches, and notes each batch once it is told that it is stored. A sync
follows it into a second database. Both are started again after each kill and know only what their databases know. The
target server of PostgreSQL is killed at the backend that serves the sync: the server then drops all its connections
and recovers from its log; source and target are databases of one server, so the writer loses its connection too.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from models.engine import open_database
from models.tables import METADATA
from pipelines.store import Store
from pipelines.sync import Choice, open_sync, open_target, table_sums
from tests.downstream import page
from tests.embedded_postgresql import embedded_server

ARTICLES = 400
BATCH = 4
VERSION = METADATA.tables["article_version"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the writer was told is stored, and is not; rows there twice; articles without all that belongs to them."""

    stored: int
    kills: Counter[str]
    lost: int
    doubled: int
    half_written: int
    differing_tables: int
    """Of source and target, by rows and checksum."""


def torment(source_url: str, target_url: str, *, kills: int, folder: Path, seed: int = 1) -> Verdict:
    """Runs writer and sync, kills one of them `kills` times, lets both end, and compares."""
    open_database(source_url).dispose()
    victims = ("write", "follow", "server") if target_url.startswith("postgresql") else ("write", "follow")
    chance = random.Random(seed)  # noqa: S311  # the same moments in every run
    done: Counter[str] = Counter()
    half_written = 0
    children = {name: child_of(name, source_url, target_url, folder) for name in ("write", "follow")}
    with Keeper(children, folder) as keeper:
        while done.total() < kills:
            keeper.wait_until_all_work()
            time.sleep(chance.uniform(0, 0.6))
            victim = victims[done.total() % len(victims)]
            done[victim] += kill_backend(target_url) if victim == "server" else keeper.kill(victim)
            half_written += _half_written(target_url)
        for name in ("write", "follow"):  # the sync last: it is to have what the writer wrote at the end
            keeper.end(name)
    return _judge(source_url, target_url, folder / "told", kills=done, half_written=half_written)


class Keeper:
    """Starts its children, and starts each again whenever it has ended: killed, or as its server was.

    A child makes a file of its process id in the folder when it works.
    """

    def __init__(self, children: Mapping[str, Sequence[str]], folder: Path) -> None:
        self._children = children
        self._folder = folder
        self._started: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._started:
            self.kill(name)

    def wait_until_all_work(self) -> None:
        for name in self._children:
            self._keep(name)
            while not (self._folder / str(self._started[name].pid)).exists():
                time.sleep(0.02)
                self._keep(name)

    def kill(self, name: str) -> int:
        self._started[name].kill()
        self._started[name].wait()
        return 1

    def end(self, name: str) -> None:
        (self._folder / f"stop-{name}").touch()
        self._keep(name)
        while self._started[name].wait(timeout=300) != 0:
            self._keep(name)

    def _keep(self, name: str) -> None:
        if name not in self._started or self._started[name].poll() is not None:
            # Quiet: it tells of its lost server.
            self._started[name] = subprocess.Popen(
                self._children[name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )


def child_of(name: str, source_url: str, target_url: str, folder: Path) -> list[str]:
    """The command of a child: write or follow."""
    return [sys.executable, "-m", "tests.benchmarks.sync_kills", name, source_url, target_url, str(folder)]


def write(source_url: str, folder: Path) -> None:
    """The plan from where the database says it is: page `number % ARTICLES`, in version `number // ARTICLES`."""
    engine = open_database(source_url)
    store = Store(engine)
    with engine.connect() as connection:
        number = connection.execute(select(func.count()).select_from(VERSION)).scalar_one()
    with (folder / "told").open("a") as told:
        (folder / f"{os.getpid()}").touch()
        while not (folder / "stop-write").exists():
            batch = range(number, number + BATCH)
            store.write([page(each % ARTICLES, version=each // ARTICLES) for each in batch])
            told.write("".join(f"{each}\n" for each in batch))
            told.flush()
            number += BATCH
            time.sleep(0.02)  # a crawl waits for pages too
    engine.dispose()


def follow(source_url: str, target_url: str, folder: Path) -> None:
    engine = open_database(source_url)
    is_last = False
    with open_sync(engine, target_url, Choice(roots_per_step=100)) as sync:
        (folder / f"{os.getpid()}").touch()
        while not is_last:
            is_stopped = (folder / "stop-follow").exists()
            list(sync.catch_up())
            is_last = is_stopped and not sync.lag()[0]
            time.sleep(0.01)
    engine.dispose()


def kill_backend(target_url: str) -> int:
    engine = create_engine(target_url.replace("postgresql:", "postgresql+psycopg:"))
    own = "SELECT pid FROM pg_stat_activity WHERE application_name = 'triptych' AND datname = current_database()"
    try:
        with engine.connect() as connection:
            pids = connection.execute(text(own)).scalars().all()
        for pid in pids[:1]:
            os.kill(pid, signal.SIGKILL)
    except (SQLAlchemyError, ProcessLookupError):
        return 0
    finally:
        engine.dispose()
    return len(pids[:1])


def _half_written(target_url: str) -> int:
    """Articles of the target without each of their versions, their author, tag and image, or their page's lists."""
    whole = """
        SELECT count(*) FROM article AS a WHERE NOT (
            (SELECT count(*) FROM article_version WHERE article_id = a.id) = a.version
            AND EXISTS (SELECT 1 FROM article_author WHERE article_id = a.id)
            AND EXISTS (SELECT 1 FROM article_tag WHERE article_id = a.id)
            AND EXISTS (SELECT 1 FROM image WHERE article_id = a.id))"""
    lists = """
        SELECT count(*) FROM page AS p WHERE p.read_at IS NOT NULL AND NOT (
            (SELECT count(*) FROM outlink WHERE page_id = p.id) = 3
            AND EXISTS (SELECT 1 FROM link_list JOIN link_item ON link_list_id = link_list.id WHERE page_id = p.id))"""
    engine = open_target(target_url)
    try:
        with engine.connect() as connection:
            return sum(connection.execute(text(query)).scalar_one() for query in (whole, lists))
    except SQLAlchemyError:  # no tables yet, or the server recovers
        return 0
    finally:
        engine.dispose()


def _judge(source_url: str, target_url: str, told: Path, *, kills: Counter[str], half_written: int) -> Verdict:
    source, target = open_database(source_url), open_target(target_url)
    with source.connect() as ours, target.connect() as theirs:
        found = ours.execute(select(VERSION.c.headline, VERSION.c.seen_at)).all()
        differing = sum(own != other for own, other in zip(table_sums(ours), table_sums(theirs), strict=True))
    promised = {int(line) for line in told.read_text().split()}
    expected = {page(each % ARTICLES, version=each // ARTICLES).articles[0].headline for each in promised}
    source.dispose()
    target.dispose()
    return Verdict(
        stored=len(found),
        kills=kills,
        lost=len(expected - {row.headline for row in found}),
        doubled=len(found) - len({row.headline for row in found}),
        half_written=half_written + _half_written(target_url) + _half_written(source_url),
        differing_tables=differing,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    acts = parser.add_subparsers(dest="act", required=True)
    for name in ("write", "follow"):
        child = acts.add_parser(name)
        child.add_argument("source_url")
        child.add_argument("target_url")
        child.add_argument("folder", type=Path)
    for name in ("postgresql", "sqlite"):
        acts.add_parser(name).add_argument("--kills", type=int, default=100)
    options = parser.parse_args(arguments)
    if options.act == "write":
        write(options.source_url, options.folder)
    elif options.act == "follow":
        follow(options.source_url, options.target_url, options.folder)
    else:
        with tempfile.TemporaryDirectory() as folder:
            print(run(options.act, kills=options.kills, folder=Path(folder)))


def run(dialect: str, *, kills: int, folder: Path) -> Verdict:
    with two_databases(dialect, folder) as (source_url, target_url):
        return torment(source_url, target_url, kills=kills, folder=folder)


@contextmanager
def two_databases(dialect: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The URLs of a source and a target of our own: a server that is killed is no server for others."""
    if dialect == "sqlite":
        yield f"sqlite:///{folder / 'source'}.db", f"sqlite:///{folder / 'target'}.db"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())  # read as the server is imported
    # Not below the folder of a test: that is closed to other users, and the server runs as one of its own.
    place = Path(tempfile.mkdtemp(prefix="triptych-kills-"))
    server = embedded_server(place / "data")
    try:
        server.psql("CREATE DATABASE source; CREATE DATABASE target;")
        source_url, target_url = (server.get_uri().replace("/postgres?", f"/{name}?") for name in ("source", "target"))
        yield source_url, target_url
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
