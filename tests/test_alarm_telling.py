"""Alarms told to a webhook or a command: when raised and when cleared, once it is taken, and again until it is."""

import json
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.engine import open_database
from pipelines.alarms import Listeners, NotTaken, tell
from tests.conftest import RunScrapy
from tests.test_alarms import NOW, bare, run, whole
from tests.test_webhook import SECRET, Receiver, receiver

__all__ = ["receiver"]  # a fixture
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def told(engine: Engine, listeners: Listeners) -> int:
    return tell(engine, listeners, now=NOW, retry_seconds=0.2)


@pytest.fixture
def taker(tmp_path: Path) -> tuple[str, Path]:
    """A command that appends what it is given to a file."""
    taken = tmp_path / "taken.jsonl"
    script = tmp_path / "take.py"
    script.write_text(f"import sys; open({str(taken)!r}, 'a').write(sys.stdin.read())", "utf-8")
    return f"{sys.executable} {script}", taken


def test_a_webhook_is_told_when_alarms_are_raised_and_when_they_are_cleared(engine: Engine, receiver: Receiver) -> None:
    listeners = Listeners(webhook=receiver.url, secret=SECRET.decode())
    run(engine, whole("before"))
    assert told(engine, listeners) == 0

    run(engine, bare("after"))
    assert (told(engine, listeners), told(engine, listeners)) == (8, 0)
    run(engine, whole("mended"))
    told(engine, listeners)

    states = [record["state"] for record in receiver.records()]
    assert states == ["raised"] * 8 + ["cleared"] * 8
    assert receiver.records()[0]["pages"][0]["url"].startswith("https://news.example.com/before")
    assert all(headers["webhook-signature"].startswith("v1,") for headers, _ in receiver.posts)


@ON_SQLITE
def test_what_was_not_taken_is_told_again(engine: Engine, receiver: Receiver) -> None:
    listeners = Listeners(webhook=receiver.url, secret=SECRET.decode())
    run(engine, whole("before"))
    run(engine, bare("after"))
    receiver.answers = [500] * 20

    with pytest.raises(NotTaken, match="took nothing"):
        told(engine, listeners)
    receiver.answers = [410]
    with pytest.raises(NotTaken, match="answers 410"):
        told(engine, listeners)

    assert told(engine, listeners) == 8


@ON_SQLITE
def test_a_command_is_given_the_lines_and_its_failure_is_told(engine: Engine, taker: tuple[str, Path]) -> None:
    command, taken = taker
    run(engine, whole("before"))
    run(engine, bare("after"))

    with pytest.raises(NotTaken, match="ended with status 3: no mail"):
        told(
            engine,
            Listeners(command=f"{sys.executable} -c \"import sys; sys.exit(print('no mail', file=sys.stderr) or 3)\""),
        )
    with pytest.raises(NotTaken, match="No such file"):
        told(engine, Listeners(command="/nowhere/at/all"))

    assert told(engine, Listeners(command=command)) == 8
    assert {json.loads(line)["watched"] for line in taken.read_text("utf-8").splitlines()} == {"example.com"}


@ON_SQLITE
def test_nothing_is_posted_unsigned(engine: Engine, receiver: Receiver) -> None:
    run(engine, whole("before"))
    run(engine, bare("after"))

    with pytest.raises(NotTaken, match="TRIPTYCH_WEBHOOK_SECRET"):
        told(engine, Listeners(webhook=receiver.url))

    assert receiver.posts == []


@pytest.fixture
def unwell(sqlite_url: str) -> str:
    opened = open_database(sqlite_url)
    run(opened, whole("before"))
    run(opened, bare("after"))
    opened.dispose()
    return sqlite_url


def test_the_command_lists_alarms_tells_them_and_accepts_them(
    run_scrapy: RunScrapy, unwell: str, taker: tuple[str, Path]
) -> None:
    command, taken = taker
    listed = run_scrapy("alarms", "-s", f"DATABASE_URL={unwell}", "-s", f"ALARM_COMMAND={command}")

    assert listed.returncode == 1
    assert "1  example.com: date_published fell from 100% to 0% of the articles" in listed.stdout
    assert "before  https://news.example.com/before-0\n" in listed.stdout
    assert "now     https://news.example.com/after-0\n" in listed.stdout
    assert len(taken.read_text("utf-8").splitlines()) == 8

    accepted = run_scrapy("alarms", "--accept", *map(str, range(1, 9)), "-s", f"DATABASE_URL={unwell}")
    again = run_scrapy("alarms", "--json", "-s", f"DATABASE_URL={unwell}")
    unknown = run_scrapy("alarms", "--accept", "77", "-s", f"DATABASE_URL={unwell}")

    assert (accepted.returncode, accepted.stderr) == (0, "8 alarms accepted: it is usual from now on\n")
    assert (again.returncode, again.stdout) == (0, "")
    assert (unknown.returncode, "no open alarm 77" in unknown.stderr) == (1, True)


def test_before_the_first_crawl_there_are_none(run_scrapy: RunScrapy) -> None:
    assert run_scrapy("alarms").returncode == 0
