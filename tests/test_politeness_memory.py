from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select

from models.engine import create_database_engine, writing
from models.tables import METADATA
from pipelines.politeness.memory import Memory
from pipelines.politeness.robots_copy import RobotsCopy

NOW = datetime(2026, 3, 13, 12, 0, tzinfo=UTC)
SITE = METADATA.tables["site"]
_SAME = timedelta(milliseconds=5)  # two clocks of one machine, one of them rounded


def copy_with(text: str | None, *, status: int | None = 200) -> RobotsCopy:
    return RobotsCopy(
        origin="https://example.com", text=text, status=status, fetched_at=NOW, expires_at=NOW + timedelta(hours=24)
    )


def test_a_copy_comes_back_as_it_was_kept(engine: Engine) -> None:
    memory = Memory(engine)
    for copy in (copy_with(None, status=503), copy_with("User-agent: *\nDisallow: /商品\n")):
        memory.keep_robots(copy)

        assert memory.robots("https://example.com") == copy
    assert memory.robots("http://example.com") is None


@pytest.mark.parametrize(("seconds", "kept"), [(1800, 3600), (5400, 5400)])
def test_the_later_of_two_times_counts(engine: Engine, seconds: int, kept: int) -> None:
    with writing(engine) as connection:
        connection.execute(insert(SITE).values(domain="example.com", first_seen_at=NOW))
    memory, before = Memory(engine), datetime.now(UTC)

    for each in (3600, seconds):
        memory.keep_closed("example.com", each)

    with engine.connect() as connection:
        not_before = connection.execute(select(SITE.c.not_before)).scalar_one()
    after = datetime.now(UTC)
    assert before - _SAME <= not_before - timedelta(seconds=kept) <= after + _SAME


def test_a_database_that_is_away_costs_no_more_than_another_request() -> None:
    memory = Memory(create_database_engine("postgresql://nobody@127.0.0.1:9/none"))

    memory.keep_robots(copy_with(""))
    memory.keep_closed("example.com", 60)

    assert memory.robots("https://example.com") is None
