"""Pages that have not changed (304): they lead to what they led to, though their links were not sent again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from models.identity import url_hash
from models.items import Discovery, NotModified, OutlinkKind
from models.tables import METADATA
from pipelines.store.bulk import Bulk, padded
from pipelines.store.prepared import Prepared

PAGE, OUTLINK = METADATA.tables["page"], METADATA.tables["outlink"]
_FOLLOWED = (OutlinkKind.INTERNAL.value, OutlinkKind.PAGINATION.value)


def with_known_links(bulk: Bulk, items: Sequence[Prepared], *, since: datetime | None) -> Sequence[Prepared]:
    """For a run that asks for all pages: those that it leads to and that were last asked for before `since`."""
    places = {url_hash(item.asked): place for place, item in enumerate(items) if item.asked and _is_unchanged(item)}
    if since is None or not places:
        return items
    target = PAGE.alias("target")
    query = (
        select(PAGE.c.url_hash, target.c.url, target.c.depth)
        .join(OUTLINK, OUTLINK.c.page_id == PAGE.c.id)
        .join(target, target.c.id == OUTLINK.c.target_page_id)
        .where(PAGE.c.url_hash.in_(padded(places)), OUTLINK.c.kind.in_(_FOLLOWED), target.c.asked_at < since)
    )
    found: dict[int, list[Discovery]] = defaultdict(list)
    for row in bulk.connection.execute(query):
        found[places[row.url_hash]].append(Discovery(url=row.url, depth=row.depth or 0))
    return [_leading_to(item, found[place]) if place in found else item for place, item in enumerate(items)]


def _is_unchanged(item: Prepared) -> bool:
    return isinstance(item.item, NotModified) and item.item.target_url is None


def _leading_to(item: Prepared, found: Sequence[Discovery]) -> Prepared:
    return replace(item, discovered=tuple(found), urls=(*item.urls, *(each.url for each in found)))
