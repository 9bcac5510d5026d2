"""The style of all commands: exit statuses, messages, help, progress."""

import argparse
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest
from scrapy.settings import Settings
from sqlalchemy.exc import ArgumentError, OperationalError

from crawler.console import (
    BytesLine,
    ConsoleCommand,
    CountLine,
    Exit,
    HelpFormatter,
    ProgressLine,
    Waiting,
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


def test_progress_line_tells_counts_rate_and_time_left() -> None:
    line = ProgressLine("Crawling", total=4000, after_seconds=60)
    line.advance(articles=1)
    line.update(pages=1000, articles=900, errors=2)

    assert line.status(10.0) == "1,000/4,000 pages · 900 articles · 2 errors · 100.0/s · 0:30 left"


def test_progress_line_without_total_has_no_time_left() -> None:
    line = ProgressLine("Crawling")
    line.update(pages=7, articles=3, errors=0)

    assert line.status(2.0) == "7 pages · 3 articles · 0 errors · 3.5/s"


def test_hours_are_shown_in_time_left() -> None:
    line = ProgressLine("Crawling", total=36_001)
    line.update(pages=1, articles=0, errors=0)

    assert line.status(1.0).endswith("10:00:00 left")


def test_progress_in_a_pipe_is_plain_lines_few_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressLine("Extracting", total=100, after_seconds=0) as line:
        for _ in range(100):
            line.advance(articles=1)

    shown = capsys.readouterr().err.splitlines()
    assert len(shown) == 1
    assert shown[0].startswith("Extracting: 1/100 pages · 1 article")


@pytest.mark.parametrize(("after_seconds", "enabled"), [(60.0, True), (0.0, False)])
def test_progress_is_silent_when_quick_or_off(
    after_seconds: float, enabled: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with ProgressLine("Extracting", after_seconds=after_seconds, enabled=enabled) as line:
        line.advance()

    assert capsys.readouterr().err == ""


_BAR = """
from crawler.console import ProgressLine
with ProgressLine("Crawling", total=3, after_seconds=0) as line:
    line.advance(articles=1)
    line.update(pages=2, articles=1, errors=1)
"""


def run_in_terminal(*command: str) -> str:
    """What the command draws on a terminal of 80 columns."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(command, stdout=follower, stderr=follower, cwd=ROOT, env=environment):
        os.close(follower)
        drawn = bytearray()
        try:
            while chunk := os.read(leader, 65536):
                drawn += chunk
        except OSError:  # Linux: the other side has closed
            pass
        finally:
            os.close(leader)
    return drawn.decode()


def test_progress_in_a_terminal_is_a_bar_that_goes_away() -> None:
    drawn = run_in_terminal(sys.executable, "-c", _BAR)

    assert "1/3 pages · 1 article" in drawn
    assert "━" in drawn
    assert drawn.rstrip("\r\n").endswith("\x1b[2K"), "the bar's line is wiped at the end"


def test_other_things_than_pages_are_counted_with_rate_and_time_left() -> None:
    rows, read = CountLine("Exporting", "row", total=5000), BytesLine("Checking", total=40_000_000)
    rows.advance(1000)
    read.update(pages=10_000_000, articles=0, errors=1)

    assert rows.status(0.5) == "1,000/5,000 rows · 2,000/s · 0:02 left"
    assert read.status(4.0) == "10/40 MB · 2.5 MB/s · 0:12 left · 1 error"


_WAITING = """
import time
from crawler.console import Waiting
from crawler.verbosity import be_quiet
if {quiet}:
    be_quiet()
with Waiting("Making the index") as waiting:
    waiting.label = "Making the second index"
    time.sleep({seconds})
"""


@pytest.mark.parametrize(
    ("quiet", "seconds", "is_shown"),
    [
        pytest.param(False, 2.7, True, id="long"),
        pytest.param(False, 0.1, False, id="short"),
        pytest.param(True, 2.7, False, id="quiet"),
    ],
)
def test_waiting_is_shown_in_a_terminal_once_it_takes_long(quiet: bool, seconds: float, is_shown: bool) -> None:
    drawn = run_in_terminal(sys.executable, "-c", _WAITING.format(quiet=quiet, seconds=seconds))

    assert ("Making the second index · 0:02" in drawn) is is_shown


def test_waiting_leaves_a_pipe_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with Waiting("Making the index"):
        pass

    assert capsys.readouterr().err == ""


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
