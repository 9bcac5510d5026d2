"""PageTree: the elements and the text of a page, as flat lists."""

from collections import Counter
from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Attributes = Mapping[str, str]
"""Values as written; "" for an attribute without one."""
Ints = NDArray[np.int64]

LINE_END = "\x1e"
"""What a `br` adds to the text of a page: white space that no page has."""


class PageTree:
    """Elements are numbered in document order, and the lists are indexed by their numbers; 0 is the root."""

    def __init__(
        self, tags: list[str], attributes: list[Attributes], text: str, *, shape: "Shape", spoken: Ints
    ) -> None:
        self.tags = tags
        self.attributes = attributes
        self.text = text
        """Of all elements, scripts included."""
        self.depths = shape.depths
        self.parents = shape.parents
        """-1 for the root."""
        self.ends = shape.ends
        """One more than the number of the last descendant."""
        self.starts = shape.starts
        """Where in the text an element begins, and, in `stops`, ends."""
        self.stops = shape.stops
        self.spoken = spoken
        """Where in the text a piece begins that is more than white space; none reaches beyond an element's bounds."""
        self.faults: tuple[str, ...] = ()
        """What of the page is not there, or not as it was written, and why."""
        self.named: Mapping[str, list[int]] = {}
        """By name of an attribute the elements with one, in their order."""
        self.behind = 0
        """How many elements stand behind the end of the root, scripts and the like left out; they are not there."""
        self._ints: NDArray[np.object_] = np.arange(2 * len(tags) + 2).astype(object)
        self._ints[-1] = -1
        self._steps: dict[int, dict[int, str]] = {}

    @cached_property
    def parent_list(self) -> list[int]:
        """`parents`, and in `end_list` `ends`, for those who ask for one at a time."""
        return self.listed(self.parents)

    @cached_property
    def end_list(self) -> list[int]:
        return self.listed(self.ends)

    def listed(self, numbers: Ints) -> list[int]:
        """Numbers of elements, of what stands between them, or -1, as a list. All such lists share their ints, which
        are the larger part of the lists of a long page."""
        ints: list[int] = self._ints[numbers].tolist()
        return ints

    def text_between(self, start: int, stop: int) -> str:
        """Text as the markup has it, without the ends of lines that stand for `br`."""
        text = self.text[start:stop]
        return text.replace(LINE_END, "") if LINE_END in text else text

    def text_of(self, number: int) -> str:
        """All text inside an element."""
        return self.text_between(int(self.starts[number]), int(self.stops[number]))

    def numbers_of(self, *tags: str) -> list[int]:
        """The elements with one of the tags."""
        wanted = [self.tag_list.index(tag) for tag in tags if tag in self.tag_list]
        if not wanted:
            return []
        found = self.tag_numbers == wanted[0]
        for number in wanted[1:]:
            found |= self.tag_numbers == number
        numbers: list[int] = found.nonzero()[0].tolist()
        return numbers

    @cached_property
    def tag_list(self) -> list[str]:
        """The different tags."""
        return list(dict.fromkeys(self.tags))

    @cached_property
    def tag_numbers(self) -> Ints:
        """Of each element the place of its tag in `tag_list`."""
        numbers = {tag: number for number, tag in enumerate(self.tag_list)}
        return np.fromiter(map(numbers.__getitem__, self.tags), dtype=np.int64, count=len(self.tags))

    def having(self, name: str) -> list[int]:
        """The elements with an attribute of that name."""
        return self.named.get(name, [])

    def children(self, number: int) -> list[int]:
        ends = self.end_list
        child, end = number + 1, ends[number]
        found: list[int] = []
        while child < end:
            found.append(child)
            child = ends[child]
        return found

    def xpath(self, number: int) -> str:
        """Absolute, as lxml's getpath: "/html/body/div[2]/p"."""
        steps: list[str] = []
        while number >= 0:
            steps.append(self._step(number))
            number = self.parent_list[number]
        return "/" + "/".join(reversed(steps))

    def _step(self, number: int) -> str:
        parent = self.parent_list[number]
        if parent < 0:
            return self.tags[number]
        if parent not in self._steps:
            self._steps[parent] = self._steps_below(parent)
        return self._steps[parent][number]

    def _steps_below(self, parent: int) -> dict[int, str]:
        """For all children at once: to count a card's siblings for each card of a long list would be quadratic."""
        children = self.children(parent)
        alike = Counter([self.tags[child] for child in children])
        seen = dict.fromkeys(alike, 0)
        steps: dict[int, str] = {}
        for child in children:
            tag = self.tags[child]
            seen[tag] += 1
            steps[child] = f"{tag}[{seen[tag]}]" if alike[tag] > 1 else tag
        return steps


class Shape:
    """Where elements begin and end, worked out for all at once."""

    __slots__ = ("_ended", "_stops", "depths", "ends", "parents", "starts", "stops")

    def __init__(self, starts: Ints, ended: Ints, stops: Ints) -> None:
        """For each element where its text starts; for each end of one, in the order in which they come, the number of
        elements begun by then, and where the text stops."""
        self.starts, self._ended, self._stops = starts, ended, stops
        numbers = np.arange(len(starts))
        self.depths: Ints = numbers - ended.searchsorted(numbers, side="right")
        # Elements of one depth never overlap: they begin in the order in which they end.
        by_depth = _sorted(self.depths)
        by_end = _sorted(ended - np.arange(1, len(ended) + 1))
        ends = np.empty_like(numbers)
        ends[by_depth] = by_end
        self.ends: Ints = ended[ends]
        self.stops: Ints = stops[ends]
        # The parent is the last element before that is one level up.
        count = len(starts)
        keys = self.depths * count + numbers
        places = keys[by_depth].searchsorted(keys - count) - 1
        self.parents: Ints = by_depth[places]
        self.parents[0] = -1

    def flatten(self, most: int) -> int:
        """Makes elements below so many levels siblings on the last of these, each with the text before the next element
        alone; the rest is their parent's. How many were below."""
        if self.depths.max() <= most:
            return 0
        numbers = np.arange(len(self.depths))
        deep = (self.depths >= most).nonzero()[0]
        last_above = np.maximum.accumulate(np.where(self.depths < most, numbers, 0))
        count = int((self.depths > most).sum())
        # What comes next is their own end, or the beginning of another element.
        ends = np.minimum(self._ended.searchsorted(deep + 1), len(self._ended) - 1)
        begins = np.append(self.starts, self._stops[-1])[deep + 1]
        self.stops[deep] = np.where(self._ended[ends] == deep + 1, self._stops[ends], begins)
        self.depths[deep], self.ends[deep], self.parents[deep] = most, deep + 1, last_above[deep]
        return count

    def first(self, count: int) -> "Shape":
        """That of the first elements alone; those that are open then end there."""
        closed = int(self._ended.searchsorted(count, side="right"))
        ended, stops = np.full(count, count), np.full(count, self.starts[count])
        ended[:closed], stops[:closed] = self._ended[:closed], self._stops[:closed]
        return Shape(self.starts[:count], ended, stops)


def _sorted(depths: Ints) -> Ints:
    """The order of depths, stable; those beyond any that is read count as one, for small numbers are sorted fastest."""
    return np.argsort(np.minimum(depths, 0x7FFF).astype(np.int16), kind="stable")
