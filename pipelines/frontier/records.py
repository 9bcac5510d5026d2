"""What the frontier hands out."""

import os
import socket
import uuid
from dataclasses import dataclass
from datetime import datetime

LEASE_SECONDS = 60.0
"""How long a worker may be silent; it renews its leases every quarter of that."""
LEASE_TRIES = 5
"""So many workers may die with a page; then it is not leased again, and its lease stays as the mark of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLease:
    """Nobody else asks this site for anything meanwhile."""

    site_id: int
    domain: str
    not_before: datetime | None
    """When its last holder would have asked again; past."""
    delay_seconds: float | None
    """Between two requests, as its last holder kept it; None before the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A page to be asked for by this worker, once."""

    page_id: int
    site_id: int
    url: str
    priority: int
    depth: int
    kind: str | None
    """Of the page as it was last read."""
    etag: str | None
    last_modified: str | None
    asked_at: datetime | None
    """None: never before."""
    read_at: datetime | None
    """When something was last read from it; None: never."""
    attempts: int
    """Leases of it that ran out: workers that died, perhaps because of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """What a scope still holds."""

    due: int
    """Pages that are due and that nobody asks for; counted up to 1,000."""
    leased_here: int
    """Handed out, and not yet acknowledged by the store."""
    leased_elsewhere: int
    next_due_at: datetime | None
    """When the first site may be leased, as far as is known now; past if one may be. None: none by itself."""

    def may_be_asked(self, until: datetime) -> bool:
        """Something that is due now, on a site that is open by then."""
        return bool(self.due) and self.next_due_at is not None and self.next_due_at <= until


def new_holder() -> str:
    """A name that no other worker has: HOST:PID:RANDOM, so that people see who holds a site."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex}"


class LeaseLost(Exception):
    """Others may ask these sites by now: this process was stopped for longer than a lease lasts."""

    def __init__(self, site_ids: frozenset[int]) -> None:
        super().__init__(f"leases of {len(site_ids)} sites have gone to other workers; their requests must not be made")
        self.site_ids = site_ids
