"""Runs: a crawl from its first request to its sums. `crawl`, `recrawl` and `demo` are made of it."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.console import Exit, printable, stdout, table
from crawler.errors import TriptychError
from crawler.middlewares import ASKED
from crawler.spiders.articles import ArticlesSpider
from models.errors import StorageError
from models.items import Failure, FailureClass, Item


@dataclass(slots=True)
class FailureCounts:
    """Failures and refusals of a run by class, each class with the first of its pages."""

    counts: Counter[FailureClass] = field(default_factory=Counter)
    first: dict[FailureClass, Failure] = field(default_factory=dict)

    def count(self, item: Item) -> None:
        if isinstance(item, Failure):
            self.counts[item.failure_class] += 1
            self.first.setdefault(item.failure_class, item)

    def print(self) -> None:
        if not self.counts:
            return
        rows = table("not stored", "pages#", "the first of them, and why")
        for failure_class, count in self.counts.most_common():
            first = self.first[failure_class]
            rows.add_row(failure_class.value, f"{count:,}", printable(f"{first.url}\n{first.message}"))
        stdout().print()
        stdout().print(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSums:
    """What a run asked for, and how each request ended."""

    asked: int
    stored: int
    unchanged: int
    failed: int
    refused: int
    articles: int
    new_versions: int
    storage_errors: int
    finish_reason: str
    seconds: float
    failures: FailureCounts

    @property
    def is_balanced(self) -> bool:
        """Every request ended as exactly one item, and every item is in the database."""
        ended = self.stored + self.unchanged + self.failed + self.refused
        return self.asked == ended and self.storage_errors == 0

    def exit_status(self, failure_share_max: float) -> Exit:
        if self.finish_reason == "shutdown":
            return Exit.INTERRUPTED
        if not self.is_balanced:
            return Exit.STORAGE
        if self.stored + self.unchanged == 0 or self.failed > failure_share_max * self.asked:
            return Exit.FAILED
        return Exit.OK

    def print(self) -> None:
        rows = table("asked#", "stored#", "unchanged#", "failed#", "refused#", "articles#", "new versions#", "seconds#")
        counts = (self.asked, self.stored, self.unchanged, self.failed, self.refused, self.articles, self.new_versions)
        rows.add_row(*(f"{count:,}" for count in counts), f"{self.seconds:.1f}")
        stdout().print(rows)
        self.failures.print()


def run_articles(settings: Settings, arguments: dict[str, Any], *, listen: Any = None) -> RunSums:
    """One crawl in this process, which can run no other after it.

    `arguments` are the spider's. `listen` is called with the Crawler before it starts, to connect signals. Raises
    UsageError for arguments that the spider refuses, StorageError or TriptychError for a run that did not start.
    """
    ArticlesSpider(**arguments)  # refused arguments are told before anything is opened
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(ArticlesSpider)
    failures = FailureCounts()
    crawler.signals.connect(failures.count, signal=signals.item_scraped, weak=False)
    if listen:
        listen(crawler)
    started = time.monotonic()
    task = process.crawl(crawler, **arguments)
    process.start()
    # After Ctrl-C the reactor stops as soon as all is stored, a moment before the task is done.
    error = task.exception() if task.done() else None
    if error is not None:
        known = isinstance(error, TriptychError | StorageError)
        raise error if known else TriptychError(f"the crawl did not start: {error}")
    return _sums_of(crawler, failures=failures, seconds=time.monotonic() - started)


def _sums_of(crawler: Crawler, *, failures: FailureCounts, seconds: float) -> RunSums:
    def count(name: str) -> int:
        return int(crawler.stats.get_value(name, 0))

    names = ("stored", "unchanged", "failed", "refused", "articles", "new_versions", "storage_errors")
    return RunSums(
        asked=count(ASKED),
        finish_reason=str(crawler.stats.get_value("finish_reason", "unknown")),
        seconds=seconds,
        failures=failures,
        **{name: count(f"triptych/{name}") for name in names},
    )
