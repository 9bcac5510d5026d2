"""Runs: a crawl from its first request to its sums. `crawl`, `work`, `recrawl` and `demo` are made of it."""

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.console import Exit, complain, printable, say, stdout, table
from crawler.errors import TriptychError
from crawler.garbage import collect_seldom
from crawler.log_lines import escape_log_lines, skip_unread_records
from crawler.middlewares import ASKED
from crawler.spiders.articles import ArticlesSpider
from models.errors import StorageError
from models.items import Failure, Item, Page, PageKind


@dataclass(slots=True)
class FailureCounts:
    """Failures and refusals of a run by class, each class with the URL and message of the first."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[str, str]] = field(default_factory=dict)

    def count(self, item: Item) -> None:
        if isinstance(item, Failure):
            self.counts[item.failure_class.value] += 1
            self.first.setdefault(item.failure_class.value, (item.url, item.message))

    def print(self) -> None:
        if not self.counts:
            return
        rows = table("not stored", "pages#", "the first of them, and why")
        for failure_class, count in self.counts.most_common():
            rows.add_row(failure_class, f"{count:,}", printable("\n".join(self.first[failure_class])))
        stdout().print()
        stdout().print(rows)


@dataclass(slots=True)
class _Example:
    url: str | None = None

    def meet(self, item: Item) -> None:
        if isinstance(item, Page) and item.kind is PageKind.ARTICLE:
            self.url = self.url or item.canonical_url or item.url


_STOPPED = "shutdown"
"""Scrapy's reason for a crawl that a signal ended."""
_SUMS = ("asked", "stored", "unchanged", "failed", "refused", "articles", "new_versions", "storage_errors")


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
    example: str | None = None
    """The URL of an article that was read; None where none was."""

    @property
    def is_balanced(self) -> bool:
        """Every request ended as exactly one item, and every item is in the database."""
        ended = self.stored + self.unchanged + self.failed + self.refused
        return self.asked == ended and self.storage_errors == 0

    @classmethod
    def of_json(cls, text: str) -> Self:
        """What `to_json` wrote, in another process."""
        values = json.loads(text)
        failures = values.pop("failures")
        first = {name: (url, message) for name, (url, message) in failures["first"].items()}
        return cls(**values, failures=FailureCounts(Counter(failures["counts"]), first))

    def to_json(self) -> str:
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return json.dumps(values | {"failures": {"counts": self.failures.counts, "first": self.failures.first}})

    @classmethod
    def in_all(cls, runs: Iterable[Self], *, seconds: float) -> Self:
        """Of runs that were made side by side; the reason is that they were stopped, or the first unusual one."""
        each = list(runs)
        failures = FailureCounts()
        for run in each:
            failures.counts += run.failures.counts
            failures.first = run.failures.first | failures.first
        reasons = sorted((run.finish_reason for run in each if run.finish_reason != "finished"), key=_was_not_stopped)
        sums = {name: sum(getattr(run, name) for run in each) for name in _SUMS}
        example = next((run.example for run in each if run.example), None)
        reason = next(iter(reasons), "finished")
        return cls(**sums, finish_reason=reason, seconds=seconds, failures=failures, example=example)

    def exit_status(self, failure_share_max: float) -> Exit:
        """A run for which nothing was due has done all that was asked for."""
        if self.finish_reason == _STOPPED:
            return Exit.INTERRUPTED
        if not self.is_balanced:
            return Exit.STORAGE
        has_nothing = self.asked > 0 and self.stored + self.unchanged == 0
        if has_nothing or self.finish_reason == "start_error" or self.failed > failure_share_max * self.asked:
            return Exit.FAILED
        return Exit.OK

    def tell(self, failure_share_max: float) -> Exit:
        """The exit status, and on stderr why it is not 0."""
        status = self.exit_status(failure_share_max)
        if status is Exit.INTERRUPTED:
            say("stopped; what had arrived is stored, and the same command goes on from there")
        elif not self.is_balanced:
            complain(
                f"asked {self.asked} is not the sum of the other four, or storing failed {self.storage_errors} times; "
                "run the same command again: nothing is stored twice"
            )
        elif status is not Exit.OK:
            say(f"{self.failed} of {self.asked} failed; each is in the table `failure` with its reason")
        elif self.finish_reason in ("pages_per_run", "seconds_per_run"):
            what = self.finish_reason.partition("_")[0]
            say(f"stopped after {self.finish_reason.upper()} {what}; the same command goes on from there")
        return status

    def print(self) -> None:
        rows = table("asked#", "stored#", "unchanged#", "failed#", "refused#", "articles#", "new versions#", "seconds#")
        counts = (self.asked, self.stored, self.unchanged, self.failed, self.refused, self.articles, self.new_versions)
        rows.add_row(*(f"{count:,}" for count in counts), f"{self.seconds:.1f}")
        stdout().print(rows)
        self.failures.print()


def _was_not_stopped(finish_reason: str) -> bool:
    return finish_reason != _STOPPED


def run_articles(settings: Settings, arguments: dict[str, Any], *, listen: Any = None) -> RunSums:
    """One crawl in this process, which can run no other after it.

    `arguments` are the spider's. `listen` is called with the Crawler before it starts, to connect signals. Raises
    UsageError for arguments that the spider refuses, StorageError or TriptychError for a run that did not start.
    """
    ArticlesSpider(**arguments)  # refused arguments are told before anything is opened
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(ArticlesSpider)
    for prepare in (escape_log_lines, skip_unread_records):
        prepare()  # for the extractors' processes; Scrapy makes the handler anew before it opens the spider
        crawler.signals.connect(prepare, signal=signals.spider_opened, weak=False)
    failures, examples = FailureCounts(), _Example()

    def meet(item: Item) -> None:  # one for both: Scrapy makes a task of each listener and item
        failures.count(item)
        examples.meet(item)

    crawler.signals.connect(meet, signal=signals.item_scraped, weak=False)
    if listen:
        listen(crawler)
    collect_seldom()
    started = time.monotonic()
    task = process.crawl(crawler, **arguments)
    process.start()
    # After Ctrl-C the reactor stops as soon as all is stored, a moment before the task is done.
    error = task.exception() if task.done() else None
    if error is not None:
        known = isinstance(error, TriptychError | StorageError)
        raise error if known else TriptychError(f"the crawl did not start: {error}")
    seconds = time.monotonic() - started
    return _sums_of(crawler, failures=failures, seconds=seconds, example=examples.url)


def _sums_of(crawler: Crawler, *, failures: FailureCounts, seconds: float, example: str | None) -> RunSums:
    def count(name: str) -> int:
        return int(crawler.stats.get_value(name, 0))

    return RunSums(
        asked=count(ASKED),
        # A signal may come before the spider has begun, or end the reactor before it has told how it ended.
        finish_reason=str(crawler.stats.get_value("finish_reason", _STOPPED)),
        seconds=seconds,
        failures=failures,
        example=example,
        **{name: count(f"triptych/{name}") for name in _SUMS if name != "asked"},
    )
