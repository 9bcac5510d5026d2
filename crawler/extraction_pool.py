"""Saved pages on all cores: lines in the order given, in constant memory; a deadly page costs only itself."""

import multiprocessing
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.context import BaseContext
from typing import NamedTuple

from crawler.errors import LayoutChanged, PageError, UnparsablePage
from crawler.extractors import extract_page
from crawler.pagejson import failure_to_json, json_line, page_to_json
from crawler.saved_pages import NoPage, SavedPage
from crawler.sites import site_named, site_of
from models.items import FailureClass


class Line(NamedTuple):
    """What became of one page."""

    page_id: str
    json: bytes
    articles: int
    failure: str | None
    """Class and message; None for a page that was read."""


_Chunk = tuple[SavedPage, ...]
_Pending = deque[tuple[_Chunk, Future[list[Line]]]]

# 4 pages take about 10 ms, so the way between processes costs little; few enough that 10 files use two cores.
_CHUNK_PAGES = 4
_CHUNKS_AHEAD = 4  # a worker
# CPU time, so that a busy machine kills no innocent page; the slowest of a thousand real pages took well under 1 s.
_PAGE_CPU_SECONDS = 60


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


def _extract_on_all(pages: Iterable[SavedPage], workers: int, site: str | None) -> Iterator[Line]:
    rest = iter(pages)
    pending: _Pending = deque()
    pool = _pool(workers)
    try:
        while True:
            while len(pending) < workers * _CHUNKS_AHEAD and (chunk := tuple(islice(rest, _CHUNK_PAGES))):
                pending.append((chunk, _submit(pool, chunk, site)))
            if not pending:
                return
            try:
                yield from pending[0][1].result()
                pending.popleft()
            except BrokenProcessPool:
                pool.shutdown()
                yield from _rescue(pending, site)
                pool = _pool(workers)
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, chunk: _Chunk, site: str | None) -> Future[list[Line]]:
    try:
        return pool.submit(_extract_chunk, chunk, site)
    except BrokenProcessPool as error:  # since the last look; the chunk is rescued with the others
        lost: Future[list[Line]] = Future()
        lost.set_exception(error)
        return lost


def _rescue(pending: _Pending, site: str | None) -> Iterator[Line]:
    """A worker died, and with it the pool: nobody says on which page, so what was under way is done page by page."""
    while pending:
        chunk, future = pending.popleft()
        if future.done() and not future.cancelled() and future.exception() is None:
            yield from future.result()
        else:
            yield from _extract_alone(chunk, site)


def _extract_alone(chunk: _Chunk, site: str | None) -> Iterator[Line]:
    """Each page with nothing beside it, so that the one that kills its worker is known."""
    pool = _pool(1)
    try:
        for page in chunk:
            try:
                yield from pool.submit(_extract_chunk, (page,), site).result()
            except BrokenProcessPool:
                pool.shutdown()
                pool = _pool(1)
                message = f"the extractor's process died of this page, or took more than {_PAGE_CPU_SECONDS} s"
                yield _failed(page, FailureClass.EXTRACTION, message)
    finally:
        pool.shutdown(cancel_futures=True)


def _extract_chunk(chunk: _Chunk, site: str | None) -> list[Line]:
    """Runs in a worker."""
    lines = []
    for page in chunk:
        if hasattr(signal, "setitimer"):  # not on Windows
            signal.setitimer(signal.ITIMER_PROF, _PAGE_CPU_SECONDS)
        lines.append(extract_saved_page(page, site))
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, 0)
    return lines


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=_context(), initializer=_start_worker)


def _start_worker() -> None:
    """Ctrl-C ends a worker without a traceback; so does the time limit, for a parser in C hears no Python signal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "SIGPROF"):
        signal.signal(signal.SIGPROF, signal.SIG_DFL)


def _context() -> BaseContext:
    """Fork starts in milliseconds and shares the loaded extractor, but copies locks that other threads hold.

    Spawn is safe anywhere, and loads the extractor once a worker.
    """
    is_safe = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if is_safe else "spawn")
