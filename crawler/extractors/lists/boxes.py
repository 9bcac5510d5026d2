"""Class names of the nodes of one page, each read once: what tells one list from the next."""

from functools import lru_cache

import numpy as np

from crawler.extractors.lists.class_words import MARKED_WORDS, WORD_MARKS
from crawler.extractors.tree.outline import Outline
from crawler.markup.text import letter_table

_WITHOUT_DIGITS = letter_table("0123456789", "")
# Words of a class that tell one item of a list from its neighbours.
_STATES = frozenset("first last active current odd even selected open closed show hidden on off left right".split())
# WordPress writes the article's categories and tags into the class of its card.
_OF_ARTICLE = ("category-", "tag-", "post-", "author-", "format-", "status-", "type-", "has-")


class Boxes:
    __slots__ = ("_found", "_near", "_outline", "class_marks", "marks", "shapes")

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self.shapes: list[str] = [""] * len(outline.tags)
        """By node; "" for those that were not asked for yet."""
        self.class_marks, of_ids = outline.names.bits(MARKED_WORDS, WORD_MARKS)
        """Of each node the bits of `class_words.MARKS` that its class holds."""
        self._found = self.class_marks | of_ids
        self.marks: list[int] = self._found.tolist()
        """Those of class and id."""
        self._near: dict[tuple[int, int], list[bool]] = {}

    def shape(self, node: int) -> str:
        """Tag and class names, without what tells one item of a list from the next; ends with a dot without any."""
        shape = self.shapes[node]
        if not shape:
            outline = self._outline
            classes, tag = outline.classes[node], outline.tags[node]
            shape = self.shapes[node] = _shape(tag, classes) if classes else tag + "."
        return shape

    def is_near(self, node: int, marks: int, *, levels: int) -> bool:
        """One of the marks is on the node itself or on one of those around it, so many altogether.

        Found for all nodes once it is asked of one: most pages have few marked so, and many links.
        """
        near = self._near.get((marks, levels))
        if near is None:
            near = self._near[marks, levels] = self._nodes_near(marks, levels)
        return near[node]

    def _nodes_near(self, marks: int, levels: int) -> list[bool]:
        marked = self._found & marks != 0
        above = np.maximum(self._outline.columns.parents, 0)
        near = marked
        for _ in range(levels - 1):
            near = marked | near[above]
        nodes: list[bool] = near.tolist()
        return nodes


@lru_cache(maxsize=32768)
def _shape(tag: str, classes: str) -> str:
    if classes.isalpha() and classes not in _STATES:
        return f"{tag}.{classes}"
    names = set(classes.translate(_WITHOUT_DIGITS).split()) - _STATES
    return f"{tag}.{'.'.join(sorted([name for name in names if not name.startswith(_OF_ARTICLE)]))}"
