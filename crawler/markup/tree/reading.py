"""Markup to a PageTree: libxml2 says what begins and ends, and this is written down as it comes."""

from collections.abc import Callable
from itertools import compress, repeat
from types import MappingProxyType
from typing import Any, cast

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from crawler.markup.tree.page_tree import LINE_END, Attributes, Ints, PageTree, Shape

# As deep as libxml2 builds a tree: a page that nests deeper ends there.
_DEEPEST = 2048
_NONE: Attributes = MappingProxyType({})
_BEGUN, _ENDED = 1, 2
# What events are by their type; that of lxml's mapping of no attributes is its own.
_EVENTS: dict[type, int] = {str: 0, dict: _BEGUN, type(None): _ENDED}


def read_tree(markup: bytes) -> PageTree | None:
    """The elements of a page in UTF-8; None where it has none."""
    target = _Target()
    parser = etree.HTMLParser(target=cast(Any, target), encoding="utf-8", huge_tree=True, no_network=True)
    etree.fromstring(markup, parser=parser)
    return target.tree() if target.tags else None


class _Target:
    """Hears from the parser what begins, what ends, and what text stands between: for each element of each page, so it
    writes this down and no more."""

    __slots__ = ("data", "end", "events", "start", "tags")

    def __init__(self) -> None:
        self.tags: list[str] = []
        self.events: list[str | Attributes | None] = []
        """Text, the attributes of an element that begins, and None for the end of one."""
        self.data = self.events.append
        self.start, self.end = _writers(self.tags.append, self.events.append)

    def close(self) -> None:
        """Nothing is open by then."""

    def tree(self) -> PageTree:
        """Asked once: lxml keeps a target until the next search for cycles, so it holds nothing from then on."""
        tags, events = self.tags[:], self.events
        kinds = np.frombuffer(bytes(map(_EVENTS.get, map(type, events), repeat(_BEGUN))), dtype=np.uint8)
        begins, texts = kinds == _BEGUN, kinds == 0
        pieces = cast(list[str], list(compress(events, texts.tobytes())))
        # Asked for a name, lxml's mapping without one, which is Python code, takes twenty times as long as a dict.
        attributes = [each if type(each) is dict else _NONE for each in compress(events, begins.tobytes())]
        self.tags.clear()
        events.clear()
        places = _places(pieces, texts)
        ended = kinds == _ENDED
        shape = Shape(places[:-1][begins], np.cumsum(begins)[ended], places[:-1][ended])
        count = _readable(shape)
        if count < len(tags):
            shape = shape.first(count)
            del tags[count:], attributes[count:]
        blank = np.fromiter(map(str.isspace, pieces), dtype=np.bool_, count=len(pieces))
        return PageTree(tags, attributes, "".join(pieces), shape=shape, spoken=places[:-1][texts][~blank])


def _writers(
    write_tag: Callable[[str], None], write: Callable[[str | Attributes | None], None]
) -> tuple[Callable[[str, Attributes], None], Callable[[str], None]]:
    """Functions, not methods: they are called thousands of times, and find what they need at hand."""

    def start(tag: str, attributes: Attributes) -> None:
        write_tag(tag)
        write(attributes)
        if tag == "br":
            write(LINE_END)

    def end(_tag: str) -> None:
        write(None)

    return start, end


def _places(pieces: list[str], texts: NDArray[np.bool_]) -> Ints:
    """How much text stands before each event."""
    places = np.zeros(len(texts) + 1, dtype=np.int64)
    places[1:][texts] = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
    return np.cumsum(places, out=places)


def _readable(shape: Shape) -> int:
    """The number of elements before the first that stands behind the root's end, or deeper than libxml2 reads."""
    beyond = (shape.depths >= _DEEPEST) | (shape.depths == 0)
    beyond[0] = False
    return int(np.argmax(beyond)) if beyond.any() else len(beyond)
