"""The article spider: starts anywhere on a site, finds its article pages, and asks for each once."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response
from twisted.python.failure import Failure as TwistedFailure

from crawler.errors import NotAnArticle, PageError, TriptychError, UsageError
from crawler.extractors import extract_page
from crawler.markup.feeds import Feed, FeedFormat, looks_like_feed, parse_feed
from crawler.markup.links import absolute_url
from crawler.middlewares import COUNTED, AlreadyAsked
from crawler.sites import site_named, site_of
from crawler.spiders.failures import failure_of, first_url
from crawler.spiders.requests import response_facts, start_urls_of
from crawler.spiders.scope import Scope
from models.items import Failure, FailureClass, Item, NotModified, OutlinkKind, Page, PageKind

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

    def parse(self, response: Response) -> Iterator[Item | Request]:
        """Exactly one item for the response, then what it leads to."""
        try:
            page, feed = self.read(response)
        except PageError as error:
            yield self.failed(error, response.request)
            return
        except Exception as error:  # the one seam: any fault of the extractor is a recorded row
            self.logger.exception("extraction of %s failed", response.url)
            yield self.failed(PageError(f"{type(error).__name__}: {error}", url=response.url), response.request)
            return
        if self._is_past_limit(page):
            yield self._refused_by_limit(response)
            raise CloseSpider("limit")
        yield page
        if self.follow:
            yield from self.follow_feed(feed) if feed else self.follow_page(page)

    def read(self, response: Response) -> tuple[Page, Feed | None]:
        """The response as a page; the entries too where it is a feed or sitemap."""
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
            site=self.site,
            now=facts.fetched_at,
        )
        if not self.follow and page.kind is not PageKind.ARTICLE:
            raise NotAnArticle(f"no article on this page: {page.kind_reason or page.kind}", url=response.url)
        return facts.complete(page), None

    def follow_feed(self, feed: Feed) -> Iterator[Request]:
        is_index = feed.format is FeedFormat.SITEMAP_INDEX
        for entry in feed.entries:
            if self.scope.holds(entry.url) if is_index else self.scope.follows(entry.url):
                yield self.ask(entry.url, priority=ANNOUNCED_PRIORITY)

    def follow_page(self, page: Page) -> Iterator[Request]:
        for link in page.outlinks:
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
        if page.kind is PageKind.ARTICLE:
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


def _positive(limit: str | None) -> int | None:
    if limit is None:
        return None
    if not limit.isdigit() or int(limit) < 1:
        raise UsageError(f"limit: a number of articles from 1 expected, found {limit!r}; as in -a limit=20")
    return int(limit)
