"""The sites that a worker holds, and what it has leased of them. In memory, and bounded: no database, no clock."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipelines.frontier.records import Lease, SiteLease

LEASED_PAGES = 16
"""Of one site at a time, or four for each request that may be under way; more are leased once half have ended."""
_LEASED_A_REQUEST = 4
_SITES_A_REQUEST = 4
"""Most sites held for each request that can be under way: some are slow, or have asked to be left alone."""


@dataclass(slots=True)
class HeldSite:
    lease: SiteLease
    since: float
    most: int = LEASED_PAGES
    """Pages of it that are leased at a time."""
    waiting: deque[Lease] = field(default_factory=deque)
    running: set[int] = field(default_factory=set)
    """Ids of pages whose requests have not ended."""
    is_empty: bool = False
    """The last look found nothing more to lease."""
    is_parting: bool = False
    """Leases nothing more, so that others get their turn."""

    @property
    def load(self) -> int:
        return len(self.waiting) + len(self.running)

    @property
    def is_hungry(self) -> bool:
        return not (self.is_empty or self.is_parting) and self.load < self.most // 2

    def take_waiting(self) -> list[int]:
        """Ids of its pages that were leased and not handed out; they are its own no more."""
        ids = [lease.page_id for lease in self.waiting]
        self.waiting.clear()
        return ids


class Held:
    """`requests` is how many requests the worker can have under way, `per_site` how many of them at one site.

    `room` tells, by domain, how many more would be under way now or very soon.
    """

    def __init__(self, *, requests: int, per_site: int, room: Callable[[str], int]) -> None:
        self._requests = requests
        self._most_running = per_site + 1  # one waits at the door
        self._most_leased = max(LEASED_PAGES, _LEASED_A_REQUEST * per_site)
        self._room = room
        self._sites: dict[int, HeldSite] = {}
        self._site_of: dict[int, int] = {}

    def __iter__(self) -> Iterator[HeldSite]:
        return iter(list(self._sites.values()))  # a copy: another thread may take a site meanwhile

    def __len__(self) -> int:
        return len(self._sites)

    @property
    def is_idle(self) -> bool:
        return not any(site.load for site in self)

    @property
    def is_starved(self) -> bool:
        """Nothing is left to hand out or to lease, though more could be under way."""
        if any(site.waiting or not (site.is_empty or site.is_parting) for site in self):
            return False
        return not self._sites or any(self._room_of(site) > 0 for site in self)

    @property
    def has_room(self) -> bool:
        """One more site would be asked at once."""
        usable = sum(len(site.running) + min(len(site.waiting), self._room_of(site)) for site in self)
        return usable < self._requests and len(self) < _SITES_A_REQUEST * self._requests

    def hold(self, lease: SiteLease, *, now: float) -> None:
        self._sites[lease.site_id] = HeldSite(lease, since=now, most=self._most_leased)

    def let_go(self, site_id: int) -> None:
        """Its requests that are under way end as they would; what waits is another worker's."""
        self._sites.pop(site_id, None)

    def reopen(self) -> None:
        """There may be more to lease of each site."""
        for site in self:
            site.is_empty = False

    def next(self) -> Lease | None:
        """The next page to ask for, from each site in turn; None if all have as many requests under way as they may."""
        for site in self:
            if site.waiting and self._room_of(site) > 0:
                lease = site.waiting.popleft()
                id_ = site.lease.site_id
                site.running.add(lease.page_id)
                self._site_of[lease.page_id] = id_
                self._sites[id_] = self._sites.pop(id_)  # to the end
                return lease
        return None

    def ended(self, page_id: int) -> None:
        site = self._sites.get(self._site_of.pop(page_id, -1))
        if site:
            site.running.discard(page_id)

    def page_ids(self) -> list[int]:
        """What was leased and has not ended."""
        waiting = (lease.page_id for site in self for lease in site.waiting)
        return [*self._site_of, *waiting]

    def _room_of(self, site: HeldSite) -> int:
        return min(self._room(site.lease.domain), self._most_running - len(site.running))
