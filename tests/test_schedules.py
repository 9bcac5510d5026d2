"""Schedules: due in time, run by one process at a time, and free again when that process is gone."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from models.engine import open_database, reading
from models.tables import METADATA
from pipelines.schedules import NewSchedule, Schedules, Timing

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOURLY = NewSchedule(name="news", arguments={"url": "https://example.com/"}, timing=Timing(every_seconds=3600))
RUN = METADATA.tables["schedule_run"]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def schedules(engine: Engine) -> Schedules:
    return Schedules(engine, chance=random.Random(1))  # noqa: S311  # the same times in each run


def _outcomes(engine: Engine) -> list[str | None]:
    with reading(engine) as connection:
        return list(connection.execute(select(RUN.c.outcome).order_by(RUN.c.id)).scalars())


@pytest.mark.parametrize(
    ("timing", "after", "expected"),
    [
        (Timing(every_seconds=90), NOW, NOW + timedelta(seconds=90)),
        (Timing(cron="30 6 * * *"), NOW, datetime(2026, 11, 24, 6, 30, tzinfo=UTC)),
        (Timing(cron="30 6 * * *", timezone="Asia/Shanghai"), NOW, datetime(2026, 11, 23, 22, 30, tzinfo=UTC)),
        # The clocks of Berlin go back at 3: what is due at 2:30 comes once.
        (
            Timing(cron="30 2 * * *", timezone="Europe/Berlin"),
            datetime(2026, 10, 25, 0, 31, tzinfo=UTC),
            datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
        ),
    ],
)
def test_the_next_time_is_read_in_the_zone_of_the_schedule(timing: Timing, after: datetime, expected: datetime) -> None:
    assert timing.next_after(after) == expected


def test_jitter_makes_a_run_later_and_never_by_more_than_itself() -> None:
    timing = Timing(every_seconds=600, jitter_seconds=60)

    late = [timing.next_after(NOW) - NOW - timedelta(seconds=600) for _ in range(50)]

    assert timedelta(0) <= min(late) < max(late) <= timedelta(seconds=60)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "either a cron expression or an interval"),
        ({"cron": "* * * * *", "every_seconds": 600}, "either a cron expression or an interval"),
        ({"cron": "61 * * * *"}, "no cron expression"),
        ({"cron": "* * * * * *"}, "five fields"),
        ({"cron": "0 0 30 2 *"}, "cron expression"),
        ({"every_seconds": 5}, "at least 60 seconds"),
        ({"every_seconds": 600, "timezone": "Mars/Olympus"}, "IANA time zone"),
        ({"every_seconds": 600, "jitter_seconds": -1}, "jitter"),
    ],
)
def test_a_timetable_that_never_comes_is_refused(arguments: dict[str, str | int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Timing(**arguments)  # type: ignore[arg-type]  # the table is of both types


def test_a_schedule_is_due_when_its_time_has_come_and_not_while_it_is_paused(schedules: Schedules) -> None:
    due_at = schedules.add(HOURLY, now=NOW)

    assert schedules.due(now=due_at - timedelta(seconds=1)) == []
    assert schedules.due(now=due_at) == ["news"]
    schedules.pause("news", paused=True)
    assert schedules.due(now=due_at) == []


def test_a_name_is_given_once(schedules: Schedules) -> None:
    schedules.add(HOURLY, now=NOW)

    with pytest.raises(ValueError, match="is there already"):
        schedules.add(HOURLY, now=NOW)


def test_only_one_process_takes_a_schedule(schedules: Schedules, engine: Engine) -> None:
    due_at = schedules.add(HOURLY, now=NOW)

    first = schedules.take("news", only_due=True, now=due_at)
    second = Schedules(engine).take("news", now=due_at)

    assert first is not None
    assert second is None
    assert schedules.due(now=due_at) == []
    schedules.end(first, exit_status=0, now=due_at)
    assert schedules.take("news", now=due_at) is not None
    assert _outcomes(engine) == ["done", None]


def test_a_killed_run_frees_its_schedule_and_is_recorded(schedules: Schedules, engine: Engine) -> None:
    due_at = schedules.add(HOURLY, now=NOW)
    killed = schedules.take("news", only_due=True, now=due_at)
    later = due_at + timedelta(hours=1)

    following = schedules.take("news", only_due=True, now=later)

    assert killed is not None
    assert following is not None
    assert _outcomes(engine) == ["killed", None]
    assert not schedules.renew(killed, now=later)  # should it only have slept, it learns that it lost its turn
    assert schedules.renew(following, now=later)


def test_a_renewed_lease_keeps_others_away(schedules: Schedules, engine: Engine) -> None:
    due_at = schedules.add(HOURLY, now=NOW)
    taken = schedules.take("news", now=due_at)
    assert taken is not None

    schedules.renew(taken, now=due_at + timedelta(seconds=50))

    assert Schedules(engine).take("news", now=due_at + timedelta(seconds=100)) is None


@pytest.mark.parametrize(("missed", "runs", "outcomes"), [("once", True, [None]), ("skip", False, ["missed"])])
def test_a_run_that_nobody_was_there_for_comes_late_or_is_skipped(
    schedules: Schedules, engine: Engine, missed: str, runs: bool, outcomes: list[str | None]
) -> None:
    due_at = schedules.add(NewSchedule(name="news", arguments={}, timing=HOURLY.timing, missed=missed), now=NOW)
    late = due_at + timedelta(hours=5)

    taken = schedules.take("news", only_due=True, now=late)

    assert (taken is not None) == runs
    assert _outcomes(engine) == outcomes
    assert schedules.due(now=late + timedelta(minutes=59)) == []
    assert schedules.states(now=late)[0].schedule["due_at"] == late + timedelta(hours=1)


def test_what_was_paused_was_not_missed(schedules: Schedules) -> None:
    schedules.add(HOURLY, now=NOW - timedelta(days=9))
    schedules.pause("news", paused=True)

    schedules.pause("news", paused=False)

    assert schedules.due() == []


def test_unknown_names_are_told(schedules: Schedules) -> None:
    assert not schedules.remove("nobody")
    assert not schedules.pause("nobody", paused=True)
    with pytest.raises(KeyError):
        schedules.take("nobody")
