"""Markup to a PageTree: libxml2 says what begins and ends, and this is written down as it comes."""

from collections.abc import Callable
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

    __slots__ = ("attributes", "data", "end", "moves", "pieces", "start", "tags")

    def __init__(self) -> None:
        self.tags: list[str] = []
        self.attributes: list[Attributes] = []
        self.pieces: list[str] = []
        self.moves: list[int] = []
        """How many pieces of text stand before an element, and, inverted, before the end of one."""
        self.data = self.pieces.append
        self.start, self.end = _writers(self)

    def close(self) -> None:
        """Nothing is open by then."""

    def tree(self) -> PageTree:
        """Asked once: lxml keeps a target until the next search for cycles, so it holds nothing from then on."""
        tags, pieces, moves = self.tags[:], self.pieces[:], np.array(self.moves, dtype=np.int64)
        # Asked for a name, lxml's mapping without one, which is Python code, takes twenty times as long as a dict.
        attributes = [each if type(each) is dict else _NONE for each in self.attributes]
        for held in (self.tags, self.attributes, self.pieces, self.moves):
            held.clear()
        places = np.zeros(len(pieces) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces)), out=places[1:])
        begins = moves >= 0
        ends = ~begins
        shape = Shape(places[moves[begins]], np.cumsum(begins, dtype=np.int64)[ends], places[~moves[ends]])
        count = _readable(shape)
        if count < len(tags):
            shape = shape.first(count)
            del tags[count:], attributes[count:]
        blank = np.fromiter(map(str.isspace, pieces), dtype=np.bool_, count=len(pieces))
        return PageTree(tags, attributes, "".join(pieces), shape=shape, spoken=places[:-1][~blank])


def _writers(target: _Target) -> tuple[Callable[[str, Attributes], None], Callable[[str], None]]:
    """Functions, not methods: they are called thousands of times, and have what they need at hand."""
    write_tag, write_attributes, write_move = target.tags.append, target.attributes.append, target.moves.append
    pieces = target.pieces
    write_text = pieces.append

    def start(tag: str, attributes: Attributes) -> None:
        write_tag(tag)
        write_attributes(attributes)
        write_move(len(pieces))
        if tag == "br":
            write_text(LINE_END)

    def end(_tag: str) -> None:
        write_move(~len(pieces))

    return start, end


def _readable(shape: Shape) -> int:
    """The number of elements before the first that stands behind the root's end, or deeper than libxml2 reads."""
    beyond = (shape.depths >= _DEEPEST) | (shape.depths == 0)
    beyond[0] = False
    return int(np.argmax(beyond)) if beyond.any() else len(beyond)
