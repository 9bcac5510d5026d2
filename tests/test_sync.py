"""A target is like its source: after the first copy, after every change, after a kill, on every kind of database."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, Engine, inspect, text

from models.columns import is_local
from models.engine import create_database_engine, open_database, writing
from models.errors import StorageOutdated, StorageUnavailable
from models.tables import METADATA
from pipelines.store.similarities import fill_similarities
from pipelines.sync import Choice, open_sync
from pipelines.sync.tables import LOCAL, mirrored_roots
from pipelines.sync.target import Progress, Target, TargetTaken
from tests.downstream import fill, record_delete, sums, sums_of, sync_once

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is the same on both."""


@pytest.fixture
def other_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """A second empty database of the test's own."""
    name = f"copy_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    yield postgresql_server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def target_url(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> str:
    """An empty target of the source's own kind; of another kind in the test of all pairs."""
    if getattr(request, "param", engine.dialect.name) == "sqlite":
        return f"sqlite:///{tmp_path / 'copy.db'}"
    url: str = request.getfixturevalue("other_postgresql_url")
    return url


def delete(engine: Engine, table: str, id_: int) -> None:
    """As a prune would: the row goes, with what the database takes along, and the record says so of the row."""
    with writing(engine) as connection:
        connection.execute(text(f"DELETE FROM {table} WHERE id = :id"), {"id": id_})  # noqa: S608  # no input
        record_delete(connection, table, id_)


def test_every_table_has_a_root_or_stays_at_home() -> None:
    mirrored = {table.name for root in mirrored_roots({}) for table in root.tables}

    assert mirrored | LOCAL.keys() == METADATA.tables.keys()
    assert mirrored.isdisjoint(LOCAL)


def test_columns_of_the_frontier_stay_at_home() -> None:
    local = {(table.name, column.name) for table in METADATA.sorted_tables for column in table.c if is_local(column)}
    copied = {(table.name, column.name) for root in mirrored_roots({}) for table in root.tables for column in table.c}

    assert {("page", "due_at"), ("page", "asked_at"), ("site", "lease_holder")} < local
    assert local.isdisjoint(copied)


@pytest.mark.parametrize("target_url", ["sqlite", "postgresql"], indirect=True)
def test_target_is_like_its_source_after_the_copy_and_after_every_change(engine: Engine, target_url: str) -> None:
    fill(engine, range(20))
    copied = sync_once(engine, target_url)
    first = sums_of(target_url)
    assert first == sums(engine)
    assert all(table.rows for table in first.values())
    fill(engine, range(15, 25), version=1)
    changed = sync_once(engine, target_url)

    assert sums_of(target_url) == sums(engine)
    assert sum(step.rows for step in copied) > sum(table.rows for table in first.values()) - 1
    assert all(step.changes <= 7 for step in changed)
    assert sync_once(engine, target_url) == []


def test_rows_that_go_are_deleted_with_all_that_belongs_to_them(engine: Engine, target_url: str) -> None:
    fill(engine, range(5))
    sync_once(engine, target_url)
    with engine.connect() as connection:
        unlinked = connection.execute(text("SELECT id FROM page WHERE url = 'https://example.com/0'")).scalar_one()

    delete(engine, "page", unlinked)
    sync_once(engine, target_url)

    assert sums_of(target_url) == sums(engine)


def test_hashes_that_are_filled_in_later_reach_the_target(engine: Engine, target_url: str) -> None:
    fill(engine, range(5))
    fill(engine, range(3), version=1)
    with writing(engine) as connection:
        connection.execute(text("UPDATE article_version SET similarity = NULL"))
    sync_once(engine, target_url)
    empty = sums_of(target_url)

    assert list(fill_similarities(engine)) == [8]
    sync_once(engine, target_url)

    assert sums_of(target_url) == sums(engine) != empty


def test_of_the_versions_of_an_article_only_the_new_one_is_sent(engine: Engine, target_url: str) -> None:
    choice = Choice(roots=("article",))
    for version in range(4):
        fill(engine, range(2), version=version)
    sync_once(engine, target_url, choice)
    fill(engine, [1], version=4)

    (step,) = sync_once(engine, target_url, choice)

    # The article, its fifth version, an author, a tag and an image.
    assert step.rows == 5
    assert sums_of(target_url, choice.roots) == sums(engine, choice.roots)


def test_version_that_is_filled_in_or_whose_key_is_given_again_is_sent(engine: Engine, target_url: str) -> None:
    fill(engine, range(3))
    sync_once(engine, target_url)
    delete(engine, "article", 3)  # SQLite gives its number again
    fill(engine, range(4, 5))
    with writing(engine) as connection:
        connection.execute(text("UPDATE article_version SET similarity = 7 WHERE article_id = 1"))
        record_delete(connection, "article", 1)  # whatever it is called: the row is read as it is now

    sync_once(engine, target_url)

    assert sums_of(target_url) == sums(engine)


