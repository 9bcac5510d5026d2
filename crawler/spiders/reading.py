"""A response read: a page, and the entries too where it is a feed or a sitemap. Pure: it is done in other processes."""

import logging
from dataclasses import dataclass, replace
from functools import partial

from crawler.errors import PageError
from crawler.extractors import extract_page
from crawler.limited_process import Limits, ProcessDied
from crawler.markup.feeds import Feed, FeedFormat, looks_like_feed, parse_feed
from crawler.page_limits import USUAL, PageLimits
from crawler.process_pool import ProcessPool
from crawler.site import Site
from crawler.spiders.requests import ResponseFacts
from models.items import Page, PageKind
from models.items import PageError as ItemError
from models.pickling import pickle_by_values

TOO_NESTED = ItemError(field="feed", message="an index deeper than SITEMAP_NESTING; what it names is not asked for")
_CUT_FEED = ItemError(field="feed", message="it breaks off, or has more than is read of one; what was read is kept")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    page: Page
    feed: Feed | None = None


pickle_by_values(Read)


class Readers:
    """Read responses in processes of their own, so that neither a slow page nor a deadly one costs any other.

    They are forked where no other thread runs yet, in milliseconds; with none, responses are read in this process.
    """

    def __init__(self, processes: int, limits: Limits | None = None, *, page_limits: PageLimits = USUAL) -> None:
        self._page_limits = page_limits
        work = partial(_answer, limits=page_limits)
        self._pool = ProcessPool(work, count=processes, limits=limits) if processes else None
        if self._pool:
            self._pool.start()

    async def read(self, body: bytes, facts: ResponseFacts, site: Site) -> Read:
        """Raises PageError for any fault, and for a page that takes more than the limits."""
        if self._pool is None:
            return read_page(body, facts, site, limits=self._page_limits)
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


def _answer(task: tuple[bytes, ResponseFacts, Site], *, limits: PageLimits) -> Read | PageError:
    """What is raised is the answer too: it goes from one process to another."""
    try:
        return read_page(*task, limits=limits)
    except PageError as error:
        return error


def read_page(body: bytes, facts: ResponseFacts, site: Site, *, limits: PageLimits = USUAL) -> Read:
    """Raises PageError for any fault."""
    try:
        return _read(body, facts, site, limits)
    except PageError:
        raise
    except Exception as error:  # the one seam: any fault of the extractor is a recorded row
        logger.exception("extraction of %s failed", facts.url)
        raise PageError(f"{type(error).__name__}: {error}", url=facts.url) from error


def _read(body: bytes, facts: ResponseFacts, site: Site, limits: PageLimits) -> Read:
    if looks_like_feed(body):
        feed = parse_feed(body, url=facts.url, limits=limits)
        if feed:
            kind = PageKind.FEED if feed.format is FeedFormat.FEED else PageKind.SITEMAP
            errors = (_CUT_FEED,) if feed.is_cut else ()
            return Read(facts.complete(Page(url=facts.url, kind=kind, errors=errors)), feed)
    facts.check_content_type()
    page = extract_page(
        body, url=facts.url, content_type=facts.content_type, site=site, now=facts.fetched_at, limits=limits
    )
    if page.kind is not PageKind.ARTICLE:
        page = replace(page, articles=())  # a text that looks a little like one is not stored
    return Read(facts.complete(page))
