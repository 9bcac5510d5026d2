"""Tabs: lists in one place, of which a row of labels shows one at a time."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from crawler.extractors.lists.list_kinds import Announced, announced_by
from crawler.extractors.tree.outline import Anchor, Outline, TextBlock

_ARTICLES = Announced.RELATED | Announced.POPULAR | Announced.LATEST
_LONGEST = 40  # letters of a label
_LEVELS = 8  # from a list up to the box that its tab shows


class Tabs:
    """The labels of one page that lead to a place on it and announce articles: those of slides part no list."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._labels = {
            anchor.href[1:]: outline.blocks[anchor.block]._replace(text=anchor.text)
            for anchor in outline.anchors
            if len(anchor.href) > 1
            and anchor.href[0] == "#"
            and anchor.block is not None
            and 0 < len(anchor.text) <= _LONGEST
            and announced_by(anchor.text) & _ARTICLES
        }

    def parts(self, anchors: Sequence[Anchor], *, place: int) -> list[tuple[list[Anchor], int]]:
        """The links of each tab with the lowest node around them; all together, in `place`, where no tab parts them."""
        shown = [self._shown_by(anchor.node) for anchor in anchors] if self._labels else []
        if len(set(shown) - {None}) < 2:  # of "Most read | Yesterday | This week" only one tells
            return [(list(anchors), place)] if anchors else []
        found = []
        for _, members in groupby(zip(shown, anchors, strict=True), key=itemgetter(0)):
            part = [anchor for _, anchor in members]
            found.append((part, self._outline.common_ancestor(part[0].node, part[-1].node)))
        return found

    def label(self, place: int, *, heading: TextBlock | None) -> TextBlock | None:
        """The label of the tab that shows the node, with no more of its line than the label.

        None, too, where a heading inside the tab says more of the list than the tab does.
        """
        node = self._shown_by(place) if self._labels else None
        if node is None:
            return None
        label = self._labels[self._outline.attributes[node]["id"]]
        is_inside = heading is not None and heading.number > label.number
        return label if label.node < node and not is_inside else None

    def _shown_by(self, place: int) -> int | None:
        """The box around the node that a label leads to."""
        outline, node = self._outline, place
        for _ in range(_LEVELS):
            if node < 0:
                break
            if outline.attributes[node].get("id", "") in self._labels:
                return node
            node = outline.parents[node]
        return None
