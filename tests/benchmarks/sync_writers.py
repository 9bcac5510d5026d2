"""Four writers at once: what a sync delivers of their changes, beside a naive cursor on the same record.

    python -m tests.benchmarks.sync_writers SOURCE_URL TARGET_URL --seconds 60

The source is an empty PostgreSQL database, the target any empty one. Writers number their changes early and commit
them late, as busy crawlers do. The naive cursor asks for `seq > last`.
"""

import argparse
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, insert, select

from models.engine import create_database_engine, open_database, reading, writing
from models.identity import name_hash
from models.tables import METADATA
from pipelines.sync import Choice, open_sync, open_target

WRITERS = 4
TAG, CHANGE = METADATA.tables["tag"], METADATA.tables["change"]


@dataclass(frozen=True, slots=True)
class Delivery:
    made: int
    delivered: int
    missed: int
    doubled: int

    def __str__(self) -> str:
        return f"{self.made:>8,} {self.delivered:>10,} {self.missed:>8,} {self.doubled:>8,}"


def race(source_url: str, target_url: str, *, seconds: float) -> tuple[Delivery, Delivery]:
    """Ours, and the naive cursor's."""
    source = open_database(source_url)
    stop, ended = threading.Event(), threading.Event()
    naive: list[int] = []
    threads = [threading.Thread(target=_write, args=(source_url, number, stop)) for number in range(WRITERS)]
    reader = threading.Thread(target=_read_naively, args=(source_url, naive, ended))
    delivered = 0
    with open_sync(source, target_url, Choice(roots=("tag",))) as sync:
        list(sync.catch_up())
        for thread in (*threads, reader):
            thread.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            delivered += sum(step.changes for step in sync.catch_up())
            time.sleep(0.01)
        stop.set()
        for thread in threads:
            thread.join()
        while sync.lag()[0]:  # a transaction anywhere on the server may hold the last ones back
            delivered += sum(step.changes for step in sync.catch_up())
    ended.set()
    reader.join()
    made, stored = _ids(source), _ids(open_target(target_url))
    source.dispose()
    ours = Delivery(len(made), delivered, len(set(made) - set(stored)), delivered - len(set(stored)))
    return ours, Delivery(len(made), len(naive), len(made) - len(set(naive)), len(naive) - len(set(naive)))


def _write(url: str, number: int, stop: threading.Event) -> None:
    """Transactions of one to four new tags, each with its change."""
    engine = create_database_engine(url)
    chance = random.Random(number)  # noqa: S311  # the same moments in every run
    count = 0
    while not stop.is_set():
        with writing(engine) as connection:
            for _ in range(chance.randint(1, 4)):
                count += 1
                name, now = f"tag {number} {count}", datetime.now(UTC)
                row = {"name": name, "name_hash": name_hash(name), "first_seen_at": now}
                tag_id = connection.execute(insert(TAG).values(row).returning(TAG.c.id)).scalar_one()
                change = {"table_name": "tag", "row_id": tag_id, "op": "insert", "changed_at": now}
                connection.execute(insert(CHANGE).values(change))
                time.sleep(chance.random() / 100)
    engine.dispose()


def _read_naively(url: str, seen: list[int], ended: threading.Event) -> None:
    engine = create_database_engine(url)
    is_last = False
    while not is_last:
        is_last = ended.is_set()
        with reading(engine) as connection:
            after = select(CHANGE.c.seq).where(CHANGE.c.seq > (seen[-1] if seen else 0)).order_by(CHANGE.c.seq)
            seen += connection.execute(after).scalars()
        time.sleep(0.01)
    engine.dispose()


def _ids(engine: Engine) -> Sequence[int]:
    with engine.connect() as connection:
        ids = connection.execute(select(TAG.c.id)).scalars().all()
    engine.dispose()
    return ids


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source_url")
    parser.add_argument("target_url")
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    ours, naive = race(arguments.source_url, arguments.target_url, seconds=arguments.seconds)
    print(f"{'':<14}{'made':>8} {'delivered':>10} {'missed':>8} {'doubled':>8}")
    print(f"{'scrapy sync':<14}{ours}\n{'seq > last':<14}{naive}")


if __name__ == "__main__":
    main()
