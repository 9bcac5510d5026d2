"""Archived responses, extracted in other processes. No command itself."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from models.items import Page
    from pipelines.archive import Archived
    from pipelines.reextraction import ArchivedPage

_AHEAD = 8  # pages under way, a worker


class Replayed(NamedTuple):
    archived: "ArchivedPage"
    page: "Page | None"
    reason: str | None
    """Why there is no page."""


def replay(pages: "Iterable[ArchivedPage]", folder: Path, *, workers: int) -> Iterator[Replayed]:
    """One for each page, in their order. A page that kills its process costs only itself."""
    pending: deque[tuple[ArchivedPage, Future[Replayed]]] = deque()
    waiting = iter(pages)
    pool = ProcessPoolExecutor(workers)
    try:
        while True:
            while len(pending) < _AHEAD * workers and (page := next(waiting, None)):
                pending.append((page, pool.submit(replay_one, page, folder)))
            if not pending:
                return
            page, future = pending.popleft()
            try:
                yield future.result()
            except BrokenProcessPool:
                yield _alone(page, folder)
                pool.shutdown()
                pool = ProcessPoolExecutor(workers)
                pending = deque((each, pool.submit(replay_one, each, folder)) for each, _ in pending)
    finally:
        pool.shutdown(cancel_futures=True)


def _alone(page: "ArchivedPage", folder: Path) -> Replayed:
    """It may have been a neighbour that killed the process; if it was this page, it does so again."""
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(replay_one, page, folder).result()
        except BrokenProcessPool:
            return Replayed(page, None, "killed the extractor's process")


def replay_one(page: "ArchivedPage", folder: Path) -> Replayed:
    from pipelines.archive import ArchiveFault, read_at

    try:
        archived = read_at(folder, page.place)
    except ArchiveFault as error:
        return Replayed(page, None, str(error))
    found, reason = read_archived(archived)
    return Replayed(page, found, reason)


def read_archived(archived: "Archived") -> "tuple[Page | None, str | None]":
    """The page as the spider would hand it on, or why there is none; neither for a feed or a sitemap."""
    from crawler.errors import PageError
    from crawler.extractors import extract_page
    from crawler.markup.feeds import looks_like_feed
    from crawler.sites import site_of
    from models.items import PageKind

    if archived.is_truncated:
        return None, "the response was cut short"
    if looks_like_feed(archived.body):
        return None, None
    try:
        page = extract_page(
            archived.body,
            url=archived.url,
            content_type=archived.content_type,
            site=site_of(archived.url),
            now=archived.fetched_at,
        )
    except PageError as error:
        return None, str(error)
    except Exception as error:  # noqa: BLE001  # the one seam: a fault of the extractor costs this page only
        return None, f"{type(error).__name__}: {error}"
    if page.part is not None:
        return None, "one of several parts of an article; recrawl it"
    is_article = page.kind is PageKind.ARTICLE
    return (
        replace(
            page,
            articles=page.articles if is_article else (),  # as the spider does it
            status=archived.status,
            etag=archived.etag,
            last_modified=archived.last_modified,
            fetched_at=archived.fetched_at,
        ),
        None,
    )
