"""Groups of links: links set alike, in repeated markup under one heading.

The unit that is judged as a whole: the headlines of one list, their pictures, their section labels, a menu, a row of
tags.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from crawler.extractors.class_words import is_more, width
from crawler.extractors.link_urls import LinkReader
from crawler.extractors.list_kinds import Announced, announced_by
from crawler.extractors.outline import Anchor, Outline, TextBlock

_HEADING_TAGS = frozenset("h1 h2 h3 h4 h5 h6 dt legend caption th summary".split())
_HEADING_WORDS = frozenset(
    "title heading head header headline hd tit titre titulo caption subtitle heading label".split()
)
_DIGITS = re.compile(r"\d+")
# Words of a class that tell one item of a list from its neighbours.
_STATES = frozenset("first last active current odd even selected open closed show hidden on off left right".split())
_CLIMB = 6  # levels from a heading up to the box that holds its list: h2 in three wrappers, the list in another
_REACH = 8  # levels from a link up to the node that holds it and the next link of its list
_HEADING_LENGTH = 80
_PLAIN_HEADING_LENGTH = 40  # letters of a heading that nothing but its words tells from other lines
_LISTS = ~Announced.OTHER
# WordPress writes the article's categories and tags into the class of its card.
_OF_ARTICLE = ("category-", "tag-", "post-", "author-", "format-", "status-", "type-", "has-")
_MORE_LENGTH = 12  # letters of a "Show all" beside a heading that is_more does not know
_LEAD_LENGTH = 60
_PLAIN_LEAD_LENGTH = 24  # of a lead-in that no colon ends
_LEAD_ENDS = (":", "：", "→", "»", ">")
_SEPARATORS = " \t,，、|·•;；/&"
_NOWHERE = -1


@dataclass(slots=True)
class Heading:
    """A line that may head a list."""

    block: TextBlock
    announced: Announced
    scope: int
    """The node that holds the heading and its links; -1 where no link follows."""
    first: int
    """The first anchor after the heading, and one more than the last in scope."""
    stop: int
    shape: str
    groups: list["LinkGroup"] = field(default_factory=list)


@dataclass(slots=True)
class LinkGroup:
    """Links of one signature under one heading, in page order; never empty."""

    anchors: list[Anchor]
    heading: Heading | None
    lead: str
    """Text before the link in its own block, as "Read also:"; empty where the link begins its block."""
    in_sentence: bool
    """The links stand among other text of their block."""
    place: int = _NOWHERE
    """Lowest node that holds all the links."""


@lru_cache(maxsize=16384)
def _shape(tag: str, classes: str) -> str:
    """The tag and its class names without numbers and states: equal for the items of one list."""
    names = {_DIGITS.sub("", name) for name in classes.split() if not name.startswith(_OF_ARTICLE)} - _STATES
    return f"{tag}.{'.'.join(sorted(names))}"


class Grouping:
    """Finds the headings and groups of one page."""

    def __init__(self, outline: Outline, reader: LinkReader) -> None:
        self.outline = outline
        self.reader = reader
        self._shapes: dict[int, str] = {}
        self._settings: dict[int, dict[int, tuple[str, bool]]] = {}
        self.headings = self._find_headings()

    def shape(self, node: int) -> str:
        if node not in self._shapes:
            element = self.outline.nodes[node]
            self._shapes[node] = _shape(self.outline.tags[node], element.get("class") or "")
        return self._shapes[node]

    def groups(self) -> list[LinkGroup]:
        """Every link of the page in exactly one group, groups in the order of their first link."""
        open_groups: dict[tuple[object, ...], LinkGroup] = {}
        groups: list[LinkGroup] = []
        headings, waiting = iter(self.headings), None
        stack: list[Heading] = []
        waiting = next(headings, None)
        for anchor in self.outline.anchors:
            while waiting is not None and waiting.first <= anchor.number:
                self._enter(stack, waiting)
                waiting = next(headings, None)
            while stack and stack[-1].stop <= anchor.number:
                stack.pop()
            heading = stack[-1] if stack else None
            lead, in_sentence = self._setting(anchor)
            key = (id(heading), self._signature(anchor), lead, in_sentence)
            group = open_groups.get(key)
            if group is None or not self._near(group, anchor):
                group = LinkGroup([], heading, lead, in_sentence)
                open_groups[key] = group
                groups.append(group)
                if heading is not None:
                    heading.groups.append(group)
            self._add(group, anchor)
        return groups

    @staticmethod
    def _enter(stack: list[Heading], heading: Heading) -> None:
        while stack and (stack[-1].scope == heading.scope or stack[-1].stop <= heading.first):
            stack.pop()
        stack.append(heading)

    def _add(self, group: LinkGroup, anchor: Anchor) -> None:
        group.anchors.append(anchor)
        if group.place == _NOWHERE:
            group.place = anchor.node
        else:
            group.place = self.outline.common_ancestor(group.place, anchor.node)

    def _near(self, group: LinkGroup, anchor: Anchor) -> bool:
        common = self.outline.common_ancestor(group.anchors[-1].node, anchor.node)
        return self.outline.depths[anchor.node] - self.outline.depths[common] <= _REACH

    def _signature(self, anchor: Anchor) -> tuple[str, ...]:
        parents, node = self.outline.parents, anchor.node
        parent = parents[node]
        grandparent = parents[parent] if parent >= 0 else -1
        return (
            self.shape(node),
            self.shape(parent) if parent >= 0 else "",
            self.shape(grandparent) if grandparent >= 0 else "",
            "" if anchor.text else "image",
        )

    def _setting(self, anchor: Anchor) -> tuple[str, bool]:
        """The lead-in before a link, and whether the link is part of a sentence."""
        if anchor.block is None:
            return "", False
        if anchor.block not in self._settings:
            block = self.outline.blocks[anchor.block]
            self._settings[anchor.block] = _leads(block, [self.outline.anchors[number] for number in block.anchors])
        return self._settings[anchor.block].get(anchor.number, ("", False))

    def _find_headings(self) -> list[Heading]:
        found = [heading for block in self.outline.blocks if (heading := self._as_heading(block)) is not None]
        # Headlines of cards that are linked elsewhere in the card look like headings of one link each.
        lonely: dict[str, int] = {}
        for heading in found:
            if not heading.announced & _LISTS and heading.stop - heading.first <= 2:
                lonely[heading.shape] = lonely.get(heading.shape, 0) + 1
        return [
            heading
            for heading in found
            if heading.announced & _LISTS or heading.stop - heading.first > 2 or lonely[heading.shape] < 3
        ]

    def _as_heading(self, block: TextBlock) -> Heading | None:
        if len(block.text) > _HEADING_LENGTH:
            return None
        announced = announced_by(block.text)
        if block.tag == "h1" and not announced & _LISTS:
            return None  # the headline of the article; old pages set every heading as h1
        if not self._looks_like_heading(block) and not (
            announced & _LISTS and len(block.text) <= _PLAIN_HEADING_LENGTH
        ):
            return None
        if block.linked > 0.5 * len(block.text) and not self._may_be_linked_heading(block, announced):
            return None
        first = block.anchors.stop
        scope, stop = self._scope(block, first, short=bool(announced & Announced.TAGS))
        if scope == _NOWHERE:
            return None
        return Heading(block, announced, scope, first, stop, self.shape(block.node))

    def _looks_like_heading(self, block: TextBlock) -> bool:
        if block.tag in _HEADING_TAGS:
            return True
        return not _HEADING_WORDS.isdisjoint(self.outline.words(block.node))

    def _may_be_linked_heading(self, block: TextBlock, announced: Announced) -> bool:
        """A heading that leads to a section; not a headline of a list, not an entry of a menu."""
        anchors = [anchor for index in block.anchors if (anchor := self.outline.anchors[index]).block is not None]
        if len(anchors) != 1 or (anchors[0].text != block.text and block.linked >= len(block.text)):
            return False
        anchor = anchors[0]
        link = self.reader.read(anchor.href)
        if link is not None and link.article:
            return False
        if block.tag in _HEADING_TAGS:
            return bool(announced) or len(block.text) <= 40
        return bool(announced) and self._looks_like_heading(block)

    def _scope(self, block: TextBlock, first: int, *, short: bool) -> tuple[int, int]:
        """The box around a heading that holds links beyond a "show all" beside it; `short` ones may be all there is."""
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
        if stop - first > 3:
            return False
        return all(
            is_more(anchor.text) or (width(anchor.text) <= longest and (anchor.text or not anchor.image))
            for anchor in self.outline.anchors[first:stop]
        )


def _leads(block: TextBlock, anchors: list[Anchor]) -> dict[int, tuple[str, bool]]:
    """By number of the anchor: its lead-in, shared by the links that follow, and whether it is part of a sentence."""
    plain = len(block.text) - block.linked
    if plain <= 2:
        return {}
    in_sentence = plain > 0.5 * len(block.text) and plain > 40
    settings: dict[int, tuple[str, bool]] = {}
    place, lead = 0, ""
    for anchor in anchors:
        start = block.text.find(anchor.text, place) if anchor.text else -1
        if start < 0:
            continue
        gap = block.text[place:start].strip(_SEPARATORS)
        if len(gap) > 2:
            lead = _lead_in(gap)
        place = start + len(anchor.text)
        settings[anchor.number] = (lead, in_sentence and not lead)
    return settings


def _lead_in(gap: str) -> str:
    """The words right before a link that announce it: of "on May 3 in Tools. Tagged" the last."""
    if len(gap) <= _LEAD_LENGTH and gap.endswith(_LEAD_ENDS):
        return gap
    words = gap.split(" ")
    for count in range(1, min(len(words), 3) + 1):
        lead = " ".join(words[-count:])
        if len(lead) <= _PLAIN_LEAD_LENGTH and announced_by(lead) & (Announced.TAGS | Announced.ADJACENT):
            return lead
    return gap if len(gap) <= _PLAIN_LEAD_LENGTH and announced_by(gap) & _LISTS else ""
