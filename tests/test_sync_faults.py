"""Several writers at once, and kills of everything: nothing missed, nothing doubled, nothing half-written."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, insert

from models.engine import open_database, writing
from models.identity import name_hash
from models.tables import METADATA
from pipelines.sync import Choice, open_sync
from tests.benchmarks import crawl_kills
from tests.benchmarks.sync_kills import run
from tests.benchmarks.sync_writers import race
from tests.downstream import NOW, sums, sums_of, wait_for_others

TAG, CHANGE = METADATA.tables["tag"], METADATA.tables["change"]


def test_four_writers_at_once_lose_no_change_to_the_sync_where_a_naive_cursor_does(
    postgresql_url: str, tmp_path: Path
) -> None:
    ours, naive = race(postgresql_url, f"sqlite:///{tmp_path / 'copy.db'}", seconds=2)

    assert ours.made == ours.delivered > 100
    assert (ours.missed, ours.doubled) == (0, 0)
    assert naive.missed > 0


@pytest.mark.parametrize(("dialect", "kills"), [("sqlite", 2), ("postgresql", 3)])
def test_kills_of_writer_sync_and_server_lose_double_and_halve_nothing(
    dialect: str, kills: int, tmp_path: Path
) -> None:
    verdict = run(dialect, kills=kills, folder=tmp_path)

    assert verdict.stored > 0
    assert verdict.kills.total() == kills
    assert (verdict.lost, verdict.doubled, verdict.half_written, verdict.differing_tables) == (0, 0, 0, 0)


def test_kills_of_a_running_crawl_lose_double_and_halve_nothing(tmp_path: Path) -> None:
    verdict = crawl_kills.run("sqlite", kills=2, folder=tmp_path)

    assert verdict.versions >= crawl_kills.ARTICLES
    assert (verdict.lost, verdict.doubled, verdict.half_written, verdict.differing_tables) == (0, 0, 0, 0)


def test_first_number_that_is_committed_late_is_waited_for_and_costs_no_new_copy(
    postgresql_url: str, tmp_path: Path
) -> None:
    engine, target_url = open_database(postgresql_url), f"sqlite:///{tmp_path / 'copy.db'}"
    tag = {"name": "harbour", "name_hash": name_hash("harbour"), "first_seen_at": NOW}
    with open_sync(engine, target_url, Choice(roots=("tag",))) as sync, engine.connect() as late:
        list(sync.catch_up())
        _change(late, tag)
        with writing(engine) as soon:
            _change(soon, {**tag, "name": "quay", "name_hash": name_hash("quay")})
        before = list(sync.catch_up())
        late.commit()
        wait_for_others(engine)

        after = list(sync.catch_up())

    assert sum(step.done for step in before + after) == sum(step.changes for step in before + after) == 2
    assert sums_of(target_url, ["tag"]) == sums(engine, ["tag"])
    engine.dispose()


def _change(connection: Connection, tag: dict[str, object]) -> None:
    tag_id = connection.execute(insert(TAG).values(tag).returning(TAG.c.id)).scalar_one()
    connection.execute(
        insert(CHANGE).values({"table_name": "tag", "row_id": tag_id, "op": "insert", "changed_at": NOW})
    )
