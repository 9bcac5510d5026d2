"""Gives the middlewares their memory for the length of a run."""

import asyncio

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from models.engine import open_database
from pipelines.politeness.memory import Memory
from pipelines.politeness.middleware import PolitenessMiddleware
from pipelines.politeness.robots import RobotsMiddleware


class RememberPoliteness:
    """Settings: POLITENESS_REMEMBERED, off for commands that store nothing; DATABASE_URL."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("POLITENESS_REMEMBERED"):
            raise NotConfigured
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RememberPoliteness":
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    async def spider_opened(self) -> None:
        self._engine = await asyncio.to_thread(open_database, self._crawler.settings["DATABASE_URL"])
        memory = Memory(self._engine)
        if politeness := self._crawler.get_downloader_middleware(PolitenessMiddleware):
            politeness.memory = memory
        if robots := self._crawler.get_downloader_middleware(RobotsMiddleware):
            robots.memory = memory

    async def spider_closed(self) -> None:
        if not hasattr(self, "_engine"):  # the database was never opened, which others tell
            return
        if politeness := self._crawler.get_downloader_middleware(PolitenessMiddleware):
            await politeness.settle()
        await asyncio.to_thread(self._engine.dispose)
