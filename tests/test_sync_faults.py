"""Several writers at once, and kills of everything: nothing missed, nothing doubled, nothing half-written."""

from pathlib import Path

import pytest

from tests.benchmarks import crawl_kills
from tests.benchmarks.sync_kills import run
from tests.benchmarks.sync_writers import race


def test_four_writers_at_once_lose_no_change_to_the_sync_where_a_naive_cursor_does(
    postgresql_url: str, tmp_path: Path
) -> None:
    ours, naive = race(postgresql_url, f"sqlite:///{tmp_path / 'copy.db'}", seconds=2)

    assert ours.made > 100
    assert ours.missed == 0
    assert ours.doubled <= 0  # below: what the first copy has brought is no change that was delivered
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
