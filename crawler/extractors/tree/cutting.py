"""Segments: the visible text between two cuts, which is a block where it is more than white space."""

import numpy as np

from crawler.extractors.tree.events import Events, Flags, Ints
from crawler.extractors.tree.tag_kinds import LINK
from crawler.markup.tree import LINE_END, PageTree

# Docusaurus and others end headings with an invisible link.
_INVISIBLE = "\u200b"
_NOWHERE = -1


class Links:
    """The links of a page, in its order, and the events at which they start and stop."""

    def __init__(self, tree: PageTree, events: Events) -> None:
        linking = np.array(tree.having("href"), dtype=np.int64)
        self.elements: Ints = linking[events.visible[linking] & (events.kinds[linking] == LINK)]
        self.starts: Ints = events.starts[self.elements]
        # Nested links are taken apart as in browsers: the outer ends where the inner begins.
        self.stops: Ints = np.minimum(events.stops[self.elements], np.append(self.starts[1:], len(events.places)))

    def open_at(self, moments: Ints) -> Ints:
        """The link around each event; -1 for none."""
        link = self.starts.searchsorted(moments) - 1
        if len(self.stops):
            link[self.stops[link] < moments] = -1
        return link


class Segments:
    """Segment `k` ends at cut `k`. Lists over blocks are parallel."""

    def __init__(self, events: Events, links: Links) -> None:
        self._events, self._links = events, links
        self._starts: Ints = np.concatenate([[0], events.cuts])
        self._preformatted = set(events.stops[events.preformatted].tolist())
        self.texts: list[str] = []
        self.first_links: Ints
        """The first link that may belong to a block."""
        self._segments: Ints
        self._before: Ints  # the last segment with text before each block
        self._cut()
        self.linked: Ints
        """Characters that are link text; counted by `link_texts`."""
        self._moments: Ints = events.cuts[self._segments]  # at which blocks are done

    def link_texts(self) -> tuple[list[str], list[int | None]]:
        """Of each link its text, white space collapsed, and the first block with a part of it."""
        count, begins, segments, raws = len(self.texts), *self._link_parts()
        parts = [" ".join(raw.split()) for raw in raws]
        lengths = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
        blocks = self._segments.searchsorted(segments)
        inside = np.append(self._segments, _NOWHERE)[blocks] == segments
        self.linked = np.bincount(blocks[inside], lengths[inside], minlength=count).astype(np.int64)
        ends = np.append(begins[1:], len(parts))
        owners = np.repeat(np.arange(len(begins)), ends - begins)
        first = np.full(len(begins), count)  # behind all blocks there may be a letter that is not seen
        said = lengths.nonzero()[0][::-1]  # backwards, so that of several parts the first has the last word
        first[owners[said]] = blocks[said]
        if len(parts) > len(begins):
            spans = zip(begins.tolist(), ends.tolist(), strict=True)
            parts = [
                parts[begin] if end == begin + 1 else " ".join(filter(None, parts[begin:end])) for begin, end in spans
            ]
        return parts, [block if block < count else None for block in first.tolist()]

    def _link_parts(self) -> tuple[Ints, Ints, list[str]]:
        """The parts of all links, one for each segment that a link reaches into: of each link its first part, and of
        each part its segment and its text as written."""
        events, links = self._events, self._links
        first, last = events.cuts.searchsorted((links.starts, links.stops))
        counts = last - first + 1
        ends = counts.cumsum()
        begins = ends - counts
        segments = np.arange(counts.sum()) + np.repeat(first - begins, counts)
        starts, stops = self._starts.take(segments), self._starts.take(segments + 1, mode="clip")
        starts[begins], stops[ends - 1] = links.starts, links.stops
        return begins, segments, events.raws(starts, stops)

    def link_stops(self) -> Ints:
        """Of blocks: one more than the last link inside or around."""
        return self._links.starts.searchsorted(self._moments)

    def boundaries(self) -> Ints:
        """Of blocks: the element whose text they are."""
        events = self._events
        elements = events.elements[self._moments]
        begins = events.starts[elements] == self._moments
        parents = events.parents[elements]
        return np.where(begins, events.boundaries[parents], elements)

    def breaks(self) -> Ints:
        """Of blocks: the number of `br` before, 2 at most; 0 where a block-level element begins or ends there."""
        segments, before = self._segments, self._before
        block_cuts = np.concatenate([[0], np.cumsum(~self._events.is_break)])
        inside = block_cuts[segments] == block_cuts[before]
        return np.where(inside, np.minimum(segments - before, 2), 0)

    def before(self, moments: Ints) -> Ints:
        """How many blocks are done before events, at which none is done."""
        return self._moments.searchsorted(moments)

    def done(self) -> Ints:
        """How many blocks are done at each event."""
        steps = np.zeros(len(self._events.places), dtype=np.int64)
        steps[self._moments] = 1
        return steps.cumsum()

    def _cut(self) -> None:
        events, starts = self._events, self._starts[:-1]
        said = events.said[events.cuts] > events.said[starts]
        spoken = said.nonzero()[0]
        raws, firsts = events.raws(starts[spoken], events.cuts[spoken]), self._first_links(said)
        befores = np.zeros_like(spoken)
        befores[1:] = spoken[:-1]
        if self._preformatted or _INVISIBLE in events.text:
            texts = list(map(self._finished, raws, spoken.tolist()))
        else:
            texts = [" ".join(raw.split()) for raw in raws]
        if not all(texts):  # an invisible letter is more than white space
            kept = [number for number, text in enumerate(texts) if text]
            texts = [texts[number] for number in kept]
            spoken, firsts, befores = spoken[kept], firsts[kept], befores[kept]
        self.texts, self.first_links, self._segments, self._before = texts, firsts, spoken, befores

    def _first_links(self, said: Flags) -> Ints:
        """Of segments with more than white space, how many links are closed before: by the end of the text before.

        A line break with nothing but white space before it is part of what follows.
        """
        events = self._events
        lengths = events.upto[events.cuts] - events.upto[self._starts[:-1]]
        lengths[1:] -= events.is_written[:-1]  # the end of line that stands for the `br` itself
        texts = lengths.nonzero()[0]
        closed = np.concatenate([[0], self._links.stops.searchsorted(events.cuts[texts])])
        waiting = np.concatenate([[False], (events.is_break & ~said)[texts]])
        spoken = said[texts].nonzero()[0]
        firsts = closed[spoken]
        for number in waiting[spoken].nonzero()[0].tolist():
            start = stop = int(spoken[number])
            while waiting[start]:
                start -= 1
            first = int(closed[start])
            for place in range(start, stop):
                first = self._first_link_behind(int(texts[place]), int(texts[place + 1]), first)
            firsts[number] = first
        return firsts

    def _first_link_behind(self, waiting: int, segment: int, first: int) -> int:
        """White space before a line break ends, with the links so far, where a block-level element begins or ends."""
        behind = self._events.is_break[waiting:segment]
        if behind.all():
            return first
        moment = self._events.cuts[waiting + int(np.argmin(behind))]
        return int(self._links.stops.searchsorted(moment))

    def _finished(self, raw: str, segment: int) -> str:
        if _INVISIBLE in raw:
            raw = raw.replace(_INVISIBLE, "")
        if self._preformatted and int(self._starts[segment + 1]) in self._preformatted:
            return raw.replace(LINE_END, "\n").strip("\r\n").rstrip()
        return " ".join(raw.split())
