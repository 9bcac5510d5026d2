"""Pages whose worker died while it asked for them: tried one at a time, and after some deaths not at all."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select, update

from models.items import FailureClass
from models.tables import METADATA
from pipelines.frontier.due_pages import LEASE, PAGE, PAGE_COLUMNS
from pipelines.frontier.records import LEASE_TRIES
from pipelines.store.bulk import bulk_of
from pipelines.store.changes import Changes

FAILURE = METADATA.tables["failure"]


def take_suspect(
    connection: Connection, site_id: int, *, now: datetime, holder: str, until: datetime
) -> RowMapping | None:
    """A page of the site whose lease ran out, with the column `attempts`, leased anew; None if there is none.

    The one that has been tried least: a worker that dies of something else should not count against one page alone.
    """
    ran_out = (LEASE.c.site_id == site_id, LEASE.c.leased_until <= now, LEASE.c.attempts < LEASE_TRIES)
    first = select(*PAGE_COLUMNS, LEASE.c.attempts).join(LEASE, LEASE.c.page_id == PAGE.c.id).where(*ran_out)
    first = first.order_by(LEASE.c.attempts, LEASE.c.leased_until).limit(1)
    while row := connection.execute(first.with_for_update(of=LEASE, skip_locked=True)).mappings().one_or_none():
        attempts = row["attempts"] + 1
        taken = {"attempts": attempts, "lease_holder": holder, "leased_until": until}
        if attempts >= LEASE_TRIES:
            taken["leased_until"] = now
            _quarantine(connection, row, now)
        connection.execute(update(LEASE).where(LEASE.c.page_id == row["id"]).values(taken))
        if attempts < LEASE_TRIES:
            return row
    return None


def has_suspect(connection: Connection, page_ids: Collection[int], *, holder: str) -> bool:
    """Whether one of these, which were handed out to this worker as suspects, is not acknowledged yet."""
    if not page_ids:
        return False
    own = (LEASE.c.page_id.in_(page_ids), LEASE.c.lease_holder == holder, LEASE.c.attempts > 0)
    return connection.execute(select(LEASE.c.page_id).where(*own).limit(1)).first() is not None


def _quarantine(connection: Connection, row: RowMapping, now: datetime) -> None:
    """Not due, and asked for in a way, so that no link makes it due; its lease stays till somebody asks by hand."""
    connection.execute(update(PAGE).where(PAGE.c.id == row["id"]).values(due_at=None, asked_at=now))
    bulk, changes = bulk_of(connection), Changes()
    ids = bulk.next_ids(FAILURE, 1)
    failure = {
        "id": ids[0],
        "page_id": row["id"],
        "crawl_id": None,
        "url": row["url"],
        "failure_class": FailureClass.QUARANTINED.value,
        "stage": "request",
        "message": f"its worker died {LEASE_TRIES} times with it; to try once more: triptych recrawl {row['url']}",
        "status": None,
        "attempts": LEASE_TRIES,
        "occurred_at": now,
    }
    bulk.insert(FAILURE, [failure])
    changes.add("failure", ids, "insert")
    changes.write(bulk, now)
