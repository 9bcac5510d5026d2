"""What is measured of groups of links, a row of numbers for each: the ground on which they are judged.

All groups of a page are measured at once. What holds for a link or a heading is read into one row each, and summed over
the group; the rows of a page are one matrix.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain
from math import log1p

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.lists.class_words import CLASS_WORDS, is_more, looks_like_time, width
from crawler.extractors.lists.link_groups import Grouping, LinkGroup
from crawler.extractors.lists.link_headings import Heading
from crawler.extractors.lists.link_urls import NO_MEASURES, LinkUrl
from crawler.extractors.lists.list_kinds import FLAGS, Announced, announced_by
from crawler.extractors.tree.outline import Anchor

Floats = NDArray[np.float64]

_SAMPLED = 5  # links of a group that are looked at; the others are set alike
_LEVELS = 12
_TAGS = "nav header footer aside main article section ul ol li table p h2 h3 h4 h5 figure form dl span b".split()
_TAG_CODES = {tag: code for code, tag in enumerate(_TAGS)}
_NO_TAG = len(_TAGS)
_CLASS_BITS = np.arange(len(CLASS_WORDS))
_NEARNESS = 1.0 / (1 + np.arange(_LEVELS))
_LEVEL_OF_HEADING = {"h2": 2.0, "h3": 3.0, "h4": 4.0, "h5": 5.0, "h6": 6.0}
_NO_HEADING = (0.0,) * 11 + (20.0, 20.0) + (0.0,) * 6
_LONGEST_GAP = 40  # blocks between the links of a group that are looked at


class GroupReader:
    """Measures the groups of one page."""

    def __init__(self, grouping: Grouping, body: AbstractSet[int]) -> None:
        self.outline = grouping.outline
        self.boxes = grouping.boxes
        self.reader = grouping.reader
        self.body = frozenset(body)
        self.first_body = min(body, default=0)
        self.last_body = max(body, default=-1)
        self.groups = grouping.groups()
        self._mean_widths: dict[int, float] = {}
        self._widest: dict[int, float] = {}  # by the first group under a heading

    @cached_property
    def body_node(self) -> int:
        """The lowest node around the body; 0 for a page without one."""
        if not self.body:
            return 0
        first, last = self.outline.blocks[self.first_body].node, self.outline.blocks[self.last_body].node
        return self.outline.common_ancestor(first, last)

    def sampled(self, group: LinkGroup) -> list[Anchor]:
        anchors = group.anchors
        if len(anchors) <= _SAMPLED:
            return anchors
        return anchors[:: len(anchors) // _SAMPLED][:_SAMPLED]

    def mean_width(self, number: int) -> float:
        """Of the texts of a group's first links."""
        if number not in self._mean_widths:
            first = self.groups[number].anchors[:_SAMPLED]
            self._mean_widths[number] = sum(width(anchor.text) for anchor in first) / len(first)
        return self._mean_widths[number]

    def rows(self, numbers: Sequence[int]) -> Floats:
        """A row of measurements for each group that `numbers` names."""
        if not numbers:
            return np.zeros((0, 0))
        groups = [self.groups[number] for number in numbers]
        sampled = [self.sampled(group) for group in groups]
        counts = np.array([len(anchors) for anchors in sampled])
        starts = np.cumsum(counts) - counts
        flat = list(chain.from_iterable(sampled))
        columns = (
            self._addresses(flat, starts, counts),
            self._texts(flat, starts, counts),
            _matrix([self._heading_row(group) for group in groups]),
            _matrix([self._place_row(group) for group in groups]),
            self._paths(groups),
            _matrix([self._repeat_row(group) for group in groups]),
        )
        return np.concatenate(columns, axis=1)

    def _addresses(self, anchors: list[Anchor], starts: NDArray[np.int64], counts: NDArray[np.int64]) -> Floats:
        page = self.reader.page
        links = [self.reader.read(anchor.href) for anchor in anchors]
        pattern = page.pattern if page else None
        each = _matrix([_link_row(link, pattern) for link in links])
        sums = np.add.reduceat(each, starts)
        read = np.maximum(sums[:, :1], 1)
        means = sums[:, 1:] / read
        majority = [_majority(links[start : start + count]) for start, count in zip(starts, counts, strict=True)]
        # Slug, digits, date, extension and depth against those of the page's own address.
        against = means[:, 5:10] - np.array(page.measures[1:6]) if page else np.zeros((len(starts), 5))
        unknown = np.full((len(starts), 1), float(page is None))
        return np.concatenate(
            (sums[:, :1] / counts[:, None], means, np.array(majority)[:, None] / read, against, unknown), axis=1
        )

    def _texts(self, anchors: list[Anchor], starts: NDArray[np.int64], counts: NDArray[np.int64]) -> Floats:
        each = _matrix([self._text_row(anchor) for anchor in anchors])
        sums = np.add.reduceat(each, starts)
        shown = np.maximum(sums[:, 7:8], 1)  # image-only links stand in no block
        widths = each[:, :1]
        return np.concatenate(
            (
                sums[:, :7] / counts[:, None],
                sums[:, 8:12] / shown,
                np.maximum.reduceat(widths, starts),
                np.minimum.reduceat(widths, starts),
            ),
            axis=1,
        )

    def _text_row(self, anchor: Anchor) -> tuple[float, ...]:
        text = anchor.text
        if anchor.block is None:
            image = anchor.image is not None
            return (width(text), not text, image, width(anchor.alt), is_more(text), False, False, 0, 0, 0, 0, 0)
        block = self.outline.blocks[anchor.block]
        wide = width(text)
        return (
            wide,
            False,
            anchor.image is not None,
            width(anchor.alt),
            is_more(text),
            text[:1].isdigit(),
            wide <= 40 and looks_like_time(text),
            1,
            block.linked / len(block.text),
            wide if block.text == text else width(block.text),
            len(block.anchors),
            block.tag in _LEVEL_OF_HEADING,
        )

    def _heading_row(self, group: LinkGroup) -> tuple[float, ...]:
        lead = announced_by(group.lead) if group.lead else 0
        told = (
            bool(group.lead),
            bool(lead & (Announced.RELATED | Announced.TOPIC)),
            bool(lead & Announced.TAGS),
            bool(lead & Announced.OTHER),
        )
        heading = group.heading
        if heading is None:
            return (*told, *_NO_HEADING)
        inside = heading.stop - heading.first
        widest = self._widest_under(heading)
        behind = self.block_of(group.anchors[0]) - heading.block.number
        return (
            *told,
            *[bool(heading.announced & flag) for flag in FLAGS],
            1.0,
            _LEVEL_OF_HEADING.get(heading.block.tag, 0.0),
            width(heading.block.text),
            log1p(max(0, behind)),
            log1p(self._plain_below(heading)),
            log1p(inside),
            len(group.anchors) / max(1, inside),
            heading.block.linked > 0,
            self.mean_width(group.number) / (widest or 1.0),
            len(heading.groups),
            widest,
        )

    def _widest_under(self, heading: Heading) -> float:
        first = heading.groups[0]
        if first not in self._widest:
            self._widest[first] = max([self.mean_width(other) for other in heading.groups])
        return self._widest[first]

    def _plain_below(self, heading: Heading) -> int:
        """Letters of plain text between a heading and its first link."""
        start = heading.block.number
        stop = min(self.block_of(self.outline.anchors[heading.first]), start + 30)
        return sum([len(block.text) - block.linked for block in self.outline.blocks[start + 1 : stop]])

    def block_of(self, anchor: Anchor) -> int:
        """The block of a link; of an image-only one that of the next link with text."""
        return self._anchor_blocks[anchor.number] if anchor.block is None else anchor.block

    @cached_property
    def _anchor_blocks(self) -> list[int]:
        following = max(0, len(self.outline.blocks) - 1)
        blocks = [following] * len(self.outline.anchors)
        for anchor in reversed(self.outline.anchors):
            following = following if anchor.block is None else anchor.block
            blocks[anchor.number] = following
        return blocks

    def _place_row(self, group: LinkGroup) -> tuple[float, ...]:
        first, last = self.block_of(group.anchors[0]), self.block_of(group.anchors[-1])
        total = len(self.outline.blocks) or 1
        common = self.outline.common_ancestor(group.place, self.body_node) if self.outline.tags else 0
        depths = self.outline.depths
        return (
            first / total,
            first < self.first_body,
            self.first_body <= first <= self.last_body,
            first > self.last_body,
            max(min(first - self.last_body, 200), 0),
            max(min(self.first_body - first, 200), 0),
            common == self.body_node,
            depths[self.body_node] - depths[common],
            depths[group.place] - depths[common],
            depths[common],
            len(self.body.intersection(range(first, last + 1))) / (last - first + 1),
            last - first,
            total,
        )

    def _paths(self, groups: list[LinkGroup]) -> Floats:
        """How near to the first link the words of class names and the tags are found."""
        parents, tags, marks_of = self.outline.parents, self.outline.tags, self.boxes.marks
        marks: list[int] = []
        codes: list[int] = []
        for group in groups:
            node, level = group.anchors[0].node, 0
            while level < _LEVELS and node >= 0:
                marks.append(marks_of[node])
                codes.append(_TAG_CODES.get(tags[node], _NO_TAG))
                node = parents[node]
                level += 1
            marks.extend([0] * (_LEVELS - level))
            codes.extend([_NO_TAG] * (_LEVELS - level))
        found = np.array([marks, codes]).reshape(2, len(groups), _LEVELS)
        words = (found[0, :, :, None] >> _CLASS_BITS & 1) * _NEARNESS[:, None]
        shown = (found[1, :, :, None] == np.arange(_NO_TAG)) * _NEARNESS[:, None]
        return np.concatenate((words.max(axis=1), shown.max(axis=1)), axis=1)

    @cached_property
    def _hrefs(self) -> dict[str, list[int]]:
        """The groups in which each link stands."""
        hrefs: dict[str, list[int]] = {}
        for number, group in enumerate(self.groups):
            for anchor in group.anchors:
                hrefs.setdefault(anchor.href, []).append(number)
        return hrefs

    def _repeat_row(self, group: LinkGroup) -> tuple[float, ...]:
        count, number = len(group.anchors), group.number
        hrefs = {anchor.href for anchor in group.anchors}
        elsewhere = [others for href in hrefs if len(others := self._hrefs[href]) > 1 and max(others) != min(others)]
        beside = [
            other
            for others in elsewhere
            for other in others
            if other != number and self.groups[other].heading is group.heading
        ]
        first, last = self.block_of(group.anchors[0]), self.block_of(group.anchors[-1])
        between = self.outline.blocks[first : min(last, first + _LONGEST_GAP)]
        links_between = max(1, count - 1)
        plain = [block for block in between if block.linked != len(block.text)]
        return (
            log1p(count),
            len(hrefs) / count,
            len(elsewhere) / len(hrefs),
            len(beside) / len(hrefs),
            max([self.mean_width(other) for other in beside], default=0.0) - self.mean_width(number),
            len(between) / min(links_between, _LONGEST_GAP),
            sum([len(block.text) - block.linked for block in plain]) / links_between,
            sum([len(block.text) < 40 and looks_like_time(block.text) for block in plain]) / links_between,
            (group.anchors[-1].number - group.anchors[0].number + 1) / count,
            self.outline.depths[group.anchors[0].node] - self.outline.depths[group.place],
        )


def _matrix(rows: list[tuple[float, ...]]) -> Floats:
    width_of_row = len(rows[0])
    flat = np.fromiter(chain.from_iterable(rows), np.float64, len(rows) * width_of_row)
    return flat.reshape(-1, width_of_row)


def _link_row(link: LinkUrl | None, pattern: str | None) -> tuple[float, ...]:
    """Zeros for a link that leads to no page."""
    if link is None:
        return (0.0,) * (5 + len(NO_MEASURES))
    return (1.0, link.own, link.same_host, link.self_link, link.pattern == pattern, *link.measures)


def _majority(links: list[LinkUrl | None]) -> int:
    """Links whose addresses are built alike."""
    patterns = [link.pattern for link in links if link is not None]
    return max(map(patterns.count, patterns), default=0)
