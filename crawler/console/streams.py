"""What a command prints: results on stdout, everything else on stderr, nothing that could steer a terminal."""

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.file_proxy import FileProxy
from rich.table import Table
from rich.text import Text

from crawler.verbosity import is_quiet

PROGRAM = "triptych"
"""The name of the console script, which runs the commands of `scrapy` outside the project's folder too."""
_COMMAND = re.compile("(?:scrapy|triptych) [a-z]")
_SCRAPY = re.compile("(?<![\\w./-])scrapy (?=[a-z])")

# What a page's text may do to a terminal: C0 and C1 controls start escape sequences, bidi controls turn lines around.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def stdout() -> Console:
    """For results. In a terminal they go through the console of a bar that is drawn, which makes room for them."""
    return stderr() if _stands_below_a_bar() else _console(sys.stdout)


def stderr() -> Console:
    """For messages and progress."""
    return _console(sys.stderr)


def _stands_below_a_bar() -> bool:
    return isinstance(sys.stdout, FileProxy) and sys.stdout.isatty()  # rich's, as long as something is live


def _console(stream: TextIO) -> Console:
    return _console_of(getattr(stream, "rich_proxied_file", stream))


@lru_cache(maxsize=4)  # one for each stream: only the console that draws a bar can print above it
def _console_of(stream: TextIO) -> Console:
    # A terminal or locale that has no Chinese shows question marks; it does not end the command.
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    return Console(file=stream, highlight=False, markup=False, emoji=False)


def say(message: str) -> None:
    """One message to whoever watches, unless nobody is to be told."""
    if is_quiet():
        return
    _tell(Text(as_called(printable(message))))


def complain(message: str) -> None:
    """What was expected, what was found, and on the last line what to do next."""
    _tell(Text.assemble(("error: ", "bold red"), as_called(printable(message))))


def _tell(message: Text) -> None:
    """In a terminal, broken between words; but for lines with a command in them, which is to be copied whole."""
    console = stderr()
    for line in message.split(allow_blank=True):
        console.print(line, soft_wrap=not console.is_terminal or _COMMAND.search(line.plain) is not None)


def print_json(record: Any) -> None:
    """One line of UTF-8 on stdout, whatever the terminal's encoding; a dataclass as its fields, times in ISO 8601.

    A lone surrogate, which UTF-8 has no bytes for, becomes its JSON escape.
    """
    line = json.dumps(_plain(record), ensure_ascii=False, default=_plain)
    if _stands_below_a_bar():
        stdout().print(Text(line.encode("utf-8", "backslashreplace").decode()), soft_wrap=True)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date):  # and times
        return value.isoformat()
    return dict(value) if isinstance(value, Mapping) else str(value)


def as_called(message: str) -> str:
    """The message with the commands in it as the user called this one: `scrapy …`, or `triptych …` in any directory."""
    return _SCRAPY.sub(f"{PROGRAM} ", message) if Path(sys.argv[0]).stem == PROGRAM else message


def printable(text: str) -> str:
    """The text with whatever could steer a terminal shown as U+FFFD; tabs and line feeds stay."""
    return _CONTROLS.sub("\ufffd", text)


def counted(count: int, noun: str) -> str:
    """As "1 page" and "1,234 pages"; for nouns that take an s."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def table(*columns: str, title: str | None = None) -> Table:
    """An empty table in the house style. A column whose name ends in "#" holds numbers and is shown without the "#"."""
    made = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        is_number = column.endswith("#")
        made.add_column(column.rstrip("#"), justify="right" if is_number else "left", overflow="fold")
    return made
