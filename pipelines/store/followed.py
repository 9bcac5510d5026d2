"""The discoveries of a batch, on their pages' rows."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from models.items import Discovery
from models.tables import METADATA
from pipelines.revisits import VisitState, plan_announced
from pipelines.store.bulk import Bulk
from pipelines.store.discoveries import Discoveries
from pipelines.store.keys import Keys
from pipelines.store.pages import Pages
from pipelines.store.prepared import Prepared
from pipelines.store.sites import Sites

PAGE = METADATA.tables["page"]
_LOOKED_AT = tuple(PAGE.c[name] for name in ("id", "due_at", "asked_at", "depth"))


class FollowedLinks:
    """Used once, inside one transaction: `find`, then `make_due`."""

    def __init__(self, bulk: Bulk, pages: Pages, sites: Sites, *, discoveries: Discoveries, keys: Keys) -> None:
        self._bulk = bulk
        self._pages = pages
        self._sites = sites
        self._discoveries = discoveries
        self._keys = keys
        self._page_ids: Mapping[str, int] = {}
        self.settled: dict[int, Discovery] = {}
        """By page, once the transaction has committed."""
        self._news: set[int] = set()

    def find(self, page_ids: Mapping[str, int]) -> list[int]:
        """Pages that may have to be made due, by a look that locks nothing; most links lead to none of these."""
        self._page_ids = page_ids
        known = self._keys.remembered.settled
        by_id = {page_ids[url]: found for url, found in self._discoveries.by_url.items()}
        self.settled = {id_: found for id_, found in by_id.items() if not known.knows(id_, found)}
        made = self._keys.made.get("page", set())
        self._news = made & self.settled.keys()
        rows = self._bulk.select(_LOOKED_AT, PAGE.c.id, self.settled.keys() - made)
        return [row["id"] for row in rows if self._is_candidate(row, self.settled[row["id"]])]

    def _is_candidate(self, row: Mapping[Any, Any], found: Discovery) -> bool:
        news = self._discoveries
        return news.is_to_be_asked(row) or news.is_nearer(row, found) or news.is_modified(row, found)

    def make_due(self, candidates: Sequence[int]) -> None:
        """`candidates` are loaded."""
        self._sites.load(self._pages[id_]["site_id"] for id_ in candidates)
        for id_ in candidates:
            row, found = self._pages[id_], self.settled[id_]
            if self._discoveries.is_to_be_asked(row):
                if row["asked_at"] is None:
                    self._news.add(id_)
                self._pages.plan(id_, **self._discoveries.columns_of_known(row, found))
                self._sites.plan(row["site_id"], self._discoveries.now)
                continue
            if self._discoveries.is_nearer(row, found):
                self._bring_nearer(id_, found)
            if self._discoveries.is_modified(row, found):
                self._announce(id_, found)
        for site_id in self._keys.sites_due:
            self._sites.plan(site_id, self._discoveries.now)

    def _bring_nearer(self, id_: int, found: Discovery) -> None:
        row = self._pages[id_]
        if row["asked_at"] is not None:
            # Its links were not followed. As a whole, because an unchanged page is answered without its links.
            self._pages.plan(id_, due_at=self._discoveries.now, etag=None, last_modified=None)
            self._sites.plan(row["site_id"], self._discoveries.now)
        self._pages.plan(id_, depth=found.depth)

    def _announce(self, id_: int, found: Discovery) -> None:
        row, modified_at = self._pages[id_], found.modified_at
        if modified_at is None or (row["announced_at"] is not None and row["announced_at"] >= modified_at):
            return
        pace, now = self._sites.pace(row["site_id"]), self._discoveries.now
        announced = plan_announced(VisitState.of(row), modified_at, now=now, pace=pace, policy=self._sites.policy)
        if announced is not None:
            if announced.is_trusted:
                self._news.add(id_)
            self._pages.plan(id_, due_at=announced.due_at, announced_at=announced.announced_at)
            self._sites.plan(row["site_id"], announced.due_at)

    def brought(self, item: Prepared) -> int:
        """How many of its discoveries nobody knew, or are asked for sooner because they are said to be modified.

        Each counts once, for the first to show it: a list that only repeats another need not be read as often.
        """
        if not self._news:
            return 0
        found = self._news.intersection(self._page_ids[url] for url in map(attrgetter("url"), item.discovered))
        self._news -= found
        return len(found)
