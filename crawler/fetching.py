"""A few URLs fetched into files, as a crawl would: robots obeyed, sizes capped, retried. Nothing is stored."""

import signal
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import scrapy
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings, Settings
from twisted.python.failure import Failure as TwistedFailure

from crawler.console import ProgressLine
from crawler.errors import PageError, TriptychError, UsageError
from crawler.markup.feeds import looks_like_feed
from crawler.markup.links import absolute_url
from crawler.saved_pages import SavedPage
from crawler.spiders.failures import failure_of
from crawler.spiders.requests import response_facts
from crawler.transport.typed import shown

Follow = Callable[[SavedPage, Sequence[str]], Iterable[str]]
"""Called with each page as it ends, and the sitemaps that robots.txt names: the URLs to be asked for next."""


def fetch_pages(
    urls: Iterable[str], folder: Path, *, settings: Settings, follow: Follow | None = None
) -> dict[str, SavedPage]:
    """Each URL with its page, the file in `folder`; those that `follow` has named too.

    Runs Scrapy's reactor, so it can be called once in a process. Raises UsageError for what is no http URL, and
    KeyboardInterrupt if it was stopped.
    """
    errand = _Errand(list(dict.fromkeys(urls)), folder, follow)
    for url in errand.asked:
        if absolute_url(None, url) is None:
            raise UsageError(
                f"an http or https URL with a host expected, found {shown(url)!r}; as in https://example.com/a"
            )
    process = AsyncCrawlerProcess(settings)
    is_shown = settings.getbool("PROGRESS_ENABLED")
    total = None if follow else len(errand.asked)
    with ProgressLine("Fetching", total=total, enabled=is_shown) as progress, _signals_given_back():
        crawl = process.crawl(FetchSpider, errand=errand, progress=progress)
        process.start()
    if crawl.done() and (error := crawl.exception()):
        raise TriptychError(f"fetching did not start: {type(error).__name__}: {error}")
    if len(errand.fetched) < len(errand.asked):
        raise KeyboardInterrupt
    return errand.fetched


@dataclass(slots=True)
class _Errand:
    """What is to be fetched, and what has been."""

    asked: list[str]
    folder: Path
    follow: Follow | None
    fetched: dict[str, SavedPage] = field(default_factory=dict)
    sitemaps: list[str] = field(default_factory=list)

    def end(self, source: str, page: SavedPage) -> list[str]:
        """What is to be asked for next, each URL once."""
        self.fetched[source] = page
        named = self.follow(page, self.sitemaps) if self.follow else ()
        new = [url for url in dict.fromkeys(named) if url not in self.asked]
        self.asked += new
        return new


@contextmanager
def _signals_given_back() -> Iterator[None]:
    """Scrapy leaves its handlers behind: after a crawl, Ctrl-C would do nothing."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


class FetchSpider(scrapy.Spider):
    """Saves responses. Not in `crawler.spiders`: it is a part of commands, none to be crawled with."""

    name = "fetch"

    def __init__(self, *, errand: _Errand, progress: ProgressLine, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.errand, self.progress = errand, progress

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.robots_parsed, signal=signals.robots_parsed)
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("ITEM_PIPELINES", {}, priority="spider")
        settings.set("PROGRESS_ENABLED", False, priority="spider")
        settings.set("POLITENESS_REMEMBERED", False, priority="spider")
        settings.set("ALARMS_ENABLED", False, priority="spider")
        # No database knows of these responses, whatever the command line says.
        settings.set("ARCHIVE_FOLDER", "", priority="cmdline")
        # A failure is told by the command that asked, once.
        settings.set("LOG_LEVEL", "CRITICAL", priority="spider")
        # Nor is the code loaded that goes by one: this took longer than the page.
        settings.set("SPIDER_MIDDLEWARES", {}, priority="spider")
        extensions = settings.getdict("EXTENSIONS").items()
        own = {name: place for name, place in extensions if not name.startswith("pipelines.")}
        settings.set("EXTENSIONS", own, priority="spider")

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        named = (absolute_url(request.url, sitemap) for sitemap in robotparser.rp.sitemaps)
        self.errand.sitemaps.extend(url for url in named if url)

    async def start(self) -> AsyncIterator[Request]:
        for url in self.errand.asked[:]:
            yield self._request(url)

    def save(self, response: Response) -> Iterator[Request]:
        facts = response_facts(response, now=datetime.now(UTC))
        source: str = response.meta["triptych_source"]
        try:
            if not looks_like_feed(response.body):
                facts.check_content_type()
        except PageError as error:
            yield from self._record(source, error, response.request or Request(source))
            return
        path = self.errand.folder / f"{len(self.errand.fetched)}.page"
        path.write_bytes(response.body)
        self.progress.advance()
        page = SavedPage(
            id=source,
            path=path,
            url=facts.url,
            status=facts.status,
            content_type=facts.content_type,
            fetched_at=facts.fetched_at,
        )
        yield from map(self._request, self.errand.end(source, page))

    def fail(self, failure: TwistedFailure) -> Iterator[Request]:
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy on every errback
        yield from self._record(request.meta["triptych_source"], failure.value, request)

    def _request(self, url: str) -> Request:
        return Request(url, callback=self.save, errback=self.fail, dont_filter=True, meta={"triptych_source": url})

    def _record(self, source: str, error: BaseException | None, request: Request) -> Iterator[Request]:
        failure = failure_of(error or ValueError("unknown"), request, now=datetime.now(UTC))
        self.progress.advance(errors=1)
        page = SavedPage(
            id=source,
            path=self.errand.folder,
            url=source,
            failure_class=failure.failure_class,
            failure_message=failure.message,
        )
        yield from map(self._request, self.errand.end(source, page))
