"""When the first page of a site is due, kept on the site's row for those who look for work."""

from collections.abc import Mapping
from datetime import datetime

from models.tables import METADATA
from pipelines.store.bulk import Bulk

SITE = METADATA.tables["site"]


def lower_due_sites(bulk: Bulk, due_at: Mapping[int, datetime]) -> None:
    """Pages of these sites, by id, are due from then on.

    The last thing a transaction does: the row stays locked until it ends, so that whoever gives the site back, and
    looks for its next page, sees those of this transaction, or else is seen by it.
    """
    if not due_at:
        return
    columns = (SITE.c.id, SITE.c.due_at)
    rows = bulk.select_locked(columns, SITE.c.id, sorted(due_at))
    bulk.update(
        SITE,
        [
            {"id": row["id"], "due_at": due_at[row["id"]]}
            for row in rows
            if row["due_at"] is None or row["due_at"] > due_at[row["id"]]
        ],
    )
