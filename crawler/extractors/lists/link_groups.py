"""Groups of links: links set alike, in repeated markup under one heading.

The unit that is judged as a whole: the headlines of one list, their pictures, their section labels, a menu, a row of
tags.
"""

from dataclasses import dataclass

from crawler.extractors.lists.link_headings import Heading, Shapes, find_headings
from crawler.extractors.lists.link_urls import LinkReader
from crawler.extractors.lists.list_kinds import Announced, announced_by
from crawler.extractors.tree.outline import Anchor, Outline, TextBlock

_REACH = 8  # levels from a link up to the node that holds it and the next link of its list
_LISTS = ~Announced.OTHER
_SIGNED_LEVELS = 7
_LEAD_LENGTH = 60
_PLAIN_LEAD_LENGTH = 24  # of a lead-in that no colon ends
_LEAD_ENDS = (":", "：", "→", "»", ">")
_SEPARATORS = " \t,，、|·•;；/&"
_NOWHERE = -1


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


class Grouping:
    """Finds the headings and groups of one page."""

    def __init__(self, outline: Outline, reader: LinkReader) -> None:
        self.outline = outline
        self.reader = reader
        self.shapes = Shapes(outline)
        self._settings: dict[int, dict[int, tuple[str, bool]]] = {}
        self.headings = find_headings(outline, reader, self.shapes)

    def groups(self) -> list[LinkGroup]:
        """Every link of the page in exactly one group, groups in the order of their first link."""
        open_groups: dict[tuple[object, ...], LinkGroup] = {}
        groups: list[LinkGroup] = []
        headings = iter(self.headings)
        waiting = next(headings, None)
        stack: list[Heading] = []
        for anchor in self.outline.anchors:
            while waiting is not None and waiting.first <= anchor.number:
                self._enter(stack, waiting)
                waiting = next(headings, None)
            while stack and stack[-1].stop <= anchor.number:
                stack.pop()
            heading = stack[-1] if stack else None
            lead, in_sentence = self._setting(anchor)
            key = (id(heading), self._part(heading, anchor), self._signature(anchor), lead, in_sentence)
            group = open_groups.get(key)
            if group is None or not self._near(group, anchor):
                group = LinkGroup([], heading, lead, in_sentence)
                open_groups[key] = group
                if heading is not None:
                    heading.groups.append(len(groups))
                groups.append(group)
            self._add(group, anchor)
        return groups

    def _part(self, heading: Heading | None, anchor: Anchor) -> str:
        """The shape of that part of the heading's box in which the link stands: tags are no part of a list of cards."""
        if heading is None:
            return ""
        node, parents = anchor.node, self.outline.parents
        while parents[node] > heading.scope:
            node = parents[node]
        return self.shapes[node]

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
        """The shapes of the link and of the boxes around, as far as it takes to tell a bare list from the next."""
        parents, node = self.outline.parents, anchor.node
        shapes = [] if anchor.text else ["image"]
        classed = 0
        for level in range(_SIGNED_LEVELS):
            if node < 0:
                break
            shape = self.shapes[node]
            shapes.append(shape)
            classed += not shape.endswith(".")
            if level >= 2 and classed >= 2:
                break
            node = parents[node]
        return tuple(shapes)

    def _setting(self, anchor: Anchor) -> tuple[str, bool]:
        """The lead-in before a link, and whether the link is part of a sentence."""
        if anchor.block is None:
            return "", False
        if anchor.block not in self._settings:
            block = self.outline.blocks[anchor.block]
            self._settings[anchor.block] = _leads(block, [self.outline.anchors[number] for number in block.anchors])
        return self._settings[anchor.block].get(anchor.number, ("", False))


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
