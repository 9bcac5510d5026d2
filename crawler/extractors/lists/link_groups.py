"""Groups of links: links set alike, in repeated markup under one heading.

The unit that is judged as a whole: the headlines of one list, their pictures, their section labels, a menu, a row of
tags.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from crawler.extractors.lists.boxes import Boxes
from crawler.extractors.lists.class_words import width
from crawler.extractors.lists.link_headings import Heading, find_headings
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
_ALONE = ("", False)


@dataclass(slots=True)
class LinkGroup:
    """Links of one signature under one heading, in page order; never empty."""

    anchors: list[Anchor]
    heading: Heading | None
    lead: str
    """Text before the link in its own block, as "Read also:"; empty where the link begins its block."""
    in_sentence: bool
    """The links stand among other text of their block."""
    number: int
    """Place in the page's row of groups."""
    place: int = _NOWHERE
    """Lowest node that holds all the links."""


class Grouping:
    """Finds the headings and groups of one page."""

    def __init__(self, outline: Outline, reader: LinkReader) -> None:
        self.outline = outline
        self.reader = reader
        self.boxes = Boxes(outline)
        self._surroundings: dict[int, int] = {}
        self._parts: dict[tuple[int, int], str] = {}
        self._numbers: dict[tuple[str, ...], int] = {}
        self.headings = find_headings(outline, reader, self.boxes)

    def groups(self) -> list[LinkGroup]:
        """Every link of the page in exactly one group, groups in the order of their first link."""
        open_groups: dict[tuple[object, ...], LinkGroup] = {}
        groups: list[LinkGroup] = []
        headings, settings = self._headings_of_anchors(), self._settings()
        parents, shapes = self.outline.parents, self.boxes.shapes
        # Runs once for each link of each page: what is asked of every link stands here, not in functions.
        for anchor in self.outline.anchors:
            number, node = anchor.number, anchor.node
            heading, setting = headings[number], settings.get(number, _ALONE)
            parent = parents[node]
            above = parents[parent]
            shape, box = shapes[node] or self.boxes.shape(node), shapes[parent] or self.boxes.shape(parent)
            around = self._around(above, (shape[-1] != ".") + (box[-1] != "."))
            if heading is None:
                part = ""
            elif above > heading.scope:
                part = self._part(heading.scope, above)
            else:
                part = box if parent > heading.scope else shape
            key = (id(heading), part, shape, box, around, not anchor.text, setting)
            group = open_groups.get(key)
            last = -1 if group is None else group.anchors[-1].node
            if group is None or not (above <= last or self._is_near(last, node)):
                group = LinkGroup([], heading, *setting, number=len(groups))
                open_groups[key] = group
                if heading is not None:
                    heading.groups.append(len(groups))
                groups.append(group)
            group.anchors.append(anchor)
        for group in groups:
            group.place = self._place(group.anchors[0].node, group.anchors[-1].node)
        return groups

    def _headings_of_anchors(self) -> list[Heading | None]:
        """For each link the last heading before it whose box holds it."""
        headings: list[Heading | None] = [None] * len(self.outline.anchors)
        for heading in self.headings:
            headings[heading.first : heading.stop] = [heading] * (heading.stop - heading.first)
        return headings

    def _part(self, scope: int, node: int) -> str:
        """The shape of that part of a heading's box in which the node stands: tags are no part of a list of cards.

        Found once for all links of one list.
        """
        place = scope, node
        part = self._parts.get(place)
        if part is None:
            parents = self.outline.parents
            while (parent := parents[node]) > scope:
                node = parent
            part = self._parts[place] = self.boxes.shape(node)
        return part

    def _place(self, first: int, last: int) -> int:
        """The lowest node around all nodes from the first to the last: they are numbered in document order."""
        parents = self.outline.parents
        while last > first:
            last = parents[last]
        return last

    def _is_near(self, last: int, node: int) -> bool:
        parents = self.outline.parents
        for _ in range(_REACH + 1):
            if node <= last:
                return True
            node = parents[node]
        return False

    def _around(self, node: int, classed: int) -> int:
        """A number for the shapes of the boxes around, as far as it takes to tell a bare list from the next.

        `node` is two levels above the link; found once for all links of one list.
        """
        place = 3 * node + classed
        found = self._surroundings.get(place)
        if found is None:
            shapes = tuple(self._shapes_around(node, classed))
            found = self._surroundings[place] = self._numbers.setdefault(shapes, len(self._numbers))
        return found

    def _shapes_around(self, node: int, classed: int) -> Iterator[str]:
        parents, shapes = self.outline.parents, self.boxes.shapes
        for _ in range(2, _SIGNED_LEVELS):
            if node < 0:
                break
            shape = shapes[node] or self.boxes.shape(node)
            yield shape
            classed += shape[-1] != "."
            if classed >= 2:
                break
            node = parents[node]

    def _settings(self) -> dict[int, tuple[str, bool]]:
        """By number of the anchor, where other text stands in its block: its lead-in, and if it is in a sentence."""
        settings: dict[int, tuple[str, bool]] = {}
        anchors = self.outline.anchors
        for block in self.outline.blocks:
            if block.linked and len(block.text) - block.linked > 1:
                settings.update(_leads(block, [anchors[number] for number in block.anchors]))
        return settings


def _leads(block: TextBlock, anchors: list[Anchor]) -> dict[int, tuple[str, bool]]:
    """By number of the anchor: its lead-in, shared by the links that follow, and whether it is part of a sentence."""
    plain = len(block.text) - block.linked
    is_long = plain > 40 or (plain > 15 and width(block.text) * plain > 40 * len(block.text))
    in_sentence = plain > 0.5 * len(block.text) and is_long
    settings: dict[int, tuple[str, bool]] = {}
    place, lead = 0, ""
    for anchor in anchors:
        start = block.text.find(anchor.text, place) if anchor.text else -1
        if start < 0:
            continue
        gap = block.text[place:start].strip(_SEPARATORS)
        if len(gap) > 2 or (len(gap) == 2 and announced_by(gap) & Announced.TAGS):  # 标签
            lead = _lead_in(gap)
        place = start + len(anchor.text)
        # "The port _bought a second crane_ last year": most of it is link, and it is a sentence all the same.
        goes_on = is_long and len(gap) > 2 and anchor.text[0].islower()
        settings[anchor.number] = (lead, (in_sentence or goes_on) and not lead)
    return settings


def _lead_in(gap: str) -> str:
    """The words right before a link that announce it: of "on May 3 in Tools. Tagged" the last."""
    words = gap.split(" ")
    if len(gap) <= _LEAD_LENGTH and gap.endswith(_LEAD_ENDS):
        # "作者：某某 时间：2024-05-01 标签：" has other labels before that of the links.
        is_last = len(words) > 1 and announced_by(words[-1]) & Announced.TAGS and not announced_by(gap)
        return words[-1] if is_last else gap
    for count in range(1, min(len(words), 3) + 1):
        lead = " ".join(words[-count:])
        if len(lead) <= _PLAIN_LEAD_LENGTH and announced_by(lead) & (Announced.TAGS | Announced.ADJACENT):
            return lead
    return gap if len(gap) <= _PLAIN_LEAD_LENGTH and announced_by(gap) & _LISTS else ""
