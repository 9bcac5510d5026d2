"""Node: one element of a PageTree, with as much of lxml's interface as readers of single elements need.

A reader of many asks the tree's lists: a Node is made each time it is asked for.
"""

from collections.abc import Iterator
from itertools import pairwise

from crawler.markup.tree.page_tree import Attributes, PageTree


class Node:
    """An element by its number in the tree."""

    __slots__ = ("number", "tree")

    def __init__(self, tree: PageTree, number: int) -> None:
        self.tree = tree
        self.number = number

    @property
    def tag(self) -> str:
        return self.tree.tags[self.number]

    @property
    def attrib(self) -> Attributes:
        return self.tree.attributes[self.number]

    def get(self, name: str) -> str | None:
        """An attribute's value: "" where it has none, None where the element lacks the attribute."""
        return self.tree.attributes[self.number].get(name)

    def getparent(self) -> "Node | None":
        parent = self.tree.parent_list[self.number]
        return Node(self.tree, parent) if parent >= 0 else None

    def getprevious(self) -> "Node | None":
        """The sibling before."""
        siblings = self._siblings()
        place = siblings.index(self.number)
        return Node(self.tree, siblings[place - 1]) if place else None

    def __len__(self) -> int:
        """The number of children."""
        return len(self.tree.children(self.number))

    def __iter__(self) -> Iterator["Node"]:
        """The children."""
        return (Node(self.tree, child) for child in self.tree.children(self.number))

    def descendants(self) -> Iterator["Node"]:
        """All elements inside, in document order."""
        return (Node(self.tree, each) for each in range(self.number + 1, self.tree.end_list[self.number]))

    @property
    def text(self) -> str:
        """Text before the first child."""
        tree, number = self.tree, self.number
        has_child = tree.end_list[number] > number + 1
        stop = tree.starts[number + 1] if has_child else tree.stops[number]
        return tree.text_between(int(tree.starts[number]), int(stop))

    @property
    def tail(self) -> str:
        """Text behind the element, up to its next sibling or its parent's end."""
        tree, number = self.tree, self.number
        parent, end = tree.parent_list[number], tree.end_list[number]
        if parent < 0:
            return ""
        stop = tree.starts[end] if end < tree.end_list[parent] else tree.stops[parent]
        return tree.text_between(int(tree.stops[number]), int(stop))

    def text_content(self) -> str:
        """All text inside."""
        return self.tree.text_of(self.number)

    def itertext(self) -> Iterator[str]:
        """All text inside, cut where an element begins or ends."""
        tree, number = self.tree, self.number
        inside = slice(number, tree.end_list[number])
        cuts = sorted({*tree.starts[inside].tolist(), *tree.stops[inside].tolist()})
        for start, stop in pairwise(cuts):
            if text := tree.text_between(start, stop):
                yield text

    def _siblings(self) -> list[int]:
        parent = self.tree.parent_list[self.number]
        return self.tree.children(parent) if parent >= 0 else [self.number]
