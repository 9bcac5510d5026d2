"""StorePipeline: the items of a crawl, batched and written off the event loop."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.settings import BaseSettings
from scrapy.utils.defer import deferred_from_coro

from models.engine import open_database
from models.errors import StorageError
from models.items import Item
from pipelines.one_thread import OneThread
from pipelines.revisits import Policy
from pipelines.store.resuming import Beginning, beginning_of
from pipelines.store.transactions import RETRY_SECONDS
from pipelines.store.writer import Store, WriteResult

BATCH_ITEMS = 100
BATCH_SECONDS = 1.0
_STORAGE_LOST = "storage_unavailable"
_END = None

batch_written = object()
"""Signal, without arguments: items are in the database, and what they have led to may be asked for."""

logger = logging.getLogger(__name__)


class _Hurry:
    """In the queue: what came before is to be written now."""


class StorePipeline:
    """Waits for the database instead of filling memory. A database that cannot be opened stops the crawl.

    Settings: DATABASE_URL, STORE_BATCH_ITEMS, STORE_BATCH_SECONDS, STORE_RETRY_SECONDS, REVISITS_PER_DAY,
    REVISIT_LIST_SECONDS, REVISIT_ARTICLE_SECONDS. Stats, all under "triptych/": stored, unchanged, failed, refused,
    articles, new_versions, rows_flushed, storage_errors, crawl_id, cleaned/REASON.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._url = crawler.settings["DATABASE_URL"]
        self._batch_items = crawler.settings.getint("STORE_BATCH_ITEMS", BATCH_ITEMS)
        self._batch_seconds = crawler.settings.getfloat("STORE_BATCH_SECONDS", BATCH_SECONDS)
        self._retry_seconds = crawler.settings.getfloat("STORE_RETRY_SECONDS", RETRY_SECONDS)
        self.beginning: Beginning | None = None
        """Of a run that asks for all pages it comes by; `spider.revisits_all` says so."""
        self._thread = OneThread("store")  # each thread that ever stores keeps some MB of its own for it
        self._pending = 0
        self._lost = False
        self._closing: asyncio.Task[None] | None = None
        self._crawl_id = 0
        self._has_ended = False
        self._at_shutdown: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "StorePipeline":
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.finish, signal=signals.spider_closed)
        crawler.signals.connect(pipeline.leave_the_end_to_scrapy, signal=signals.engine_started)
        return pipeline

    async def open_spider(self) -> None:
        spider = self._crawler.spider
        assert spider is not None  # noqa: S101  # Scrapy opens pipelines after it has made the spider
        self._end_with_the_reactor()
        self._engine = await self._thread.call(open_database, self._url)
        self._store = Store(self._engine, retry_seconds=self._retry_seconds)
        self._store.policy = _policy(self._crawler.settings)
        self._store.depth_limit = self._crawler.settings.getint("DEPTH_LIMIT")
        await self._thread.call(self._begin, spider)
        if getattr(spider, "revisits_all", False):
            self.beginning = await self._thread.call(beginning_of, self._engine, self._crawl_id)
            self._store.revisit_since = self.beginning.since
        self._stats.set_value("triptych/crawl_id", self._crawl_id)
        self._queue: asyncio.Queue[Item | _Hurry | None] = asyncio.Queue(maxsize=2 * self._batch_items)
        self._writer = asyncio.create_task(self._write_all())

    async def process_item(self, item: Item) -> Item:
        self._pending += 1
        await self._queue.put(item)
        return item

    @property
    def is_idle(self) -> bool:
        """All that was handed over is written."""
        return self._pending == 0

    def hurry(self) -> None:
        """Write what is there without waiting for more: somebody waits for what it leads to."""
        if self._pending and not self._queue.full():
            self._queue.put_nowait(_Hurry())

    async def close_spider(self) -> None:
        """Everything handed over is written, or counted as lost, when this returns."""
        await self._queue.put(_END)
        await self._writer

    async def finish(self, spider: Spider, reason: str) -> None:  # noqa: ARG002  # the signal's arguments
        """The run's own row, last: its sums, and why it ended."""
        self.leave_the_end_to_scrapy()
        if not hasattr(self, "_store"):  # the database was never opened
            return
        try:
            await self._thread.call(self._end, reason)
        except Exception:
            self._stats.inc_value("triptych/storage_errors")
            logger.exception("the end of run %s could not be recorded", self._crawl_id)
        finally:
            await self._thread.call(self._engine.dispose)
            self._thread.close()

    def _begin(self, spider: Spider) -> None:
        if self._has_ended:
            raise CloseSpider("shutdown")
        self._crawl_id = self._store.begin_crawl(spider.name, _arguments(spider))

    def _end(self, reason: str) -> None:
        if self._crawl_id and not self._has_ended:
            self._store.finish_crawl(self._crawl_id, reason=reason, asked=self._stats.get_value("triptych/asked"))
        self._has_ended = True

    def _end_with_the_reactor(self) -> None:
        """A crawl that is told to stop before its engine runs is never closed: Scrapy ends the reactor, and no more."""
        reactor = _reactor()
        # All in the one thread: whatever is begun there now is done before it.
        self._at_shutdown = reactor.addSystemEventTrigger(
            "before", "shutdown", lambda: deferred_from_coro(self._thread.call(self._end, "shutdown"))
        )

    def leave_the_end_to_scrapy(self) -> None:
        """Its engine runs, and closes the spider whatever comes."""
        if self._at_shutdown is not None:
            _reactor().removeSystemEventTrigger(self._at_shutdown)
            self._at_shutdown = None

    @property
    def _stats(self) -> Any:
        return self._crawler.stats

    async def _write_all(self) -> None:
        """Until the end is reached. Once the database is lost, items are only counted, so that nobody waits."""
        is_open = True
        while is_open:
            batch, is_open = await self._next_batch()
            if batch and not self._lost:
                await self._write(batch)
            elif batch:
                self._stats.inc_value("triptych/storage_errors", len(batch))
            self._pending -= len(batch)
            self._crawler.signals.send_catch_log(batch_written)

    async def _next_batch(self) -> tuple[list[Item], bool]:
        """What has come within the time since the first, or till somebody is in a hurry; and whether more may come."""
        batch: list[Item] = []
        deadline: float | None = None
        while len(batch) < self._batch_items:
            try:
                async with asyncio.timeout_at(deadline):
                    item = await self._queue.get()
            except TimeoutError:
                break
            if item is _END:
                return batch, False
            if isinstance(item, _Hurry):
                break
            batch.append(item)
            deadline = deadline or asyncio.get_running_loop().time() + self._batch_seconds
        return batch, True

    async def _write(self, batch: list[Item]) -> None:
        try:
            result = await self._thread.call(self.write, batch)
        except StorageError as error:
            logger.error("%s", error)  # noqa: TRY400  # the message says what to do; a traceback would hide it
            self._lose(batch)
        except Exception:
            logger.exception("a fault of the store itself; please report it")
            self._lose(batch)
        else:
            self.count(result)

    def _lose(self, batch: list[Item]) -> None:
        self._lost = True
        self._stats.inc_value("triptych/storage_errors", len(batch))
        # Not awaited here: closing waits for this task.
        self._closing = asyncio.create_task(self._crawler.engine.close_spider_async(reason=_STORAGE_LOST))

    def write(self, batch: list[Item]) -> WriteResult:
        """In the store's thread."""
        return self._store.write(batch, self._crawl_id)

    def count(self, result: WriteResult) -> None:
        stats = self._stats
        for stored in result.stored:
            stats.inc_value(f"triptych/{stored.outcome}")
            for article in stored.articles:
                stats.inc_value("triptych/articles" if article.version == 1 else "triptych/new_versions")
        for reason, count in result.cleaned.items():
            stats.inc_value(f"triptych/cleaned/{reason}", count)
        stats.inc_value("triptych/rows_flushed", result.rows_written)


def _arguments(spider: Spider) -> Mapping[str, Any]:
    """What the run was asked to do: `spider.arguments`, a mapping of strings, where the spider has one."""
    arguments = getattr(spider, "arguments", None)
    return arguments if isinstance(arguments, Mapping) else {"start_urls": list(getattr(spider, "start_urls", ()))}


def _reactor() -> Any:
    """The one that Scrapy has chosen by now."""
    from twisted.internet import reactor  # noqa: PLC0415  # the first to import it chooses

    return reactor


def _policy(settings: BaseSettings) -> Policy:
    usual = Policy()
    return Policy(
        budget_per_day=settings.getfloat("REVISITS_PER_DAY", usual.budget_per_day),
        list_least=settings.getfloat("REVISIT_LIST_SECONDS", usual.list_least),
        article_least=settings.getfloat("REVISIT_ARTICLE_SECONDS", usual.article_least),
    )
