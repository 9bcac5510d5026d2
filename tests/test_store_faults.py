"""What goes wrong with a database costs no good row, and doubles none."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from models.engine import create_database_engine, open_database, reading, writing
from models.errors import StorageUnavailable
from models.items import Article, FailureClass, LinkItem, LinkList, LinkListKind, Page, TagItem, TagList, TagListKind
from pipelines.digest import database_digest
from pipelines.store import Outcome, Store, transactions

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
BASE = "https://example.com"


def make_page(number: int, headline: str = "Ships") -> Page:
    links = tuple(LinkItem(url=f"{BASE}/{number + step}") for step in range(1, 6))
    return Page(
        url=f"{BASE}/{number}",
        canonical_url=f"{BASE}/{number}",
        fetched_at=NOW,
        status=200,
        articles=(Article(headline=headline, authors=(f"Author {number % 3}",)),),
        link_lists=(LinkList(kind=LinkListKind.RELATED, items=links),),
        tag_lists=(TagList(kind=TagListKind.ARTICLE, items=(TagItem(name=f"tag {number % 7}"),)),),
    )


def count(engine: Engine, query: str) -> Any:
    with reading(engine) as connection:
        return connection.execute(text(query)).scalar()


def refuse_poison(engine: Engine) -> None:
    """The database refuses one headline, as it would refuse a value that nobody thought of."""
    statement = (
        "ALTER TABLE article ADD CONSTRAINT ck_poison CHECK (headline <> 'poison')"
        if engine.dialect.name == "postgresql"
        else "CREATE TRIGGER poison BEFORE INSERT ON article WHEN new.headline = 'poison' "
        "BEGIN SELECT RAISE(ABORT, 'poison'); END"
    )
    with writing(engine) as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("poisoned", [{3}, {0, 1, 9}, set(range(10))], ids=["one", "three", "all"])
def test_refused_row_is_recorded_and_its_neighbours_stored(engine: Engine, poisoned: set[int]) -> None:
    refuse_poison(engine)
    store = Store(engine)
    crawl_id = store.begin_crawl("articles", {})
    pages = [make_page(number, "poison" if number in poisoned else "Ships") for number in range(10)]

    result = store.write(pages, crawl_id)

    failed = {place for place, stored in enumerate(result.stored) if stored.outcome is Outcome.FAILED}
    assert failed == poisoned
    assert count(engine, "SELECT count(*) FROM article") == 10 - len(poisoned)
    with reading(engine) as connection:
        recorded = connection.execute(text("SELECT failure_class, message FROM failure")).all()
    assert [row.failure_class for row in recorded] == [FailureClass.STORAGE] * len(poisoned)
    assert all("poison" in row.message for row in recorded)
    row = store.finish_crawl(crawl_id, reason="finished")
    assert (row["stored"], row["failed"], row["asked"]) == (10 - len(poisoned), len(poisoned), 10)


def test_fault_of_ours_stops_the_store_at_once_instead_of_failing_every_page(engine: Engine) -> None:
    store = Store(engine)
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE link_item"))

    with pytest.raises(StorageUnavailable, match="link_item"):
        store.write([make_page(1)])


def test_page_remembered_but_deleted_by_another_process_is_made_again(engine: Engine) -> None:
    store = Store(engine)
    store.write([make_page(1)])
    with writing(engine) as connection:
        for table in ("link_item", "outlink", "change", '"fetch"', "page"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  # no input

    (stored,) = store.write([make_page(1)]).stored

    assert stored.outcome is Outcome.STORED
    assert count(engine, "SELECT count(*) FROM article") == 1


def test_file_locked_by_another_program_is_waited_for(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    impatient = create_database_engine(f"{sqlite_url}?timeout=0.05")
    other = sqlite3.connect(str(engine.url.database), check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(1.0, other.rollback)
    release.start()

    result = Store(impatient, retry_seconds=20).write([make_page(1)])

    assert [stored.outcome for stored in result.stored] == [Outcome.STORED]
    release.join()
    other.close()
    for opened in (engine, impatient):
        opened.dispose()


def test_file_locked_for_too_long_is_an_error_that_says_so(sqlite_url: str) -> None:
    engine = open_database(sqlite_url)
    impatient = create_database_engine(f"{sqlite_url}?timeout=0.05")
    other = sqlite3.connect(str(engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageUnavailable, match=r"locked.*run the same command again"):
        Store(impatient, retry_seconds=0.3).write([make_page(1)])

    other.close()
    for opened in (engine, impatient):
        opened.dispose()


def test_connections_cut_between_and_within_batches_lose_and_double_nothing(postgresql_url: str) -> None:
    engine = open_database(postgresql_url)
    store = Store(engine, retry_seconds=30)
    crawl_id = store.begin_crawl("articles", {})
    stop, written = threading.Event(), [0]

    def cut() -> None:
        statement = """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
        """
        # Short enough to hit a batch; one that was hit often enough is let through, however slow the machine.
        pauses, hits = cycle((0.05, 0.2, 0.4, 1.0)), Counter[int]()
        with psycopg.connect(postgresql_url, autocommit=True) as connection:
            while not stop.wait(next(pauses)):
                if hits[written[-1]] < 8:
                    hits[written[-1]] += 1
                    connection.execute(statement)

    killer = threading.Thread(target=cut)
    killer.start()
    try:
        for start in range(0, 600, 20):
            store.write([make_page(number) for number in range(start, start + 20)], crawl_id)
            written.append(start)
    finally:
        stop.set()
        killer.join()

    row = store.finish_crawl(crawl_id, reason="finished", asked=600)
    assert (row["stored"], row["unchanged"], row["failed"]) == (600, 0, 0)
    assert count(engine, "SELECT count(*) FROM article") == count(engine, 'SELECT count(*) FROM "fetch"') == 600
    engine.dispose()


def test_commit_whose_answer_was_lost_is_not_made_twice(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[bool] = []

    @contextmanager
    def losing(engine: Engine) -> Iterator[Connection]:
        with writing(engine) as connection:
            yield connection
        if not lost:
            lost.append(True)
            raise OperationalError("COMMIT", {}, psycopg.OperationalError("server closed the connection unexpectedly"))

    store = Store(engine)
    crawl_id = store.begin_crawl("articles", {})
    monkeypatch.setattr(transactions, "writing", losing)

    result = store.write([make_page(1)], crawl_id)

    monkeypatch.undo()
    row = store.finish_crawl(crawl_id, reason="finished")
    assert lost
    assert [stored.outcome for stored in result.stored] == [Outcome.STORED]
    assert (row["stored"], row["unchanged"]) == (1, 0)
    assert count(engine, 'SELECT count(*) FROM "fetch"') == 1


def test_writers_at_once_on_the_same_pages_store_each_once(database_url: str) -> None:
    engine = open_database(database_url)
    start = threading.Barrier(3)
    errors: list[BaseException] = []

    def run(shift: int) -> None:
        store = Store(engine)
        start.wait()
        try:
            for batch in range(6):
                numbers = [(shift * 7 + batch * 10 + place) % 60 for place in range(10)]
                store.write([make_page(number) for number in numbers])
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test has failed
            errors.append(error)

    threads = [threading.Thread(target=run, args=(shift,)) for shift in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert count(engine, "SELECT count(*) FROM failure") == 0
    assert count(engine, "SELECT count(*) FROM article_version") == 60
    alone = database_digest(engine)
    Store(engine).write([make_page(number) for number in range(60)])
    assert database_digest(engine) == alone
    engine.dispose()
