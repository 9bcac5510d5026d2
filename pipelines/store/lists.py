"""The link lists, tag lists and outlinks of a batch of pages; a list is kept with the time in which it was shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from operator import attrgetter

from sqlalchemy import Table

from models.tables import METADATA
from pipelines.rows import ListRows, Row, Values
from pipelines.store.bulk import Bulk
from pipelines.store.prepared import Content

OUTLINK = METADATA.tables["outlink"]


class ListWriter:
    """Writes one sort of list: `link_list` with `link_item`, or `tag_list` with `tag_list_item`."""

    def __init__(self, bulk: Bulk, table: Table, items: Table, *, ids: Mapping[str, int]) -> None:
        """`ids` are those of what the items point to."""
        self._bulk = bulk
        self._table = table
        self._items = items
        self._ids = ids

    def write(self, contents: Sequence[Content], lists_of: Callable[[Content], tuple[ListRows, ...]]) -> set[int]:
        """The ids of the pages whose lists have changed. An unchanged list is not written."""
        shown = self._shown([content.page_id for content in contents if content.read_at is not None])
        new: list[tuple[Content, ListRows]] = []
        gone: list[Row] = []
        changed: set[int] = set()
        for content in contents:
            before = shown.get(content.page_id, {})
            added = _take_known(lists_of(content), before)
            ended = [id_ for ids in before.values() for id_ in ids]
            new += ((content, added_list) for added_list in added)
            gone += ({"id": id_, "last_seen_at": content.read_at} for id_ in ended)
            if added or ended:
                changed.add(content.page_id)
        self._bulk.update(self._table, gone)
        self._insert(new)
        return changed

    def _shown(self, page_ids: Iterable[int]) -> dict[int, dict[bytes, list[int]]]:
        """Ids of the lists that each page showed when it was last read, by what they say."""
        table = self._table.c
        columns = (table.id, table.page_id, table.items_hash)
        shown: dict[int, dict[bytes, list[int]]] = {}
        for row in self._bulk.select(columns, table.page_id, page_ids, table.last_seen_at.is_(None)):
            shown.setdefault(row["page_id"], {}).setdefault(row["items_hash"], []).append(row["id"])
        return shown

    def _insert(self, new: Sequence[tuple[Content, ListRows]]) -> None:
        if not new:
            return
        rows: list[Row] = []
        items: list[Values] = []
        for id_, (content, shown) in zip(self._bulk.next_ids(self._table, len(new)), new, strict=True):
            seen = {"id": id_, "page_id": content.page_id, "first_seen_at": content.at, "last_seen_at": None}
            rows.append(shown.row | seen)
            items += _pointing(id_, shown.items, self._ids)
        self._bulk.insert(self._table, rows)
        self._bulk.insert_values(self._items, tuple(self._items.c.keys()), items)


def _take_known(lists: Iterable[ListRows], known: dict[bytes, list[int]]) -> list[ListRows]:
    """The lists that are not known; those that are, are taken out of `known`."""
    added = []
    for shown in lists:
        ids = known.get(shown.row["items_hash"])
        if ids:
            ids.pop()
        else:
            added.append(shown)
    return added


def write_outlinks(bulk: Bulk, contents: Sequence[Content], page_ids: Mapping[str, int]) -> None:
    """The links of these pages instead of those they had."""
    bulk.delete(OUTLINK, OUTLINK.c.page_id, [content.page_id for content in contents if content.read_at is not None])
    rows: list[Values] = []
    for content in sorted(contents, key=attrgetter("page_id")):  # rows that stand side by side are written in a row
        rows += _pointing(content.page_id, content.rows.outlinks, page_ids)
    bulk.insert_values(OUTLINK, tuple(OUTLINK.c.keys()), rows)


def _pointing(owner_id: int, items: Sequence[Values], ids: Mapping[str, int]) -> list[Values]:
    """Rows of the items that one page or list has: owner, position, pointer, and what is left as it is."""
    if not items:
        return []
    targets, *columns = zip(*items, strict=True)
    target_ids = [ids[target] if target else None for target in targets]
    return list(zip(repeat(owner_id), range(len(items)), target_ids, *columns, strict=False))  # the owner has no end
