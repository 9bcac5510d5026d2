"""What each page has become, told as soon as it is stored."""

from collections import Counter
from dataclasses import dataclass

from scrapy.crawler import Crawler

from models.items import FailureClass, Item, Page
from pipelines.differences import Difference, page_differences
from pipelines.queries import stored_page
from pipelines.store import Stored
from pipelines.store.pipeline import StorePipeline
from pipelines.store.writer import WriteResult

page_told = object()
"""Signal with the argument `told`, a Told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One request that has come to its end, in this process or another."""

    url: str
    outcome: str
    """Of its fetch: stored, unchanged, failed, refused."""
    failure_class: FailureClass | None = None
    message: str = ""
    """Why it failed."""
    was_stored: bool = False
    """Before."""
    differences: tuple[Difference, ...] = ()


class TellingPipeline(StorePipeline):
    """Writes one item at a time: only so can be said what it has changed. As long as it compares, it lets wait."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._told: list[Told] = []

    def write(self, batch: list[Item]) -> WriteResult:
        results = [self._write_one(item) for item in batch]
        return WriteResult(
            stored=tuple(stored for result in results for stored in result.stored),
            cleaned=sum((result.cleaned for result in results), Counter()),
            rows_written=sum(result.rows_written for result in results),
        )

    def count(self, result: WriteResult) -> None:
        super().count(result)
        told, self._told = self._told, []
        for each in told:
            self._crawler.signals.send_catch_log(page_told, told=each)

    def _write_one(self, item: Item) -> WriteResult:
        before = stored_page(self._engine, item.url) if item.url else None
        result = super().write([item])
        after = stored_page(self._engine, item.url) if item.url else None
        self._told.extend(_told(stored, before, after) for stored in result.stored)
        return result


def _told(stored: Stored, before: Page | None, after: Page | None) -> Told:
    failure = stored.failure
    return Told(
        url=stored.url,
        outcome=stored.outcome.value,
        failure_class=failure.failure_class if failure else None,
        message=failure.message if failure else "",
        was_stored=stored.read_at is not None,
        differences=page_differences(before, after) if after and not failure else (),
    )
