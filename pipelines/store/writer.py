"""Store: items in, what became of each out. Synchronous; one thread at a time."""

import gc
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, RowMapping, insert, select, update

from models.engine import shown_url
from models.errors import StorageUnavailable
from models.items import Discovery, Failure, FailureClass, Item
from models.tables import METADATA
from pipelines.revisits import Policy
from pipelines.store.batch import Batch, Rules
from pipelines.store.bulk import bulk_of
from pipelines.store.changes import Changes
from pipelines.store.keys import Remembered
from pipelines.store.outcomes import Stored
from pipelines.store.prepared import Prepared, leading_to, prepare
from pipelines.store.transactions import RETRY_SECONDS, first_line, persist
from pipelines.validate import check_item, invalid_item

CRAWL = METADATA.tables["crawl"]

logger = logging.getLogger(__name__)
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class WriteResult:
    stored: tuple[Stored, ...]
    """In the order of the items."""
    cleaned: Counter[str] = field(default_factory=Counter)
    """How often each reason of `pipelines.validate` changed something."""
    rows_written: int = 0


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles meanwhile: rows have none, and searching the thousands of a batch costs a tenth of storing.

    The crawl beside it may make some: no more than it can before it has to wait for this batch itself.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Store:
    """Writes items into the tables of a database; storing twice equals storing once.

    Raises StorageUnavailable when the database has been away for longer than `retry_seconds`, or refuses every row.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        retry_seconds: float = RETRY_SECONDS,
        records_fetches: bool = True,
        keeps_newer: bool = False,
        revisit_since: datetime | None = None,
    ) -> None:
        """The last three as `batch.Rules` says; the very last may be set later, before the items it is for."""
        self._engine = engine
        self._rules = Rules(records_fetches=records_fetches, keeps_newer=keeps_newer)
        self.revisit_since = revisit_since
        self.depth_limit: int | None = None
        """Steps from a start URL beyond which links are not followed; it may be set as well."""
        self.policy = Policy()
        """How often pages are asked for again; the same."""
        self._retry_seconds = retry_seconds
        self._remembered = Remembered()
        self._batch_number = 0
        self._rows_written = 0

    def begin_crawl(self, spider: str, arguments: Mapping[str, Any]) -> int:
        """The id of a new run."""
        row = {"spider": spider, "arguments": dict(arguments), "started_at": datetime.now(UTC)}

        def insert_crawl(connection: Connection) -> int:
            crawl_id: int = connection.execute(insert(CRAWL).values(row).returning(CRAWL.c.id)).scalar_one()
            _record(connection, crawl_id, "insert")
            return crawl_id

        return self._persist(insert_crawl)

    def finish_crawl(self, crawl_id: int, *, reason: str, asked: int | None = None) -> RowMapping:
        """The row of the run, ended. `asked` is what became of its items in sum, where the caller has not counted."""
        total = CRAWL.c.stored + CRAWL.c.unchanged + CRAWL.c.failed + CRAWL.c.refused
        ended = {"ended_at": datetime.now(UTC), "finish_reason": reason, "asked": total if asked is None else asked}

        def update_crawl(connection: Connection) -> RowMapping:
            changed = update(CRAWL).where(CRAWL.c.id == crawl_id).values(ended).returning(*CRAWL.columns)
            row = connection.execute(changed).mappings().one()
            _record(connection, crawl_id, "update")
            return row

        return self._persist(update_crawl)

    @_uncollected()  # to the end of the call: rows that are let go of by then are not searched afterwards either
    def write(self, items: Sequence[Item], crawl_id: int | None = None) -> WriteResult:
        """All items in one transaction; or, where one of them is refused, in several, and that one as a failure."""
        cleaned: Counter[str] = Counter()
        self._rows_written = 0
        prepared = [self._prepare(item, cleaned) for item in items]
        stored = self._write(prepared, crawl_id) if prepared else []
        return WriteResult(tuple(stored), cleaned, self._rows_written)

    def _prepare(self, item: Item, cleaned: Counter[str]) -> Prepared:
        now = datetime.now(UTC)
        try:
            checked = check_item(item, now=now)
            cleaned.update(checked.reasons)
            return prepare(checked.item)
        except Exception as error:  # the seam: whatever an item is made of, it ends as a recorded row
            logger.exception("an item cannot be stored: %s", getattr(item, "url", None))
            return prepare(invalid_item(item, f"{type(error).__name__}: {error}", now=now))

    def _write(self, items: Sequence[Prepared], crawl_id: int | None) -> list[Stored]:
        try:
            return self._write_batch(items, crawl_id)
        except StorageUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  # the seam: a row that is refused ends as a recorded failure
            if self._remembered.forget():  # another process may have deleted a row that was remembered
                return self._write(items, crawl_id)
            if len(items) == 1:
                return [self._record_refused(items[0], error, crawl_id)]
        middle = len(items) // 2
        return self._write(items[:middle], crawl_id) + self._write(items[middle:], crawl_id)

    def _record_refused(self, item: Prepared, error: Exception, crawl_id: int | None) -> Stored:
        logger.warning("the database refuses %s: %s", item.asked, error)
        if isinstance(item.item, Failure) and item.discovered:
            return self._write([leading_to(item, ())], crawl_id)[0]
        if isinstance(item.item, Failure):
            raise StorageUnavailable(f"not even a failure can be recorded in {self._name}: {error}") from error
        failure = Failure(
            url=item.asked or "",
            failure_class=FailureClass.STORAGE,
            message=f"refused by the database: {first_line(error)}; please report this page",
            occurred_at=item.at,
            stage="store",
        )
        recorded = prepare(check_item(failure, now=item.at).item)
        return self._write([leading_to(recorded, item.discovered)], crawl_id)[0]

    def _write_batch(self, items: Sequence[Prepared], crawl_id: int | None) -> list[Stored]:
        self._batch_number += 1
        rules = replace(
            self._rules,
            crawl_id=crawl_id,
            revisit_since=self.revisit_since,
            depth_limit=self.depth_limit,
            policy=self.policy,
        )
        attempt = _Attempt(items, self._batch_number, rules)
        stored = self._persist(lambda connection: attempt.run(connection, self._remembered))
        self._remembered.learn(attempt.fresh)
        self._remembered.settled.learn(attempt.settled)
        self._rows_written += attempt.rows_written
        return stored

    def _persist(self, act: Callable[[Connection], _Result]) -> _Result:
        """One transaction, tried again while the database is busy or away. Raises what is the fault of a row."""
        return persist(self._engine, act, retry_seconds=self._retry_seconds, before_retry=self._remembered.forget)

    @property
    def _name(self) -> str:
        return shown_url(self._engine.url)


@dataclass(slots=True)
class _Attempt:
    """One batch, tried until it is known to be committed."""

    items: Sequence[Prepared]
    number: int
    rules: Rules
    stored: list[Stored] | None = None
    """What an earlier try had written when its connection was lost: committed or not, nobody had said."""
    fresh: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    settled: Mapping[int, Discovery] = field(default_factory=dict)
    rows_written: int = 0

    def run(self, connection: Connection, remembered: Remembered) -> list[Stored]:
        if self.stored is not None and self._is_committed(connection):
            return self.stored
        batch = Batch(connection, remembered, number=self.number, rules=self.rules)
        self.stored = batch.write(self.items)
        self.fresh, self.settled, self.rows_written = batch.keys.fresh, batch.settled, batch.rows_written
        return self.stored

    def _is_committed(self, connection: Connection) -> bool:
        last = connection.execute(select(CRAWL.c.batches).where(CRAWL.c.id == self.rules.crawl_id)).scalar()
        return last == self.number


def _record(connection: Connection, crawl_id: int, op: str) -> None:
    changes = Changes()
    changes.add("crawl", (crawl_id,), op)
    changes.write(bulk_of(connection), datetime.now(UTC))
