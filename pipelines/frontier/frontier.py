"""Frontier: leases of sites and of their due pages. Synchronous; one thread at a time.

A worker leases a site, so that its delays are kept by one process, and then pages of it, so that what it has begun
comes back should it die. The store's acknowledgement ends the lease of a page, in the transaction of its rows. What
is due is said by the database alone, and so is the time: workers may be on many machines.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, Engine, RowMapping, case, delete, select, update

from models.engine import reading
from models.items import Discovery
from pipelines.frontier.clock_jumps import TOLERATED, mend_after_jump
from pipelines.frontier.due_pages import LEASE, SITE, due_pages, free_sites, next_due_at, remaining
from pipelines.frontier.pushing import push_discoveries
from pipelines.frontier.records import LEASE_SECONDS, Lease, LeaseLost, Remaining, SiteLease
from pipelines.frontier.suspects import has_suspect, take_suspect
from pipelines.rows import Row
from pipelines.store.bulk import bulk_of, padded
from pipelines.store.clock import database_now
from pipelines.store.transactions import RETRY_SECONDS, persist

_Result = TypeVar("_Result")


class Frontier:
    """What one worker sees of it.

    All methods wait for a database that is busy or away, and raise StorageUnavailable after `retry_seconds`.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        holder: str,
        lease_seconds: float = LEASE_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        """`holder` is a text that no other worker has, nor this one after a restart."""
        self._engine = engine
        self._holder = holder
        self._life = timedelta(seconds=lease_seconds)
        self._retry_seconds = retry_seconds
        self._site_ids: set[int] = set()
        self._page_ids: set[int] = set()
        """Handed out, as far as this worker knows: what the store has acknowledged is taken out when it renews."""
        self._suspect_ids: set[int] = set()
        self._latest: datetime | None = None
        """The last time that the database told."""

    def now(self) -> datetime:
        """By the clock of the database; the beginning of a run, from which it asks for all pages."""
        with reading(self._engine) as connection:
            return database_now(connection)

    def push(self, discoveries: Iterable[Discovery], *, at_once: bool, since: datetime | None = None) -> None:
        """Pages that are not known are made, and are due.

        With `at_once`, so are all others; else those that were never asked for, or not `since` then.
        """
        found = list(discoveries)
        self._act(lambda connection, now: push_discoveries(connection, found, now=now, at_once=at_once, since=since))

    def lease_sites(self, most: int, *, sites: Collection[str] | None) -> list[SiteLease]:
        """Sites that are due, may be asked now and are nobody's, the longest due first; of these domains, or of all."""

        def act(connection: Connection, now: datetime) -> list[SiteLease]:
            rows = connection.execute(free_sites(now, most, sites=sites)).mappings().all()
            taken = {"lease_holder": self._holder, "leased_until": now + self._life}
            connection.execute(update(SITE).where(SITE.c.id.in_(padded([row["id"] for row in rows]))).values(taken))
            return [
                SiteLease(site_id=row["id"], **{name: row[name] for name in ("domain", "not_before", "delay_seconds")})
                for row in rows
            ]

        leased = self._act(act)
        self._site_ids.update(site.site_id for site in leased)
        return leased

    def lease_pages(self, site_id: int, most: int) -> list[Lease]:
        """Due pages of a site that this worker holds: the most urgent, and of those the longest due, first.

        Among them at most one suspect: a page whose lease has run out before. Empty where another holds the site.
        """

        def act(connection: Connection, now: datetime) -> list[Lease]:
            if not self._holds(connection, site_id):
                return []
            until = now + self._life
            leases: list[Lease] = []
            if not has_suspect(connection, self._suspect_ids, holder=self._holder):
                suspect = take_suspect(connection, site_id, now=now, holder=self._holder, until=until)
                leases += [_lease(suspect, attempts=suspect["attempts"] + 1)] if suspect else []
            rows = due_pages(connection, site_id, now=now, most=most - len(leases))
            leases += map(_lease, rows)
            self._insert_leases(connection, rows, until)
            return leases

        leased = self._act(act) if most > 0 else []
        self._page_ids.update(lease.page_id for lease in leased)
        self._suspect_ids |= {lease.page_id for lease in leased if lease.attempts}
        return leased

    def renew(self) -> None:
        """All leases of this worker last anew. Raises LeaseLost, once for each site that has gone to another."""

        def act(connection: Connection, now: datetime) -> tuple[set[int], set[int]]:
            until = {"leased_until": now + self._life}
            mine = (SITE.c.id.in_(padded(self._site_ids)), SITE.c.lease_holder == self._holder)
            sites = connection.execute(update(SITE).where(*mine).values(until).returning(SITE.c.id))
            site_ids = set(sites.scalars())
            # What the store acknowledges at this moment is locked by it, and on its way out.
            own = select(LEASE.c.page_id).where(
                LEASE.c.page_id.in_(padded(self._page_ids)), LEASE.c.lease_holder == self._holder
            )
            rows = list(connection.execute(own.with_for_update(skip_locked=True)).scalars())
            connection.execute(update(LEASE).where(LEASE.c.page_id.in_(padded(rows))).values(until))
            # One that is being acknowledged may be kept by a rollback, and is asked for again next time.
            kept = set(connection.execute(own).scalars())
            return site_ids, kept

        site_ids, self._page_ids = self._act(act)
        self._suspect_ids &= self._page_ids
        lost = frozenset(self._site_ids - site_ids)
        self._site_ids = site_ids
        if lost:
            raise LeaseLost(lost)

    def give_back(self, page_ids: Iterable[int]) -> None:
        """Pages that were leased and not asked for: due as they were before, and no suspects for it."""
        given = sorted(page_ids)

        def act(connection: Connection, now: datetime) -> None:
            mine = (LEASE.c.page_id.in_(padded(given)), LEASE.c.lease_holder == self._holder)
            connection.execute(delete(LEASE).where(*mine, LEASE.c.attempts == 0))
            before = {"attempts": LEASE.c.attempts - 1, "leased_until": now}
            connection.execute(update(LEASE).where(*mine).values(before))

        self._act(act)
        self._page_ids.difference_update(given)

    def release_site(
        self, site_id: int, *, not_before: datetime | None = None, delay_seconds: float | None = None
    ) -> None:
        """Others may lease the site, though not before the time given; None of either leaves what is known.

        Its pages that are still asked for keep their leases until they are acknowledged.
        """

        def act(connection: Connection, _now: datetime) -> None:
            if not self._holds(connection, site_id):
                return
            values: Row = {"lease_holder": None, "leased_until": None, "due_at": next_due_at(connection, site_id)}
            if not_before is not None:  # unless the site itself has asked for more (Retry-After)
                is_later = SITE.c.not_before > not_before
                values["not_before"] = case((is_later, SITE.c.not_before), else_=not_before)
            values |= {"delay_seconds": delay_seconds} if delay_seconds is not None else {}
            connection.execute(update(SITE).where(SITE.c.id == site_id).values(values))

        self._act(act)
        self._site_ids.discard(site_id)

    def remaining(self, *, sites: Collection[str] | None) -> Remaining:
        """Of these domains, or of all."""
        with reading(self._engine) as connection:
            return remaining(connection, sites=sites, holder=self._holder, now=database_now(connection))

    def _act(self, act: Callable[[Connection, datetime], _Result]) -> _Result:
        def run(connection: Connection) -> tuple[_Result, datetime]:
            now = database_now(connection)
            if self._latest is None or now < self._latest - TOLERATED:
                mend_after_jump(connection, now, life=self._life)
            return act(connection, now), now

        result, self._latest = persist(self._engine, run, retry_seconds=self._retry_seconds)
        return result

    def _holds(self, connection: Connection, site_id: int) -> bool:
        """And no other transaction gives the site away, or makes pages of it due, until this one ends."""
        mine = select(SITE.c.id).where(SITE.c.id == site_id, SITE.c.lease_holder == self._holder)
        return connection.execute(mine.with_for_update(key_share=True)).first() is not None

    def _insert_leases(self, connection: Connection, rows: Sequence[RowMapping], until: datetime) -> None:
        held: Row = {"lease_holder": self._holder, "leased_until": until, "attempts": 0}
        bulk_of(connection).insert(LEASE, [{"page_id": row["id"], "site_id": row["site_id"], **held} for row in rows])


def _lease(row: RowMapping, attempts: int = 0) -> Lease:
    names = ("site_id", "url", "priority", "kind", "etag", "last_modified", "asked_at", "read_at")
    columns = {name: row[name] for name in names}
    return Lease(page_id=row["id"], depth=row["depth"] or 0, attempts=attempts, **columns)
