"""Ids of sites, pages, authors and tags: found, or made, by what tells them apart."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table

from models.identity import name_hash, site_domain, url_hash
from models.tables import METADATA
from pipelines.rows import Row
from pipelines.store.bulk import Bulk
from pipelines.store.changes import Changes

# A remembered key costs about 150 bytes; the links of a site's frame, its tags and authors are asked for on every page.
_REMEMBERED = 100_000


class Remembered:
    """Ids that are sure: those of committed rows. Shared by the batches of one store, one after another."""

    def __init__(self) -> None:
        self.by_table: dict[str, dict[Any, int]] = {name: {} for name in ("site", "page", "author", "tag")}

    def forget(self) -> bool:
        """After a batch that failed: another process may have deleted what was remembered. False if nothing was."""
        had_any = any(self.by_table.values())
        for known in self.by_table.values():
            known.clear()
        return had_any

    def learn(self, fresh: Mapping[str, Mapping[Any, int]]) -> None:
        for name, ids in fresh.items():
            known = self.by_table[name]
            if len(known) + len(ids) > _REMEMBERED:
                known.clear()
            known.update(ids)


@dataclass(slots=True)
class Keys:
    """The ids that one transaction uses. Those it found or made are remembered once it has committed."""

    bulk: Bulk
    changes: Changes
    remembered: Remembered
    fresh: dict[str, dict[Any, int]] = field(default_factory=dict)

    def pages(self, urls: Iterable[str], at: datetime) -> dict[str, int]:
        """By normalised URL. A page not seen before is made, and its site."""
        hashes = {url: url_hash(url) for url in urls}
        page = METADATA.tables["page"]

        def make(missing: Mapping[bytes, str]) -> list[Row]:
            sites = self._sites({url: site_domain(url) for url in missing.values()}, at)
            return [
                {"site_id": sites[url], "url": url, "url_hash": key, "first_seen_at": at}
                for key, url in missing.items()
            ]

        ids = self._ids(page, page.c.url_hash, {key: url for url, key in hashes.items()}, make)
        return {url: ids[key] for url, key in hashes.items()}

    def names(self, table: Table, names: Iterable[str], at: datetime) -> dict[str, int]:
        """Ids of authors or of tags, by name as written; one id for all names that fold to the same."""
        hashes = {name: name_hash(name) for name in names}
        first = {key: name for name, key in reversed(hashes.items())}

        def make(missing: Mapping[bytes, str]) -> list[Row]:
            return [{"name": name, "name_hash": key, "first_seen_at": at} for key, name in missing.items()]

        ids = self._ids(table, table.c.name_hash, first, make)
        return {name: ids[key] for name, key in hashes.items()}

    def _sites(self, domains: Mapping[str, str], at: datetime) -> dict[str, int]:
        site = METADATA.tables["site"]

        def make(missing: Mapping[str, str]) -> list[Row]:
            return [{"domain": domain, "first_seen_at": at} for domain in missing]

        ids = self._ids(site, site.c.domain, {domain: domain for domain in domains.values()}, make)
        return {url: ids[domain] for url, domain in domains.items()}

    def _ids(
        self,
        table: Table,
        key: Column[Any],
        wanted: Mapping[Any, str],
        make: Callable[[Mapping[Any, str]], list[Row]],
    ) -> dict[Any, int]:
        fresh = self.fresh.setdefault(table.name, {})
        known = self.remembered.by_table[table.name]
        ids = {value: id_ for value in wanted if (id_ := known.get(value) or fresh.get(value)) is not None}
        missing = wanted.keys() - ids.keys()
        if not missing:
            return ids
        found = self._find(table, key, missing)
        absent = {value: wanted[value] for value in wanted if value in missing and value not in found}
        made = self.bulk.insert_missing(table, make(absent), key) if absent else {}
        self.changes.add(table.name, made.values(), "insert")
        found |= made
        if len(found) < len(missing):  # another worker made them between our two statements
            found |= self._find(table, key, missing - found.keys())
        fresh.update(found)
        return ids | found

    def _find(self, table: Table, key: Column[Any], values: Iterable[Any]) -> dict[Any, int]:
        return {row[key.name]: row["id"] for row in self.bulk.select((key, table.c.id), key, values)}