def test_tombstones_keep_the_row_and_say_when_it_went(engine: Engine, target_url: str) -> None:
    choice = Choice(tombstones=True)
    fill(engine, range(5))
    sync_once(engine, target_url, choice)
    delete(engine, "article", 2)
    fill(engine, [3], version=1)

    sync_once(engine, target_url, choice)

    copy = create_database_engine(target_url)
    with copy.connect() as connection:
        assert connection.execute(text("SELECT id FROM article WHERE deleted_at IS NOT NULL")).scalars().all() == [2]
        assert connection.execute(text("SELECT count(*) FROM article_version WHERE article_id = 2")).scalar() == 1
        assert connection.execute(text("SELECT count(*) FROM article")).scalar() == 5
    copy.dispose()


def test_new_column_at_the_source_arrives_with_the_values_of_all_rows(engine: Engine, target_url: str) -> None:
    fill(engine, range(10))
    sync_once(engine, target_url)
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE article ADD COLUMN words integer"))
        connection.execute(text("UPDATE article SET words = id * 10"))

    sync_once(engine, target_url)

    copy = create_database_engine(target_url)
    with copy.connect() as connection:
        assert connection.execute(text("SELECT sum(words) FROM article")).scalar() == 550
    copy.dispose()
    assert sums_of(target_url) == sums(engine)


@ON_SQLITE
def test_some_tables_only_and_the_others_later(engine: Engine, target_url: str) -> None:
    fill(engine, range(5))
    sync_once(engine, target_url, Choice(roots=("article", "tag")))
    copy = create_database_engine(target_url)
    assert "article_version" in inspect(copy).get_table_names()
    assert "page" not in inspect(copy).get_table_names()
    copy.dispose()
    assert sums_of(target_url, ("article", "tag")) == sums(engine, ("article", "tag"))
    fill(engine, range(3, 8), version=1)

    sync_once(engine, target_url)

    assert sums_of(target_url) == sums(engine)


def test_since_starts_with_the_changes_of_that_time(engine: Engine, target_url: str) -> None:
    fill(engine, range(5))
    between = datetime.now(UTC)
    fill(engine, [7], version=2)

    sync_once(engine, target_url, Choice(roots=("article",), since=between))

    assert sums_of(target_url, ("article",))["article"].rows == 1


@ON_SQLITE
def test_targets_have_positions_of_their_own(engine: Engine, tmp_path: Path) -> None:
    one, two = (f"sqlite:///{tmp_path / name}" for name in ("one.db", "two.db"))
    fill(engine, range(3))
    sync_once(engine, one)
    fill(engine, range(2, 6), version=1)
    sync_once(engine, two)
    assert sums_of(one) != sums_of(two)

    sync_once(engine, one)

    assert sums_of(one) == sums_of(two) == sums(engine)


def test_changes_that_were_pruned_before_they_were_delivered_cost_a_new_copy_and_nothing_else(
    engine: Engine, target_url: str
) -> None:
    fill(engine, range(5))
    sync_once(engine, target_url)
    delete(engine, "article", 2)
    fill(engine, range(2, 8), version=1)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM change WHERE seq < (SELECT max(seq) FROM change)"))

    sync_once(engine, target_url)

    assert sums_of(target_url) == sums(engine)


def test_step_that_another_sync_has_done_is_given_up(engine: Engine, target_url: str) -> None:
    fill(engine, range(10))
    with open_sync(engine, target_url, Choice(roots_per_step=3)) as sync:
        steps = sync.catch_up()
        next(steps)
        progress = Target.progress
        with pytest.MonkeyPatch.context() as patch:

            def overtaken(self: Target, connection: Connection) -> dict[str, Progress]:
                """What it reads is old by the time it writes."""
                found = progress(self, connection)
                patch.undo()
                sync_once(engine, target_url)
                return found

            patch.setattr(Target, "progress", overtaken)
            with pytest.raises(TargetTaken, match="another sync writes to"):
                next(steps)

    assert sums_of(target_url) == sums(engine)


@ON_SQLITE
def test_copy_of_another_database_is_refused(engine: Engine, target_url: str, tmp_path: Path) -> None:
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    fill(engine, range(2))
    sync_once(engine, target_url)

    fill(other, range(2))

    with pytest.raises(StorageOutdated, match="is a copy of"):
        sync_once(other, target_url)
    other.dispose()


@ON_SQLITE
def test_database_that_is_crawled_into_is_no_target(engine: Engine, database_url: str) -> None:
    with (
        pytest.raises(StorageUnavailable, match="is the source itself"),
        open_sync(engine, database_url, Choice()),
    ):
        pass


@ON_SQLITE
@pytest.mark.parametrize(
    ("url", "message"),
    [("nonsense", "no database URL"), ("nosuch://host/name", "no database URL"), ("mssql://u@h/n", "pip install")],
)
def test_target_that_cannot_be_opened_is_named_with_the_cure(engine: Engine, url: str, message: str) -> None:
    with pytest.raises(StorageUnavailable, match=message), open_sync(engine, url, Choice()):
        pass
