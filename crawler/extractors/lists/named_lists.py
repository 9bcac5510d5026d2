"""Lists whose places somebody has named: a site's file, or a reader by labels."""

from collections.abc import Iterable

from crawler.errors import LayoutChanged
from crawler.extractors.lists.class_words import is_more
from crawler.extractors.lists.link_panels import LinkPanels
from crawler.extractors.lists.list_items import ItemReader
from crawler.extractors.tree.outline import Anchor
from crawler.site import LinkListHint
from models.items import LinkItem, LinkList, LinkListKind, Origin


def hinted_lists(
    panels: LinkPanels, reader: ItemReader, hints: tuple[LinkListHint, ...]
) -> tuple[tuple[LinkList, ...], frozenset[int]]:
    """The lists, and the blocks of their places.

    Raises LayoutChanged if the site's file promises a list and the page has none.
    """
    lists: list[LinkList] = []
    claimed: set[int] = set()
    for hint in hints:
        places = panels.outline.numbers(each.root for each in panels.document.selector.css(hint.css))
        if not places and hint.required:
            raise LayoutChanged(
                f"at least 1 node for {hint.css!r}, found none; mend the site's file",
                url=panels.document.url,
                field="link_lists",
            )
        numbers = [number for place in places for number in panels.outline.anchors_of(place)]
        claimed.update(block for place in places for block in panels.outline.blocks_of(place))
        if found := list_in(panels, reader, kind=hint.kind, places=places, anchors=numbers):
            lists.append(found)
    return tuple(lists), frozenset(claimed)


def list_in(
    panels: LinkPanels, reader: ItemReader, *, kind: str, places: Iterable[int], anchors: Iterable[int]
) -> LinkList | None:
    """None where none of the links leads to an article."""
    headlines = _headlines(panels, [panels.outline.anchors[number] for number in anchors])
    items: tuple[LinkItem, ...] = tuple(found.item for found in reader.items(headlines))
    if not items:
        return None
    xpath = " | ".join(map(panels.outline.xpath, places))
    return LinkList(kind=LinkListKind(kind), items=items, xpath=xpath, origin=Origin.HINT)


def _headlines(panels: LinkPanels, anchors: list[Anchor]) -> list[Anchor]:
    """The links of a box; where most lead to articles, without sections and authors beside them."""
    kept = [anchor for anchor in anchors if not is_more(anchor.text)]
    articles = [anchor for anchor in kept if (link := panels.reader.read(anchor.href)) is not None and link.article]
    return articles if 2 * len(articles) > len(kept) else kept
