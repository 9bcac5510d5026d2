"""Progress on stderr: a bar with rate and time left in a terminal, elsewhere a line now and then, with -q nothing."""

import logging
import sys
import time
from types import TracebackType
from typing import IO, Self

from rich.console import RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from crawler.console.streams import counted, say, stderr
from crawler.verbosity import is_quiet

_SHOWN_AFTER = 2.0  # seconds
_FAST = 1000  # a second: tenths of it are of no interest
_MEGABYTE = 1_000_000


class ProgressLine:
    """Pages, articles, errors, rate and time left on stderr: a bar in a terminal, elsewhere a line every few seconds.

    A context manager. It draws when it is told something new and has no thread of its own, so processes may be forked
    beside it. What ends within `after_seconds` shows nothing.
    """

    _REDRAW_SECONDS = 0.1
    _PLAIN_SECONDS = 5.0

    def __init__(
        self, label: str, *, total: int | None = None, after_seconds: float = _SHOWN_AFTER, enabled: bool = True
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
            _log_to(self._console.file, instead_of=sys.stderr)
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
        counts = (counted(self.articles, "article"), counted(self.errors, "error"))
        return " · ".join((self._counted("page"), *counts, *self._pace(seconds)))

    def _counted(self, noun: str) -> str:
        return counted(self.pages, noun) if self.total is None else f"{self.pages:,}/{counted(self.total, noun)}"

    def _pace(self, seconds: float) -> tuple[str, ...]:
        """How many a second and, where the total is known, the time left."""
        rate = self.pages / seconds if seconds > 0 else 0.0
        shown = f"{rate:.1f}/s" if rate < _FAST else f"{rate:,.0f}/s"
        return (shown, *self.left(rate))

    def left(self, rate: float) -> tuple[str, ...]:
        """The time left at so many a second, if anything is known of it."""
        return () if self.total is None or rate <= 0 else (f"{_clock((self.total - self.pages) / rate)} left",)

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
            _log_to(sys.stderr, instead_of=self._console.file)
        self._live.update(self._bar(status), refresh=True)

    def _bar(self, status: str) -> RenderableType:
        grid = Table.grid(padding=(0, 1), expand=True)
        grid.add_column(no_wrap=True)
        grid.add_column(ratio=1, min_width=4)
        grid.add_column(no_wrap=True)
        bar = ProgressBar(total=self.total, completed=self.pages, pulse=self.total is None)
        grid.add_row(self.label, bar, status)
        return grid


class CountLine(ProgressLine):
    """Things of one kind: rows, files, lines."""

    def __init__(self, label: str, noun: str, *, total: int | None = None, enabled: bool = True) -> None:
        super().__init__(label, total=total, enabled=enabled)
        self._noun = noun

    def status(self, seconds: float) -> str:
        return " · ".join((self._counted(self._noun), *self._pace(seconds)))


class BytesLine(ProgressLine):
    """Files that are read, in megabytes, and what is wrong in them."""

    def status(self, seconds: float) -> str:
        rate = self.pages / seconds if seconds > 0 else 0.0
        read = f"{self.pages / _MEGABYTE:,.0f}/{(self.total or 0) / _MEGABYTE:,.0f} MB"
        pace = (f"{rate / _MEGABYTE:,.1f} MB/s", *self.left(rate))
        return " · ".join((read, *pace, *((counted(self.errors, "error"),) if self.errors else ())))


class Waiting:
    """Something that does not tell how far it is: what it is, and for how long, in a terminal; elsewhere nothing.

    A context manager. It draws in a thread of its own, so nothing is to be forked beside it.
    """

    def __init__(self, label: str) -> None:
        self.label = label
        self._started = time.monotonic()
        self._live: Live | None = None

    def __enter__(self) -> Self:
        console = stderr()
        if console.is_terminal and not is_quiet():
            self._live = Live(console=console, transient=True, refresh_per_second=4, get_renderable=self._shown)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def _shown(self) -> RenderableType:
        seconds = time.monotonic() - self._started
        if seconds < _SHOWN_AFTER:
            return Text()
        steps = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
        return Text.assemble((steps[int(seconds * 4) % len(steps)], "cyan"), f" {self.label} · {_clock(seconds)}")


def _log_to(stream: IO[str], *, instead_of: IO[str]) -> None:
    """Log lines, which are written to stderr as it was when logging began, stand above the bar while there is one."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream is instead_of:
            handler.setStream(stream)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(max(seconds, 0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
