"""How far other databases are behind this one, and whether that is more than their habit.

A target keeps its position itself, where nobody here can see it. So whoever syncs leaves a note here each time that it
has caught up; what was changed since then has not been delivered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, insert, select, update

from models.engine import reading, writing
from models.identity import url_hash
from models.tables import METADATA

CHANGE, TARGET = METADATA.tables["change"], METADATA.tables["sync_target"]
_GAPS = 20
_FEWEST_GAPS = 3
_LONGER_GAPS = 3
_LEAST = timedelta(minutes=15)
"""Less is no lag worth waking anybody for, as of a sync that follows."""


@dataclass(frozen=True, slots=True)
class TargetLag:
    url: str
    changes: int
    """That it has not been seen to have."""
    oldest_at: datetime | None
    """Of them; None where there is none."""
    caught_up_at: datetime
    usual_seconds: float | None
    """The longest it was left alone for, of late; None before it has a habit."""

    def lag(self, now: datetime) -> timedelta:
        return now - self.oldest_at if self.oldest_at else timedelta()

    def is_late(self, now: datetime) -> bool:
        if self.usual_seconds is None:
            return False
        return self.lag(now) > max(_LEAST, _LONGER_GAPS * timedelta(seconds=self.usual_seconds))


def note_caught_up(source: Engine, url: str, *, shown: str, tables: Sequence[str], now: datetime) -> None:
    """`shown` is the URL without what nobody is to see."""
    key = url_hash(url)
    with writing(source) as connection:
        seq = connection.execute(select(func.max(CHANGE.c.seq))).scalar() or 0
        found = connection.execute(select(TARGET.c.caught_up_at, TARGET.c.gaps).where(TARGET.c.url_hash == key)).first()
        noted = {"seq": seq, "caught_up_at": now, "tables": list(tables)}
        if found is None:
            connection.execute(insert(TARGET).values(url=shown, url_hash=key, gaps=[], **noted))
            return
        gaps = [*found.gaps, round((now - found.caught_up_at).total_seconds(), 1)][-_GAPS:]
        connection.execute(update(TARGET).where(TARGET.c.url_hash == key).values(gaps=gaps, **noted))


def target_lags(engine: Engine) -> tuple[TargetLag, ...]:
    """Of all targets that were ever noted, by URL."""
    with reading(engine) as connection:
        return lags_of(connection)


def lags_of(connection: Connection) -> tuple[TargetLag, ...]:
    rows = connection.execute(select(TARGET).order_by(TARGET.c.url, TARGET.c.id)).mappings().all()
    found = []
    for row in rows:
        later = (CHANGE.c.seq > row["seq"], CHANGE.c.table_name.in_(row["tables"]))
        changes, oldest_at = connection.execute(select(func.count(), func.min(CHANGE.c.changed_at)).where(*later)).one()
        usual = max(row["gaps"]) if len(row["gaps"]) >= _FEWEST_GAPS else None
        found.append(TargetLag(row["url"], changes, oldest_at, row["caught_up_at"], usual))
    return tuple(found)
