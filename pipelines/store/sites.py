"""The rows of sites that a transaction touches: when their first page is due, and how their articles change."""

from collections.abc import Iterable
from datetime import datetime

from models.tables import METADATA
from pipelines.revisits import Learnt, Policy, SitePace
from pipelines.rows import Row
from pipelines.store.bulk import Bulk

SITE = METADATA.tables["site"]
_COLUMNS = tuple(SITE.c[name] for name in ("id", "due_at", "pace", "lists_per_day", "articles_per_day"))
_NOTHING = Learnt()


class Sites:
    """Used once, inside one transaction."""

    def __init__(self, bulk: Bulk, policy: Policy | None = None) -> None:
        self._bulk = bulk
        self.policy = policy or Policy()
        self._paces: dict[int, SitePace] = {}
        self._due_at: dict[int, datetime] = {}
        self._learnt: dict[int, list[Learnt]] = {}

    def load(self, ids: Iterable[int]) -> None:
        wanted = sorted(set(ids) - self._paces.keys())
        for row in self._bulk.select(_COLUMNS, SITE.c.id, wanted) if wanted else ():
            self._paces[row["id"]] = _pace(row)

    def pace(self, site_id: int) -> SitePace:
        """As it was before this transaction."""
        return self._paces[site_id]

    def learn(self, site_id: int, learnt: Learnt) -> None:
        if learnt != _NOTHING:
            self._learnt.setdefault(site_id, []).append(learnt)

    def plan(self, site_id: int, due_at: datetime) -> None:
        """A page of the site is due then."""
        known = self._due_at.get(site_id)
        self._due_at[site_id] = due_at if known is None else min(known, due_at)

    def write(self) -> None:
        """The last thing a transaction does but for its record of changes.

        The rows stay locked until it ends: whoever gives a site back, and looks for its next page, sees those of this
        transaction, or else is seen by it.
        """
        touched = sorted(self._due_at.keys() | self._learnt.keys())
        if not touched:
            return
        rows = self._bulk.select_locked(_COLUMNS, SITE.c.id, touched)
        self._bulk.update(SITE, [new for row in rows if (new := self._changed(row)) is not None])

    def _changed(self, row: Row) -> Row | None:
        """None for a row that stays as it is."""
        learnt = self._learnt.get(row["id"])
        due_at = self._due_at.get(row["id"])
        is_sooner = due_at is not None and (row["due_at"] is None or due_at < row["due_at"])
        if not learnt and not is_sooner:
            return None
        new = row | ({"due_at": due_at} if is_sooner else {})
        if learnt:
            pace = _pace(row).plus(learnt)
            new |= {"pace": pace.as_json(), "lists_per_day": pace.lists_per_day}
            new |= {"articles_per_day": pace.articles_per_day}
        return new


def _pace(row: Row) -> SitePace:
    return SitePace.of(row["pace"], lists_per_day=row["lists_per_day"], articles_per_day=row["articles_per_day"])
