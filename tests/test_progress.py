"""Progress: what is counted, how it is drawn, and when it is not."""

import os
import re
import sys
from pathlib import Path

import pytest

from crawler.console import BytesLine, CountLine, ProgressLine, Waiting
from tests.terminals import drawn_by

ROOT = Path(__file__).parents[1]


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
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    environment.pop("NO_COLOR", None)
    return drawn_by(command, folder=ROOT, environment=environment)


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

    # It is drawn a last time at its end, after at least 2.7 s.
    assert bool(re.search("Making the second index · 0:0[2-9]", drawn)) is is_shown


def test_waiting_leaves_a_pipe_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with Waiting("Making the index"):
        pass

    assert capsys.readouterr().err == ""


_SPEAKING = """
import logging
from crawler.console import ProgressLine, print_json, say, stdout
logging.basicConfig(level="WARNING", format="%(message)s")
with ProgressLine("Crawling", total=3, after_seconds=0) as line:
    line.advance()
    say("said")
    stdout().print("a result")
    print_json({"a": "line"})
    logging.warning("logged")
logging.warning("logged afterwards")
"""


def test_what_is_told_while_a_bar_is_drawn_stands_on_lines_of_its_own() -> None:
    drawn = run_in_terminal(sys.executable, "-c", _SPEAKING)

    told = [line.rpartition("\x1b[2K")[2] for line in drawn.splitlines()]
    for text in ("said", "a result", '{"a": "line"}', "logged", "logged afterwards"):
        assert text in told


_LONG = """
from crawler.console import say
say("a message that is longer than the terminal is wide, so that it is broken somewhere, between words")
say("look at one: scrapy show http://127.0.0.1:8808/a/path/that/is/longer/than/the/terminal/is/wide/1.html")
"""


def test_a_terminal_gets_whole_words_and_whole_commands() -> None:
    drawn = run_in_terminal(sys.executable, "-c", _LONG).splitlines()

    assert drawn[0].rstrip() == "a message that is longer than the terminal is wide, so that it is broken"
    assert drawn[2].endswith("scrapy show http://127.0.0.1:8808/a/path/that/is/longer/than/the/terminal/is/wide/1.html")
