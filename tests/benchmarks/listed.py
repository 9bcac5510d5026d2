"""Lists and tags of one page beside their labels.

Not counted, neither missed nor wrong: links to the page itself, and what stands only in optional parts of the labels.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.items import LinkListKind, Page
from tests.benchmarks.scores import Overlap, label_key, url_key

_Items = dict[tuple[Any, ...], tuple[set[str], set[str]]]
"""Of each URL the kinds of its lists, and its headlines."""


@dataclass(frozen=True, slots=True)
class ListScore:
    union: Overlap
    related: Overlap
    tags: Overlap
    matched: int
    kinds_right: int
    headed: int
    """Matched items whose headline is labelled."""
    headlines_right: int


def score_lists(row: Mapping[str, Any], page: Page) -> ListScore:
    wanted, open_items = _labelled(row["related"])
    found = _found(page)
    ignored = (open_items.keys() - wanted.keys()) | {url_key(row["url"])}
    unclear = {url for url, (kinds, _) in {**open_items, **wanted}.items() if len(kinds) > 1 and "related" in kinds}
    want, have = wanted.keys() - ignored, found.keys() - ignored
    both = want & have
    headed = [url for url in both if wanted[url][1]]
    return ListScore(
        union=Overlap.of_sets(want, have),
        related=Overlap.of_sets(_related(wanted, want) - unclear, _related(found, have) - unclear),
        tags=_tags(row, page),
        matched=len(both),
        kinds_right=sum(bool(wanted[url][0] & found[url][0]) for url in both),
        headed=len(headed),
        headlines_right=sum(bool(wanted[url][1] & found[url][1]) for url in headed),
    )


def _labelled(blocks: Iterable[Mapping[str, Any]]) -> tuple[_Items, _Items]:
    """Items that must be found, and those that may be."""
    wanted: _Items = {}
    unclear: _Items = {}
    for block in blocks:
        other = block.get("kind_alt") or []
        kinds = {block["kind"], *([other] if isinstance(other, str) else other)}
        for item in block["items"]:
            optional = block.get("optional") or item.get("optional")
            _add(unclear if optional else wanted, item["url"], kinds, item.get("title"))
    return wanted, unclear


def _found(page: Page) -> _Items:
    found: _Items = {}
    for listed in page.link_lists:
        if listed.kind is not LinkListKind.PROMOTION:
            for item in listed.items:
                _add(found, item.url, {str(listed.kind)}, item.headline)
    return found


def _add(items: _Items, url: str | None, kinds: set[str], headline: str | None) -> None:
    key = url_key(url)
    if key is None:
        return
    all_kinds, headlines = items.setdefault(key, (set(), set()))
    all_kinds |= kinds
    if headline:
        headlines.add(re.sub(r"\s+", " ", unicodedata.normalize("NFC", headline)).strip())


def _related(items: _Items, among: Iterable[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    return {url for url in among if items[url][0] == {"related"}}


def _tags(row: Mapping[str, Any], page: Page) -> Overlap:
    every, needed = set(), set()
    for block in row["tags"]:
        for item in block["items"]:
            key = label_key(item["label"])
            every.add(key)
            if not block.get("optional") and not item.get("optional"):
                needed.add((block["kind"], key))
    wanted = {key for kind, key in needed if kind == "article"} - {""}
    ignored = every - {key for _, key in needed}
    found = {label_key(item.name) for tags in page.tag_lists if tags.kind == "article" for item in tags.items}
    return Overlap.of_sets(wanted, found - ignored - {""})
