"""Extensions: what a run shows while it runs, and what it refuses to run with."""

import os
import signal

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from twisted.internet.task import LoopingCall

from crawler.console import ProgressLine
from crawler.errors import UsageError
from crawler.middlewares import ASKED
from models.items import Failure, Item, Page, PageKind

REDRAW_SECONDS = 0.25
PARENT_SECONDS = 2.0
WAITING = "frontier/waiting"
"""Stat: pages that are due; not there while nobody has counted them, or they are too many to count."""


class RefuseJobDir:
    """JOBDIR loses URLs on a kill (one kill lost 291 of 300 pages), so a crawl with it is not started."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RefuseJobDir":
        if crawler.settings.get("JOBDIR"):
            raise UsageError(
                "JOBDIR is refused: Scrapy's queue files lose URLs when the process is killed. "
                "Leave it out; what was stored is in the database, and the next run goes on from there"
            )
        raise NotConfigured


class EndWithParent:
    """A worker ends, well, when the process that began it is gone. Setting: PARENT_PID."""

    def __init__(self, crawler: Crawler) -> None:
        self._parent = crawler.settings.getint("PARENT_PID")
        if not self._parent:
            raise NotConfigured
        self._look = LoopingCall(self.look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "EndWithParent":
        extension = cls(crawler)
        crawler.signals.connect(extension.begin, signal=signals.spider_opened)
        crawler.signals.connect(extension.end, signal=signals.spider_closed)
        return extension

    def begin(self) -> None:
        self._look.start(PARENT_SECONDS)

    def look(self) -> None:
        if os.getppid() != self._parent:
            self.end()
            os.kill(os.getpid(), signal.SIGINT)

    def end(self) -> None:
        if self._look.running:
            self._look.stop()


class Progress:
    """Pages, articles, errors, rate and time left of a crawl, on stderr."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("PROGRESS_ENABLED"):
            raise NotConfigured
        self.crawler = crawler
        self.pages = self.articles = self.errors = 0
        self.line = ProgressLine("Crawling")
        self._redraw = LoopingCall(self.redraw)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Progress":
        extension = cls(crawler)
        crawler.signals.connect(extension.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        self.line.__enter__()
        self._redraw.start(REDRAW_SECONDS, now=False)

    def item_scraped(self, item: Item) -> None:
        self.pages += 1
        if isinstance(item, Page) and item.kind is PageKind.ARTICLE:
            self.articles += 1
        elif isinstance(item, Failure) and not item.failure_class.is_refusal:
            self.errors += 1

    def redraw(self) -> None:
        """The total is what is known by now: pages asked for, and those that are due; None while they are too many."""
        stats = self.crawler.stats
        waiting = stats.get_value(WAITING)
        total = None if waiting is None else max(stats.get_value(ASKED, 0), self.pages) + waiting
        self.line.update(pages=self.pages, articles=self.articles, errors=self.errors, total=total)

    def spider_closed(self) -> None:
        if self._redraw.running:
            self._redraw.stop()
        self.line.__exit__(None, None, None)
