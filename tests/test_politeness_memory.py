from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select

from models.engine import create_database_engine, writing
from models.tables import METADATA
from pipelines.politeness.memory import Memory
from pipelines.politeness.robots_copy import RobotsCopy

NOW = datetime(2026, 3, 13, 12, 0, tzinfo=UTC)
SITE = METADATA.tables["site"]


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


@pytest.mark.parametrize(("minutes", "kept"), [(30, 60), (90, 90)])
def test_the_later_of_two_times_counts(engine: Engine, minutes: int, kept: int) -> None:
    with writing(engine) as connection:
        connection.execute(insert(SITE).values(domain="example.com", first_seen_at=NOW))
    memory = Memory(engine)

    for each in (60, minutes):
        memory.keep_closed("example.com", NOW + timedelta(minutes=each))

    with engine.connect() as connection:
        assert connection.execute(select(SITE.c.not_before)).scalar() == NOW + timedelta(minutes=kept)


def test_a_database_that_is_away_costs_no_more_than_another_request() -> None:
    memory = Memory(create_database_engine("postgresql://nobody@127.0.0.1:9/none"))

    memory.keep_robots(copy_with(""))
    memory.keep_closed("example.com", NOW)

    assert memory.robots("https://example.com") is None
