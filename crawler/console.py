"""One style for all commands: where they write, how they end, how they tell of errors and of progress.

Results go to stdout, everything else to stderr, so that a pipe gets results only. Colours are rich's: off in a pipe and
with NO_COLOR.
"""

import argparse
import os
import re
import sys
import textwrap
import time
from abc import abstractmethod
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self, TextIO

from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.settings import Settings

from crawler.errors import TriptychError, UsageError
from crawler.verbosity import be_quiet, is_quiet
from models.errors import StorageError

PROGRAM = "triptych"
"""The name of the console script, which runs the commands of `scrapy` outside the project's folder too."""
_SCRAPY = re.compile("(?<![\\w./-])scrapy (?=[a-z])")

# What a page's text may do to a terminal: C0 and C1 controls start escape sequences, bidi controls turn lines around.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# What a database's message means, and what to do next. First match wins.
_STORAGE_ADVICE = (
    (
        re.compile(r"no such (table|column)|(relation|column) .* does not exist"),
        "its tables are not those of this version; run `scrapy db upgrade`",
    ),
    (
        re.compile("unable to open database file|readonly|read-only"),
        "the folder of the file must exist and be writable; create it, or name another file with -s DATABASE_URL=sqlite:///FILE",
    ),
    (re.compile("locked"), "another program holds it; let that end, then run the command again"),
    (
        re.compile("not a database|malformed"),
        "the file is no SQLite database; name another one with -s DATABASE_URL=sqlite:///FILE",
    ),
    (re.compile("full|No space"), "free some space, then run the command again; nothing stored before is lost"),
    (
        re.compile("parse SQLAlchemy URL|Can't load plugin|No module named"),
        "DATABASE_URL is sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME",
    ),
    (re.compile(""), "check that the server runs and that DATABASE_URL names it, then run the command again"),
)


class Exit(IntEnum):
    """Exit statuses of all commands."""

    OK = 0
    """All that was asked for is stored or accounted for."""
    FAILED = 1
    """Some of what was asked for failed; the failures are printed or recorded."""
    USAGE = 2
    """The call itself is wrong; nothing was done."""
    STORAGE = 3
    """The database cannot be reached, read or written."""
    INTERRUPTED = 130


