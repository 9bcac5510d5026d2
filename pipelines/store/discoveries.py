"""URLs that a crawl has come upon: their pages are made due, unless they have been asked for already."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from models.identity import page_url
from models.items import Discovery, Priority
from pipelines.rows import Row
from pipelines.store.recent import Recent

_REMEMBERED = 20_000
"""Pages; one costs about 100 bytes."""
_NOT_DUE: Row = {"due_at": None, "priority": int(Priority.NEW), "depth": None}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def not_due(_url: str) -> Row:
    """Of a page that is only linked to."""
    return _NOT_DUE


class Settled:
    """Pages, by id, that were made due or found so: a link to them says nothing new. Shared as `Remembered` is."""

    def __init__(self) -> None:
        self._found = Recent[int, tuple[datetime, int]](_REMEMBERED)
        """When it was modified, as somebody says, and in how many steps it was found."""

    def knows(self, page_id: int, found: Discovery) -> bool:
        known = self._found.get(page_id)
        if known is None:
            return False
        modified_at, depth = known
        return found.depth >= depth and (found.modified_at is None or found.modified_at <= modified_at)

    def learn(self, discoveries: Mapping[int, Discovery]) -> None:
        """Of a transaction that has committed."""
        self._found.update((id_, (found.modified_at or _LONG_AGO, found.depth)) for id_, found in discoveries.items())

    def forget(self) -> None:
        self._found.clear()


@dataclass(slots=True)
class Discoveries:
    """Those of one transaction, each URL once. URLs are normalised."""

    now: datetime
    since: datetime | None = None
    """Of a run that asks for all pages: those that were asked for before then are due again."""
    depth_limit: int | None = None
    """Steps from a start URL: links of pages so far away, or farther, are not followed."""
    by_url: dict[str, Discovery] = field(default_factory=dict)

    def add(self, discoveries: Iterable[Discovery]) -> None:
        for found in discoveries:
            known = self.by_url.get(found.url)
            if known is None:
                self.by_url[found.url] = found
            elif not _says_all_of(known, found):
                self.by_url[found.url] = _merged(known, found)

    def columns_of(self, url: str) -> Row:
        """Of a page that is not known yet."""
        found = self.by_url.get(url)
        if found is None:
            return not_due(url)
        return {"due_at": self.now, "priority": int(found.priority), "depth": found.depth}

    def columns_of_known(self, row: Mapping[Any, Any], found: Discovery) -> Row:
        """Of a page that is made due now; one that is due already does not wait longer for it."""
        is_due = self._is_due(row)
        priority = min(row["priority"], found.priority) if is_due else found.priority
        depth = found.depth if row["depth"] is None else min(row["depth"], found.depth)
        return {"due_at": row["due_at"] if is_due else self.now, "priority": int(priority), "depth": depth}

    def is_to_be_asked(self, row: Mapping[Any, Any]) -> bool:
        """A page that is known, but was never asked for; or not in this run, which asks for all."""
        if row["asked_at"] is None:
            return row["due_at"] is None
        return self.since is not None and row["asked_at"] < self.since and not self._is_due(row)

    def is_nearer(self, row: Mapping[Any, Any], found: Discovery) -> bool:
        """A page that waits to be asked for, or whose links were not followed.

        What a worker that died had leased comes late, so a page two steps away may first be found in ten.
        """
        if row["depth"] is None or found.depth >= row["depth"]:
            return False
        if row["asked_at"] is None:
            return True
        return self.depth_limit is not None and bool(found.depth < self.depth_limit <= row["depth"])

    def is_modified(self, row: Mapping[Any, Any], found: Discovery) -> bool:
        """As somebody says; `pipelines.revisits` knows how far to believe it."""
        return found.modified_at is not None and row["asked_at"] is not None and found.modified_at > row["asked_at"]

    def _is_due(self, row: Mapping[Any, Any]) -> bool:
        return row["due_at"] is not None and bool(row["due_at"] <= self.now)


def normalized(discoveries: Sequence[Discovery]) -> Iterator[Discovery]:
    """Without those that can name no page."""
    for found in discoveries:
        if url := page_url(found.url):
            yield found if url == found.url else replace(found, url=url)


def _says_all_of(one: Discovery, other: Discovery) -> bool:
    """As where the pages of a site share a menu."""
    return other.modified_at is None and one.priority <= other.priority and one.depth <= other.depth


def _merged(one: Discovery, other: Discovery) -> Discovery:
    """Two ways to one page: the shorter, the more urgent, the later change."""
    return replace(
        one,
        priority=min(one.priority, other.priority),
        depth=min(one.depth, other.depth),
        modified_at=max(filter(None, (one.modified_at, other.modified_at)), default=None),
    )
