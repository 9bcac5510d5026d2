"""PageTree: the elements and the text of a page, as flat lists."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Attributes = Mapping[str, str]
"""Values as written; "" for an attribute without one."""
Ints = NDArray[np.int64]

LINE_END = "\x1e"
"""What a `br` adds to the text of a page: white space that no page has."""

_DECLARING = frozenset({"base", "link", "meta", "script", "title"})


class PageTree:
    """Elements are numbered in document order, and the lists are indexed by their numbers; 0 is the root."""

    def __init__(self, tags: list[str], attributes: list[Attributes], text: str, *, shape: "Shape") -> None:
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
        self._steps: dict[int, dict[int, str]] = {}

    @cached_property
    def parent_list(self) -> list[int]:
        """`parents`, and in `end_list` `ends`, for those who ask for one at a time."""
        parents: list[int] = self.parents.tolist()
        return parents

    @cached_property
    def end_list(self) -> list[int]:
        ends: list[int] = self.ends.tolist()
        return ends

    def text_between(self, start: int, stop: int) -> str:
        """Text as the markup has it, without the ends of lines that stand for `br`."""
        text = self.text[start:stop]
        return text.replace(LINE_END, "") if LINE_END in text else text

    def text_of(self, number: int) -> str:
        """All text inside an element."""
        return self.text_between(int(self.starts[number]), int(self.stops[number]))

    def numbers_of(self, *tags: str) -> list[int]:
        """The elements with one of the tags."""
        wanted, found = frozenset(tags), self.tags
        among = self._declaring if wanted <= _DECLARING else range(len(found))
        return [number for number in among if found[number] in wanted]

    @cached_property
    def _declaring(self) -> list[int]:
        """What heads hold is asked for several times."""
        return [number for number, tag in enumerate(self.tags) if tag in _DECLARING]

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
        alike = Counter(self.tags[child] for child in children)
        seen: Counter[str] = Counter()
        steps: dict[int, str] = {}
        for child in children:
            tag = self.tags[child]
            seen[tag] += 1
            steps[child] = f"{tag}[{seen[tag]}]" if alike[tag] > 1 else tag
        return steps


class Shape:
    """Where elements begin and end, worked out for all at once."""

    __slots__ = ("depths", "ends", "parents", "starts", "stops")

    def __init__(self, starts: Sequence[int], ended: Sequence[int], stops: Sequence[int]) -> None:
        """For each element where its text starts; for each end of one, in the order in which they come, the number of
        elements begun by then, and where the text stops."""
        self.starts = np.array(starts, dtype=np.int64)
        begun = np.array(ended, dtype=np.int64)
        numbers = np.arange(len(starts))
        self.depths: Ints = numbers - np.searchsorted(begun, numbers, side="right")
        # Elements of one depth never overlap: they begin in the order in which they end.
        by_depth = _sorted(self.depths)
        by_end = _sorted(begun - np.arange(1, len(ended) + 1))
        ends = np.empty_like(numbers)
        ends[by_depth] = by_end
        self.ends: Ints = begun[ends]
        self.stops: Ints = np.array(stops, dtype=np.int64)[ends]
        # The parent is the last element before that is one level up.
        count = len(starts)
        keys = self.depths * count + numbers
        places = np.searchsorted(keys[by_depth], keys - count) - 1
        self.parents: Ints = by_depth[places]
        self.parents[0] = -1


def _sorted(depths: Ints) -> Ints:
    """The order of depths, stable; those beyond any that is read count as one, for small numbers are sorted fastest."""
    return np.argsort(np.minimum(depths, 0x7FFF).astype(np.int16), kind="stable")
