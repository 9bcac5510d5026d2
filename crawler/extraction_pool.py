"""Saved pages on all cores: lines in the order given, in constant memory; a deadly page costs only itself."""

from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import NamedTuple

from crawler.errors import LayoutChanged, PageError, UnparsablePage
from crawler.extractors import extract_page
from crawler.limited_process import LimitedProcess, Limits, ProcessDied
from crawler.pagejson import failure_to_json, json_line, page_to_json
from crawler.saved_pages import NoPage, SavedPage
from crawler.sites import site_named, site_of
from models.items import FailureClass

# One page under way and one in the pipe, so that no worker waits for this process.
_QUEUED_PAGES = 2
# How far the others may run ahead of a slow page, a worker: their lines are held in memory till it is done.
_PAGES_AHEAD = 64


class Line(NamedTuple):
    """What became of one page."""

    page_id: str
    json: bytes
    articles: int
    failure: str | None
    """Class and message; None for a page that was read."""


def extract_saved_pages(
    pages: Iterable[SavedPage], *, workers: int, site: str | None = None, limits: Limits | None = None
) -> Iterator[Line]:
    """One line a page. With one worker all is done in this process, and a page that kills it ends the run.

    `site` names the site file for all pages; None finds it by each URL. `limits` are those of a page.
    """
    if workers == 1:
        return (extract_saved_page(page, site) for page in pages)
    return _extract_on_all(pages, [_Worker(site, limits or Limits()) for _ in range(workers)])


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


def _extract_on_all(pages: Iterable[SavedPage], workers: list["_Worker"]) -> Iterator[Line]:
    waiting = enumerate(pages)
    lines: dict[int, Line] = {}  # of pages that were done before a predecessor
    place = 0
    try:
        while True:
            _feed(workers, waiting, room=_PAGES_AHEAD * len(workers) - len(lines))
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
    """A process, and the pages given to it."""

    def __init__(self, site: str | None, limits: Limits) -> None:
        self._process = LimitedProcess(partial(extract_saved_page, site=site), limits)
        self.queue: deque[tuple[int, SavedPage]] = deque()
        """Places and pages; the first is under way."""

    @property
    def connection(self) -> Connection:
        return self._process.connection

    def give(self, place: int, page: SavedPage) -> None:
        if not self._process.is_started:
            self._process.start()
        self.queue.append((place, page))
        self._process.send(page)

    def take(self) -> tuple[int, Line]:
        """The place and line of the page under way; waits for it. A process that died of it is replaced."""
        place, page = self.queue.popleft()
        try:
            line: Line = self._process.receive()
        except ProcessDied as death:
            self._process.start()
            for _, later in self.queue:
                self._process.send(later)
            return place, _failed(page, FailureClass.EXTRACTION, str(death))
        return place, line

    def stop(self) -> None:
        self._process.stop()
