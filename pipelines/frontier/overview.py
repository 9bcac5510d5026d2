"""The frontier for people: what is due of each site, who asks for it, and which pages are not asked for any more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, and_, func, select

from models.engine import reading
from models.items import FailureClass
from models.tables import METADATA
from pipelines.frontier.records import LEASE_TRIES
from pipelines.store.clock import database_now

SITE, PAGE, LEASE, FAILURE, FETCH = (METADATA.tables[name] for name in ("site", "page", "lease", "failure", "fetch"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFrontier:
    """A site of which some page is planned or asked for."""

    domain: str
    due: int
    """Pages that are due now; those that are asked for now among them."""
    new: int
    """Those of them that were never asked for."""
    leased: int
    """Pages that workers ask for now."""
    quarantined: int
    next_due_at: datetime | None
    """Of the first page that is not due yet."""
    is_held: bool
    """A worker has the site."""
    not_before: datetime | None
    """Nobody asks it before then; None where that is past."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A page whose worker died with it time after time."""

    url: str
    since: datetime | None
    message: str | None


def site_frontiers(engine: Engine) -> list[SiteFrontier]:
    """By domain. Counts every due page: a look by hand, not for each second."""
    with reading(engine) as connection:
        now = database_now(connection)
        is_due = PAGE.c.due_at <= now
        due = _counts(connection.execute(_by_site(select(PAGE.c.site_id, func.count()).where(is_due), PAGE)))
        new = select(PAGE.c.site_id, func.count()).where(is_due, PAGE.c.asked_at.is_(None))
        never = _counts(connection.execute(_by_site(new, PAGE)))
        later = select(PAGE.c.site_id, func.min(PAGE.c.due_at)).where(PAGE.c.due_at > now)
        following = _counts(connection.execute(_by_site(later, PAGE)))
        is_live = and_(LEASE.c.leased_until > now, LEASE.c.attempts < LEASE_TRIES)
        leased = _counts(connection.execute(_by_site(select(LEASE.c.site_id, func.count()).where(is_live), LEASE)))
        dead = select(LEASE.c.site_id, func.count()).where(LEASE.c.attempts >= LEASE_TRIES)
        quarantined = _counts(connection.execute(_by_site(dead, LEASE)))
        sites = connection.execute(select(SITE).order_by(SITE.c.domain)).mappings().all()
    planned = due.keys() | following.keys() | quarantined.keys() | leased.keys()
    return [
        SiteFrontier(
            domain=site["domain"],
            due=due.get(site["id"], 0),
            new=never.get(site["id"], 0),
            leased=leased.get(site["id"], 0),
            quarantined=quarantined.get(site["id"], 0),
            next_due_at=following.get(site["id"]),
            is_held=site["leased_until"] is not None and site["leased_until"] > now,
            not_before=site["not_before"] if site["not_before"] and site["not_before"] > now else None,
        )
        for site in sites
        if site["id"] in planned
    ]


def quarantined_pages(engine: Engine) -> list[Quarantined]:
    """The last first. `recrawl` admits them again."""
    last = (
        select(FAILURE.c.page_id, func.max(FAILURE.c.id).label("id"))
        .where(FAILURE.c.failure_class == FailureClass.QUARANTINED.value)
        .group_by(FAILURE.c.page_id)
        .subquery()
    )
    query = (
        select(PAGE.c.url, FAILURE.c.occurred_at, FAILURE.c.message)
        .join(LEASE, LEASE.c.page_id == PAGE.c.id)
        .outerjoin(last, last.c.page_id == PAGE.c.id)
        .outerjoin(FAILURE, FAILURE.c.id == last.c.id)
        .where(LEASE.c.attempts >= LEASE_TRIES)
        .order_by(FAILURE.c.id.desc())
    )
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return [Quarantined(url=row.url, since=row.occurred_at, message=row.message) for row in rows]


def _by_site(query: Select[Any], table: Any) -> Select[Any]:
    return query.group_by(table.c.site_id)


def _counts(rows: Any) -> dict[int, Any]:
    return {row[0]: row[1] for row in rows}


def last_fetch(engine: Engine) -> int:
    """The number of the last request that has ended; 0 before the first. They go up by one, but for gaps."""
    with reading(engine) as connection:
        return connection.execute(select(func.max(FETCH.c.id))).scalar_one_or_none() or 0