class HelpFormatter(ScrapyHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Scrapy's, with the lines of descriptions and examples left as they are."""


class ConsoleCommand(ScrapyCommand):
    """A command in the style of this project: `perform` says how it ended, and errors become one message on stderr."""

    requires_project = True
    requires_crawler_process = False
    examples: ClassVar[tuple[str, ...]] = ()
    """Command lines shown at the end of --help."""
    actions: ClassVar[tuple[str, ...]] = ()
    """The words that its first argument may be, where it takes no other."""

    @property
    def project_settings(self) -> Settings:
        """The settings with those of the command line in them: there from `add_options` on."""
        if self.settings is None:
            raise RuntimeError("settings are set by scrapy.cmdline before a command runs")
        return self.settings

    @abstractmethod
    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        """Does what is asked. Errors of the project, of the database and of files may leave it as they are."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-v", "--verbose", action="count", default=0, help="log what is done; -vv every detail")
        parser.add_argument("-q", "--quiet", action="store_true", help="print results and errors, nothing else")
        parser.formatter_class = HelpFormatter
        parser.usage = textwrap.fill(as_called(parser.usage or ""), 76, break_on_hyphens=False)
        parser.description = as_called(textwrap.fill(self.long_desc(), 78))
        lines = "".join(f"\n  $ {as_called(example)}" for example in self.examples)
        parser.epilog = f"Examples:{lines}" if lines else None

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        if opts.verbose and not opts.loglevel:
            self.project_settings.set("LOG_LEVEL", "INFO" if opts.verbose == 1 else "DEBUG", priority="cmdline")
        if opts.quiet:
            be_quiet()

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            self.exitcode = self.perform(_positionals(args), opts)
            sys.stdout.flush()
        except KeyboardInterrupt:
            say("stopped")
            self.exitcode = Exit.INTERRUPTED
        except BrokenPipeError:  # the reader of the pipe, as `head`, has seen enough
            # Python flushes stdout once more as it ends, and would print a traceback.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = Exit.FAILED
        except _expected_errors() as error:
            message, self.exitcode = self._explain(error)
            complain(message)

    def _explain(self, error: BaseException) -> tuple[str, Exit]:
        name = type(self).__module__.rpartition(".")[2]
        if isinstance(error, UsageError):
            return f"{error}\nsee `scrapy {name} --help`", Exit.USAGE
        if isinstance(error, TriptychError):
            return str(error), Exit.FAILED
        if isinstance(error, OSError):
            return f"{error.strerror or error}: {error.filename}" if error.filename else str(error), Exit.FAILED
        if isinstance(error, StorageError):
            return str(error), Exit.STORAGE
        return _explain_storage(error, self.project_settings["DATABASE_URL"]), Exit.STORAGE


def _positionals(args: list[str]) -> list[str]:
    """Scrapy hands over unknown options as arguments; a command would take `--jsno` for a URL."""
    cut = args.index("--") if "--" in args else len(args)
    for arg in args[:cut]:
        if arg.startswith("-") and arg != "-":
            raise UsageError(f"unknown option {arg}")
    return args[:cut] + args[cut + 1 :]


def _expected_errors() -> tuple[type[BaseException], ...]:
    """SQLAlchemy's only where it is loaded: commands without a database start without it."""
    loaded = sys.modules.get("sqlalchemy.exc")
    storage_errors = (loaded.SQLAlchemyError,) if loaded else ()
    return (TriptychError, StorageError, OSError, *storage_errors)


def _explain_storage(error: BaseException, database_url: str) -> str:
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    shown = re.sub("//([^/:@]*):[^/@]*@", r"//\1:***@", database_url)
    advice = next(advice for pattern, advice in _STORAGE_ADVICE if pattern.search(cause))
    return f"database {shown}: {cause}\n{advice}"


def stdout() -> Console:
    """For results."""
    return _console(sys.stdout)


def stderr() -> Console:
    """For messages and progress."""
    return _console(sys.stderr)


def _console(stream: TextIO) -> Console:
    # A terminal or locale that has no Chinese shows question marks; it does not end the command.
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    return Console(file=stream, highlight=False, markup=False, emoji=False)


def say(message: str) -> None:
    """One message to whoever watches, unless nobody is to be told."""
    if is_quiet():
        return
    stderr().print(as_called(printable(message)), soft_wrap=True)


def complain(message: str) -> None:
    """What was expected, what was found, and on the last line what to do next."""
    stderr().print(Text.assemble(("error: ", "bold red"), as_called(printable(message))), soft_wrap=True)


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


class ProgressLine:
    """Pages, articles, errors, rate and time left on stderr: a bar in a terminal, elsewhere a line every few seconds.

    A context manager. It draws when it is told something new and has no thread of its own, so processes may be forked
    beside it. What ends within `after_seconds` shows nothing.
    """

    _REDRAW_SECONDS = 0.1
    _PLAIN_SECONDS = 5.0

    def __init__(
        self, label: str, *, total: int | None = None, after_seconds: float = 2.0, enabled: bool = True
    ) -> None:
        self.label, self.total = label, total
        self.pages = self.articles = self.errors = 0
        self._console = stderr()
        self._enabled = enabled and not is_quiet()
        self._started = time.monotonic()
        self._next_draw = self._started + after_seconds
        self._live: Live | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def advance(self, pages: int = 1, *, articles: int = 0, errors: int = 0) -> None:
        """Adds to the counts."""
        self.update(pages=self.pages + pages, articles=self.articles + articles, errors=self.errors + errors)

    def update(self, *, pages: int, articles: int, errors: int, total: int | None = None) -> None:
        """Sets the counts; `total` as far as it is known by now."""
        self.pages, self.articles, self.errors = pages, articles, errors
        self.total = total if total is not None else self.total
        now = time.monotonic()
        if self._enabled and now >= self._next_draw:
            self._draw(now)

    def status(self, seconds: float) -> str:
        """The line's text after that many seconds."""
        pages = (
            f"{self.pages:,}/{counted(self.total, 'page')}" if self.total is not None else counted(self.pages, "page")
        )
        rate = self.pages / seconds if seconds > 0 else 0.0
        parts = [pages, counted(self.articles, "article"), counted(self.errors, "error"), f"{rate:.1f}/s"]
        if self.total is not None and rate > 0:
            parts.append(f"{_clock((self.total - self.pages) / rate)} left")
        return " · ".join(parts)

    def _draw(self, now: float) -> None:
        status = self.status(now - self._started)
        if not self._console.is_terminal:
            self._next_draw = now + self._PLAIN_SECONDS
            say(f"{self.label}: {status}")
            return
        self._next_draw = now + self._REDRAW_SECONDS
        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(self._bar(status), refresh=True)

    def _bar(self, status: str) -> RenderableType:
        grid = Table.grid(padding=(0, 1), expand=True)
        grid.add_column(no_wrap=True)
        grid.add_column(ratio=1, min_width=4)
        grid.add_column(no_wrap=True)
        bar = ProgressBar(total=self.total, completed=self.pages, pulse=self.total is None)
        grid.add_row(self.label, bar, status)
        return grid


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(max(seconds, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
