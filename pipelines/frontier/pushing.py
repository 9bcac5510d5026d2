"""Start URLs, and pages that somebody waits for: put into the frontier by hand."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete

from models.items import Discovery
from models.tables import METADATA
from pipelines.frontier.due_pages import LEASE
from pipelines.frontier.records import LEASE_TRIES
from pipelines.store.bulk import bulk_of
from pipelines.store.changes import Changes
from pipelines.store.discoveries import Discoveries, normalized
from pipelines.store.keys import Keys, Remembered
from pipelines.store.sites import Sites

PAGE = METADATA.tables["page"]
_COLUMNS = ("id", "site_id", "due_at", "priority", "depth", "asked_at")


def push_discoveries(
    connection: Connection, found: Sequence[Discovery], *, now: datetime, at_once: bool, since: datetime | None = None
) -> None:
    """`since` as of `Discoveries`."""
    bulk, changes = bulk_of(connection), Changes()
    discoveries = Discoveries(now, since)
    discoveries.add(normalized(found))
    if not discoveries.by_url:
        return
    keys = Keys(bulk, changes, Remembered())
    ids = keys.pages(discoveries.by_url.keys(), now, columns_of=discoveries.columns_of)
    by_id = {id_: discoveries.by_url[url] for url, id_ in ids.items() if id_ not in keys.made["page"]}
    rows = bulk.select_locked([PAGE.c[name] for name in _COLUMNS], PAGE.c.id, sorted(by_id)) if by_id else []
    changed = [
        {"id": row["id"], **discoveries.columns_of_known(row, by_id[row["id"]])}
        for row in rows
        if at_once or discoveries.is_to_be_asked(row)
    ]
    bulk.update(PAGE, changed)
    if at_once and by_id:  # of what was in quarantine too
        ended = (LEASE.c.page_id.in_(list(by_id)), LEASE.c.attempts >= LEASE_TRIES)
        connection.execute(delete(LEASE).where(*ended))
    pushed = {row["id"] for row in changed}
    sites = Sites(bulk)
    for site_id in keys.sites_due | {row["site_id"] for row in rows if row["id"] in pushed}:
        sites.plan(site_id, now)
    changes.write(bulk, now)
    sites.write()
