"""Records of somebody else's WARC files as the items a crawl would have made of them. No command itself."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from crawler.page_limits import PageLimits
    from models.items import ArchivePlace, FailureClass, Item
    from pipelines.archive import Archived, Exchange
    from pipelines.archive.foreign import Foreign

# What text/ may be beside a page, as text/css, is none.
_PAGE_TYPES = (
    *("text/html", "text/xml", "text/plain"),
    *("application/xhtml", "application/xml", "application/rss", "application/atom"),
)
_MOST_COPIED = 64 * 1024 * 1024


class Job(NamedTuple):
    record: "Foreign"
    original: "Foreign | ArchivePlace | None"
    """Of a revisit: in these files, or in the archive since an earlier import."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one record. To be written into the archive are its members or, of a revisit, the exchange."""

    job: Job
    item: "Item | None" = None
    members: bytes = b""
    exchange: "Exchange | None" = None
    fault: str | None = None
    """Why there is no item; None where it is only a step to another response."""


def is_page(url: str, status: int, content_type: str | None) -> bool:
    """Whether a crawl would have asked for it, and kept it."""
    from crawler.spiders.scope import is_asset

    if is_asset(url):
        return False
    declared = (content_type or "text/html").split(";")[0].strip().lower()
    return status != 200 or declared.startswith(_PAGE_TYPES)


def died(job: Job, reason: str) -> Imported:
    from models.items import FailureClass

    return Imported(job=job, item=_failed(job.record, FailureClass.EXTRACTION, reason))


def read_job(job: Job, *, index: Path, folder: Path, most_parts: int, limits: "PageLimits") -> Imported:
    """Never raises. `index` is the file of a ForeignIndex, `folder` the archive."""
    from pipelines.archive import ArchiveFault
    from pipelines.archive.records import RecordFault

    record = job.record
    try:
        if record.kind == "unchanged":
            return Imported(job=job, item=_item_of_304(record), members=_members_of(record))
        archived = _archived(job, folder)
        item = _Reader(record, index, most_parts, limits).item_of(archived)
        if record.kind == "revisit":
            return Imported(job=job, item=item, exchange=_exchange_of(archived))
        return Imported(job=job, item=item, members=_members_of(record))
    except (ArchiveFault, RecordFault, OSError) as error:
        return Imported(job=job, fault=str(error))


def _item_of_304(record: "Foreign") -> "Item":
    from models.items import NotModified

    return NotModified(url=record.url, fetched_at=record.at)


def _archived(job: Job, folder: Path) -> "Archived":
    from models.items import ArchivePlace
    from pipelines.archive import read_at
    from pipelines.archive.members import read_record
    from pipelines.archive.reading import revisited

    if job.original is None:
        return _response_of(job.record)
    original = job.original
    found = read_at(folder, original) if isinstance(original, ArchivePlace) else _response_of(original)
    return revisited(read_record(job.record.path, job.record.offset), found, found.place)


def _response_of(record: "Foreign") -> "Archived":
    from models.items import ArchivePlace
    from pipelines.archive.members import read_record
    from pipelines.archive.reading import archived_of

    return archived_of(read_record(record.path, record.offset), ArchivePlace(file="", offset=0))


def _members_of(record: "Foreign") -> bytes:
    """The record as it is, a gzip member of its own; nothing of one that is too large to be read as a page."""
    from pipelines.archive.members import open_file
    from pipelines.archive.records import pack_raw

    if record.length > _MOST_COPIED:
        return b""
    with open_file(record.path) as file:
        file.seek(record.offset)
        raw = file.read(record.length)
    return raw if record.is_packed else pack_raw(raw)


def _exchange_of(archived: "Archived") -> "Exchange":
    from pipelines.archive import Exchange

    headers = (
        ("Content-Type", archived.content_type),
        ("ETag", archived.etag),
        ("Last-Modified", archived.last_modified),
    )
    return Exchange(
        url=archived.url,
        method="GET",
        request_headers=(),
        status=archived.status,
        headers=[(name, value) for name, value in headers if value],
        body=archived.body,
        fetched_at=archived.fetched_at,
    )


class _Reader:
    def __init__(self, record: "Foreign", index: Path, most_parts: int, limits: "PageLimits") -> None:
        self._record = record
        self._index = index
        self._most_parts = most_parts
        self._limits = limits

    def item_of(self, archived: "Archived") -> "Item | None":
        from scrapy.http import Request, Response
        from scrapy.spidermiddlewares.httperror import HttpError

        from crawler.errors import PageError
        from crawler.spiders.failures import failure_of
        from models.items import FailureClass

        url, status = self._record.url, archived.status
        if archived.is_truncated or status == 206:
            return _failed(self._record, FailureClass.INCOMPLETE, "the response was cut short when it was archived")
        if 300 <= status < 400 and archived.location:
            return self._redirect(archived.location)
        if status != 200:
            return failure_of(HttpError(Response(url, status=status)), Request(url), now=self._record.at)
        try:
            return self._page(archived)
        except PageError as error:
            return failure_of(error, Request(url), now=self._record.at)

    def _page(self, archived: "Archived") -> "Item":
        from crawler.commands.archived_pages import read_archived
        from models.items import FailureClass, NotModified

        page = read_archived(archived, self._find, most_parts=self._most_parts, limits=self._limits)
        page = replace(page, fetched_at=self._record.at)
        if page.part is None:
            return page
        if self._find(page.part.first_url) is None:
            reason = f"part {page.part.number} of an article whose first part, {page.part.first_url}, is not here"
            return _failed(self._record, FailureClass.INCOMPLETE, reason)
        return NotModified(url=self._record.url, fetched_at=self._record.at, target_url=page.part.first_url)

    def _redirect(self, location: str) -> "Item | None":
        from crawler.markup.links import absolute_url, same_site
        from models.identity import page_url
        from models.items import FailureClass, NotModified

        record = self._record
        target = absolute_url(record.url, location)
        if target is None:
            return _failed(record, FailureClass.REDIRECT, f"a redirect that leads nowhere: {location}")
        if not same_site(record.url, target):
            return _failed(record, FailureClass.REFUSED_OFFSITE, f"redirect to another site, {target}")
        if page_url(target) == record.url:
            return None  # to set a cookie, or a slash: its page follows
        return NotModified(url=record.url, fetched_at=record.at, target_url=target)

    def _find(self, url: str) -> "Archived | None":
        from pipelines.archive.foreign import ForeignIndex
        from pipelines.archive.records import RecordFault

        index = ForeignIndex(self._index)
        try:
            found = index.nearest(url, self._record.at)
            return _response_of(found) if found else None
        except (RecordFault, OSError):
            return None
        finally:
            index.close()


def _failed(record: "Foreign", failure_class: "FailureClass", message: str) -> "Item":
    from models.items import Failure

    return Failure(url=record.url, failure_class=failure_class, message=message, occurred_at=record.at, stage="archive")
