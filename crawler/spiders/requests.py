"""The two ends of a request: where a crawl starts, and what a response says beside its body."""

from dataclasses import dataclass, replace
from datetime import datetime

from scrapy.http import Response

from crawler.errors import UnexpectedContentType, UsageError
from crawler.markup.links import absolute_url
from crawler.site import Site
from models.items import ArchivePlace, Page

ARCHIVED = "triptych_archived"
"""In a request's meta, where an archive is kept: the ArchivePlace of its last response."""

_PAGE_TYPES = (
    "text/",
    "application/xhtml",
    "application/xml",
    "application/rss",
    "application/atom",
    "application/octet-stream",
)


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

    redirected_from: list[str] = response.meta.get("redirect_urls", [])
    return ResponseFacts(
        url=response.url,
        requested_url=redirected_from[0] if redirected_from else None,
        status=response.status,
        content_type=header("Content-Type"),
        etag=header("ETag"),
        last_modified=header("Last-Modified"),
        fetched_at=now,
        archived=response.meta.get(ARCHIVED),
    )


def start_urls_of(urls: str, site: Site | None) -> tuple[str, ...]:
    """The URLs typed, or else those of the site. Raises UsageError, with what to type, for none or a bad one."""
    given = tuple(urls.split()) or (site.start_urls if site else ())
    if not given:
        raise UsageError("no start URL; give one as in: scrapy crawl articles -a url=https://example.com/")
    for url in given:
        if absolute_url(None, url) is None:
            raise UsageError(
                f"an http or https URL with a host expected, found {url!r}; as in https://example.com/news/"
            )
    return given
