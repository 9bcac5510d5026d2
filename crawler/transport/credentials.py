"""User and password of a site: sent to its exact origin, and nowhere else."""

import base64
from collections.abc import Iterable, Mapping
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Request

from crawler.errors import UsageError

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HEADER = "Authorization"

Origin = tuple[str, str, int]
"""Scheme, host, port."""


class CredentialsMiddleware:
    """Looks at every request that is sent: at pages, retries, steps of a redirect, robots.txt and what a browser asks.

    Setting: CREDENTIALS, URLs as https://user:password@host. It names an origin: another port, http in the place of
    https, or a host below it is another one, and is sent nothing.
    """

    def __init__(self, urls: Iterable[str]) -> None:
        """Raises UsageError."""
        self._headers = _headers_of(urls)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        urls = crawler.settings.getlist("CREDENTIALS")
        if not urls:
            raise NotConfigured
        return cls(urls)

    def process_request(self, request: Request) -> None:
        request.headers.pop(_HEADER, None)  # of the step before
        origin = _origin(_split(request.url))
        header = self._headers.get(origin) if origin else None
        if header:
            request.headers[_HEADER] = header


def _headers_of(urls: Iterable[str]) -> Mapping[Origin, str]:
    found: dict[Origin, str] = {}
    for number, url in enumerate(urls, 1):
        parts = _split(url)
        origin = _origin(parts)
        if origin is None or not parts.username or parts.path.strip("/") or parts.query:
            raise UsageError(  # without the URL, which may hold a password
                f"TRIPTYCH_CREDENTIALS: its entry {number} is not as https://user:password@host; "
                "what is special in a password is written as %40"
            )
        given = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        found[origin] = f"Basic {base64.b64encode(given.encode()).decode()}"
    return found


def _split(url: str) -> SplitResult:
    """Of nothing, where it is no URL."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _origin(parts: SplitResult) -> Origin | None:
    """None for what is no http URL."""
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    return parts.scheme, parts.hostname.rstrip("."), parts.port or _DEFAULT_PORTS[parts.scheme]
