"""Outline: the visible page flattened into text blocks, links and images by one walk over its tree.

A block is the text between two block-level boundaries, or between two line breaks. Nodes are numbered in document
order, so a subtree is a range: the descendants of node `n` are `n + 1 … ends[n] - 1`, its links `anchors_of(n)`, its
images `images_of(n)`, its text `blocks_of(n)`. A block belongs to block-level nodes: ask an inline one, as `a` or
`span`, for its links, not for its blocks. Scripts, styles, templates, noscript and drawings are not visited; elements
hidden by markup are, and the outline says so: lists hidden behind tabs are read, hidden paragraphs are not.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import overload

from lxml.etree import _Element

from crawler.document import Document
from crawler.extractors.tree.contents import Anchor, Break, Image, TextBlock
from crawler.extractors.tree.names import Names
from crawler.extractors.tree.walk import Columns, Walk
from crawler.extractors.tree.word_hashes import lower_letters
from crawler.markup.tree import Attributes, Node, PageTree

__all__ = ["Anchor", "Break", "Columns", "Image", "Outline", "TextBlock", "outline_of", "split_words"]


_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")
_PLAIN_WORD = re.compile(r"[a-z]+|[0-9]+")


@lru_cache(maxsize=8192)
def split_words(name: str) -> tuple[str, ...]:
    """Lower-case words of class names or an id: "relatedPosts-list_2 hot" gives related, posts, list, 2, hot."""
    if name.isascii() and name.islower():  # most are, and are read in half the time
        return tuple(_PLAIN_WORD.findall(name))
    return tuple(map(lower_letters, _WORD.findall(name)))


class Outline:
    """The flattened page. Parallel lists are indexed by node number; node 0 is the root element."""

    __slots__ = (
        "_walk",
        "anchors",
        "attributes",
        "blocks",
        "classes",
        "columns",
        "depths",
        "document",
        "ends",
        "hidden",
        "ids",
        "images",
        "names",
        "nodes",
        "parents",
        "related",
        "tag_list",
        "tags",
        "texts",
    )

    def __init__(self, document: Document) -> None:
        walk = Walk(document.tree)
        self.document = document
        self.nodes: Sequence[Node] = _Nodes(document.tree, walk)
        """For readers of single elements: a Node is made each time it is asked for."""
        self.tags: list[str] = walk.tags
        self.tag_list: list[str] = document.tree.tag_list
        """The different tags; those that no node has may be among them."""
        self.attributes: list[Attributes] = walk.attributes
        self.classes: list[str] = walk.classes
        """The attribute of each node, "" where it has none; `ids` likewise."""
        self.ids: list[str] = walk.ids
        self.names = Names(walk.classes, walk.ids)
        """Both, those written alike read at once."""
        self.parents: list[int] = walk.parents
        """Number of the parent node; -1 for the root."""
        self.depths: list[int] = walk.depths
        self.ends: list[int] = walk.ends
        """One more than the number of the last descendant."""
        self.hidden: set[int] = walk.hidden
        """Nodes that markup itself hides, without their descendants."""
        self.related: frozenset[int] = walk.related
        """Nodes with a rel, which is asked of every link, and few links have."""
        self.blocks: list[TextBlock] = walk.blocks
        self.texts: list[str] = walk.texts
        """Of each block."""
        self.anchors: list[Anchor] = walk.anchors
        self.images: list[Image] = walk.images
        self.columns: Columns = walk.columns
        self._walk = walk

    def blocks_of(self, node: int) -> range:
        """Blocks inside a block-level node; empty for an inline one."""
        return range(self._walk.block_starts[node], self._walk.block_stops[node])

    def anchors_of(self, node: int) -> range:
        return range(self._walk.anchor_starts[node], self._walk.anchor_stops[node])

    def images_of(self, node: int) -> range:
        return range(self._walk.image_starts[node], self._walk.image_stops[node])

    def text_of(self, node: int) -> str:
        """All text inside a block-level node, blocks separated by a space."""
        return " ".join(self.texts[self._walk.block_starts[node] : self._walk.block_stops[node]])

    def ancestors(self, node: int) -> Iterator[int]:
        """The node itself, its parent, and so on to the root."""
        while node >= 0:
            yield node
            node = self.parents[node]

    def children(self, node: int) -> Iterator[int]:
        child, end = node + 1, self.ends[node]
        while child < end:
            yield child
            child = self.ends[child]

    def words(self, node: int) -> tuple[str, ...]:
        """Lower-case words of the node's class and id."""
        classes, name = self.classes[node], self.ids[node]
        return (split_words(classes) if classes else ()) + (split_words(name) if name else ())

    def path_words(self, node: int) -> Iterator[str]:
        """Words of the node and of its ancestors, nearest first."""
        for ancestor in self.ancestors(node):
            yield from self.words(ancestor)

    def is_hidden(self, node: int) -> bool:
        return bool(self.hidden) and any(ancestor in self.hidden for ancestor in self.ancestors(node))

    def closest(self, node: int, tags: frozenset[str]) -> int | None:
        """The node itself or its nearest ancestor with one of the tags."""
        return next((ancestor for ancestor in self.ancestors(node) if self.tags[ancestor] in tags), None)

    def common_ancestor(self, first: int, second: int) -> int:
        while first != second:
            if first > second:  # the later of two different nodes is never an ancestor of the other
                first = self.parents[first]
            else:
                second = self.parents[second]
        return first

    def xpath(self, node: int) -> str:
        """Absolute, as lxml's getpath: "/html/body/div[2]/p"."""
        return self.document.tree.xpath(self._walk.element(node))

    def numbers(self, elements: Iterable[_Element]) -> list[int]:
        """The nodes that elements of the document's lxml tree are, in their order; without those that are none."""
        elements = list(elements)
        if not elements:  # most sites name none, and their pages get no lxml tree for it
            return []
        order = {element: number for number, element in enumerate(self.document.root.iter())}
        nodes = self._walk.node_numbers
        found = (nodes.get(order[element]) for element in elements if element in order)
        return [node for node in found if node is not None]


class _Nodes(Sequence[Node]):
    def __init__(self, tree: PageTree, walk: Walk) -> None:
        self._tree, self._walk = tree, walk

    def __len__(self) -> int:
        return len(self._walk.tags)

    @overload
    def __getitem__(self, number: int) -> Node: ...
    @overload
    def __getitem__(self, number: slice) -> list[Node]: ...
    def __getitem__(self, number: int | slice) -> Node | list[Node]:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        return Node(self._tree, self._walk.element(number))


def outline_of(document: Document) -> Outline:
    """One walk over the document. Pages of any depth are walked: nothing recurses."""
    return Outline(document)
