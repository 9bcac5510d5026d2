"""The beginnings and ends of a page's elements in their order, and where they cut its visible text into blocks."""

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.tree.tag_kinds import (
    BOUNDARY,
    LINE_BREAK,
    PREFORMATTED,
    SKIPPED,
    UNBROKEN,
    kinds_of,
)
from crawler.markup.tree import LINE_END, PageTree

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Events:
    """Event number `k` is followed by the text from `places[k]` to `places[k + 1]`.

    Elements are numbered as in the tree. The text of scripts, drawings and the like is not visible.
    """

    def __init__(self, tree: PageTree) -> None:
        self._tree = tree
        self.text = tree.text
        written = kinds_of(tree.tag_list)[tree.tag_numbers]
        self.kinds = written.copy()
        self.kinds[_breaking_spans(tree)] = LINE_BREAK
        count = len(tree.tags)
        # Before an element begins, all before it have begun, and of these all but the ones around it ended.
        self.starts: Ints = 2 * np.arange(count) - tree.depths
        """The event at which each element begins, and, in `stops`, ends."""
        self.stops: Ints = 2 * tree.ends - tree.depths - 1
        self.places: Ints = np.empty(2 * count, dtype=np.int64)
        self.places[self.starts] = tree.starts
        self.places[self.stops] = tree.stops
        self.elements: Ints = np.empty(2 * count, dtype=np.int64)
        """Which element begins or ends at each event."""
        self.elements[self.starts] = self.elements[self.stops] = np.arange(count)
        self.parents = tree.parents
        skipped = self._inside(self.kinds == SKIPPED) > 0
        self.visible: Flags = ~skipped[self.starts]
        """Of each element."""
        lengths = np.zeros_like(self.places)
        np.subtract(self.places[1:], self.places[:-1], out=lengths[:-1])
        lengths[skipped] = 0
        self.lengths: Ints = lengths
        """Visible characters behind each event."""
        self.upto: Ints = np.concatenate([[0], lengths.cumsum()])
        """Visible characters before each event, were they counted together."""
        before = tree.spoken.searchsorted(self.places)
        said = np.zeros_like(before)
        np.subtract(before[1:], before[:-1], out=said[:-1])
        said[skipped] = 0
        self.said: Ints = np.concatenate([[0], said.cumsum()])
        """Pieces of visible text before each event that are more than white space."""
        self.boundaries: Ints = _nearest(self._block_level, tree.parents)
        """Of each element the nearest block-level one around it, or itself."""
        self._find_cuts()
        self.is_written: Flags = self.is_break & (written[self.elements[self.cuts]] == LINE_BREAK)
        """Of each cut whether it is a `br`, for which the tree's text has an end of line."""

    @property
    def _block_level(self) -> Flags:
        return self.visible & (self.kinds >= BOUNDARY) & (self.kinds <= PREFORMATTED)

    def of_kind(self, kind: int) -> Ints:
        """The visible elements of one kind."""
        return np.flatnonzero(self.visible & (self.kinds == kind))

    def raws(self, starts: Ints, stops: Ints) -> list[str]:
        """The visible text from each event to another, white space as written."""
        text, whole = self._tree.text, self.are_whole(starts, stops)
        places = zip(self.places[starts].tolist(), self.places[stops].tolist(), strict=True)
        raws = [text[start:stop] for start, stop in places]
        for number in (~whole).nonzero()[0].tolist():
            raws[number] = "".join(self._pieces(int(starts[number]), int(stops[number])))
        return raws

    def _pieces(self, start: int, stop: int) -> list[str]:
        text = self._tree.text
        lengths, places = self.lengths[start:stop].tolist(), self.places[start:stop].tolist()
        pieces: list[str] = []
        for length, place, new_line in zip(lengths, places, self.new_lines[start:stop], strict=True):
            if new_line and pieces and not pieces[-1].endswith("\n"):
                pieces.append("\n")
            if length:
                pieces.append(text[place : place + length].replace(LINE_END, "\n"))
        return pieces

    def are_whole(self, starts: Ints, stops: Ints) -> Flags:
        """Whether from one event to the other all text is visible: then it is that between their places."""
        whole: Flags = self.upto[stops] - self.upto[starts] == self.places[stops] - self.places[starts]
        if self.preformatted.size:
            lines = np.concatenate([[0], np.cumsum(np.frombuffer(self.new_lines, dtype=np.uint8))])
            whole &= lines[stops] == lines[starts]
        return whole

    def _inside(self, elements: Flags) -> Ints:
        """Behind each event, how many of the elements are open."""
        steps = np.zeros(len(self.places), dtype=np.int64)
        steps[self.starts[elements]] = 1
        steps[self.stops[elements]] = -1
        return steps.cumsum()

    def _find_cuts(self) -> None:
        """Inside `pre` nothing is cut: code set as a list or as one element a line is still one block."""
        block_level = self._block_level
        starts, stops = self.starts[block_level], self.stops[block_level]
        breaks = self.of_kind(LINE_BREAK)
        breaking = self.kinds[self.boundaries[breaks]] != UNBROKEN
        breaks = self.starts[breaks]
        self.preformatted = self.of_kind(PREFORMATTED)
        self.new_lines = bytearray(len(self.places))
        """Block-level events inside `pre`, which begin a line there."""
        if self.preformatted.size:
            is_pre = self.visible & (self.kinds == PREFORMATTED)
            inside = self._inside(is_pre)
            free_starts, free_stops = inside[starts] == is_pre[block_level], inside[stops] == 0
            new_lines = np.frombuffer(self.new_lines, dtype=np.uint8)
            new_lines[starts[~free_starts]] = 1
            new_lines[stops[~free_stops]] = 1
            starts, stops, breaking = starts[free_starts], stops[free_stops], breaking & (inside[breaks] == 0)
        cutting = np.zeros(len(self.places), dtype=np.uint8)
        cutting[starts] = cutting[stops] = _BLOCK_CUT
        cutting[breaks[breaking]] = _LINE_CUT
        self.cuts: Ints = cutting.nonzero()[0]
        """Events at which the text before them ends: a block-level element begins or ends, or a line is broken."""
        self.is_break: Flags = cutting[self.cuts] == _LINE_CUT
        """Of each cut."""


_BLOCK_CUT, _LINE_CUT = 1, 2


def _breaking_spans(tree: PageTree) -> list[int]:
    """Some news sites part their paragraphs by <span class="component br"></span>."""
    classed = np.array(tree.having("class"), dtype=np.int64)
    is_span = np.array([tag == "span" for tag in tree.tag_list])
    spans = classed[is_span[tree.tag_numbers[classed]]].tolist()
    return [span for span in spans if _is_break(tree.attributes[span]["class"]) and tree.ends[span] == span + 1]


def _is_break(name: str) -> bool:
    return name.endswith("br") and name.rsplit(maxsplit=1)[-1] == "br"


def _nearest(wanted: Flags, parents: Ints) -> Ints:
    """Of each element the nearest wanted one around it, or itself; the root where there is none."""
    nearest = np.where(wanted, np.arange(len(parents)), parents)
    nearest[0] = 0
    while True:
        further = nearest[nearest]
        if (further == nearest).all():
            return nearest
        nearest = further
