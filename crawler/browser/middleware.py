"""RenderMiddleware: a page that scripts build goes through a browser before anything reads it."""

import asyncio
import itertools
import logging
import os
import re
import shutil
from collections.abc import Mapping

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import HtmlResponse, Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.settings import BaseSettings
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from crawler.browser.memory import end_large_renderers
from crawler.browser.requests import PageRequests
from crawler.browser.visit import Visit
from crawler.errors import UsageError
from crawler.extractors import extract_page
from crawler.markup.scripted import has_little_text, script_built
from crawler.sites import site_of
from models.items import FailureClass, PageKind

RENDERED = "rendered"
"""Flag of a response whose body a browser has made."""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MEMORY_SECONDS = 0.5
_SECRET = re.compile("^TRIPTYCH_|^PG|PROXY|SECRET|TOKEN|PASSWORD|CREDENTIAL|_KEY", re.IGNORECASE)
# A server's word on the shell says nothing of what the scripts put into it.
_HEADERS_OF_SHELL = ("ETag", "Last-Modified", "Content-Encoding", "Content-Length")
# Whatever the page's scripts do, what they ask for is met by our route or ends at this proxy: nobody listens there.
_NO_NETWORK = {"server": "http://127.0.0.1:1", "bypass": "<-loopback>"}
_ARGUMENTS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
)

logger = logging.getLogger(__name__)


class RenderFailed(IgnoreRequest):
    """The page needs a browser and could not be built: what was served of it is not the page."""

    failure_class = FailureClass.EXTRACTION


class RenderTimeout(RenderFailed):
    failure_class = FailureClass.TIMEOUT


