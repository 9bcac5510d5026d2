"""Downloader middlewares: each request is asked once, and ends once."""

from hashlib import sha1
from typing import Self
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware as ScrapyRedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.markup.links import normalize_url

ASKED = "triptych/asked"
COUNTED = "triptych_counted"  # meta key of a request that is in the sum of those asked


class AlreadyAsked(IgnoreRequest):
    """The URL is another spelling of, or leads to, a page that this run has asked for."""

    def __init__(self, target: str) -> None:
        super().__init__(f"already asked for {target}")
        self.target = target


class RefusedRedirect(IgnoreRequest):
    """A redirect to a scheme or host that this run may not fetch."""


class UrlFingerprinter:
    """Two URLs that differ in tracking parameters, fragment or query order are one request."""

    def fingerprint(self, request: Request) -> bytes:
        try:
            url = normalize_url(request.url)
        except ValueError:
            url = request.url
        return sha1(f"{request.method} {url}".encode(errors="replace"), usedforsecurity=False).digest()


class AccountingMiddleware:
    """Counts each request as it leaves the scheduler: the left side of asked = stored + unchanged + failed + refused.

    Retries and the steps of a redirect are the same request and are not counted again; robots.txt is not counted.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._asked: set[bytes] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "AccountingMiddleware":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if request.meta.get(COUNTED) or request.callback is NO_CALLBACK:
            return
        if not self.claim(request) and not request.meta.get("triptych_again"):
            raise AlreadyAsked(request.url)
        request.meta[COUNTED] = True
        self.crawler.stats.inc_value(ASKED)

    def claim(self, request: Request) -> bool:
        """False if this run has asked for the URL before."""
        fingerprint = self.crawler.request_fingerprinter.fingerprint(request)
        if fingerprint in self._asked:
            return False
        self._asked.add(fingerprint)
        return True


class RedirectMiddleware(ScrapyRedirectMiddleware):
    """Follows a redirect only within the crawl's scope, and not to a page that is asked for anyway."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Without Scrapy's look for the middleware that would mend the Referer: none is ever sent."""
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    def handle_referer(self, request: Request, response: Response) -> None:
        """No Referer is ever sent."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002  # Scrapy's signature
    ) -> Request | Response:
        result = super().process_response(request, response)
        if not isinstance(result, Request) or request.callback is NO_CALLBACK:
            return result
        if urlsplit(result.url).scheme not in ("http", "https"):
            raise RefusedRedirect(f"redirect to a scheme that is never fetched: {result.url}")
        scope = getattr(self.crawler.spider, "scope", None)
        if scope is not None and not scope.holds(result.url):
            raise RefusedRedirect(f"redirect to another site, {result.url}; start there if it is the one you want")
        if self._is_asked(request, result):
            raise AlreadyAsked(result.url)
        return result.replace(dont_filter=True)

    def _is_asked(self, request: Request, target: Request) -> bool:
        """A site may redirect a URL to itself once, to set a cookie or a trailing slash: that is no second page."""
        fingerprint = self.crawler.request_fingerprinter.fingerprint
        if fingerprint(request) == fingerprint(target):
            return False
        accounting = self.crawler.get_downloader_middleware(AccountingMiddleware)
        return accounting is not None and not accounting.claim(target)
