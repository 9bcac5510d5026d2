"""The queries of the frontier: each looks at about as many rows as it returns, however many there are.

They are built once, because building one costs more than running it.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
    union_all,
)

from models.items import Priority
from models.tables import METADATA
from pipelines.frontier.records import LEASE_TRIES, Remaining

SITE, PAGE, LEASE = (METADATA.tables[name] for name in ("site", "page", "lease"))
PAGE_COLUMNS = [
    PAGE.c[name]
    for name in ("id", "site_id", "url", "priority", "depth", "kind", "etag", "last_modified", "asked_at", "read_at")
]
PRIORITIES = tuple(int(priority) for priority in Priority)
COUNTED = 1000
_SITES_AT_ONCE = 100


def _of_each_priority(columns: Sequence[Any]) -> Any:
    """Of each, the pages of a site that are due first; one probe of the index each."""

    def of(priority: int) -> Select[Any]:
        is_due = and_(
            PAGE.c.site_id == bindparam("site_id"),
            PAGE.c.priority == priority,
            PAGE.c.due_at <= bindparam("until", type_=PAGE.c.due_at.type),
        )
        first = select(*columns).where(is_due).order_by(PAGE.c.due_at).limit(bindparam("most"))
        return select(first.subquery())

    return union_all(*map(of, PRIORITIES))


_DUE_PAGES = _of_each_priority([*PAGE_COLUMNS, PAGE.c.due_at])
_PLANNED_PAGES = _of_each_priority([PAGE.c.id, PAGE.c.due_at])
_LEASES = select(LEASE.c.page_id, LEASE.c.leased_until, LEASE.c.attempts).where(LEASE.c.site_id == bindparam("site_id"))
_FAR = datetime(9999, 1, 1, tzinfo=UTC)


def is_in_scope(sites: Collection[str] | None) -> ColumnElement[bool]:
    return true() if sites is None else SITE.c.domain.in_(sorted(sites))


def free_sites(now: datetime, most: int, *, sites: Collection[str] | None) -> Select[Any]:
    """Locked for the caller's transaction; the longest due first."""
    is_free = or_(SITE.c.leased_until.is_(None), SITE.c.leased_until <= now)
    may_be_asked = or_(SITE.c.not_before.is_(None), SITE.c.not_before <= now)
    columns = (SITE.c.id, SITE.c.domain, SITE.c.not_before, SITE.c.delay_seconds)
    query = select(*columns).where(SITE.c.due_at <= now, is_free, may_be_asked, is_in_scope(sites))
    return query.order_by(SITE.c.due_at).limit(most).with_for_update(skip_locked=True, key_share=True)


def due_pages(connection: Connection, site_id: int, *, now: datetime, most: int) -> Sequence[RowMapping]:
    """Of a site, the most urgent first; without any that has a lease, live or dead."""
    # Left out here and not by the query, which so is the same for any number of them.
    leased = {row.page_id for row in connection.execute(_LEASES, {"site_id": site_id})}
    wanted = {"site_id": site_id, "until": now, "most": most + len(leased)}
    rows = [row for row in connection.execute(_DUE_PAGES, wanted).mappings() if row["id"] not in leased]
    return sorted(rows, key=lambda row: (row["priority"], row["due_at"]))[:most]


def next_due_at(connection: Connection, site_id: int) -> datetime | None:
    """When the first page of a site can be leased: due, or its lease run out."""
    leases = connection.execute(_LEASES, {"site_id": site_id}).all()
    leased = {lease.page_id for lease in leases}
    wanted = {"site_id": site_id, "until": _FAR, "most": 1 + len(leased)}
    planned = [row.due_at for row in connection.execute(_PLANNED_PAGES, wanted) if row.id not in leased]
    ends = [lease.leased_until for lease in leases if lease.attempts < LEASE_TRIES]
    return min((*planned, *ends), default=None)


def remaining(connection: Connection, *, sites: Collection[str] | None, holder: str, now: datetime) -> Remaining:
    is_live = and_(LEASE.c.leased_until > now, LEASE.c.attempts < LEASE_TRIES)
    blocked = select(LEASE.c.page_id).where(or_(is_live, LEASE.c.attempts >= LEASE_TRIES))
    due = (
        select(PAGE.c.id)
        .join(SITE, SITE.c.id == PAGE.c.site_id)
        .where(SITE.c.due_at <= now, is_in_scope(sites))
        .where(PAGE.c.priority.in_(PRIORITIES), PAGE.c.due_at <= now, PAGE.c.id.not_in(blocked))
        # Site by site, so that no more of them are looked at than hold so many pages.
        .order_by(SITE.c.due_at)
        .limit(COUNTED)
    )
    counted = connection.execute(select(func.count()).select_from(due.subquery())).scalar_one()
    is_here = case((LEASE.c.lease_holder == holder, 1), else_=0)
    live = select(func.coalesce(func.sum(is_here), 0), func.count()).join(SITE, SITE.c.id == LEASE.c.site_id)
    here, leased = connection.execute(live.where(is_live, is_in_scope(sites))).one()
    return Remaining(
        due=counted,
        leased_here=here,
        leased_elsewhere=leased - here,
        next_due_at=_next_site_at(connection, sites=sites, holder=holder),
    )


def _next_site_at(connection: Connection, *, sites: Collection[str] | None, holder: str) -> datetime | None:
    planned = and_(SITE.c.due_at.is_not(None), is_in_scope(sites))
    moment: ColumnElement[datetime] = SITE.c.due_at
    is_elsewhere = and_(SITE.c.lease_holder.is_not(None), SITE.c.lease_holder != holder)
    for later in (SITE.c.not_before, case((is_elsewhere, SITE.c.leased_until))):
        moment = case((later > moment, later), else_=moment)
    # Few are held or wait: the first of those that are due soonest is the first of all, as a rule.
    soonest = select(moment.label("moment"), SITE.c.due_at).where(planned).order_by(SITE.c.due_at)
    few = soonest.limit(_SITES_AT_ONCE).subquery()
    summary = select(func.min(few.c.moment), func.max(few.c.due_at), func.count())
    first, last, looked_at = connection.execute(summary).one()
    if first is None or looked_at < _SITES_AT_ONCE or first <= last:
        return cast("datetime | None", first)
    earliest: datetime | None = connection.execute(select(func.min(moment)).where(planned)).scalar()
    return earliest
