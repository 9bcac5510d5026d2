"""Markup to a PageTree: libxml2 says what begins and ends, and this is written down as it comes."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from itertools import islice
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from lxml import etree

from crawler.markup.tree.page_tree import LINE_END, Attributes, PageTree, Shape
from crawler.page_limits import USUAL, PageLimits

_IN_HEAD = frozenset("title base link meta style script noscript template".split())
_ENDS = re.compile(rb"(?i)</(?:body|html)\s*>")
_BEGINS = ord("<")
_FEWEST_BEHIND = 10  # elements: counters and frames that are appended to a page are nothing to read again for
_NONE: Attributes = MappingProxyType({})


def read_tree(markup: bytes, limits: PageLimits = USUAL) -> PageTree | None:
    """The elements of a page in UTF-8; None where it has none. What is beyond the limits is told in its `faults`.

    libxml2 reads a tag in a time that is linear in its attributes since 2.14, which is part of lxml 6: before, 50,000
    of them took 20 seconds.
    """
    # An element begins with a "<", but for html, head and body, which may be meant only; text stands behind one.
    begun = np.count_nonzero(np.frombuffer(markup, dtype=np.uint8) == _BEGINS)  # count() takes four times as long
    is_long = begun + 3 > min(limits.elements, limits.texts)
    target = _LongTarget(limits) if is_long else _Target()
    parser = etree.HTMLParser(target=cast(Any, target), encoding="utf-8", huge_tree=True, no_network=True)
    etree.fromstring(markup, parser=parser)
    return target.tree(limits) if target.tags else None


def open_body(markup: bytes, tree: PageTree) -> bytes | None:
    """The markup with the `<body>` that it leaves out; None for a page, with this `tree`, of which none is missed.

    libxml2 ends the head before an element of HTML 4 only. What begins with a header, main or article is part of the
    head for it, so that nothing of the page would be seen.
    """
    if tree.tags[1:2] != ["head"]:
        return None
    for number, tag in enumerate(islice(tree.tags, 2, None), 2):
        if tag == "body":
            return None
        if tag not in _IN_HEAD and tree.parents[number] == 1:
            found = re.search(rb"(?i)<" + re.escape(tag.encode()) + rb"[\s/>]", markup)
            return markup[: found.start()] + b"<body>" + markup[found.start() :] if found else None
    return None


def open_end(markup: bytes, tree: PageTree) -> bytes | None:
    """The markup without `</body>` and `</html>`; None for a page, with this `tree`, that is over with them.

    Templates that end the page in its header, or before its footer: for a browser all that follows is part of the body.
    """
    return _ENDS.sub(b"", markup) if tree.behind >= _FEWEST_BEHIND else None


class _Target:
    """Hears from the parser what begins, what ends, and what text stands between: for each element of each page, so it
    writes this down and no more."""

    __slots__ = ("attributes", "data", "end", "having", "moves", "pieces", "start", "tags")

    def __init__(self) -> None:
        self.tags: list[str] = []
        self.attributes: list[Attributes] = []
        self.having: defaultdict[str, list[int]] = defaultdict(list)
        """By name of an attribute the elements with one."""
        self.pieces: list[str] = []
        self.moves: list[int] = []
        """How many pieces of text stand before an element, and, inverted, before the end of one."""
        self.data = self.pieces.append
        self.start, self.end = _writers(self)

    def close(self) -> None:
        """Nothing is open by then."""

    def tree(self, limits: PageLimits) -> PageTree:
        """Asked once: lxml keeps a target until the next search for cycles, so it holds nothing from then on."""
        tags, attributes, having = self.tags[:], self.attributes[:], dict(self.having)
        pieces, moves = self.pieces[:], np.fromiter(self.moves, dtype=np.int64, count=len(self.moves))
        faults = [*self.faults(), *_cut_attributes(attributes, having, limits.attributes)]
        for held in (self.tags, self.attributes, self.having, self.pieces, self.moves):
            held.clear()
        places = np.zeros(len(pieces) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces)), out=places[1:])
        begins = moves >= 0
        ends = ~begins
        shape = Shape(places[moves[begins]], np.cumsum(begins, dtype=np.int64)[ends], places[~moves[ends]])
        count, behind = _readable(shape), 0
        if count < len(tags):
            behind = sum(tag not in _IN_HEAD for tag in tags[count:])
            shape = shape.first(count)
            del tags[count:], attributes[count:]
            having = {name: numbers[: bisect_left(numbers, count)] for name, numbers in having.items()}
        if deep := shape.flatten(limits.depth):
            faults.append(f"{deep} elements nest deeper than {limits.depth} levels; they are read as beside each other")
        blank = np.fromiter(map(str.isspace, pieces), dtype=np.bool_, count=len(pieces))
        tree = PageTree(tags, attributes, "".join(pieces), shape=shape, spoken=places[:-1][~blank])
        tree.named, tree.faults, tree.behind = having, tuple(faults), behind
        return tree

    def faults(self) -> list[str]:
        return []


class _Shared(dict[str, str]):
    """One string for all that are equal: the parser makes one for each element."""

    def __missing__(self, tag: str) -> str:
        self[tag] = tag
        return tag


def _writers(target: _Target) -> tuple[Callable[[str, Attributes], None], Callable[[str], None]]:
    """Functions, not methods: they are called thousands of times, and have what they need at hand."""
    write_tag, write_attributes, write_move = target.tags.append, target.attributes.append, target.moves.append
    tags, pieces, having = target.tags, target.pieces, target.having
    known = _Shared()
    write_text = pieces.append

    def start(tag: str, attributes: Attributes) -> None:
        # Names are noted while they are at hand: to look through all attributes of a page later takes twice as long.
        if type(attributes) is dict:
            number = len(tags)
            for name in attributes:
                having[name].append(number)
            write_attributes(attributes)
        else:  # lxml's mapping without one, which is Python code: asked for a name, it takes twenty times as long
            write_attributes(_NONE)
        write_tag(known[tag])
        write_move(len(pieces))
        if tag == "br":
            write_text(LINE_END)

    def end(_tag: str) -> None:
        write_move(~len(pieces))

    return start, end


class _LongTarget(_Target):
    """Ends a page with so many elements, or so many runs of text between tags."""

    __slots__ = ("_is_full", "_left_out", "_limits", "_skipped", "_spoken_at", "_texts")

    def __init__(self, limits: PageLimits) -> None:
        super().__init__()
        self._limits = limits
        self._texts = 0
        self._spoken_at = -1  # tags before the last run; an entity begins a piece, and no run
        self._is_full = False
        self._left_out = 0
        self._skipped = 0  # elements left out that have not ended yet
        write_start, write_end, write_text = self.start, self.end, self.data

        def start(tag: str, attributes: Attributes) -> None:
            self._is_full = self._is_full or len(self.tags) >= limits.elements
            if self._is_full:
                self._left_out += 1
                self._skipped += 1
            else:
                write_start(tag, attributes)

        def end(tag: str) -> None:
            if self._skipped:
                self._skipped -= 1
            else:
                write_end(tag)

        def write(text: str) -> None:
            if len(self.moves) != self._spoken_at and not text.isspace():
                self._is_full = self._is_full or self._texts >= limits.texts
                self._texts += 1
                self._spoken_at = len(self.moves)
            if not self._is_full:
                write_text(text)

        self.start, self.end, self.data = start, end, write

    def faults(self) -> list[str]:
        if not self._is_full:
            return []
        if self._left_out and len(self.tags) >= self._limits.elements:
            return [
                f"the page has {len(self.tags) + self._left_out} elements; what is behind the first "
                f"{self._limits.elements} is left out"
            ]
        return [f"the page has more than {self._limits.texts} pieces of text; what is behind these is left out"]


def _cut_attributes(attributes: list[Attributes], having: dict[str, list[int]], most: int) -> list[str]:
    if len(having) <= most or max(map(len, attributes)) <= most:
        return []
    long = [number for number, each in enumerate(attributes) if len(each) > most]
    faults = [f"an element has {len(attributes[number])} attributes; the first {most} are read" for number in long[:3]]
    for number in long:
        attributes[number] = dict(islice(attributes[number].items(), most))
    having.clear()
    for number, each in enumerate(attributes):
        for name in each:
            having.setdefault(name, []).append(number)
    return faults


def _readable(shape: Shape) -> int:
    """The number of elements before the first that stands behind the root's end."""
    beyond = shape.depths == 0
    beyond[0] = False
    return int(np.argmax(beyond)) if beyond.any() else len(beyond)
