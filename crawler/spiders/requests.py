"""The two ends of a request: what is asked for, and what a response says beside its body."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from scrapy.http import Request, Response

from crawler.errors import UnexpectedContentType
from models.items import ArchivePlace, Page, Priority
from models.pickling import pickle_by_values

ARCHIVED = "triptych_archived"
"""In a request's meta, where an archive is kept: the ArchivePlace of its last response."""
LEASE = "triptych_lease"
"""In a request's meta: the Lease it was made for."""

_PAGE_TYPES = (
    "text/",
    "application/xhtml",
    "application/xml",
    "application/rss",
    "application/atom",
    "application/octet-stream",
)


class Lease(Protocol):
    """What the frontier says of a URL that is to be asked for. It knows more; this is what a request is made of."""

    @property
    def url(self) -> str: ...
    @property
    def priority(self) -> int: ...
    @property
    def depth(self) -> int:
        """Steps from a start URL."""

    @property
    def kind(self) -> str | None:
        """A PageKind: as it was when it was last read."""

    @property
    def etag(self) -> str | None:
        """Of the response that is stored, as the next; None where nothing is, or it is to be fetched whole."""

    @property
    def last_modified(self) -> str | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The Lease of a start URL, before the frontier has one."""

    url: str
    priority: Priority = Priority.LIST
    depth: int = 0
    kind: None = None
    etag: None = None
    last_modified: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseFacts:
    """What the transport says of a page."""

    url: str
    requested_url: str | None
    status: int
    content_type: str | None
    etag: str | None
    last_modified: str | None
    fetched_at: datetime
    archived: ArchivePlace | None

    def complete(self, page: Page) -> Page:
        """The page with these facts added."""
        return replace(
            page,
            url=self.url,
            requested_url=self.requested_url,
            status=self.status,
            etag=self.etag,
            last_modified=self.last_modified,
            fetched_at=self.fetched_at,
            archived=self.archived,
        )

    def check_content_type(self) -> None:
        """Raises UnexpectedContentType for an image, a PDF and the like. A response that declares nothing is tried."""
        declared = (self.content_type or "text/html").split(";")[0].strip().lower()
        if not declared.startswith(_PAGE_TYPES):
            raise UnexpectedContentType(f"a page, feed or sitemap expected, found {declared}", url=self.url)


def response_facts(response: Response, *, now: datetime) -> ResponseFacts:
    def header(name: str) -> str | None:
        value = response.headers.get(name)
        return value.decode("latin-1") if value else None

    assert response.request is not None  # noqa: S101  # Scrapy gives every response its request
    asked = first_url(response.request)
    return ResponseFacts(
        url=response.url,
        requested_url=asked if asked != response.url else None,
        status=response.status,
        content_type=header("Content-Type"),
        etag=header("ETag"),
        last_modified=header("Last-Modified"),
        fetched_at=now,
        archived=response.meta.get(ARCHIVED),
    )


def first_url(request: Request) -> str:
    """As asked for, before redirects."""
    lease: Lease | None = request.meta.get(LEASE)
    if lease is not None:
        return lease.url
    urls: list[str] = request.meta.get("redirect_urls") or [request.url]
    return urls[0]


def condition_of(lease: Lease) -> dict[str, str]:
    """The headers by which a server need not send again what is stored already."""
    named = {"If-None-Match": lease.etag, "If-Modified-Since": lease.last_modified}
    return {name: value for name, value in named.items() if value}


pickle_by_values(ResponseFacts)  # goes with each page to the process that reads it
