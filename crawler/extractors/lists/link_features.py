"""What is measured of a group of links, as one row of numbers: the ground on which it is judged."""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from math import log1p

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.lists.class_words import CLASS_WORDS, class_mask, is_more, looks_like_time, width
from crawler.extractors.lists.link_groups import Grouping, LinkGroup
from crawler.extractors.lists.link_urls import LinkUrl
from crawler.extractors.lists.list_kinds import Announced, announced_by
from crawler.extractors.tree.outline import Anchor

_SAMPLED = 5  # links of a group that are looked at; the others are set alike

_TAGS = (
    "nav",
    "header",
    "footer",
    "aside",
    "main",
    "article",
    "section",
    "ul",
    "ol",
    "li",
    "table",
    "p",
    "h2",
    "h3",
    "h4",
    "h5",
    "figure",
    "form",
    "dl",
    "span",
    "b",
)
_LEVELS = 12


class GroupReader:
    """Measures the groups of one page."""

    def __init__(self, grouping: Grouping, body: AbstractSet[int]) -> None:
        self.outline = grouping.outline
        self.reader = grouping.reader
        self.body = body
        self.first_body = min(body, default=0)
        self.last_body = max(body, default=-1)
        self.groups = grouping.groups()
        self._masks: dict[int, int] = {}
        self._page_pattern = self.reader.page.pattern if self.reader.page else None
        self._hrefs: dict[str, list[int]] = {}
        self._mean_widths: list[float] = []
        for number, group in enumerate(self.groups):
            for anchor in group.anchors:
                self._hrefs.setdefault(anchor.href, []).append(number)
            sampled = group.anchors[:_SAMPLED]
            self._mean_widths.append(sum(width(anchor.text) for anchor in sampled) / len(sampled))
        self._body_node = self._place_of_body()

    def _place_of_body(self) -> int:
        if not self.body:
            return 0
        first, last = self.outline.blocks[self.first_body].node, self.outline.blocks[self.last_body].node
        return self.outline.common_ancestor(first, last)

    def mask(self, node: int) -> int:
        if node not in self._masks:
            self._masks[node] = class_mask(self.outline.words(node))
        return self._masks[node]

    def rows(self, numbers: Sequence[int]) -> NDArray[np.float64]:
        """A row of measurements for each group that `numbers` names."""
        return np.array([self.row(number) for number in numbers], dtype=np.float64)

    def row(self, number: int) -> list[float]:
        group = self.groups[number]
        step = max(1, len(group.anchors) // _SAMPLED)
        anchors = group.anchors[::step][:_SAMPLED]
        links = [link for anchor in anchors if (link := self.reader.read(anchor.href)) is not None]
        return [
            *self._address_features(anchors, links),
            *self._text_features(group, anchors),
            *self._heading_features(group, number),
            *self._place_features(group),
            *self._path_features(anchors[0]),
            *self._repeat_features(group, number),
        ]

    def _address_features(self, anchors: list[Anchor], links: list[LinkUrl]) -> list[float]:
        count = len(links) or 1
        page = self.reader.page
        patterns = Counter(link.pattern for link in links)
        return [
            len(links) / len(anchors),
            sum(link.own for link in links) / count,
            sum(link.same_host for link in links) / count,
            sum(link.self_link for link in links) / count,
            sum(link.article for link in links) / count,
            sum(min(link.slug, 10) for link in links) / count,
            sum(min(link.digits, 12) for link in links) / count,
            sum(link.dated for link in links) / count,
            sum(min(link.depth, 8) for link in links) / count,
            sum(link.extension for link in links) / count,
            sum(link.section for link in links) / count,
            sum(link.tag for link in links) / count,
            sum(link.category for link in links) / count,
            sum(link.author for link in links) / count,
            sum(link.file for link in links) / count,
            sum(link.pattern == self._page_pattern for link in links) / count,
            max(patterns.values(), default=0) / count,
            (sum(link.depth for link in links) / count - page.depth) if page else 0.0,
            (sum(min(link.slug, 10) for link in links) / count - min(page.slug, 10)) if page else 0.0,
            (sum(link.dated for link in links) / count - page.dated) if page else 0.0,
            (sum(link.extension for link in links) / count - page.extension) if page else 0.0,
            (sum(min(link.digits, 12) for link in links) / count - min(page.digits, 12)) if page else 0.0,
            float(page is None),
        ]

    def _text_features(self, group: LinkGroup, anchors: list[Anchor]) -> list[float]:
        widths = [width(anchor.text) for anchor in anchors]
        count = len(anchors)
        blocks = [self.outline.blocks[anchor.block] for anchor in anchors if anchor.block is not None]
        lead = announced_by(group.lead) if group.lead else Announced.NOTHING
        return [
            sum(widths) / count,
            max(widths),
            min(widths),
            sum(not anchor.text for anchor in anchors) / count,
            sum(anchor.image is not None for anchor in anchors) / count,
            sum(width(anchor.alt) for anchor in anchors) / count,
            sum(is_more(anchor.text) for anchor in anchors) / count,
            sum(anchor.text[:1].isdigit() for anchor in anchors) / count,
            sum(looks_like_time(anchor.text) for anchor in anchors) / count,
            sum(block.linked / len(block.text) for block in blocks) / (len(blocks) or 1),
            sum(width(block.text) for block in blocks) / (len(blocks) or 1),
            sum(len(block.anchors) for block in blocks) / (len(blocks) or 1),
            sum(block.tag in ("h2", "h3", "h4", "h5", "h6") for block in blocks) / count,
            float(group.in_sentence),
            float(bool(group.lead)),
            float(bool(lead & (Announced.RELATED | Announced.TOPIC))),
            float(bool(lead & Announced.TAGS)),
            float(bool(lead & Announced.OTHER)),
        ]

    def _heading_features(self, group: LinkGroup, number: int) -> list[float]:
        heading = group.heading
        if heading is None:
            return [0.0] * 8 + [0.0, 0.0, 0.0, 20.0, 20.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
        first = group.anchors[0]
        start = heading.block.number
        stop = self.block_of(first)
        opening = self.block_of(self.outline.anchors[heading.first])
        plain = sum(
            len(block.text) - block.linked for block in self.outline.blocks[start + 1 : min(opening, start + 30)]
        )
        inside = heading.stop - heading.first
        siblings = [self._mean_widths[other] for other in heading.groups]
        return [
            *(float(bool(heading.announced & flag)) for flag in Announced if flag),
            1.0,
            float(heading.block.tag[1]) if heading.block.tag in ("h2", "h3", "h4", "h5", "h6") else 0.0,
            float(width(heading.block.text)),
            min(log1p(max(0, stop - start)), 20.0),
            log1p(plain),
            log1p(inside),
            len(group.anchors) / max(1, inside),
            float(heading.block.linked > 0),
            self._mean_widths[number] / (max(siblings) or 1.0),
            float(len(heading.groups)),
            max(siblings),
        ]

    def block_of(self, anchor: Anchor) -> int:
        """The block of a link; of an image-only one that of the next link with text."""
        return self._anchor_blocks[anchor.number]

    @cached_property
    def _anchor_blocks(self) -> list[int]:
        following = max(0, len(self.outline.blocks) - 1)
        blocks = [following] * len(self.outline.anchors)
        for anchor in reversed(self.outline.anchors):
            following = following if anchor.block is None else anchor.block
            blocks[anchor.number] = following
        return blocks

    def _place_features(self, group: LinkGroup) -> list[float]:
        first, last = self.block_of(group.anchors[0]), self.block_of(group.anchors[-1])
        total = len(self.outline.blocks) or 1
        common = self.outline.common_ancestor(group.place, self._body_node) if self.outline.nodes else 0
        depths = self.outline.depths
        return [
            first / total,
            float(first < self.first_body),
            float(self.first_body <= first <= self.last_body),
            float(first > self.last_body),
            min(first - self.last_body, 200.0) if first > self.last_body else 0.0,
            min(self.first_body - first, 200.0) if first < self.first_body else 0.0,
            float(common == self._body_node),
            float(depths[self._body_node] - depths[common]),
            float(depths[group.place] - depths[common]),
            float(depths[common]),
            sum(number in self.body for number in range(first, last + 1)) / (last - first + 1),
            float(last - first),
            total,
        ]

    def _path_features(self, anchor: Anchor) -> list[float]:
        reached = [0.0] * len(CLASS_WORDS)
        tags = dict.fromkeys(_TAGS, 0.0)
        node, seen = anchor.node, 0
        parents, names = self.outline.parents, self.outline.tags
        for level in range(_LEVELS):
            if node < 0:
                break
            mask = self.mask(node)
            fresh = mask & ~seen
            if fresh:
                seen |= fresh
                for position in range(len(reached)):
                    if fresh >> position & 1:
                        reached[position] = 1.0 / (1 + level)
            if tags.get(names[node]) == 0.0:
                tags[names[node]] = 1.0 / (1 + level)
            node = parents[node]
        return [*reached, *tags.values()]

    def _repeat_features(self, group: LinkGroup, number: int) -> list[float]:
        count = len(group.anchors)
        hrefs = {anchor.href for anchor in group.anchors}
        shared = [href for href in hrefs if any(other != number for other in self._hrefs[href])]
        beside = [
            other
            for href in shared
            for other in self._hrefs[href]
            if other != number and self.groups[other].heading is group.heading
        ]
        first, last = self.block_of(group.anchors[0]), self.block_of(group.anchors[-1])
        between = self.outline.blocks[first : min(last, first + 40)]
        span = (group.anchors[-1].number - group.anchors[0].number + 1) / count
        return [
            log1p(count),
            len(hrefs) / count,
            len(shared) / len(hrefs),
            len(set(beside)) and len(beside) / len(hrefs),
            max((self._mean_widths[other] for other in beside), default=0.0) - self._mean_widths[number],
            len(between) / max(1, min(count - 1, 40)) if count > 1 else 0.0,
            sum(len(block.text) - block.linked for block in between) / max(1, count - 1) if count > 1 else 0.0,
            sum(len(block.text) < 40 and looks_like_time(block.text) for block in between) / max(1, count - 1),
            span,
            float(self.outline.depths[group.anchors[0].node] - self.outline.depths[group.place]),
        ]
