"""The visible text of a page cut into blocks, its links and its images, numbered as they come.

Places in the page are worked out for all elements at once; only blocks, links and images are looked at one by one.
"""

import re
from collections.abc import Callable
from functools import cached_property, partial
from itertools import compress
from typing import Any, NamedTuple

import numpy as np

from crawler.extractors.tree.contents import Anchor, Break, Image, TextBlock
from crawler.extractors.tree.cutting import Links, Segments
from crawler.extractors.tree.events import Events, Ints
from crawler.extractors.tree.tag_kinds import IMAGE
from crawler.markup.text import collapse
from crawler.markup.tree import Attributes, PageTree

# Where pages that load images late keep the real source, the surest first.
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-url", "data-actualsrc", "src", "data-srcset", "srcset")
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_BREAKS = tuple(Break)
# Made from a tuple of all fields: a named tuple's own constructor takes twice as long.
_ANCHOR: Callable[[tuple[Any, ...]], Anchor] = partial(tuple.__new__, Anchor)
_TEXT_BLOCK: Callable[[tuple[Any, ...]], TextBlock] = partial(tuple.__new__, TextBlock)


class Columns(NamedTuple):
    """What lists of an outline say of each node, for those who ask of all at once."""

    parents: Ints
    depths: Ints
    ends: Ints
    tags: Ints
    """The place of the tag in `Outline.tag_list`."""
    block_starts: Ints
    block_stops: Ints
    """The blocks inside, as in `Outline.blocks_of`."""
    block_nodes: Ints
    """Of each block its node, and so on."""
    block_lengths: Ints
    """Characters of the text."""
    block_linked: Ints
    block_first_links: Ints
    block_link_stops: Ints
    block_breaks: Ints


def _hides(style: str) -> bool:
    lowered = style.lower()
    # Hardly any style has both words of either; "hidden" alone is what overflows are, which many styles name.
    may_hide = ("none" in lowered and "display" in lowered) or ("hidden" in lowered and "visibility" in lowered)
    return may_hide and _HIDING_STYLE.search(lowered) is not None


def _source(attributes: Attributes) -> str | None:
    for name in _SOURCES:
        value = attributes.get(name)
        if value and value[:5] != "data:":
            return value
    return None


