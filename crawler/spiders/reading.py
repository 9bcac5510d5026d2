"""A response read: a page, and the entries too where it is a feed or a sitemap. Pure: it is done in other processes."""

import logging
from dataclasses import dataclass, replace

from crawler.errors import PageError
from crawler.extractors import extract_page
from crawler.limited_process import Limits, ProcessDied
from crawler.markup.feeds import Feed, FeedFormat, looks_like_feed, parse_feed
from crawler.process_pool import ProcessPool
from crawler.site import Site
from crawler.spiders.requests import ResponseFacts
from models.items import Page, PageKind

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    page: Page
    feed: Feed | None = None


class Readers:
    """Read responses in processes of their own, so that neither a slow page nor a deadly one costs any other.

    They are forked where no other thread runs yet, in milliseconds; with none, responses are read in this process.
    """

    def __init__(self, processes: int, limits: Limits | None = None) -> None:
        self._pool = ProcessPool(_answer, count=processes, limits=limits) if processes else None
        if self._pool:
            self._pool.start()

    async def read(self, body: bytes, facts: ResponseFacts, site: Site) -> Read:
        """Raises PageError for any fault, and for a page that takes more than the limits."""
        if self._pool is None:
            return read_page(body, facts, site)
        try:
            answer: Read | PageError = await self._pool.run((body, facts, site))
        except ProcessDied as death:
            raise PageError(f"the page {death}", url=facts.url) from None
        if isinstance(answer, PageError):
            raise answer
        return answer

    def stop(self) -> None:
        if self._pool:
            self._pool.stop()


def _answer(task: tuple[bytes, ResponseFacts, Site]) -> Read | PageError:
    """What is raised is the answer too: it goes from one process to another."""
    try:
        return read_page(*task)
    except PageError as error:
        return error


def read_page(body: bytes, facts: ResponseFacts, site: Site) -> Read:
    """Raises PageError for any fault."""
    try:
        return _read(body, facts, site)
    except PageError:
        raise
    except Exception as error:  # the one seam: any fault of the extractor is a recorded row
        logger.exception("extraction of %s failed", facts.url)
        raise PageError(f"{type(error).__name__}: {error}", url=facts.url) from error


def _read(body: bytes, facts: ResponseFacts, site: Site) -> Read:
    if looks_like_feed(body):
        feed = parse_feed(body, url=facts.url)
        if feed:
            kind = PageKind.FEED if feed.format is FeedFormat.FEED else PageKind.SITEMAP
            return Read(facts.complete(Page(url=facts.url, kind=kind)), feed)
    facts.check_content_type()
    page = extract_page(body, url=facts.url, content_type=facts.content_type, site=site, now=facts.fetched_at)
    if page.kind is not PageKind.ARTICLE:
        page = replace(page, articles=())  # a text that looks a little like one is not stored
    return Read(facts.complete(page))
