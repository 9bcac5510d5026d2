"""Downloader middlewares: each request is asked once, and ends once."""

from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware as ScrapyRedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.redirects import RedirectChains, carry_cookies
from crawler.transport.guard import Guard, place_of
from models.identity import URL_LENGTH, page_url
from models.items import FailureClass

ASKED = "triptych/asked"
COUNTED = "triptych_counted"  # meta key of a request that is in the sum of those asked
LEAST_DELAY = "least_delay"  # meta key: seconds between two requests to the site, known to pipelines.politeness
ENDS_AT_REDIRECT = "triptych_ends_at_redirect"  # meta key of a request whose redirect is asked for by itself


class Redirected(IgnoreRequest):
    """The URL leads to another page of this crawl, which is asked for under its own name."""

    def __init__(self, target: str) -> None:
        super().__init__(f"redirected to {target}")
        self.target = target


class RefusedRedirect(IgnoreRequest):
    """A redirect to a scheme or host that this run may not fetch."""


class VainRedirect(IgnoreRequest):
    """It leads to no address that can be asked for, or to the next one for longer than anyone follows."""

    failure_class = FailureClass.REDIRECT


class InTrap(IgnoreRequest):
    """A page of a prefix that has had as many as it may: never sent, and a recorded refusal."""

    failure_class = FailureClass.REFUSED_LIMIT


class AccountingMiddleware:
    """Counts each request as it leaves the scheduler: the left side of asked = stored + unchanged + failed + refused.

    Retries and the steps of a redirect are the same request and are not counted again; robots.txt is not counted.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "AccountingMiddleware":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if request.meta.get(COUNTED) or request.callback is NO_CALLBACK:
            return
        request.meta[COUNTED] = True
        self.crawler.stats.inc_value(ASKED)


class TrapMiddleware:
    """Asks the spider, by `may_ask(request)`, whether a page is worth to be asked for."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "TrapMiddleware":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        may_ask = getattr(self.crawler.spider, "may_ask", None)
        if may_ask and request.callback is not NO_CALLBACK and not may_ask(request):
            raise InTrap(
                "many pages of this form had no article (PAGES_PER_PREFIX), or were one page (SAME_PAGES_PER_PREFIX); "
                "it is asked for again at a later run"
            )


class RedirectDoor:
    """Looks at the host that a page redirects to while it is known which page that was. Asked for by itself, it is a
    refusal of an address that nobody seems to have named."""

    def __init__(self, settings: BaseSettings) -> None:
        self._guard = Guard.from_settings(settings)
        self._is_for_proxy = settings.getbool("PROXY_CHECKS_ADDRESSES")

    async def check(self, request: Request, target: str) -> None:
        """Raises RefusedAddress. A name that is not found is left to who asks there."""
        here, there = place_of(request.url), place_of(target)
        if there is None or there == here or self._is_for_proxy:
            return
        host, _, port = there.rpartition(":")
        with suppress(DNSLookupError):
            await maybe_deferred_to_future(Deferred.fromCoroutine(self._guard.addresses(host, int(port))))


class RedirectMiddleware(ScrapyRedirectMiddleware):
    """Follows a redirect only within the crawl's scope; to another page only where the request does not end there.

    Setting: REDIRECT_MAX_TIMES, within a request as from page to page.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._chains = RedirectChains()
        self._door = RedirectDoor(settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Without Scrapy's look for the middleware that would mend the Referer: none is ever sent."""
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    def handle_referer(self, request: Request, response: Response) -> None:
        """No Referer is ever sent."""

    async def process_response(  # type: ignore[override]  # Scrapy awaits either
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002  # Scrapy's signature
    ) -> Request | Response:
        if request.callback is NO_CALLBACK:
            return super().process_response(request, response)
        url = page_url(request.url) or request.url
        try:
            result = super().process_response(request, response)
            if isinstance(result, Request):
                self._check_scope(request, result.url)
                await self._door.check(request, result.url)
                following = self._follow(request, result, url)
                carry_cookies(request, response, following)
                return following
        except IgnoreRequest as error:
            if not isinstance(error, Redirected):
                self._chains.end(url)
            raise
        self._chains.end(url)
        return result

    def _check_scope(self, request: Request, target: str) -> None:
        if urlsplit(target).scheme not in ("http", "https"):
            raise RefusedRedirect(f"redirect to a scheme that is never fetched: {target}")
        may_lead = getattr(self.crawler.spider, "may_lead", None)
        if may_lead and not may_lead(request.url, target):
            raise RefusedRedirect(f"redirect to another site, {target}; start there if it is the one you want")

    def _follow(self, request: Request, following: Request, url: str) -> Request:
        """The next step of this request. Raises Redirected where it is one of its own, and why it may not be made."""
        target = following.url
        page = page_url(target)
        if page is None or len(target) > URL_LENGTH:
            raise VainRedirect(f"redirect to an address of {len(target)} characters that is no page's: {target[:200]}")
        # A site may redirect a URL to itself once, to set a cookie or to mend its spelling: that is no second page.
        if page != url and request.meta.get(ENDS_AT_REDIRECT):
            self._lead_on(following, url, page)
        return following.replace(dont_filter=True)

    def _lead_on(self, following: Request, url: str, page: str) -> None:
        """Raises Redirected or VainRedirect. A circle is followed, as cookies that are set on it may open it."""
        if self._chains.returns(url, page):
            following.meta[ENDS_AT_REDIRECT] = False
            return
        if self._chains.steps_to(url) >= self.max_redirect_times:
            raise VainRedirect(
                f"{self.max_redirect_times} pages have redirected to the next, and this one does; REDIRECT_MAX_TIMES "
                "bounds them"
            )
        self._chains.lead(url, page)
        raise Redirected(following.url)
