"""The record of changes, read so that nothing is skipped.

Transactions commit in another order than they number their changes. A reader that goes by `seq` alone passes over those
that commit late: with four writers, one in six. On PostgreSQL a change counts once every transaction that began to
write before it has ended (`pg_snapshot_xmin`), and the order is that of (xid, seq), to which nothing is added later.
SQLite has one writer, and so `seq` is the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    cast,
    func,
    select,
    true,
    tuple_,
)

from models.columns import XID
from models.errors import StorageOutdated
from models.tables import METADATA

CHANGE = METADATA.tables["change"]
_PRUNED = "change"
"""Name of the table in the one row that is kept of changes pruned: the last of them, and so the first of all."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Everything up to here has been delivered."""

    xid: int = 0
    """0 on SQLite."""
    seq: int = 0


@dataclass(frozen=True, slots=True)
class ChangeBatch:
    """Changes in a row, each row of a table once."""

    ids: dict[str, list[int]]
    """By table."""
    ops: dict[tuple[str, int], str]
    """The last of each row."""
    end: Position
    changes: int
    """Before compaction."""
    first_at: datetime


@dataclass(frozen=True, slots=True)
class Lag:
    """What is committed in the source and not delivered yet."""

    changes: int
    seconds: float
    """Since the oldest of them; 0 if there is none."""


def end_position(connection: Connection) -> Position:
    """All that is before it, this snapshot sees; all that it does not see, is after it."""
    last = connection.execute(select(func.max(CHANGE.c.seq))).scalar() or 0
    if connection.dialect.name != "postgresql":
        return Position(seq=last)
    horizon = connection.execute(select(cast(_horizon(), String))).scalar_one()
    return Position(xid=int(horizon) - 1, seq=last)


def position_since(connection: Connection, since: datetime) -> Position:
    """Just before the first change recorded at that time or later; the end where there is none.

    Raises StorageOutdated where changes of that time were pruned.
    """
    check_reach(connection, since)
    order = _order(connection)
    columns = [_xid(connection), CHANGE.c.seq]
    found = connection.execute(select(*columns).where(CHANGE.c.changed_at >= since).order_by(*order).limit(1)).first()
    if found is None:
        return end_position(connection)
    return Position(xid=int(found[0]), seq=found[1] - 1)


def check_reach(connection: Connection, since: datetime) -> None:
    """Raises StorageOutdated where changes of that time were pruned."""
    if (pruned_at := pruned_until(connection)) is not None and pruned_at >= since:
        raise StorageOutdated(
            f"changes up to {pruned_at:%Y-%m-%dT%H:%M} were pruned; give a later time, or none for everything"
        )


def pruned_until(connection: Connection) -> datetime | None:
    """The time of the latest change that was pruned; None while the record is whole."""
    first = _first(connection)
    return first[1] if first and first[2] else None


def is_prunable(connection: Connection, before: datetime, *, up_to: Position | None) -> ColumnElement[bool]:
    """Older than that, and known to whoever has come to `up_to`."""
    is_old = and_(CHANGE.c.changed_at < before, _is_settled(connection), CHANGE.c.table_name != _PRUNED)
    return is_old if up_to is None else and_(is_old, ~_is_after(connection, up_to))


def prune_changes(connection: Connection, before: datetime, *, up_to: Position | None, limit: int) -> int:
    """Take the oldest changes from the record, `limit` at most; the number taken.

    Only from its beginning, in the order of readers, so that what a reader at any position has missed can be told:
    the last change taken stays as a mark of how far the record was pruned.
    """
    is_wanted = is_prunable(connection, before, up_to=up_to).label("is_wanted")
    columns = (_xid(connection), CHANGE.c.seq, CHANGE.c.changed_at, CHANGE.c.table_name, is_wanted)
    found = connection.execute(select(*columns).order_by(*_order(connection)).limit(limit + 1)).all()
    mark = [row for row in found[:1] if row.table_name == _PRUNED]
    taken = list(takewhile(lambda row: bool(row.is_wanted), found[len(mark) :][:limit]))
    if taken:
        last = Position(xid=int(taken[-1][0]), seq=taken[-1].seq)
        connection.execute(CHANGE.delete().where(~_is_after(connection, last), CHANGE.c.seq != last.seq))
        latest = max(row.changed_at for row in (*mark, *taken))
        marked = {"table_name": _PRUNED, "row_id": last.seq, "op": "delete", "changed_at": latest}
        connection.execute(CHANGE.update().where(CHANGE.c.seq == last.seq).values(marked))
    return len(taken)


