"""What a page in the browser asks for: answered by the crawl, by its rules, or refused."""

import asyncio
import ipaddress
import socket
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK

from crawler.markup.links import absolute_url, same_site

# What the text of a page can come from. Pictures, styles and frames are never part of it.
_NEEDED = frozenset({"script", "xhr", "fetch"})
_MOST_HOPS = 5
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_KEPT_BYTES = 32 * 1024 * 1024  # of scripts, which the pages of a site share
# The body is decoded by then; what a page may read across origins is the crawl's to say.
_DROPPED_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding", "access-control-allow-origin"})
_ASKED_HEADERS = ("accept", "content-type", "x-requested-with")


class RequestRefused(IgnoreRequest):
    """Not a request that the text of this page may need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class PageRequests:
    """Fetched by the crawl's own downloader: robots.txt, delays, limits and the archive hold for them as for pages.

    Only from the page's own site and from `hosts`, over http and https, and from no private address unless the page
    itself lies there.
    """

    def __init__(self, crawler: Crawler, hosts: Collection[str]) -> None:
        self._crawler = crawler
        self._hosts = frozenset(hosts)
        self._scripts: OrderedDict[str, Answer] = OrderedDict()

    async def answer(self, asked: Any, *, page_url: str, hosts: Collection[str]) -> Answer:
        """`asked` is a request of playwright's. Raises RequestRefused, or what befalls a request of the crawl."""
        if asked.resource_type not in _NEEDED:
            raise RequestRefused(f"no part of the text: {asked.resource_type}")
        await self._check(asked.url, page_url, hosts)
        known = self._scripts.get(asked.url)
        if known is not None:
            self._scripts.move_to_end(asked.url)
            return known
        answer = _answer_of(await self._fetch(asked, page_url, hosts))
        if asked.resource_type == "script" and answer.status == 200:
            self._keep(asked.url, answer)
        return answer

    async def _fetch(self, asked: Any, page_url: str, hosts: Collection[str]) -> Response:
        headers = {name: value for name, value in asked.headers.items() if name in _ASKED_HEADERS}
        request = Request(
            asked.url,
            method=asked.method,
            body=asked.post_data_buffer or b"",
            headers=headers,
            callback=NO_CALLBACK,  # part of a page, and no page
            meta={"dont_redirect": True},
        )
        for _ in range(_MOST_HOPS):
            response: Response = await self._crawler.engine.download_async(request)
            location = response.headers.get("Location")
            if not 300 <= response.status < 400 or location is None:
                return response
            target = absolute_url(response.url, location.decode("latin-1"))
            if target is None:
                raise RequestRefused("a redirect that leads nowhere")
            await self._check(target, page_url, hosts)
            request = Request(target, headers=headers, callback=NO_CALLBACK, meta={"dont_redirect": True})
        raise RequestRefused("more redirects than are followed")

    async def _check(self, url: str, page_url: str, hosts: Collection[str]) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https"):
            raise RequestRefused(f"only http and https: {parts.scheme}")
        if parts.netloc == urlsplit(page_url).netloc:
            return
        if not same_site(url, page_url) and not _is_below(host, self._hosts.union(hosts)):
            raise RequestRefused(f"another site: {host}; name it in BROWSER_HOSTS if the text comes from there")
        if not await _is_public(host):
            raise RequestRefused(f"a private address: {host}")

    def _keep(self, url: str, answer: Answer) -> None:
        self._scripts[url] = answer
        while sum(len(each.body) for each in self._scripts.values()) > _KEPT_BYTES:
            self._scripts.popitem(last=False)


def _answer_of(response: Response) -> Answer:
    headers = {
        name.decode("latin-1"): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
        if name.decode("latin-1").lower() not in _DROPPED_HEADERS
    }
    return Answer(status=response.status, headers=headers | {"Access-Control-Allow-Origin": "*"}, body=response.body)


def _is_below(host: str, hosts: Collection[str]) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in hosts)


async def _is_public(host: str) -> bool:
    """All addresses of the host. `is_global` alone takes some private ones in disguise for public."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return all(_is_public_address(ipaddress.ip_address(str(each[4][0]).partition("%")[0])) for each in found)


def _is_public_address(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and (address.ipv4_mapped or address.sixtofour or address in _NAT64):
        return False
    return address.is_global and not address.is_multicast
