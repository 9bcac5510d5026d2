"""Groups of links that make one list: under the same words; or, without any, in the same box.

A page of 10 MB has tens of thousands of groups, so a group's list is looked up and not searched for.
"""

from collections import defaultdict
from dataclasses import dataclass
from heapq import heappop, heappush

from crawler.extractors.lists.link_groups import LinkGroup
from crawler.extractors.tree.outline import Anchor, Outline, TextBlock
from models.items import LinkListKind

_LEVELS = 2  # from the place of a list's last group up to the box in which the next one belongs to it


@dataclass(slots=True)
class Cluster:
    """Groups that make one list."""

    groups: list[LinkGroup]
    title: TextBlock | None
    """The line that heads it, of a heading or of a line that only its words tell for one."""
    lead: str
    confidence: float
    kind: LinkListKind | None = None
    """Where it is told by something else than heading and place."""

    @property
    def anchors(self) -> list[Anchor]:
        return sorted((anchor for group in self.groups for anchor in group.anchors), key=lambda anchor: anchor.number)


class Clustering:
    """Takes groups in the order of their first links; each joins the latest list it belongs to, or begins one."""

    def __init__(self, outline: Outline) -> None:
        self.clusters: list[Cluster] = []
        self._outline = outline
        self._named: dict[str | tuple[int, str], int] = {}  # by lead, or title
        # Of lists without words, by heading and box, and by heading alone: their numbers, the latest first, negative.
        # Those whose last group has become another one are dropped when they are met.
        self._boxed: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        self._open: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, group: LinkGroup, title: TextBlock | None, confidence: float) -> None:
        name = group.lead or (None if title is None else (title.number, title.text))
        number = self._unnamed(group) if name is None else self._named.get(name)
        if number is None:
            number = len(self.clusters)
            self.clusters.append(Cluster([group], title, group.lead, confidence))
        else:
            cluster = self.clusters[number]
            cluster.groups.append(group)
            cluster.confidence = max(cluster.confidence, confidence)
        if name is None:
            heappush(self._boxed[id(group.heading), self._box(group)], -number)
            heappush(self._open[id(group.heading)], -number)
        else:
            self._named[name] = number

    def _unnamed(self, group: LinkGroup) -> int | None:
        """The latest list whose last group reaches beyond the first link of this one, or stands in a box with it."""
        heading = id(group.heading)
        latest = self._latest_open(self._open[heading], group.anchors[0].number)
        for box in self._outline.ancestors(group.place):
            if numbers := self._boxed.get((heading, box)):
                latest = max(latest, self._latest_in(numbers, box))
        return None if latest < 0 else latest

    def _latest_open(self, numbers: list[int], first: int) -> int:
        while numbers and self._last(-numbers[0]).anchors[-1].number < first:
            heappop(numbers)  # links only come later, so nothing but another group opens it again
        return -numbers[0] if numbers else -1

    def _latest_in(self, numbers: list[int], box: int) -> int:
        while numbers and self._box(self._last(-numbers[0])) != box:
            heappop(numbers)
        return -numbers[0] if numbers else -1

    def _last(self, number: int) -> LinkGroup:
        return self.clusters[number].groups[-1]

    def _box(self, group: LinkGroup) -> int:
        parents, box = self._outline.parents, group.place
        for _ in range(_LEVELS):
            box = max(parents[box], 0)
        return box
