"""Malformed documents through the door a crawl uses, in processes with its limits, and into a database.

    python -m tests.benchmarks.fuzzing --documents 20000 [--start N] [--seed N] [--database URL] [--workers N]
    python -m tests.benchmarks.fuzzing --show N

Prints how many became pages, refusals or faults, those that killed their process or took over ten CPU seconds, what
the database refused, and the slowest. Ends with status 1 where any of the last four is not nothing. `--show` writes
document number N to stdout, as it was made.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from crawler.errors import PageError
from crawler.limited_process import Limits, cores
from crawler.ordered_work import work_in_order
from crawler.pagejson import JsonObject, page_to_json
from crawler.site import GENERIC
from crawler.spiders.reading import read_page
from crawler.spiders.requests import ResponseFacts
from models.engine import open_database
from models.items import FailureClass, Item, Page
from pipelines.store import Store
from tests.malformed import Corpus

CPU_SECONDS = 10.0
_SHOWN = 10
_BATCH = 50
_NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
_REFUSALS = ("UnparsablePage", "UnexpectedContentType")
_UNSTORABLE = (FailureClass.STORAGE, FailureClass.INVALID_ITEM)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one document."""

    number: int
    name: str
    bytes: int
    cpu_seconds: float
    outcome: str
    """ "page", "refused", "fault" or "died"."""
    message: str = ""
    page: Page | None = None


@dataclass(slots=True)
class Verdict:
    documents: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    findings: list[Tried] = field(default_factory=list)
    """Faults, deaths and the slow."""
    unstorable: list[str] = field(default_factory=list)
    slowest: Tried | None = None

    @property
    def is_clean(self) -> bool:
        return not self.findings and not self.unstorable

    def add(self, tried: Tried) -> None:
        self.documents += 1
        self.outcomes[tried.outcome] += 1
        if tried.page is not None:
            self.kinds[tried.page.kind.value] += 1
        if tried.outcome in ("fault", "died") or tried.cpu_seconds > CPU_SECONDS:
            self.findings.append(replace(tried, page=None))
        if self.slowest is None or tried.cpu_seconds > self.slowest.cpu_seconds:
            self.slowest = replace(tried, page=None)

    def print(self) -> None:
        print(f"{self.documents:,} documents: {_counted(self.outcomes)}; pages: {_counted(self.kinds)}")
        print(f"{len(self.findings)} faults, deaths or over {CPU_SECONDS:g} s; {len(self.unstorable)} unstorable")
        if self.slowest:
            print("slowest:", _shown(self.slowest))
        for finding in self.findings[:_SHOWN]:
            print(_shown(finding))
        for message in self.unstorable[:_SHOWN]:
            print("unstorable:", message)


def fuzz(numbers: range, *, database_url: str, seed: int = 7, workers: int = 1) -> Verdict:
    """Each document read, and all of them stored."""
    verdict = Verdict()
    engine = open_database(database_url)
    store = Store(engine)
    for batch in _batches(_try_all(numbers, seed=seed, workers=workers)):
        for tried in batch:
            verdict.add(tried)
        pages: list[Item] = [tried.page for tried in batch if tried.page is not None]
        verdict.unstorable += [
            f"{stored.url}: {stored.failure.message}"
            for stored in store.write(pages).stored
            if stored.failure and stored.failure.failure_class in _UNSTORABLE
        ]
    engine.dispose()
    return verdict


def _try_all(numbers: range, *, seed: int, workers: int) -> Iterator[Tried]:
    # Twice the time that is allowed, so that a page which takes a little more is told by its time.
    limits = Limits(cpu_seconds=2 * CPU_SECONDS)
    tasks = ((seed, number) for number in numbers)
    return work_in_order(tasks, _try, workers=workers, died=_died, limits=limits)


def _died(task: tuple[int, int], reason: str) -> Tried:
    seed, number = task
    document = Corpus(seed)[number]
    return Tried(number, document.name, len(document.body), 0.0, "died", reason)


def _try(task: tuple[int, int]) -> Tried:
    seed, number = task
    document = _corpus(seed)[number]
    facts = _facts(number, document.content_type)
    started = time.process_time()
    page, outcome, message = None, "page", ""
    try:
        page = read_page(document.body, facts, GENERIC).page
    except PageError as error:
        outcome = "refused" if type(error).__name__ in _REFUSALS else "fault"
        message = str(error)
    seconds = time.process_time() - started
    if page is not None and page.errors:
        # The page's own: its JSON-LD, what is beyond the limits, a feed that breaks off.
        broken = [each for each in page.errors if each.field not in ("structured", "markup", "feed")]
        outcome, message = ("fault", str(broken[0])) if broken else (outcome, message)
    return Tried(number, document.name, len(document.body), seconds, outcome, message, page)


def read_bytes(body: bytes) -> JsonObject | None:
    """The page as JSON; None where the bytes are refused. For drivers that bring documents of their own."""
    try:
        return page_to_json(read_page(body, _facts(0, "text/html"), GENERIC).page, "0")
    except PageError as error:
        if type(error).__name__ in _REFUSALS:
            return None
        raise


@cache
def _corpus(seed: int) -> Corpus:
    return Corpus(seed)


def _facts(number: int, content_type: str) -> ResponseFacts:
    return ResponseFacts(
        url=f"https://fuzz.example/2026/{number}.html",
        requested_url=None,
        status=200,
        content_type=content_type or None,
        etag=None,
        last_modified=None,
        fetched_at=_NOW,
        archived=None,
    )


def _batches(tried: Iterator[Tried]) -> Iterator[list[Tried]]:
    batch: list[Tried] = []
    for each in tried:
        batch.append(each)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.most_common()) or "none"


def _shown(tried: Tried) -> str:
    return (
        f"{tried.number} {tried.outcome} {tried.cpu_seconds:.2f} s {tried.bytes:,} bytes {tried.name} {tried.message}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database")
    parser.add_argument("--workers", type=int, default=cores())
    parser.add_argument("--show", type=int)
    options = parser.parse_args(arguments)
    if options.show is not None:
        sys.stdout.buffer.write(Corpus(options.seed)[options.show].body)
        return 0
    numbers = range(options.start, options.start + options.documents)
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{Path(folder) / 'fuzz.db'}"
        verdict = fuzz(numbers, database_url=url, seed=options.seed, workers=options.workers)
    verdict.print()
    return 0 if verdict.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
