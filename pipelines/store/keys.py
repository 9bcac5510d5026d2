"""Ids of sites, pages, authors and tags: found, or made, by what tells them apart."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table

from models.identity import name_hash, site_domain, url_hash
from models.tables import METADATA
from pipelines.rows import Row
from pipelines.store.bulk import Bulk
from pipelines.store.changes import Changes
from pipelines.store.discoveries import Settled
from pipelines.store.recent import Recent

_REMEMBERED = 10_000
"""Of each table; one costs about 250 bytes. The links of a site's frame, its tags and authors are on every page."""


class Remembered:
    """Ids that are sure, by text: those of committed rows. Shared by the batches of one store, one after another."""

    def __init__(self) -> None:
        self.by_table = {name: Recent[str, int](_REMEMBERED) for name in ("site", "page", "author", "tag")}
        self.settled = Settled()

    def forget(self) -> bool:
        """After a batch that failed: another process may have deleted what was remembered. False if nothing was."""
        had_any = any(map(len, self.by_table.values()))
        for known in self.by_table.values():
            known.clear()
        self.settled.forget()
        return had_any

    def learn(self, fresh: Mapping[str, Mapping[str, int]]) -> None:
        for name, ids in fresh.items():
            self.by_table[name].update(ids.items())


@dataclass(slots=True)
class Keys:
    """The ids that one transaction uses. Those it found or made are remembered once it has committed."""

    bulk: Bulk
    changes: Changes
    remembered: Remembered
    fresh: dict[str, dict[str, int]] = field(default_factory=dict)
    made: dict[str, set[int]] = field(default_factory=dict)
    """Ids of rows that this transaction has made, by table."""
    sites_due: set[int] = field(default_factory=set)
    """Sites among whose new pages one is due."""

    def pages(self, urls: Set[str], at: datetime, *, columns_of: Callable[[str], Row]) -> dict[str, int]:
        """By normalised URL. A page not seen before is made, with those columns of the frontier, and its site."""
        page = METADATA.tables["page"]

        def make(absent: Mapping[bytes, str]) -> list[Row]:
            domains = {url: site_domain(url) for url in absent.values()}
            sites = self._sites(set(domains.values()), at)
            rows = [
                {"site_id": sites[domains[url]], "url": url, "url_hash": key, "first_seen_at": at, **columns_of(url)}
                for key, url in absent.items()
            ]
            self.sites_due.update(row["site_id"] for row in rows if row["due_at"] is not None)
            return rows

        return self._ids(page.c.url_hash, urls, url_hash, make)

    def names(self, table: Table, names: Set[str], at: datetime) -> dict[str, int]:
        """Ids of authors or of tags, by name as written; one id for all names that fold to the same."""

        def make(absent: Mapping[bytes, str]) -> list[Row]:
            return [{"name": name, "name_hash": key, "first_seen_at": at} for key, name in absent.items()]

        return self._ids(table.c.name_hash, names, name_hash, make)

    def _sites(self, domains: Set[str], at: datetime) -> dict[str, int]:
        def make(absent: Mapping[str, str]) -> list[Row]:
            return [{"domain": domain, "first_seen_at": at} for domain in absent]

        return self._ids(METADATA.tables["site"].c.domain, domains, str, make)

    def _ids(
        self,
        key: Column[Any],
        texts: Set[str],
        key_of: Callable[[str], Any],
        make: Callable[[Mapping[Any, str]], list[Row]],
    ) -> dict[str, int]:
        """`key` is the unique column, `key_of` makes its value: only of texts that are not remembered."""
        table = key.table
        fresh = self.fresh.setdefault(table.name, {})
        known = self.remembered.by_table[table.name]
        ids = {text: id_ for text in texts if (id_ := known.get(text) or fresh.get(text)) is not None}
        keys = {text: key_of(text) for text in texts if text not in ids}
        if not keys:
            return ids
        first = {value: text for text, value in reversed(keys.items())}
        found = self._find(key, first)
        absent = {value: text for value, text in first.items() if value not in found}
        made = self.bulk.insert_missing(table, make(absent), key) if absent else {}
        self.changes.add(table.name, made.values(), "insert")
        self.made.setdefault(table.name, set()).update(made.values())
        found |= made
        if len(found) < len(first):  # another worker made them between our two statements
            found |= self._find(key, first.keys() - found.keys())
        new = {text: found[value] for text, value in keys.items()}
        fresh.update(new)
        return ids | new

    def _find(self, key: Column[Any], values: Iterable[Any]) -> dict[Any, int]:
        return {row[key.name]: row["id"] for row in self.bulk.select((key, key.table.c.id), key, values)}
