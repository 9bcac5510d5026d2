"""The short form of tests/benchmarks/frontier_kills.py."""

import pytest

from tests.benchmarks.frontier_kills import torment
from tests.benchmarks.wide_site import WideSite


@pytest.mark.parametrize(("dialect", "workers"), [("sqlite", 1), ("postgresql", 2)])
def test_workers_that_are_killed_lose_nothing_and_store_nothing_twice(
    request: pytest.FixtureRequest, dialect: str, workers: int
) -> None:
    site = WideSite(pages=80, fault_rate=0.1)

    verdict = torment(request.getfixturevalue(f"{dialect}_url"), site=site, kills=3, workers=workers)

    assert (verdict.lost, verdict.stored_twice, verdict.quarantined) == (0, 0, 0)
    assert verdict.refetched <= verdict.leased_when_killed
