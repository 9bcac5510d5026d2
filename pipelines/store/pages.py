"""The page rows that a batch touches: loaded and locked once, changed in memory, written once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update

from models.tables import METADATA
from pipelines.rows import Row
from pipelines.store.bulk import Bulk
from pipelines.store.changes import Changes

PAGE = METADATA.tables["page"]
ARTICLE, OUTLINK = METADATA.tables["article"], METADATA.tables["outlink"]
_FRONTIER = (
    *("due_at", "priority", "depth", "asked_at", "interval_seconds", "born_at", "changed_at", "changes_seen"),
    *("changes_expected", "failures", "gone_since", "announced_at"),
)
_WRITTEN = (
    *("id", "fetched_at", "status", "etag", "last_modified", "read_at", "kind", "kind_reason"),
    *("title", "encoding", "errors", "outlinks_hash"),
    *_FRONTIER,
)
_COLUMNS = (*_WRITTEN, "site_id", "first_seen_at")


class Pages:
    """States of pages by id. An alias always points to a page that is none."""

    def __init__(self, bulk: Bulk, changes: Changes) -> None:
        self._bulk = bulk
        self._changes = changes
        self._rows: dict[int, Row] = {}
        self._touched: dict[int, None] = {}
        self._planned: dict[int, None] = {}
        # Apart from the other columns: to write it, changed or not, is to write its index and to check its target.
        self._canonical: dict[int, int | None] = {}
        self._pointed: dict[int, None] = {}

    def load(self, ids: Iterable[int]) -> None:
        """These pages, and those they are aliases of."""
        wanted = set(ids) - self._rows.keys()
        while wanted:
            columns = [PAGE.c[name] for name in (*_COLUMNS, "canonical_page_id")]
            rows = self._bulk.select_locked(columns, PAGE.c.id, sorted(wanted))
            self._canonical.update({row["id"]: row.pop("canonical_page_id") for row in rows})
            self._rows.update({row["id"]: row for row in rows})
            wanted = {id_ for id_ in self._canonical.values() if id_} - self._rows.keys()

    def __getitem__(self, id_: int) -> Row:
        return self._rows[id_]

    def content_id(self, id_: int) -> int:
        """The page on which the content hangs: the canonical one."""
        return self._canonical[id_] or id_

    def is_read_directly(self, id_: int) -> bool:
        """The page was fetched under its own URL: then an alias, which may differ in details, changes nothing in it."""
        row = self._rows[id_]
        return row["fetched_at"] is not None and row["status"] in (200, None)

    def set(self, id_: int, **columns: Any) -> None:
        self._rows[id_].update(columns)
        self._touched[id_] = None

    def plan(self, id_: int, **columns: Any) -> None:
        """Columns of the frontier, which are no change of the page to anybody else."""
        self._rows[id_].update(columns)
        self._planned[id_] = None

    def lose_articles(self, id_: int, at: datetime) -> None:
        """The page is gone; they stay, and say so."""
        shown = (ARTICLE.c.page_id == id_, ARTICLE.c.gone_at.is_(None))
        lost = self._bulk.connection.execute(update(ARTICLE).where(*shown).values(gone_at=at).returning(ARTICLE.c.id))
        self._changes.add("article", [row.id for row in lost], "update")

    def point(self, id_: int, target_id: int, at: datetime) -> None:
        """`id_` is another name of `target_id`, or its own canonical page where they are the same."""
        canonical = None if id_ == target_id else target_id
        before = self._canonical[id_]
        if before == canonical:
            return
        self._canonical[id_] = canonical
        self._pointed[id_] = None
        if canonical is not None and before is None:
            self._hand_over_aliases(id_, canonical)
            if self._rows[id_]["read_at"] is not None:
                self._hand_over_articles(id_, canonical, at)

    def write(self) -> None:
        rows = [self._rows[id_] for id_ in self._touched | self._planned]
        self._bulk.update(PAGE, [{name: row[name] for name in _WRITTEN} for row in rows])
        pointed = [{"id": id_, "canonical_page_id": self._canonical[id_]} for id_ in self._pointed]
        self._bulk.update(PAGE, pointed)
        self._changes.add("page", (*self._touched, *self._pointed), "update")
        self._touched.clear()
        self._planned.clear()
        self._pointed.clear()

    def _hand_over_aliases(self, id_: int, target_id: int) -> None:
        """A page that turns out to be an alias itself takes its own aliases along."""
        statement = update(PAGE).where(PAGE.c.canonical_page_id == id_).values(canonical_page_id=target_id)
        moved = self._bulk.connection.execute(statement.returning(PAGE.c.id))
        self._changes.add("page", [row.id for row in moved], "update")
        self._canonical.update({alias: target_id for alias, target in self._canonical.items() if target == id_})

    def _hand_over_articles(self, id_: int, target_id: int, at: datetime) -> None:
        """Its articles are the target's now, but for those that the target has already; its lists are shown no more."""
        other = ARTICLE.alias()
        is_taken = exists(
            select(other.c.id).where(other.c.page_id == target_id, other.c.position == ARTICLE.c.position)
        )
        statements = (
            update(ARTICLE).where(ARTICLE.c.page_id == id_, ~is_taken).values(page_id=target_id),
            update(ARTICLE).where(ARTICLE.c.page_id == id_, ARTICLE.c.gone_at.is_(None)).values(gone_at=at),
        )
        for statement in statements:
            changed = self._bulk.connection.execute(statement.returning(ARTICLE.c.id))
            self._changes.add("article", [row.id for row in changed], "update")
        for name in ("link_list", "tag_list"):
            table = METADATA.tables[name]
            shown = (table.c.page_id == id_, table.c.last_seen_at.is_(None))
            self._bulk.connection.execute(update(table).where(*shown).values(last_seen_at=self._rows[id_]["read_at"]))
        self._bulk.delete(OUTLINK, OUTLINK.c.page_id, (id_,))
        self.set(id_, read_at=None, outlinks_hash=None)
