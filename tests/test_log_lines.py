"""No page can write a line of the log that looks like one of ours."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.log_lines import EscapedLines, escape_log_lines, skip_unread_records
from tests.conftest import RunScrapy


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    logging.root.addHandler(handler)
    before = {each: each.formatter for each in logging.root.handlers}
    try:
        escape_log_lines()
        yield stream
    finally:
        for each, formatter in before.items():
            each.setFormatter(formatter)
        logging.root.removeHandler(handler)


def test_line_ends_and_escape_codes_of_a_page_stay_within_its_line(written: io.StringIO) -> None:
    logging.getLogger("test").error("failed: %s", "a\r\nCRITICAL: forged\x1b[2J\u202e\ud800")

    assert written.getvalue() == "ERROR: failed: a\\r\n    CRITICAL: forged\\x1b[2J\\u202e\\ud800\n"


def test_the_text_of_an_exception_is_no_line_of_its_own(written: io.StringIO) -> None:
    try:
        raise ValueError("of the page\nCRITICAL: forged")  # noqa: TRY301  # what is logged
    except ValueError:
        logging.getLogger("test").exception("failed")

    first, *others = written.getvalue().splitlines()
    assert first == "ERROR: failed"
    assert all(line.startswith("    ") for line in others)


def test_no_record_is_made_that_no_handler_takes(written: io.StringIO) -> None:
    made: list[logging.LogRecord] = []
    factory, loggers = logging.getLogRecordFactory(), (logging.root, logging.getLogger("scrapy"))
    before = {each: each.level for each in loggers}
    logging.getLogger("scrapy").setLevel(logging.DEBUG)  # as Scrapy does

    def make(*args: Any, **kwargs: Any) -> logging.LogRecord:
        made.append(factory(*args, **kwargs))
        return made[-1]

    others = {each: each.level for each in logging.root.handlers}
    logging.setLogRecordFactory(make)
    try:
        for handler in others:
            handler.setLevel(logging.ERROR)
        skip_unread_records()
        logging.getLogger("test").warning("nobody reads this")
        logging.getLogger("scrapy.core.engine").debug("nor this")
        logging.getLogger("test").error("read")
    finally:
        logging.setLogRecordFactory(factory)
        for each, level in before.items():
            each.setLevel(level)
        for handler, level in others.items():
            handler.setLevel(level)

    assert [record.getMessage() for record in made] == ["read"]
    assert written.getvalue() == "ERROR: read\n"


@given(st.text())
def test_any_message_begins_one_line(message: str) -> None:
    record = logging.LogRecord("test", logging.ERROR, "", 0, "%s", (message,), None)

    lines = EscapedLines(logging.Formatter("ERROR %(message)s")).format(record).splitlines()

    assert [line.startswith("    ") for line in lines] == [False] + [True] * (len(lines) - 1)


def test_a_crawl_escapes_what_it_logs(run_scrapy: RunScrapy, sqlite_url: str) -> None:
    wrong = "LOG_FORMAT=\x1b[31m%(levelname)s %(message)s"

    done = run_scrapy(
        *("crawl", "articles", "-a", "url=http://127.0.0.1:9/", "-s", f"DATABASE_URL={sqlite_url}", "-L", "INFO"),
        *("-s", wrong),
    )

    assert "\\x1b[31mINFO Spider closed (finished)" in done.stderr
