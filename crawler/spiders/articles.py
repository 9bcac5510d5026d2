"""The article spider: how a page is asked for, and one item for each answer. When to ask is the frontier's business."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure as TwistedFailure

from crawler.errors import NotAnArticle, PageError, TriptychError
from crawler.markup.feeds import FeedFormat, looks_like_feed
from crawler.markup.links import absolute_url
from crawler.middlewares import ASKED, ENDS_AT_REDIRECT, LEAST_DELAY, InTrap, Redirected
from crawler.site import Site
from crawler.sites import site_of
from crawler.spiders.arguments import Arguments, Revisit
from crawler.spiders.discoveries import found_in_feed, found_on_page
from crawler.spiders.failures import failure_of
from crawler.spiders.limits import page_limits, page_prefixes, process_limits
from crawler.spiders.parts import PartRead, PartsMet, join_parts
from crawler.spiders.prefixes import ADMITTED, Prefixes
from crawler.spiders.reading import TOO_NESTED, Read, Readers
from crawler.spiders.requests import ARCHIVED, LEASE, Lease, Start, condition_of, first_url, response_facts
from crawler.spiders.scope import Scope, scope_around
from crawler.spiders.twins import Twins
from models.items import (
    ArchivePlace,
    Discovery,
    Failure,
    FailureClass,
    Item,
    NotModified,
    Page,
    PageKind,
    PagePart,
    Priority,
)


class ArticlesSpider(scrapy.Spider):
    """Crawls one site, or works at all that are stored; `crawler.spiders.arguments` has its arguments.

    It yields items only. What a page leads to is in the item's `discovered`, is stored with it, and comes back as a
    lease when its turn has come.
    """

    name = "articles"

    def __init__(self, **arguments: str) -> None:
        super().__init__()
        self.asked_for = Arguments.of(arguments)
        self.start_urls = list(self.asked_for.urls)
        self.follow = self.asked_for.follow
        self.articles_found = 0
        self.parts_met = PartsMet()
        self.readers = Readers(0)
        self.prefixes = Prefixes(1, most_same=1)
        self.twins = Twins()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        processes = settings.getint("EXTRACTION_PROCESSES")
        spider.readers = Readers(processes, process_limits(settings), page_limits=page_limits(settings))
        spider.prefixes = page_prefixes(settings)
        crawler.signals.connect(spider.readers.stop, signal=signals.spider_closed)
        return spider

    @property
    def arguments(self) -> dict[str, str]:
        """Recorded with the run, and compared with those of earlier ones."""
        return dict(self.asked_for.given)

    @property
    def site_domains(self) -> tuple[str, ...] | None:
        """Of the sites whose pages this run asks for; None for all."""
        return self.asked_for.domains

    @property
    def revisits_all(self) -> bool:
        """Each page that the run comes by is asked for once, whether it is due or not."""
        return self.asked_for.revisit is Revisit.ALL

    @property
    def stays(self) -> bool:
        """Nothing due is no reason to end."""
        return self.asked_for.stays

    async def start(self) -> AsyncIterator[Request]:
        for url in self.start_urls:
            yield self.request_for(Start(url=url))

    def request_for(self, lease: Lease) -> Request:
        """A request that ends in `parse` or `fail`, and so as exactly one item."""
        # The entries of a feed or sitemap are not stored: where all of them are to be asked for, it is read again.
        is_whole = not self.follow or (self.revisits_all and lease.kind in (PageKind.FEED, PageKind.SITEMAP))
        condition = {} if is_whole or lease.priority == Priority.URGENT else condition_of(lease)
        return Request(
            lease.url,
            callback=self.parse,
            errback=self.fail,
            headers=condition,
            dont_filter=True,
            meta={
                LEASE: lease,
                ENDS_AT_REDIRECT: self.follow,
                LEAST_DELAY: self.site_of(lease.url).delay_seconds,
                "handle_httpstatus_list": [304] if condition else [],  # an answer only where it was offered
            },
        )

    def site_of(self, url: str) -> Site:
        return self.asked_for.site or site_of(url)

    def scope_of(self, url: str) -> Scope:
        """What belongs to the crawl of which `url` is a page."""
        return self.asked_for.scope or scope_around(url)

    def may_ask(self, request: Request) -> bool:
        """Whether the page may bring an article, as far as others of its prefix show; True for what is no guess."""
        lease: Lease | None = request.meta.get(LEASE)
        if lease is None or request.meta.get(ADMITTED) or lease.depth == 0 or lease.priority == Priority.URGENT:
            return True
        request.meta[ADMITTED] = True  # a retry is the same page
        return self.prefixes.admit(lease.url)

    def may_lead(self, url: str, target: str) -> bool:
        """A redirect from the one to the other stays in the crawl."""
        return self.scope_of(url).holds(target)

    def found_in_robots(self, robotparser: Any, request: Request) -> tuple[Discovery, ...]:
        """Sitemaps that robots.txt names are the best list of a site's pages."""
        scope = self.scope_of(request.url)
        if not self.follow or not scope.holds(request.url):
            return ()
        urls = (absolute_url(request.url, sitemap) for sitemap in robotparser.rp.sitemaps)
        return tuple(Discovery(url=url, priority=Priority.LIST) for url in urls if url and scope.holds(url))

    async def parse(self, response: Response) -> AsyncIterator[Item]:
        """Exactly one item for the response, and one for each further part of its article."""
        assert response.request is not None  # noqa: S101  # Scrapy gives every response its request
        if response.status == 304:
            yield _not_modified(response.request)
            return
        if not looks_like_feed(response.body):  # a site's empty feeds are all alike
            self.prefixes.answer(first_url(response.request), response.body)
        try:
            read = await self.read(response, site=self.site_of(response.url))
        except PageError as error:
            yield self.failed(error, response.request)
            return
        if self._is_past_limit(read.page):
            yield self._refused_by_limit(response.request)
            raise CloseSpider("limit")
        depth = _depth_of(response.request) + 1
        if read.page.kind is PageKind.ARTICLE:
            self.prefixes.bring(first_url(response.request))
        if read.feed:
            yield self.announce(read, depth)
            return
        for item in await self.join(read.page, depth):
            yield item

    async def read(self, response: Response, *, site: Site) -> Read:
        """Raises PageError for any fault."""
        read = await self.readers.read(response.body, response_facts(response, now=datetime.now(UTC)), site)
        if not self.follow and read.page.kind is not PageKind.ARTICLE:
            reason = read.page.kind_reason or read.page.kind
            raise NotAnArticle(f"no article on this page: {reason}", url=response.url)
        return read

    async def join(self, page: Page, depth: int) -> tuple[Item, ...]:
        """The items of the page and of the further parts of its article. `depth` is that of what they lead to."""
        part = page.part
        if part is None:
            found = self.found_on(page, depth)
            twin = self.twins.first_of(page) if self.follow else None
            if twin is not None:
                alias = _alias(page.requested_url or page.url, of=twin, archived=page.archived)
                return (replace(alias, discovered=found),)
            return (replace(page, discovered=found),)
        if part.number > 1:
            return await self.meet_part(page, part, depth)
        most = self.settings.getint("PARTS_PER_ARTICLE")
        joined = await join_parts(page, partial(self.read_part, first_url=part.first_url), most=most)
        return (*joined.others, replace(joined.page, discovered=self.found_on(joined.page, depth)))

    async def meet_part(self, page: Page, part: PagePart, depth: int) -> tuple[Item, ...]:
        """A further part that was asked for by itself is another name of the article, which begins elsewhere."""
        self.parts_met.keep(page)
        alias = _alias(page.requested_url or page.url, of=part.first_url, archived=page.archived)
        if self.follow:
            first = Discovery(url=part.first_url, depth=depth - 1)
            return (replace(alias, discovered=(first, *self.found_on(page, depth))),)
        first_page = await self.fetch(part.first_url, site=self.site_of(part.first_url))
        if isinstance(first_page, Failure) or (first_page.part and first_page.part.number > 1):
            return alias, first_page
        return alias, *await self.join(first_page, depth)

    async def read_part(self, url: str, *, first_url: str) -> PartRead:
        met = self.parts_met.take(url)
        if met is not None:
            return PartRead(page=met, ended=None)
        # An article whatever it looks like: the last part may be two lines.
        site = replace(self.site_of(url), article_url="^", listing_url=None)
        page = await self.fetch(url, site=site)
        if isinstance(page, Failure):
            return PartRead(page=None, ended=page, fault=page.message)
        return PartRead(page=page, ended=_alias(url, of=first_url, archived=page.archived))

    async def fetch(self, url: str, *, site: Site) -> Page | Failure:
        """Asked for without a lease, by the same rules: the answer is needed here."""
        request = Request(url)
        try:
            response = await self.crawler.engine.download_async(request)
            return await self.read_fetched(response, site=site)
        except Exception as error:  # noqa: BLE001  # the one seam: a part that fails costs only itself
            return self.failed(error, request)

    async def read_fetched(self, response: Response, *, site: Site) -> Page:
        if response.status != 200:
            raise HttpError(response)
        return (await self.read(response, site=site)).page

    def found_on(self, page: Page, depth: int) -> tuple[Discovery, ...]:
        if not self.follow or depth > self.settings.getint("DEPTH_LIMIT"):
            return ()
        return found_on_page(page, self.scope_of(page.url or ""), depth=depth)

    def announce(self, read: Read, depth: int) -> Page:
        """The page of a feed or sitemap, with what it announces."""
        feed, settings = read.feed, self.settings
        if feed is None or not self.follow or depth > settings.getint("DEPTH_LIMIT"):
            return read.page
        # As a rule found in robots.txt, so that the depth is that of the nesting.
        if feed.format is FeedFormat.SITEMAP_INDEX and depth > settings.getint("SITEMAP_NESTING"):
            return replace(read.page, errors=(*read.page.errors, TOO_NESTED))
        scope = self.scope_of(read.page.url or "")
        return replace(read.page, discovered=found_in_feed(feed, scope, depth=depth, now=datetime.now(UTC)))

    def fail(self, failure: TwistedFailure) -> Iterator[Item]:
        """The end of a request that brought no response."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy on every errback
        error: BaseException = failure.value or TriptychError("no reason given")
        if isinstance(error, Redirected):
            target = Discovery(url=error.target, priority=_priority_of(request), depth=_depth_of(request))
            alias = _alias(first_url(request), of=error.target, archived=request.meta.get(ARCHIVED))
            yield replace(alias, discovered=(target,))
            return
        failed = self.failed(error, request)
        if failed.failure_class is FailureClass.REFUSED_LIMIT and not isinstance(error, InTrap):
            # The run ends, and this was never sent: it goes back to the frontier as if it had not been begun.
            self.crawler.stats.inc_value(ASKED, -1)
            return
        yield failed

    def failed(self, error: BaseException, request: Request) -> Failure:
        return failure_of(error, request, now=datetime.now(UTC))

    def _is_past_limit(self, page: Page) -> bool:
        if page.kind is PageKind.ARTICLE and (page.part is None or page.part.number == 1):
            self.articles_found += 1
        return self.asked_for.limit is not None and self.articles_found > self.asked_for.limit

    def _refused_by_limit(self, request: Request) -> Failure:
        return Failure(
            url=first_url(request),
            failure_class=FailureClass.REFUSED_LIMIT,
            message=f"this run was to stop after {self.asked_for.limit} articles; run it again without limit",
            occurred_at=datetime.now(UTC),
            stage="request",
            status=200,
        )


def _alias(url: str | None, *, of: str, archived: ArchivePlace | None) -> NotModified:
    return NotModified(url=url or of, fetched_at=datetime.now(UTC), target_url=of, archived=archived)


def _not_modified(request: Request) -> NotModified:
    return NotModified(url=first_url(request), fetched_at=datetime.now(UTC), archived=request.meta.get(ARCHIVED))


def _depth_of(request: Request) -> int:
    lease: Lease | None = request.meta.get(LEASE)
    return lease.depth if lease else 0


def _priority_of(request: Request) -> Priority:
    """Where a list has moved to is a list."""
    lease: Lease | None = request.meta.get(LEASE)
    return Priority.LIST if lease and lease.priority == Priority.LIST else Priority.NEW