def read_changes(connection: Connection, after: Position, *, tables: Sequence[str], limit: int) -> ChangeBatch | None:
    """The next changes of these tables, at most `limit` of them; None if there is none."""
    columns = [CHANGE.c.table_name, CHANGE.c.row_id, CHANGE.c.op, CHANGE.c.changed_at, CHANGE.c.seq, _xid(connection)]
    statement = (
        select(*columns)
        .where(_is_after(connection, after), _is_settled(connection), CHANGE.c.table_name.in_(tables))
        .order_by(*_order(connection))
        .limit(limit)
    )
    rows = connection.execute(statement).all()
    if not rows:
        return None
    ops = {(row[0], row[1]): row[2] for row in rows}
    ids: dict[str, list[int]] = {}
    for name, id_ in ops:
        ids.setdefault(name, []).append(id_)
    end = Position(xid=int(rows[-1][5]), seq=rows[-1][4])
    return ChangeBatch(ids=ids, ops=ops, end=end, changes=len(rows), first_at=rows[0][3])


def lag_of(connection: Connection, position: Position, *, tables: Sequence[str]) -> Lag:
    """Counted with the changes that wait for a transaction still open."""
    waiting = (_is_after(connection, position), CHANGE.c.table_name.in_(tables))
    count, oldest = connection.execute(select(func.count(), func.min(CHANGE.c.changed_at)).where(*waiting)).one()
    return Lag(count, max(0.0, (datetime.now(UTC) - oldest).total_seconds()) if oldest else 0.0)


def is_lost(connection: Connection, position: Position) -> bool:
    """The record does not go on from there: later changes were pruned, or the source is another one by now."""
    first = _first(connection)
    if first is not None and first[2] and position < first[0]:
        return True
    low, high = connection.execute(select(func.min(CHANGE.c.seq), func.max(CHANGE.c.seq))).one()
    is_postgresql = connection.dialect.name == "postgresql"
    # From 0 a gap tells nothing there: who takes the first numbers may commit late, or never.
    has_gap = first is not None and not first[2] and position.seq < low - 1 and not (is_postgresql and not position.seq)
    if has_gap or position.seq > (high or position.seq):
        return True
    if not is_postgresql:
        return False
    next_xid = cast(func.pg_snapshot_xmax(func.pg_current_snapshot()), String)
    return position.xid >= int(connection.execute(select(next_xid)).scalar_one())


def check_record(connection: Connection) -> None:
    """Raises StorageOutdated where the record was written by another server: its numbers mean nothing on this one."""
    if connection.dialect.name != "postgresql":
        return
    ahead = CHANGE.c.xid >= func.pg_snapshot_xmax(func.pg_current_snapshot())
    if connection.execute(select(CHANGE.c.seq).where(ahead).limit(1)).first() is not None:
        raise StorageOutdated(
            "the source was restored from a dump of another server, whose transaction numbers are ahead of this one's; "
            "run `DELETE FROM change` in it once: the next sync copies all tables again"
        )


def _first(connection: Connection) -> tuple[Position, datetime, bool] | None:
    """The oldest change there is: its position, its time, and whether it is the mark of changes pruned."""
    columns = (_xid(connection), CHANGE.c.seq, CHANGE.c.changed_at, CHANGE.c.table_name)
    row = connection.execute(select(*columns).order_by(*_order(connection)).limit(1)).first()
    return (Position(xid=int(row[0]), seq=row[1]), row[2], row[3] == _PRUNED) if row else None


def _horizon() -> Any:
    return func.pg_snapshot_xmin(func.pg_current_snapshot())


def _xid(connection: Connection) -> ColumnElement[Any]:
    """As text: drivers know no unsigned 64-bit numbers."""
    return cast(CHANGE.c.xid, String) if connection.dialect.name == "postgresql" else func.coalesce(CHANGE.c.xid, 0)


def _order(connection: Connection) -> tuple[ColumnElement[Any], ...]:
    return (CHANGE.c.xid, CHANGE.c.seq) if connection.dialect.name == "postgresql" else (CHANGE.c.seq,)


def _is_after(connection: Connection, position: Position) -> ColumnElement[bool]:
    if connection.dialect.name != "postgresql":
        return CHANGE.c.seq > position.seq
    xid = cast(cast(str(position.xid), String), XID)
    return tuple_(CHANGE.c.xid, CHANGE.c.seq) > tuple_(xid, position.seq)


def _is_settled(connection: Connection) -> ColumnElement[bool]:
    return CHANGE.c.xid < _horizon() if connection.dialect.name == "postgresql" else true()
