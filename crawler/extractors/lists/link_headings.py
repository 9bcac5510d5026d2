"""Headings: the lines of a page that may head a list of links, and the box each of them heads."""

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from crawler.extractors.lists.boxes import Boxes
from crawler.extractors.lists.class_words import MARKS, is_more, looks_like_time, width
from crawler.extractors.lists.link_urls import LinkReader
from crawler.extractors.lists.list_kinds import Announced, announced_by
from crawler.extractors.tree.outline import Anchor, Outline, TextBlock

_HEADING_TAGS = frozenset("h1 h2 h3 h4 h5 h6 dt legend caption th summary".split())
_HEADING_WORD = MARKS["heading"]
_CLIMB = 6  # levels from a heading up to the box that holds its list: h2 in three wrappers, the list in another
_HEADING_LENGTH = 80
_PLAIN_LENGTH = 40  # letters of a heading that nothing but its words tells from other lines
_CLAUSES = re.compile(r"[，。；].")  # a sentence that has the word for "latest" in it is none
_LISTS = ~Announced.OTHER
_OF_LABELS = Announced.TAGS | Announced.HOT_TAGS | Announced.TOPIC
_BESIDE = 6  # links beside a heading: a "show all" and the switches of its tabs
_MORE_LENGTH = 24  # letters of a link beside a heading that leads to no article
_REACH = 15  # blocks
_NOWHERE = -1


@dataclass(slots=True)
class Heading:
    """A line that may head a list."""

    block: TextBlock
    announced: int
    scope: int
    """The node that holds the heading and its links."""
    first: int
    """The first anchor after the heading."""
    stop: int
    """One more than the last anchor in scope."""
    shape: str
    groups: list[int] = field(default_factory=list)
    """Numbers of the groups of links under it, in the order of their first link."""


def find_headings(outline: Outline, reader: LinkReader, boxes: Boxes) -> list[Heading]:
    """In page order; only those that links follow."""
    finder = _HeadingFinder(outline, reader, boxes)
    found = finder.headings()
    # Headlines of cards that are linked elsewhere in the card look like headings of one link each.
    lonely = Counter(
        heading.shape for heading in found if not heading.announced & _LISTS and heading.stop - heading.first <= 2
    )
    return [
        heading
        for heading in found
        if heading.announced & _LISTS or heading.stop - heading.first > 2 or lonely[heading.shape] < 3
    ]


class _HeadingFinder:
    def __init__(self, outline: Outline, reader: LinkReader, boxes: Boxes) -> None:
        self.outline = outline
        self.reader = reader
        self.boxes = boxes

    def headings(self) -> list[Heading]:
        found = []
        outline, columns = self.outline, self.outline.columns
        lengths, nodes = columns.block_lengths, columns.block_nodes
        short = (lengths <= _HEADING_LENGTH) & (columns.block_link_stops < len(outline.anchors))
        linked = 2 * columns.block_linked > lengths
        is_heading = np.array([tag in _HEADING_TAGS for tag in outline.tag_list])
        looks = is_heading[columns.tags[nodes]] | (self.boxes.class_marks[nodes] & _HEADING_WORD != 0)
        # Nine of ten short lines are labels of menus and cards: their words need not be looked at.
        asked = np.flatnonzero(short & (looks | (~linked & (lengths <= _PLAIN_LENGTH))))
        told = zip(asked.tolist(), looks[asked].tolist(), linked[asked].tolist(), strict=True)
        for number, has_look, is_linked in told:
            block = outline.blocks[number]
            if has_look or self._is_plain_heading(block):
                heading = self._heading(block, looks=has_look, linked=is_linked)
                if heading is not None:
                    found.append(heading)
        return found

    def _is_plain_heading(self, block: TextBlock) -> bool:
        """Lines that nothing but their words tells for headings are no sentences, and stand right above their list.

        Nor is one the source and time of the card above it: "某某快讯 · 2小时前".
        """
        if looks_like_time(block.text):
            return False
        following = self.outline.anchors[block.anchors.stop].block
        is_near = following is None or following - block.number <= _REACH
        return is_near and not _CLAUSES.search(block.text)

    def _heading(self, block: TextBlock, *, looks: bool, linked: bool) -> Heading | None:
        if block.linked and (self._leads_to_article(block) if linked else self._holds_headline(block)):
            return None
        announced = announced_by(block.text)
        if not _may_head(block, announced, looks=looks, linked=linked):
            return None
        scope, stop = self._scope(block, short=bool(announced & _OF_LABELS))
        if scope == _NOWHERE:
            return None
        return Heading(block, announced, scope, block.anchors.stop, stop, self.boxes.shape(block.node))

    def _leads_to_article(self, block: TextBlock) -> bool:
        """A headline of a list, not a heading that leads to a section; or one of several links in a row."""
        anchors = [self.outline.anchors[number] for number in block.anchors]
        anchors = [anchor for anchor in anchors if anchor.block is not None and not is_more(anchor.text)]
        if len(anchors) != 1:
            return True
        link = self.reader.read(anchors[0].href)
        return link is not None and link.article

    def _holds_headline(self, block: TextBlock) -> bool:
        """A link to an article and its date in one line: an item of a list, though its class calls it a title."""
        for number in block.anchors:
            anchor = self.outline.anchors[number]
            if anchor.block == block.number and not is_more(anchor.text):
                link = self.reader.read(anchor.href)
                if link is not None and link.article:
                    return True
        return False

    def _scope(self, block: TextBlock, *, short: bool) -> tuple[int, int]:
        """The box around a heading that holds links beyond a "show all" beside it; `short` ones may be all there is."""
        first = block.anchors.stop
        node = self.outline.parents[block.node] if block.tag in _HEADING_TAGS else block.node
        for _ in range(_CLIMB):
            if node < 0 or self.outline.tags[node] in ("body", "html"):
                break
            stop = self.outline.anchors_of(node).stop
            if stop > first and not self._only_more(first, stop, longest=0 if short else _MORE_LENGTH):
                return node, stop
            node = self.outline.parents[node]
        return _NOWHERE, _NOWHERE

    def _only_more(self, first: int, stop: int, *, longest: int) -> bool:
        """No more than a "show all", the switches of tabs, or a short link to another section."""
        if stop - first > _BESIDE:
            return False
        return all(self._is_beside(anchor, longest) for anchor in self.outline.anchors[first:stop])

    def _is_beside(self, anchor: Anchor, longest: int) -> bool:
        if is_more(anchor.text):
            return True
        if width(anchor.text) > longest or (not anchor.text and anchor.image):
            return self.reader.resolve(anchor.href) is None
        link = self.reader.read(anchor.href)
        return link is None or not link.article


def _may_head(block: TextBlock, announced: int, *, looks: bool, linked: bool) -> bool:
    if not announced & _LISTS and (not looks or block.tag == "h1"):
        return False  # the headline of the article, among others; old pages set every heading as h1
    return not linked or bool(announced) or (block.tag in _HEADING_TAGS and len(block.text) <= _PLAIN_LENGTH)
