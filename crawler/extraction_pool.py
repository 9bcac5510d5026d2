"""Saved pages on all cores: lines in the order given, in constant memory; a deadly page costs only itself."""

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import NamedTuple

from crawler.errors import LayoutChanged, PageError, UnparsablePage
from crawler.extractors import extract_page
from crawler.pagejson import failure_to_json, json_line, page_to_json
from crawler.saved_pages import NoPage, SavedPage
from crawler.sites import site_named, site_of
from models.items import FailureClass

# One page under way and one in the pipe, so that no worker waits for this process.
_QUEUED_PAGES = 2
# How far the others may run ahead of a slow page, a worker: their lines are held in memory till it is done.
_PAGES_AHEAD = 64
# CPU time, so that a busy machine kills no innocent page; the slowest of a thousand real pages took well under 1 s.
_PAGE_CPU_SECONDS = 60
_OVERTIME = getattr(signal, "SIGPROF", 0)
_PARENT_CHECK_SECONDS = 5


class Line(NamedTuple):
    """What became of one page."""

    page_id: str
    json: bytes
    articles: int
    failure: str | None
    """Class and message; None for a page that was read."""


def extract_saved_pages(pages: Iterable[SavedPage], *, workers: int, site: str | None = None) -> Iterator[Line]:
    """One line a page. With one worker all is done in this process, and a page that kills it ends the run.

    `site` names the site file for all pages; None finds it by each URL.
    """
    if workers == 1:
        return (extract_saved_page(page, site) for page in pages)
    return _extract_on_all(pages, workers, site)


def extract_saved_page(page: SavedPage, site: str | None) -> Line:
    """Never raises for a page: any bytes give a page or a failure."""
    try:
        found = extract_page(
            page.read(),
            url=page.url,
            content_type=page.content_type,
            site=site_named(site) if site else site_of(page.url or ""),
            now=page.fetched_at,
        )
        return Line(page.id, json_line(page_to_json(found, page.id)), len(found.articles), None)
    except NoPage as error:
        return _failed(page, error.failure_class, str(error))
    except PageError as error:
        return _failed(page, _class_of(error), str(error))
    except Exception as error:  # noqa: BLE001  # the one seam: a fault of the extractor is the page's recorded failure
        return _failed(page, FailureClass.EXTRACTION, f"{type(error).__name__}: {error}")


def _class_of(error: PageError) -> FailureClass:
    if isinstance(error, UnparsablePage):
        return FailureClass.UNPARSABLE
    return FailureClass.LAYOUT_CHANGED if isinstance(error, LayoutChanged) else FailureClass.EXTRACTION


def _failed(page: SavedPage, failure_class: FailureClass, message: str) -> Line:
    record = failure_to_json(page.id, failure_class, message) | {"url": page.url}
    return Line(page.id, json_line(record), 0, f"{failure_class.value}: {message}")


def _extract_on_all(pages: Iterable[SavedPage], count: int, site: str | None) -> Iterator[Line]:
    workers = [_Worker(site) for _ in range(count)]
    waiting = enumerate(pages)
    lines: dict[int, Line] = {}  # of pages that were done before a predecessor
    place = 0
    try:
        while True:
            _feed(workers, waiting, room=_PAGES_AHEAD * count - len(lines))
            busy = [worker for worker in workers if worker.queue]
            if not busy:
                return
            ready = wait([worker.connection for worker in busy])
            lines.update(worker.take() for worker in busy if worker.connection in ready)
            while place in lines:
                yield lines.pop(place)
                place += 1
    finally:
        for worker in workers:
            worker.stop()


def _feed(workers: list["_Worker"], waiting: Iterator[tuple[int, SavedPage]], *, room: int) -> None:
    """One page each before anyone gets a second."""
    for depth in range(1, _QUEUED_PAGES + 1):
        for worker in workers:
            if room > 0 and len(worker.queue) < depth and (pair := next(waiting, None)):
                worker.give(*pair)
                room -= 1


class _Worker:
    """A process with a pipe of its own.

    In a ProcessPoolExecutor all share one pipe: a worker that is killed while it writes stops the others for ever, and
    nobody can tell which page killed it.
    """

    def __init__(self, site: str | None) -> None:
        self._site = site
        self._process: BaseProcess | None = None
        self.queue: deque[tuple[int, SavedPage]] = deque()
        """Places and pages given to it; the first is under way."""

    def give(self, place: int, page: SavedPage) -> None:
        if self._process is None:
            self._start()
        self.queue.append((place, page))
        self._send(page)

    def take(self) -> tuple[int, Line]:
        """The place and line of the page under way; waits for it. A worker that died of it is replaced."""
        place, page = self.queue.popleft()
        try:
            return place, self.connection.recv()
        except (EOFError, OSError):  # OSError: it died while it wrote
            failed = _failed(page, FailureClass.EXTRACTION, self._cause_of_death())
        self._start()
        for _, later in self.queue:
            self._send(later)
        return place, failed

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.join()
            self.connection.close()

    def _start(self) -> None:
        context = _context()
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, self._site, os.getpid()), daemon=True)
        self._process.start()
        theirs.close()  # so that its death is the end of the pipe

    def _send(self, page: SavedPage) -> None:
        with suppress(BrokenPipeError):  # it has died; `take` will see
            self.connection.send(page)

    def _cause_of_death(self) -> str:
        process = self._process
        if process is None:
            return "never started"
        self.connection.close()
        process.join()
        if process.exitcode == -_OVERTIME:
            return f"took more than {_PAGE_CPU_SECONDS} s of CPU time"
        return f"killed the extractor's process (exit code {process.exitcode})"


def _work(connection: Connection, site: str | None, parent: int) -> None:
    """The life of a worker."""
    # Ctrl-C reaches all processes of a terminal; the parent alone answers it, and ends the others by SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while True:
        # A parent that was killed cannot close the pipe: the other workers hold copies of its end.
        while not connection.poll(_PARENT_CHECK_SECONDS):
            if os.getppid() != parent:
                return
        page = connection.recv()
        _limit_cpu(_PAGE_CPU_SECONDS)
        line = extract_saved_page(page, site)
        _limit_cpu(0)
        connection.send(line)


def _limit_cpu(seconds: float) -> None:
    """Over the limit the system ends the process: a parser in C hears no handler of ours. 0 is no limit."""
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _context() -> ForkContext | SpawnContext:
    """Fork starts in milliseconds and shares the loaded extractor, but copies locks that other threads hold.

    Spawn is safe anywhere, and loads the extractor once a worker.
    """
    is_safe = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork") if is_safe else multiprocessing.get_context("spawn")
