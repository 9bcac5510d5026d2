"""Retention: what is too old to be kept goes, a little in each transaction, and the record of changes says so.

Rows that are a root of `change` (fetch, failure) are recorded as deleted; an article whose versions go, as updated. So
a copy that `scrapy sync` keeps goes the same way. The current version of an article is never pruned.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, LargeBinary, Table, cast, func, select, tuple_

from models.engine import writing
from models.tables import METADATA
from pipelines.snapshots import snapshot
from pipelines.store.bulk import bulk_of
from pipelines.store.changes import Changes
from pipelines.sync.changes import Position, is_prunable, prune_changes

ARTICLE, VERSION = METADATA.tables["article"], METADATA.tables["article_version"]
CHANGE, WEBHOOK = METADATA.tables["change"], METADATA.tables["webhook"]
FETCH, FAILURE = METADATA.tables["fetch"], METADATA.tables["failure"]
ROWS_PER_STEP = 2000
"""In one transaction: some hundredths of a second, for which writers wait on SQLite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is kept. None of a kind: all of it."""

    versions_before: datetime | None = None
    """Versions read before then go, if they are not among the last `keep_versions`."""
    keep_versions: int | None = None
    """Of each article; with `versions_before`, however old. At least 1."""
    failures_before: datetime | None = None
    fetches_before: datetime | None = None
    """But for those whose response is in the archive."""
    changes_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Prunable:
    """Of one table."""

    table: str
    rows: int
    """That go."""
    size_bytes: int
    """Of their values."""
    kept: int
    held_by: str | None = None
    """The webhook that has not been told all changes that are old enough; the others stay until it is."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """One table: what of it goes, and how the next rows of it are deleted after a key, 0 at first."""

    table: Table
    is_old: ColumnElement[bool]
    delete: Callable[[Connection, Any], "_Deleted"]
    held_by: str | None = None


@dataclass(frozen=True, slots=True)
class _Deleted:
    rows: int
    last_key: Any
    """To go on after; None at the end."""


def prunable(engine: Engine, rules: Rules) -> tuple[Prunable, ...]:
    """What `prune` would delete now."""
    with snapshot(engine, is_long=True) as connection:
        return tuple(_measured(connection, rule) for rule in _rules_of(connection, rules))


def prune(engine: Engine, rules: Rules) -> Iterator[tuple[str, int]]:
    """A table and its rows deleted for each committed transaction. May be stopped at any moment, and run again."""
    with snapshot(engine) as connection:
        names = [rule.table.name for rule in _rules_of(connection, rules)]
    for place, name in enumerate(names):
        key: Any = 0
        while key is not None:
            with writing(engine) as connection:
                deleted = _rules_of(connection, rules)[place].delete(connection, key)
            key = deleted.last_key
            if deleted.rows:
                yield name, deleted.rows


def _rules_of(connection: Connection, rules: Rules) -> list[_Rule]:
    """In the order in which they are followed. A rule for another table, as the archive's, has its place here."""
    found = []
    if rules.versions_before is not None or rules.keep_versions is not None:
        found.append(_version_rule(rules))
    if rules.failures_before is not None:
        found.append(_root_rule(FAILURE, FAILURE.c.occurred_at < rules.failures_before))
    if rules.fetches_before is not None:
        # The row says where in the archive the response lies, and so goes with that and not before.
        is_kept_nowhere = FETCH.c.archive_file.is_(None)
        found.append(_root_rule(FETCH, (FETCH.c.fetched_at < rules.fetches_before) & is_kept_nowhere))
    if rules.changes_before is not None:
        found.append(_change_rule(connection, rules.changes_before))
    return found


def _version_rule(rules: Rules) -> _Rule:
    is_old = _is_old_version(rules)
    return _Rule(VERSION, is_old, lambda each, key: _delete_versions(each, is_old, after=key or (0, 0)))


def _is_old_version(rules: Rules) -> ColumnElement[bool]:
    current = select(ARTICLE.c.version).where(ARTICLE.c.id == VERSION.c.article_id).scalar_subquery()
    is_beyond = VERSION.c.number <= current - (rules.keep_versions or 1)
    return is_beyond if rules.versions_before is None else is_beyond & (VERSION.c.seen_at < rules.versions_before)


def _delete_versions(connection: Connection, is_old: ColumnElement[bool], *, after: tuple[int, int]) -> _Deleted:
    key = tuple_(VERSION.c.article_id, VERSION.c.number)
    oldest = select(*key.clauses).where(key > tuple_(*after), is_old).order_by(*key.clauses).limit(ROWS_PER_STEP)
    keys = [(row[0], row[1]) for row in connection.execute(oldest)]
    if keys:
        connection.execute(VERSION.delete().where(key >= tuple_(*keys[0]), key <= tuple_(*keys[-1]), is_old))
        _record(connection, "article", list(dict.fromkeys(article_id for article_id, _ in keys)), "update")
    return _Deleted(len(keys), keys[-1] if len(keys) == ROWS_PER_STEP else None)


def _root_rule(table: Table, is_old: ColumnElement[bool]) -> _Rule:
    def delete(connection: Connection, after: int) -> _Deleted:
        oldest = select(table.c.id).where(table.c.id > after, is_old).order_by(table.c.id).limit(ROWS_PER_STEP)
        ids = connection.execute(oldest).scalars().all()
        bulk_of(connection).delete(table, table.c.id, ids)
        _record(connection, table.name, ids, "delete")
        return _Deleted(len(ids), ids[-1] if len(ids) == ROWS_PER_STEP else None)

    return _Rule(table, is_old, delete)


def _change_rule(connection: Connection, before: datetime) -> _Rule:
    # Webhooks are the only readers whose positions are kept here. Another database keeps its own; where the record no
    # longer reaches back to it, its next sync copies everything anew.
    slowest = min(
        ((Position(row.xid, row.seq), str(row.url)) for row in connection.execute(select(WEBHOOK))), default=None
    )
    up_to = slowest[0] if slowest else None
    is_old = is_prunable(connection, before, up_to=up_to)
    is_held = is_prunable(connection, before, up_to=None) & ~is_old
    waits = connection.execute(select(CHANGE.c.seq).where(is_held).limit(1)).first() if slowest else None

    def delete(each: Connection, _key: int) -> _Deleted:
        count = prune_changes(each, before, up_to=up_to, limit=ROWS_PER_STEP)
        return _Deleted(count, count or None)

    return _Rule(CHANGE, is_old, delete, held_by=slowest[1] if slowest and waits else None)


def _record(connection: Connection, name: str, ids: Sequence[int], op: str) -> None:
    changes = Changes()
    changes.add(name, ids, op)
    changes.write(bulk_of(connection), datetime.now(UTC))


def _measured(connection: Connection, rule: _Rule) -> Prunable:
    is_postgresql = connection.dialect.name == "postgresql"
    sizes = [
        func.pg_column_size(column) if is_postgresql else func.length(cast(column, LargeBinary))
        for column in rule.table.columns
    ]
    size = sum((func.coalesce(each, 0) for each in sizes), start=func.coalesce(0, 0))
    rows, total = connection.execute(select(func.count(), func.coalesce(func.sum(size), 0)).where(rule.is_old)).one()
    everything = connection.execute(select(func.count()).select_from(rule.table)).scalar_one()
    return Prunable(rule.table.name, rows, int(total), everything - rows, rule.held_by)