class Walk:
    """Lists indexed by the numbers of nodes, which are the visible elements."""

    def __init__(self, tree: PageTree) -> None:
        events = Events(tree)
        self._tree, self._events = tree, events
        visible = events.visible
        self.elements: Ints = visible.nonzero()[0]
        """Of each node its number in the tree."""
        self._before: Ints = np.concatenate([[0], visible.cumsum()])  # nodes before each element
        shown = visible.tobytes()
        self.tags: list[str] = list(compress(tree.tags, shown))
        self.attributes: list[Attributes] = list(compress(tree.attributes, shown))
        parents = self._before[tree.parents[self.elements]]
        parents[0] = -1
        self._parents, self._depths = parents, tree.depths[self.elements]
        self._ends = self._before[tree.ends[self.elements]]
        self._tag_numbers = tree.tag_numbers[self.elements]
        self.related = frozenset(self._having("rel"))
        self.hidden = set(self._having("hidden"))
        self.hidden.update(node for node in self._having("style") if _hides(self.attributes[node]["style"]))
        self.classes, self.ids = self._values("class"), self._values("id")
        self._links = Links(tree, events)
        self._segments = Segments(events, self._links)
        self._read_images()
        self._read_links()
        self._read_blocks()
        # Larger than what came of it, on a page of 10 MB by 100 MB.
        del events, visible, self._events, self._links, self._segments, self._before
        self._list_columns()

    def element(self, node: int) -> int:
        """Its number in the tree."""
        return self._element_list[node]

    @cached_property
    def node_numbers(self) -> dict[int, int]:
        """Of each visible element of the tree its number as a node."""
        return {element: node for node, element in enumerate(self._element_list)}

    def _values(self, name: str) -> list[str]:
        """Of each node that attribute; "" where it has none."""
        values = [""] * len(self.attributes)
        for node in self._having(name):
            values[node] = self.attributes[node][name]
        return values

    def _having(self, name: str) -> list[int]:
        elements = np.array(self._tree.having(name), dtype=np.int64)
        nodes: list[int] = self._before[elements[self._events.visible[elements]]].tolist()
        return nodes

    def _read_images(self) -> None:
        elements = self._events.of_kind(IMAGE)
        moments = self._events.starts[elements]
        links = self._links.open_at(moments).tolist()
        blocks = self._segments.before(moments).tolist()
        nodes = self._before[elements].tolist()
        self.images: list[Image] = []
        for node, block, link in zip(nodes, blocks, links, strict=True):
            attributes = self.attributes[node]
            source = _source(attributes)
            if source is not None:
                alt = collapse(attributes.get("alt") or "")
                anchor = link if link >= 0 else None
                self.images.append(Image(len(self.images), node, source, alt, block, anchor))

    def _read_links(self) -> None:
        pictures: dict[int, Image] = {}
        for image in self.images:
            if image.anchor is not None:
                pictures.setdefault(image.anchor, image)
        nodes = self._tree.listed(self._before[self._links.elements])
        texts, blocks = self._segments.link_texts()
        hrefs = [self.attributes[node]["href"] for node in nodes]
        sources: list[str | None] = [None] * len(nodes)
        alts = [""] * len(nodes)
        for number, picture in pictures.items():
            sources[number], alts[number] = picture.src, picture.alt
        numbers = range(len(nodes))
        self.anchors = list(map(_ANCHOR, zip(numbers, nodes, hrefs, texts, blocks, sources, alts, strict=True)))

    def _read_blocks(self) -> None:
        segments = self._segments
        owners = self._before[segments.boundaries()]
        nodes = self._tree.listed(owners)
        tags = [self.tags[node] for node in nodes]
        first_links, link_stops = segments.first_links, segments.link_stops()
        anchors = map(range, first_links.tolist(), link_stops.tolist())
        broken = segments.breaks()
        breaks = [_BREAKS[number] for number in broken.tolist()]
        numbers = range(len(nodes))
        columns = (numbers, nodes, tags, segments.texts, anchors, segments.linked.tolist(), breaks)
        self.texts = segments.texts
        self.blocks = list(map(_TEXT_BLOCK, zip(*columns, strict=True)))
        done, events = segments.done(), self._events
        starts, stops = done[events.starts[self.elements]], done[events.stops[self.elements]]
        lengths = np.fromiter(map(len, segments.texts), dtype=np.int64, count=len(nodes))
        self.columns = Columns(
            *(self._parents, self._depths, self._ends, self._tag_numbers, starts, stops, owners),
            *(lengths, segments.linked, first_links, link_stops, broken),
        )

    def _list_columns(self) -> None:
        """For those who ask of one node."""
        listed, columns = self._tree.listed, self.columns
        self._element_list = listed(self.elements)
        self.parents, self.depths, self.ends = map(listed, (columns.parents, columns.depths, columns.ends))
        self.block_starts, self.block_stops = listed(columns.block_starts), listed(columns.block_stops)
        self.anchor_starts, self.anchor_stops = self._spans([anchor.node for anchor in self.anchors])
        self.image_starts, self.image_stops = self._spans([image.node for image in self.images])

    def _spans(self, nodes: list[int]) -> tuple[list[int], list[int]]:
        """Of each node, how many of the given ones stand before it, and before its end."""
        counts = np.zeros(len(self.tags) + 1, dtype=np.int64)
        counts[1:][nodes] = 1
        before = counts.cumsum()
        starts = self._tree.listed(before[:-1])
        stops = self._tree.listed(before[self._ends])
        return starts, stops
