"""A few URLs fetched into files, as a crawl would: robots obeyed, sizes capped, retried. Nothing is stored."""

import signal
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings, Settings
from twisted.python.failure import Failure as TwistedFailure

from crawler.console import ProgressLine
from crawler.errors import PageError, TriptychError, UsageError
from crawler.markup.links import absolute_url
from crawler.saved_pages import SavedPage
from crawler.spiders.failures import failure_of
from crawler.spiders.requests import response_facts


def fetch_pages(urls: Iterable[str], folder: Path, *, settings: Settings) -> dict[str, SavedPage]:
    """Each URL with its page, the file in `folder`.

    Runs Scrapy's reactor, so it can be called once in a process. Raises UsageError for what is no http URL, and
    KeyboardInterrupt if it was stopped.
    """
    asked = list(dict.fromkeys(urls))
    for url in asked:
        if absolute_url(None, url) is None:
            raise UsageError(f"an http or https URL with a host expected, found {url!r}; as in https://example.com/a")
    fetched: dict[str, SavedPage] = {}
    process = AsyncCrawlerProcess(settings)
    with ProgressLine("Fetching", total=len(asked)) as progress, _signals_given_back():
        crawl = process.crawl(FetchSpider, urls=asked, folder=folder, fetched=fetched, progress=progress)
        process.start()
    if crawl.done() and (error := crawl.exception()):
        raise TriptychError(f"fetching did not start: {type(error).__name__}: {error}")
    if len(fetched) < len(asked):
        raise KeyboardInterrupt
    return fetched


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

    def __init__(
        self, urls: list[str], *, folder: Path, fetched: dict[str, SavedPage], progress: ProgressLine, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.urls, self.folder, self.fetched, self.progress = urls, folder, fetched, progress

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.set("ITEM_PIPELINES", {}, priority="spider")
        settings.set("PROGRESS_ENABLED", False, priority="spider")
        settings.set("POLITENESS_REMEMBERED", False, priority="spider")
        settings.set("ALARMS_ENABLED", False, priority="spider")
        # A failure is told by the command that asked, once.
        settings.set("LOG_LEVEL", "CRITICAL", priority="spider")
        middlewares = settings.getdict("SPIDER_MIDDLEWARES") | {"pipelines.frontier.feeding.FrontierMiddleware": None}
        settings.set("SPIDER_MIDDLEWARES", middlewares, priority="spider")

    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            yield Request(url, callback=self.save, errback=self.fail, dont_filter=True, meta={"triptych_source": url})

    def save(self, response: Response) -> None:
        facts = response_facts(response, now=datetime.now(UTC))
        source: str = response.meta["triptych_source"]
        try:
            facts.check_content_type()
        except PageError as error:
            self._record(source, error, response.request or Request(source))
            return
        path = self.folder / f"{len(self.fetched)}.page"
        path.write_bytes(response.body)
        self.fetched[source] = SavedPage(
            id=source,
            path=path,
            url=facts.url,
            status=facts.status,
            content_type=facts.content_type,
            fetched_at=facts.fetched_at,
        )
        self.progress.advance()

    def fail(self, failure: TwistedFailure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy on every errback
        self._record(request.meta["triptych_source"], failure.value, request)

    def _record(self, source: str, error: BaseException | None, request: Request) -> None:
        failure = failure_of(error or ValueError("unknown"), request, now=datetime.now(UTC))
        self.fetched[source] = SavedPage(
            id=source,
            path=self.folder,
            url=source,
            failure_class=failure.failure_class,
            failure_message=failure.message,
        )
        self.progress.advance(errors=1)
