"""The article spider: starts anywhere on a site, finds its article pages, and asks for each once."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure as TwistedFailure

from crawler.errors import NotAnArticle, PageError, TriptychError, UsageError
from crawler.extractors import extract_page
from crawler.markup.feeds import Feed, FeedFormat, looks_like_feed, parse_feed
from crawler.markup.links import absolute_url
from crawler.middlewares import COUNTED, AlreadyAsked
from crawler.site import Site
from crawler.sites import site_named, site_of
from crawler.spiders.failures import failure_of, first_url
from crawler.spiders.parts import PartRead, join_parts
from crawler.spiders.requests import response_facts, start_urls_of
from crawler.spiders.scope import Scope
from models.items import ArchivePlace, Failure, FailureClass, Item, NotModified, OutlinkKind, Page, PageKind, PagePart

# A page announced by a sitemap or feed, or a further list page, comes before links met in passing.
ANNOUNCED_PRIORITY = 20
LISTED_PRIORITY = 10


class ArticlesSpider(scrapy.Spider):
    """Crawls one site. Arguments, all strings as they come from the command line:

    url: where to start, several separated by white space; or nothing, with `site` named
    site: name of a site file; found by the URL's host otherwise
    limit: stop after so many articles
    follow: "no" fetches the given URLs and nothing else, and takes a page without an article for a failure
    """

    name = "articles"

    def __init__(
        self,
        url: str = "",
        site: str | None = None,
        limit: str | None = None,
        follow: str = "yes",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        named = site_named(site) if site else None
        self.start_urls = list(start_urls_of(url, named))
        self.site = named or site_of(self.start_urls[0])
        self.scope = Scope.of(tuple(self.start_urls), self.site)
        self.limit = _positive(limit)
        self.follow = follow != "no"
        self.articles_found = 0
        self.parts_met: dict[str, Page] = {}
        """Further parts of articles that were met before the first, by URL, till they are joined to it."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "ArticlesSpider":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.read_robots, signal=signals.robots_parsed)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        for url in self.start_urls:
            yield self.ask(url, priority=LISTED_PRIORITY, again=not self.follow)

    def ask(self, url: str, *, priority: int = 0, again: bool = False) -> Request:
        """A request that ends in `parse` or `fail`, and so as exactly one item."""
        return Request(
            url,
            callback=self.parse,
            errback=self.fail,
            priority=priority,
            dont_filter=again,
            meta={"triptych_again": again},
        )

    def read_robots(self, robotparser: Any, request: Request) -> None:
        """Sitemaps that robots.txt names are the best list of a site's pages."""
        if not self.follow or not self.scope.holds(request.url):
            return
        for sitemap in robotparser.rp.sitemaps:
            url = absolute_url(request.url, sitemap)
            if url and self.scope.holds(url):
                self.crawler.engine.crawl(self.ask(url, priority=ANNOUNCED_PRIORITY))

    async def parse(self, response: Response) -> AsyncIterator[Item | Request]:
        """Exactly one item for the response and for each further part of its article, then what it leads to."""
        try:
            page, feed = self.read(response, site=self.site)
        except PageError as error:
            yield self.failed(error, response.request)
            return
        if self._is_past_limit(page):
            yield self._refused_by_limit(response)
            raise CloseSpider("limit")
        page, ended = await self.join(page)
        for item in ended:
            yield item
        if self.follow:
            for request in self.follow_feed(feed) if feed else self.follow_page(page):
                yield request

    async def join(self, page: Page) -> tuple[Page, tuple[Item | Request, ...]]:
        """The page with all parts of its article; and its own item, those of the parts, and what else is asked for."""
        if page.part is None:
            return page, (page,)
        if page.part.number > 1:
            return page, tuple(self.meet_part(page, page.part))
        most = self.settings.getint("PARTS_PER_ARTICLE")
        joined = await join_parts(page, partial(self.read_part, first_url=page.part.first_url), most=most)
        return joined.page, (*joined.others, joined.page)

    def meet_part(self, page: Page, part: PagePart) -> Iterator[Item | Request]:
        """A further part that was asked for by itself is another name of the article, which begins elsewhere."""
        self.parts_met[page.url or ""] = page
        yield _alias(page.requested_url or page.url, of=part.first_url, archived=page.archived)
        yield self.ask(part.first_url, priority=ANNOUNCED_PRIORITY, again=not self.follow)

    async def read_part(self, url: str, *, first_url: str) -> PartRead:
        """Asked for past the scheduler, by the same rules: the answer is needed here."""
        met = self.parts_met.pop(url, None)
        if met is not None:
            return PartRead(page=met, ended=None)
        request = Request(url, meta={"triptych_again": True})
        try:
            response = await self.crawler.engine.download_async(request)
            page = self.read_response_of_part(response)
        except AlreadyAsked as error:
            return PartRead(page=None, ended=_alias(url, of=error.target), fault=str(error))
        except Exception as error:  # noqa: BLE001  # the one seam: a part that fails costs only itself
            failure = self.failed(error, request)
            return PartRead(page=None, ended=failure, fault=failure.message)
        return PartRead(page=page, ended=_alias(url, of=first_url, archived=page.archived))

    def read_response_of_part(self, response: Response) -> Page:
        """An article whatever it looks like: the last part may be two lines."""
        if response.status != 200:
            raise HttpError(response)
        return self.read(response, site=replace(self.site, article_url="^", listing_url=None))[0]

    def read(self, response: Response, *, site: Site) -> tuple[Page, Feed | None]:
        """The response as a page; the entries too where it is a feed or sitemap. Raises PageError for any fault."""
        try:
            return self._read(response, site)
        except PageError:
            raise
        except Exception as error:  # the one seam: any fault of the extractor is a recorded row
            self.logger.exception("extraction of %s failed", response.url)
            raise PageError(f"{type(error).__name__}: {error}", url=response.url) from error

    def _read(self, response: Response, site: Site) -> tuple[Page, Feed | None]:
        facts = response_facts(response, now=datetime.now(UTC))
        if looks_like_feed(response.body):
            feed = parse_feed(response.body, url=response.url)
            if feed:
                kind = PageKind.FEED if feed.format is FeedFormat.FEED else PageKind.SITEMAP
                return facts.complete(Page(url=response.url, kind=kind)), feed
        facts.check_content_type()
        page = extract_page(
            response.body,
            url=response.url,
            content_type=facts.content_type,
            site=site,
            now=facts.fetched_at,
        )
        if not self.follow and page.kind is not PageKind.ARTICLE:
            raise NotAnArticle(f"no article on this page: {page.kind_reason or page.kind}", url=response.url)
        if page.kind is not PageKind.ARTICLE:
            page = replace(page, articles=())  # a text that looks a little like one is not stored
        return facts.complete(page), None

    def follow_feed(self, feed: Feed) -> Iterator[Request]:
        is_index = feed.format is FeedFormat.SITEMAP_INDEX
        for entry in feed.entries:
            if self.scope.holds(entry.url) if is_index else self.scope.follows(entry.url):
                yield self.ask(entry.url, priority=ANNOUNCED_PRIORITY)

    def follow_page(self, page: Page) -> Iterator[Request]:
        parts = set(page.part.urls.values()) if page.part else set()
        for link in page.outlinks:
            if link.url in parts:
                continue
            if link.kind in (OutlinkKind.INTERNAL, OutlinkKind.PAGINATION) and self.scope.follows(link.url):
                yield self.ask(link.url, priority=LISTED_PRIORITY if link.kind is OutlinkKind.PAGINATION else 0)

    def fail(self, failure: TwistedFailure) -> Iterator[Item]:
        """The end of a request that brought no response."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy on every errback
        error: BaseException = failure.value or TriptychError("no reason given")
        if isinstance(error, AlreadyAsked):
            if request.meta.get(COUNTED):
                yield NotModified(url=first_url(request), fetched_at=datetime.now(UTC), target_url=error.target)
            return
        yield self.failed(error, request)

    def failed(self, error: BaseException, request: Request | None) -> Failure:
        assert request is not None  # noqa: S101  # Scrapy gives every response its request
        return failure_of(error, request, now=datetime.now(UTC))

    def _is_past_limit(self, page: Page) -> bool:
        if page.kind is PageKind.ARTICLE and (page.part is None or page.part.number == 1):
            self.articles_found += 1
        return self.limit is not None and self.articles_found > self.limit

    def _refused_by_limit(self, response: Response) -> Failure:
        return Failure(
            url=response.url,
            failure_class=FailureClass.REFUSED_LIMIT,
            message=f"this run was to stop after {self.limit} articles; run it again without limit",
            occurred_at=datetime.now(UTC),
            stage="request",
            status=response.status,
        )


def _alias(url: str | None, *, of: str, archived: ArchivePlace | None = None) -> NotModified:
    return NotModified(url=url or of, fetched_at=datetime.now(UTC), target_url=of, archived=archived)


def _positive(limit: str | None) -> int | None:
    if limit is None:
        return None
    if not limit.isdigit() or int(limit) < 1:
        raise UsageError(f"limit: a number of articles from 1 expected, found {limit!r}; as in -a limit=20")
    return int(limit)