class RenderMiddleware:
    """Off unless BROWSER_ENABLED. The page is the one that was fetched; what its scripts ask for, the crawl fetches.

    Settings: BROWSER_EXECUTABLE (found by its name), BROWSER_SECONDS and BROWSER_MEMORY (bytes) of a page,
    BROWSER_PAGES at once, BROWSER_HOSTS that scripts and data may come from beside the page's own site. Stats:
    browser/rendered, browser/failed, browser/refused. A page that cannot be built ends as a failure.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if not settings.getbool("BROWSER_ENABLED"):
            raise NotConfigured
        self._crawler = crawler
        self._seconds = settings.getfloat("BROWSER_SECONDS")
        self._memory = settings.getint("BROWSER_MEMORY")
        self._places = asyncio.Semaphore(settings.getint("BROWSER_PAGES"))
        self._requests = PageRequests(crawler, settings.getlist("BROWSER_HOSTS"))
        self._numbers = itertools.count()
        self._handler = _handler_of(crawler, executable_of(settings))
        crawler.signals.connect(self.close, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RenderMiddleware":
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        reason = _reason_to_render(request, response)
        if reason is None or not isinstance(response, HtmlResponse):
            return response
        logger.info("%s goes through the browser: %s", response.url, reason)
        async with self._places:
            try:
                rendered = await self._render(response)
            except RenderFailed:
                self._crawler.stats.inc_value("browser/failed")
                raise
        self._crawler.stats.inc_value("browser/rendered")
        # For the archive: this is what the page's row is made of.
        self._crawler.signals.send_catch_log(
            signals.response_downloaded, response=rendered, request=request, spider=self._crawler.spider
        )
        return rendered

    async def close(self) -> None:
        await self._handler.close()

    async def _render(self, response: HtmlResponse) -> HtmlResponse:
        hosts = site_of(response.url).browser_hosts
        visit = Visit(response, self._requests, hosts=hosts, seconds=self._seconds / 2)
        watch = asyncio.create_task(self._watch_memory())
        try:
            async with asyncio.timeout(self._seconds):
                built = await self._handler.download_request(self._request_for(response, visit))
        except TimeoutError:
            raise RenderTimeout(
                f"its scripts were not done after {self._seconds:g} s; raise BROWSER_SECONDS if the site is slow"
            ) from None
        except Exception as error:  # the seam: whatever befalls a browser is this page's recorded failure
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            raise RenderFailed(f"the browser could not build it: {reason}") from error
        finally:
            watch.cancel()
            await visit.close()
            self._crawler.stats.inc_value("browser/refused", visit.refused)
        body = built.text.encode("utf-8", "replace")
        if visit.failed and has_little_text(body):
            # Stored, it would take the place of what the page had the last time.
            raise RenderFailed("what its scripts asked for could not be fetched; it is asked again at the next run")
        headers = response.headers.copy()
        for name in _HEADERS_OF_SHELL:
            headers.pop(name, None)
        headers["Content-Type"] = "text/html; charset=utf-8"
        flags = [*response.flags, RENDERED]
        return HtmlResponse(
            response.url,
            status=response.status,
            headers=headers,
            body=body,
            flags=flags,
            request=response.request,
            encoding="utf-8",
        )

    def _request_for(self, response: Response, visit: Visit) -> Request:
        """For scrapy-playwright. A context of its own: no page sees what another has left behind."""
        return Request(
            response.url,
            meta={
                "playwright": True,
                "playwright_context": f"page {next(self._numbers)}",
                "playwright_context_kwargs": {
                    "service_workers": "block",  # their requests would pass our route
                    "accept_downloads": False,
                    "user_agent": self._crawler.settings["USER_AGENT"],
                },
                "playwright_page_init_callback": visit.begin,
                "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
                "playwright_page_methods": [PageMethod(visit.settled)],
            },
        )

    async def _watch_memory(self) -> None:
        while True:
            await asyncio.sleep(_MEMORY_SECONDS)
            if await asyncio.to_thread(end_large_renderers, self._memory):
                self._crawler.stats.inc_value("browser/memory_exceeded")


def _reason_to_render(request: Request, response: Response) -> str | None:
    if response.status != 200 or request.callback is NO_CALLBACK or not isinstance(response, HtmlResponse):
        return None
    hint = site_of(response.url).browser
    if hint is not None:
        return "its site file says so" if hint else None
    sign = script_built(response.body)
    return sign if sign is not None and not _is_article(response) else None


def _is_article(response: Response) -> bool:
    """As it was served: the text may stand in what the scripts are given."""
    try:
        page = extract_page(response.body, url=response.url, site=site_of(response.url))
    except Exception:  # noqa: BLE001  # the spider will meet it again, and record it
        return False
    return page.kind is PageKind.ARTICLE


def executable_of(settings: BaseSettings) -> str:
    """Raises UsageError where no browser is found."""
    named = settings["BROWSER_EXECUTABLE"]
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise UsageError(
            f"BROWSER_ENABLED: no {named or 'Chromium'} found; install one (as with: apt install chromium), "
            "name it in BROWSER_EXECUTABLE, or leave the browser off"
        )
    return found


def environment_of_browser(own: Mapping[str, str]) -> dict[str, str]:
    """What needs no secret is given none: it runs whatever a page brings."""
    return {name: value for name, value in own.items() if not _SECRET.search(name)}


def _handler_of(crawler: Crawler, executable: str) -> ScrapyPlaywrightDownloadHandler:
    """Scrapy-playwright's own, beside the crawl's: it starts the browser with the first page that needs it."""
    logging.getLogger("scrapy-playwright").setLevel(logging.CRITICAL)  # a page that fails is recorded, once
    handler = ScrapyPlaywrightDownloadHandler.from_crawler(crawler)
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    # Chromium's own sandbox refuses to run for root.
    arguments = (*_ARGUMENTS, "--no-sandbox") if is_root else _ARGUMENTS
    launch = {"executable_path": executable, "args": list(arguments), "proxy": _NO_NETWORK}
    handler.config.launch_options = {**launch, "env": environment_of_browser(os.environ)}
    handler.config.navigation_timeout_ms = crawler.settings.getfloat("BROWSER_SECONDS") * 1000
    return handler
