"""What the columns promise, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import configure_mappers

from models.engine import writing
from models.tables import METADATA

SITE, CHANGE, CRAWL, PAGE = (METADATA.tables[name] for name in ("site", "change", "crawl", "page"))
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def kept_time(engine: Engine, moment: datetime) -> datetime:
    with engine.connect() as connection, connection.begin() as transaction:
        connection.execute(insert(SITE).values(domain="example.com", first_seen_at=moment))
        kept: datetime = connection.execute(select(SITE.c.first_seen_at)).scalar_one()
        transaction.rollback()
    return kept


@pytest.mark.parametrize("hours", [-11, 0, 8, 14])
def test_time_of_any_zone_comes_back_as_the_same_moment_in_utc(engine: Engine, hours: int) -> None:
    moment = datetime(2026, 1, 1, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=hours)))

    kept = kept_time(engine, moment)

    assert kept == moment
    assert kept.tzinfo is UTC


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    st.datetimes(
        datetime(1700, 1, 2),  # noqa: DTZ001  # hypothesis adds the zone
        datetime(2100, 1, 1),  # noqa: DTZ001  # the same
        timezones=st.timezones(),
    )
)
def test_every_moment_of_the_accepted_years_comes_back(engine: Engine, moment: datetime) -> None:
    # Python calls no two times equal where one is in the hour that a change of clocks skips or repeats.
    assert kept_time(engine, moment) == moment.astimezone(UTC)


def test_time_without_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001  # what the test is about

    with pytest.raises(StatementError, match="an aware time expected"):
        kept_time(engine, naive)


def test_change_knows_its_transaction_on_postgresql_only(engine: Engine) -> None:
    row: dict[str, Any] = {"table_name": "page", "row_id": 1, "op": "insert", "changed_at": NOW}
    with writing(engine) as connection:
        connection.execute(insert(CHANGE).values(row))
        connection.execute(insert(CHANGE).values(row))

    with engine.connect() as connection:
        first, second = connection.execute(select(CHANGE.c.xid).order_by(CHANGE.c.seq)).scalars()
    assert first == second
    assert isinstance(first, int) if engine.dialect.name == "postgresql" else first is None


def test_number_of_a_change_is_never_given_twice(engine: Engine) -> None:
    row: dict[str, Any] = {"table_name": "page", "row_id": 1, "op": "insert", "changed_at": NOW}
    with writing(engine) as connection:
        connection.execute(insert(CHANGE).values(row))
        connection.execute(CHANGE.delete())
        connection.execute(insert(CHANGE).values(row))

        assert connection.execute(select(CHANGE.c.seq)).scalar_one() == 2


@pytest.mark.parametrize(
    ("table", "row"),
    [
        pytest.param(CHANGE, {"table_name": "page", "row_id": 1, "op": "upsert", "changed_at": NOW}, id="op"),
        pytest.param(METADATA.tables["fetch"], {"fetched_at": NOW, "outcome": "lost", "attempts": 1}, id="outcome"),
        pytest.param(PAGE, {"site_id": 9, "url": "u", "url_hash": b"h", "first_seen_at": NOW}, id="site-that-is-not"),
    ],
)
def test_row_against_the_rules_is_refused(engine: Engine, table: Any, row: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(table).values(row))


def test_key_is_unique_whatever_the_length_of_the_url(engine: Engine) -> None:
    long = "https://example.com/" + "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(4000))
    with writing(engine) as connection:
        site_id = connection.execute(insert(SITE).values(domain="example.com", first_seen_at=NOW).returning(SITE.c.id))
        row = {"site_id": site_id.scalar_one(), "url": long, "url_hash": b"0" * 16, "first_seen_at": NOW}
        connection.execute(insert(PAGE).values(row))

        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(insert(PAGE).values(row))


def test_models_are_consistent() -> None:
    configure_mappers()
