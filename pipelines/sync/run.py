"""One source, one target: a first copy, then changes in order. A kill at any moment costs the transaction it hits."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import psycopg
from sqlalchemy import Connection, Engine, func, select, update
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from models.engine import shown_url
from models.errors import StorageUnavailable
from pipelines.snapshots import snapshot
from pipelines.store.faults import Fault, fault_of, pauses
from pipelines.sync.changes import (
    ChangeBatch,
    Position,
    check_record,
    end_position,
    is_lost,
    lag_of,
    position_since,
    read_changes,
)
from pipelines.sync.choice import Choice, Step
from pipelines.sync.copying import among, between, delete_roots, renew_roots, replace_roots
from pipelines.sync.tables import DELETED_AT, Root, buried_keys, extra_columns, mirrored_roots, owned_roots
from pipelines.sync.target import Progress, Target, open_target

RETRY_SECONDS = 120.0
_LOOK_AGAIN_SECONDS = 5.0
_Result = TypeVar("_Result")


class Sync:
    """Keeps one target like the source. One thread; a second process on the same target is refused."""

    def __init__(self, source: Engine, target: Target, choice: Choice) -> None:
        self._source = source
        self._target = target
        self._choice = choice
        self._roots = mirrored_roots({}, choice.roots, tombstones=choice.tombstones)
        self._extra: dict[str, list[str]] | None = None
        self._looked_at = -_LOOK_AGAIN_SECONDS

    def catch_up(self) -> Iterator[Step]:
        """Until nothing is left that can be delivered. Raises StorageError."""
        self._retry(self._look)
        while (step := self._retry(self._step)) is not None:
            yield step
            self._retry(self._look)

    def lag(self) -> tuple[int, float]:
        """Changes committed in the source and not delivered, and the age of the oldest in seconds."""
        return self._retry(self._lag)

    def left(self) -> int:
        """Rows of roots that the first copy has still to do, and changes to deliver."""
        self._retry(self._look)
        return self._retry(self._rows_to_copy) + self.lag()[0]

    def _lag(self) -> tuple[int, float]:
        with snapshot(self._source) as source:
            found = lag_of(source, min(p.position for p in self._progress().values()), tables=self._choice.roots)
        return found.changes, found.seconds

    def _rows_to_copy(self) -> int:
        progress = self._progress()
        with snapshot(self._source) as source:
            return sum(
                source.execute(select(func.count()).where(root.table.c.id > copied_id)).scalar_one()
                for root in self._roots
                if (copied_id := progress[root.name].copied_id) is not None
            )

    def _progress(self) -> dict[str, Progress]:
        with self._target.engine.connect() as connection:
            found = self._target.progress(connection)
        return {name: found[name] for name in self._choice.roots}

    def _look(self) -> None:
        """Give the target the tables, columns and starting points that it has not."""
        if time.monotonic() - self._looked_at < _LOOK_AGAIN_SECONDS:
            return
        widened = self._match()
        with snapshot(self._source) as source, self._target.engine.connect() as target:
            check_record(source)
            found = {name: each for name, each in self._target.progress(target).items() if name in self._choice.roots}
            lost = {name for name, progress in found.items() if is_lost(source, progress.position)}
            end = end_position(source)
            start = self._start(source, end)
        for name in (widened | lost) & found.keys():
            position = end if name in lost else found[name].position
            with self._target.writing() as target:
                self._target.advance(target, name, before=found[name], after=Progress(position))
        self._target.begin({name: start for name in self._choice.roots if name not in found})
        self._looked_at = time.monotonic()

    def _match(self) -> set[str]:
        """The roots that have new columns, and so must be copied again."""
        extra = extra_columns(self._source)
        names = {table: [column.name for column in columns] for table, columns in extra.items()}
        if names == self._extra:
            return set()
        self._roots = mirrored_roots(extra, self._choice.roots, tombstones=self._choice.tombstones)
        widened = self._target.match(self._roots)
        self._extra = names
        return widened

    def _root(self, name: str) -> Root:
        return next(root for root in self._roots if root.name == name)

    def _start(self, source: Connection, end: Position) -> Progress:
        if self._choice.since is None:
            return Progress(end)
        return Progress(position_since(source, self._choice.since), copied_id=None)

    def _step(self) -> Step | None:
        progress = self._progress()
        for root in self._roots:
            if progress[root.name].copied_id is not None:
                return self._copy(root.name, progress[root.name])
        return self._deliver(progress)

    def _copy(self, name: str, before: Progress) -> Step:
        """The next rows of the first copy, in the place of what the target has in the same range of keys."""
        root = self._root(name)
        after_id = before.copied_id or 0
        with snapshot(self._source) as source, self._target.writing() as target:
            key = root.table.c.id
            page = select(key).where(key > after_id).order_by(key).limit(self._choice.roots_per_step).subquery()
            count, last_id = source.execute(select(func.count(), func.max(page.c.id))).one()
            is_whole = count < self._choice.roots_per_step
            after = replace(before, copied_id=None if is_whole else last_id)
            self._target.advance(target, name, before=before, after=after)
            read = between(after_id, last_id or after_id)
            clear = between(
                after_id, None if is_whole else last_id, but=buried_keys(root) if self._choice.tombstones else None
            )
            return Step(replace_roots(source, target, root, read=read, clear=clear), done=count)

    def _deliver(self, progress: dict[str, Progress]) -> Step | None:
        """The next changes to all roots, from where the last of them is: to the others, some come a second time."""
        start = min(each.position for each in progress.values())
        with snapshot(self._source) as source:
            if is_lost(source, start):  # pruned since the last look
                self._looked_at = -_LOOK_AGAIN_SECONDS
                return Step(0, done=0)
            batch = read_changes(source, start, tables=self._choice.roots, limit=self._choice.roots_per_step)
            if batch is None:
                return None
            with self._target.writing() as target:
                for name, before in progress.items():
                    if before.position < batch.end:
                        after = replace(before, position=batch.end)
                        self._target.advance(target, name, before=before, after=after)
                rows = sum(self._apply(source, target, name, batch) for name in self._choice.roots)
        return Step(rows, done=batch.changes, changes=batch.changes)

    def _apply(self, source: Connection, target: Connection, name: str, batch: ChangeBatch) -> int:
        """The rows as they are now, whatever was done to them: so a change delivered twice changes nothing."""
        ids = batch.ids.get(name)
        if not ids:
            return 0
        root = self._root(name)
        present = source.execute(select(root.table.c.id).where(among(source, ids)(root.table.c.id))).scalars().all()
        rows = renew_roots(source, target, root, present)
        gone = sorted(set(ids) - set(present))
        return rows + (self._lose(target, name, gone) if gone else 0)

    def _lose(self, target: Connection, name: str, ids: Sequence[int]) -> int:
        """Rows that are gone, and with them what the source's own foreign keys take along."""
        lost = len(ids)
        for other, column in owned_roots(name):
            if other in self._choice.roots:
                root = self._root(other)
                owned = select(root.table.c.id).where(among(target, ids)(root.table.c[column]))
                if owned_ids := target.execute(owned).scalars().all():
                    lost += self._lose(target, other, owned_ids)
        root = self._root(name)
        if not self._choice.tombstones:
            delete_roots(target, root, among(target, ids))
            return lost
        deleted_at = root.table.c[DELETED_AT]
        mark = update(root.table).where(among(target, ids)(root.table.c.id), deleted_at.is_(None))
        target.execute(mark.values({DELETED_AT: datetime.now(UTC)}))
        return lost

    def _retry(self, act: Callable[[], _Result]) -> _Result:
        """Tried again while one of the databases is busy or away; each try starts from the position in the target."""
        waits = pauses(RETRY_SECONDS)
        while True:
            try:
                return act()
            except (DBAPIError, psycopg.Error) as error:  # COPY goes past SQLAlchemy
                wait = next(waits, None) if _is_passing(error) else None
                if wait is None:
                    raise self._unavailable(error) from error
                time.sleep(wait)

    def _unavailable(self, error: DBAPIError | psycopg.Error) -> StorageUnavailable:
        cause = next(iter(str(getattr(error, "orig", error)).strip().splitlines()), type(error).__name__)
        return StorageUnavailable(
            f"{cause}, between {shown_url(self._source.url)} and {shown_url(self._target.engine.url)}; "
            "check that both run and can be written to, then run the same command again: it goes on where it was"
        )


def _is_passing(error: DBAPIError | psycopg.Error) -> bool:
    if isinstance(getattr(error, "orig", error), sqlite3.Error | psycopg.Error):
        return fault_of(error) is Fault.PASSING
    return isinstance(error, OperationalError | InterfaceError)


@contextmanager
def open_sync(source: Engine, target_url: str, choice: Choice) -> Iterator[Sync]:
    """A sync and its connections to the target. Raises StorageError."""
    engine = open_target(target_url)
    if engine.url.set(drivername="x") == source.url.set(drivername="x"):
        raise StorageUnavailable(f"{shown_url(engine.url)} is the source itself; name another database")
    try:
        yield Sync(source, Target(engine, shown_url(source.url)), choice)
    finally:
        engine.dispose()
