"""Looks at a run when it ends, and now and then while it lasts. In a thread: no crawl waits for it."""

import asyncio
import logging
from datetime import UTC, datetime

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings
from twisted.internet.task import LoopingCall

from models.engine import open_database
from pipelines.alarms.telling import Listeners, NotTaken, tell
from pipelines.alarms.watching import look

LOOK_SECONDS = 3600.0
_RETRY_SECONDS = 10.0
"""A receiver that is away keeps no run from its end; what it was not told, the next one tells."""

logger = logging.getLogger(__name__)


class WatchRun:
    """Settings: ALARMS_ENABLED; DATABASE_URL, ALARM_WEBHOOK, WEBHOOK_SECRET, ALARM_COMMAND."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ALARMS_ENABLED"):
            raise NotConfigured
        self._crawler = crawler
        self._looking = LoopingCall(self._look_meanwhile)
        self._task: asyncio.Task[None] | None = None
        self._listeners = listeners_of(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "WatchRun":
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        self._looking.start(LOOK_SECONDS, now=False)

    async def spider_closed(self) -> None:
        """All that was fetched is stored by now."""
        if self._looking.running:
            self._looking.stop()
        if self._task is not None:
            await self._task
        await self._look()

    def _look_meanwhile(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        crawl_id = self._crawler.stats.get_value("triptych/crawl_id")
        if crawl_id is None:  # the database was never opened, which others tell
            return
        try:
            await asyncio.to_thread(_look_at, self._crawler.settings["DATABASE_URL"], self._listeners, crawl_id)
        except NotTaken as error:
            logger.warning("%s", error)
        except Exception:  # what was crawled is stored, whatever becomes of the look; the next one takes it up
            logger.exception("the run could not be looked at for alarms; `scrapy alarms` looks again")


def _look_at(url: str, listeners: Listeners, crawl_id: int) -> None:
    engine = open_database(url)
    try:
        look(engine, now=datetime.now(UTC), crawl_id=crawl_id)
        tell(engine, listeners, now=datetime.now(UTC), retry_seconds=_RETRY_SECONDS)
    finally:
        engine.dispose()


def listeners_of(settings: BaseSettings) -> Listeners:
    return Listeners(settings["ALARM_WEBHOOK"], settings["WEBHOOK_SECRET"], settings["ALARM_COMMAND"])
