"""A run that asks for all pages goes on where an earlier one of the same arguments was stopped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from models.engine import reading
from models.tables import METADATA
from pipelines.store.clock import now_and_skew

CRAWL = METADATA.tables["crawl"]
_GOES_ON = timedelta(days=2)
"""What was read longer ago is asked for again."""
_LOOKED_AT = 100
_ENDED_EARLY = frozenset(
    "shutdown pages_per_run seconds_per_run storage_unavailable archive_unavailable start_error".split()
)


@dataclass(frozen=True, slots=True)
class Beginning:
    since: datetime
    """What was asked for before then is asked for again. By the clock of the database."""
    is_resumed: bool
    """Earlier runs have asked for some of it."""


def beginning_of(engine: Engine, crawl_id: int) -> Beginning:
    """That of this run; or of the first of those that were stopped, one after the other, before it.

    Stopped is what was killed, or ended before it had asked for all. What still runs looks like it, and is shared with.
    """
    with reading(engine) as connection:
        now, ahead = now_and_skew(connection)
        own = connection.execute(select(CRAWL).where(CRAWL.c.id == crawl_id)).mappings().one()
        earlier = select(CRAWL).where(CRAWL.c.id < crawl_id, CRAWL.c.started_at > own["started_at"] - _GOES_ON)
        rows = connection.execute(earlier.order_by(CRAWL.c.id.desc()).limit(_LOOKED_AT)).mappings().all()
    since = None
    for row in rows:
        if (row["spider"], row["arguments"]) != (own["spider"], own["arguments"]):
            continue
        if not _was_stopped(row):
            break
        since = row["started_at"]
    # An earlier clock may have been ahead: what this run asks for must not count as asked before it began.
    return Beginning(min(since + ahead, now), is_resumed=True) if since else Beginning(now, is_resumed=False)


def _was_stopped(row: Mapping[Any, Any]) -> bool:
    return row["ended_at"] is None or row["finish_reason"] in _ENDED_EARLY
