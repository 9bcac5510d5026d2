"""The style of all commands: exit statuses, messages, help, progress."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest
from scrapy.settings import Settings
from sqlalchemy.exc import ArgumentError, OperationalError

from crawler.console import (
    ConsoleCommand,
    Exit,
    HelpFormatter,
    printable,
    stdout,
    table,
)
from crawler.errors import LayoutChanged, UnknownSite
from models.errors import StorageOutdated

ROOT = Path(__file__).parents[1]


class Probe(ConsoleCommand):
    """Ends as it is told to."""

    examples: ClassVar[tuple[str, ...]] = ("scrapy probe one", "scrapy probe two  # with a remark")

    def __init__(self, outcome: BaseException | Exit) -> None:
        super().__init__()
        self.outcome = outcome
        self.seen: list[str] | None = None
        self.settings = Settings({"DATABASE_URL": "postgresql://me:secret@db.example.test/triptych"})

    def short_desc(self) -> str:
        return "Probe"

    def long_desc(self) -> str:
        return "A description of more than eighty characters, so that it has to be wrapped at some place or other."

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:  # noqa: ARG002  # the door of all commands
        self.seen = args
        if isinstance(self.outcome, Exit):
            return self.outcome
        raise self.outcome


def operational(message: str) -> OperationalError:
    return OperationalError("SELECT 1", {}, Exception(message))


@pytest.mark.parametrize(
    ("outcome", "status", "parts"),
    [
        pytest.param(Exit.OK, 0, (), id="ok"),
        pytest.param(Exit.FAILED, 1, (), id="failed"),
        pytest.param(UnknownSite("no site 'x'"), 2, ("no site 'x'", "--help"), id="usage"),
        pytest.param(
            LayoutChanged("1 node expected", url="http://a.test/"), 1, ("1 node", "http://a.test/"), id="page"
        ),
        pytest.param(FileNotFoundError(2, "No such file", "a.html"), 1, ("No such file: a.html",), id="file"),
        pytest.param(StorageOutdated("run: scrapy db upgrade"), 3, ("run: scrapy db upgrade",), id="outdated"),
        pytest.param(operational("no such table: page"), 3, ("no such table", "scrapy db upgrade"), id="no-tables"),
        pytest.param(
            operational('relation "page" does not exist'), 3, ("does not exist", "scrapy db upgrade"), id="no-relation"
        ),
        pytest.param(operational("database is locked"), 3, ("locked", "run the command again"), id="locked"),
        pytest.param(operational("unable to open database file"), 3, ("must exist and be writable",), id="no-folder"),
        pytest.param(operational("file is not a database"), 3, ("no SQLite database",), id="not-a-database"),
        pytest.param(operational("disk is full"), 3, ("free some space",), id="disk-full"),
        pytest.param(operational("connection refused"), 3, ("check that the server runs",), id="refused"),
        pytest.param(
            ArgumentError("Could not parse SQLAlchemy URL from string 'x'"), 3, ("postgresql+psycopg://",), id="bad-url"
        ),
        pytest.param(KeyboardInterrupt(), 130, ("stopped",), id="interrupted"),
    ],
)
def test_outcome_becomes_exit_status_and_one_message(
    outcome: BaseException | Exit, status: int, parts: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    command = Probe(outcome)

    command.run([], argparse.Namespace())

    captured = capsys.readouterr()
    assert command.exitcode == status
    assert captured.out == ""
    assert all(part in captured.err for part in parts)
    assert "Traceback" not in captured.err


def test_faults_of_our_own_keep_their_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        Probe(ZeroDivisionError()).run([], argparse.Namespace())


def test_database_message_hides_the_password(capsys: pytest.CaptureFixture[str]) -> None:
    Probe(operational("connection refused")).run([], argparse.Namespace())

    message = capsys.readouterr().err
    assert "me:***@db.example.test" in message
    assert "secret" not in message


def test_unknown_option_is_refused_and_not_taken_for_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    command = Probe(Exit.OK)

    command.run(["page.html", "--jsno"], argparse.Namespace())

    assert command.exitcode == Exit.USAGE
    assert command.seen is None
    assert "unknown option --jsno" in capsys.readouterr().err


def test_arguments_after_two_dashes_may_begin_with_a_dash() -> None:
    command = Probe(Exit.OK)

    command.run(["a.html", "--", "-b.html"], argparse.Namespace())

    assert command.seen == ["a.html", "-b.html"]


def test_help_keeps_example_lines_and_wraps_the_description() -> None:
    command = Probe(Exit.OK)
    parser = argparse.ArgumentParser(formatter_class=HelpFormatter)

    command.add_options(parser)

    shown = parser.format_help()
    assert "\n  $ scrapy probe one\n  $ scrapy probe two  # with a remark\n" in shown
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("港口\tA\n", "港口\tA\n", id="plain"),
        pytest.param("\x1b[31mred\x1b[0m", "\ufffd[31mred\ufffd[0m", id="escape-sequence"),
        pytest.param("\x9b31m", "\ufffd31m", id="c1-control"),
        pytest.param("abc\u202edef", "abc\ufffddef", id="bidi-override"),
        pytest.param("a\rb", "a\ufffdb", id="carriage-return"),
    ],
)
def test_text_of_pages_cannot_steer_the_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_table_fits_eighty_columns_with_long_cells(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    made = table("site", "pages#", title="Sites")
    made.add_row("港口" * 60, "1,234")

    stdout().print(made)

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].strip() == "Sites"
    assert lines[1].split() == ["site", "pages"]
    assert all(len(line.encode("gb18030")) <= 80 for line in lines), "two bytes in GB18030 are two cells"


_PRINTING = """
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from crawler.console import print_json

@dataclass
class Shown:
    at: datetime
    file: Path
    name: str

print_json(Shown(datetime(2026, 11, 23, tzinfo=UTC), Path("a"), "港\\ud800"))
"""


def test_json_is_one_line_of_utf8_in_any_locale() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}

    done = subprocess.run([sys.executable, "-c", _PRINTING], capture_output=True, check=True, env=environment)

    assert done.stdout.count(b"\n") == 1
    assert json.loads(done.stdout) == {"at": "2026-11-23T00:00:00+00:00", "file": "a", "name": "港\ud800"}
