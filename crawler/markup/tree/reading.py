"""Markup to a PageTree: libxml2 says what begins and ends, and this is written down as it comes."""

from bisect import bisect_right
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from lxml import etree

from crawler.markup.tree.page_tree import LINE_END, Attributes, PageTree, Shape

# As deep as libxml2 builds a tree: a page that nests deeper ends there.
_DEEPEST = 2048
_NONE: Attributes = MappingProxyType({})


def read_tree(markup: bytes) -> PageTree | None:
    """The elements of a page in UTF-8; None where it has none."""
    target = _Target()
    parser = etree.HTMLParser(target=cast(Any, target), encoding="utf-8", huge_tree=True, no_network=True)
    etree.fromstring(markup, parser=parser)
    return target.tree() if target.tags else None


class _Target:
    """Hears from the parser what begins, what ends, and what text stands between: for each element of each page, so it
    writes this down and no more."""

    __slots__ = ("attributes", "data", "ended", "pieces", "starts", "stops", "tags")

    def __init__(self) -> None:
        self.tags: list[str] = []
        self.attributes: list[Attributes] = []
        self.pieces: list[str] = []
        self.data = self.pieces.append
        self.starts: list[int] = []
        """How many pieces of text stand before an element."""
        self.ended: list[int] = []
        """When an element ends: how many have begun."""
        self.stops: list[int] = []
        """When an element ends: how many pieces of text stand before."""

    def start(self, tag: str, attributes: Attributes) -> None:
        self.tags.append(tag)
        self.attributes.append(attributes)
        self.starts.append(len(self.pieces))
        if tag == "br":
            self.pieces.append(LINE_END)

    def end(self, _tag: str) -> None:
        self.ended.append(len(self.tags))
        self.stops.append(len(self.pieces))

    def close(self) -> None:
        """Nothing is open by then."""

    def tree(self) -> PageTree:
        shape = Shape(self.starts, self.ended, self.stops)
        count = _readable(shape)
        if count < len(self.tags):
            shape = self._cut(count)
        lengths = np.fromiter(map(len, self.pieces), dtype=np.int64, count=len(self.pieces))
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        shape.starts, shape.stops = offsets[shape.starts], offsets[shape.stops]
        # lxml's empty mapping is one of Python code, twenty times slower to ask.
        attributes = [each if type(each) is dict else _NONE for each in self.attributes]
        return PageTree(self.tags, attributes, "".join(self.pieces), shape=shape)

    def _cut(self, count: int) -> Shape:
        """Leaves the first elements; those that are open then end there."""
        closed = bisect_right(self.ended, count)
        open_then = count - closed
        ended = self.ended[:closed] + [count] * open_then
        stops = self.stops[:closed] + [self.starts[count]] * open_then
        del self.tags[count:], self.attributes[count:], self.starts[count:]
        return Shape(self.starts, ended, stops)


def _readable(shape: Shape) -> int:
    """The number of elements before the first that stands behind the root's end, or deeper than libxml2 reads."""
    beyond = (shape.depths >= _DEEPEST) | (shape.depths == 0)
    beyond[0] = False
    return int(np.argmax(beyond)) if beyond.any() else len(beyond)
