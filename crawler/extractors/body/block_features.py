"""What can be said about each block of an outline, as one matrix: a row a block, a column a feature.

A scorer reads columns and knows neither the tree nor the words, so another one can take its place.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.body.block_kin import Kin
from crawler.extractors.body.block_places import SETTINGS, SURROUNDING_TAGS, Ints, Places, Setting, bounded
from crawler.extractors.body.declared_lines import declared_rows
from crawler.extractors.body.prior import Prior, prior_of
from crawler.extractors.tree.block_text import KINDS, Floats, Letter, Letters
from crawler.extractors.tree.names import numbered
from crawler.extractors.tree.outline import Break, Outline

Bools = NDArray[np.bool_]

_TAGS = tuple(
    """
    div p h1 h2 h3 h4 li td th blockquote pre figcaption dd dt button section article header footer label summary
    caption body figure
    """.split()
)
_TAG_NUMBERS = {tag: number for number, tag in enumerate(_TAGS)} | {"h5": 5, "h6": 5}
_DIV, _P, _H1, _H4 = 0, 1, 2, 5
_LEVELS = (0, 1, 2, 3, 4, 6)  # of ancestors looked at
_MAIN_SHARES = (0.4, 0.6, 0.8, 0.95)
_TAG_ROWS = np.eye(len(_TAGS), dtype=np.bool_)
_KIND_ROWS = np.eye(KINDS, dtype=np.bool_)
_SETTING_BITS = 1 << np.arange(SETTINGS)[:, None]
_FAR = 50.0  # blocks
_MOST_COLUMNS = 208
DECLARED = slice(-12, -8)
"""Columns that tell what the page declares; those of its kin come after them."""
_SHORTEST_TITLE = 8  # letters of a line that are more than a word the title has too
_RUNNING = 60  # letters of a line that may be running text


class BlockFeatures:
    """The matrix of one page, and the columns that others lean on."""

    __slots__ = (
        "headings_before",
        "kin",
        "letters",
        "linked",
        "matrix",
        "outline",
        "places",
        "prior",
        "share",
        "size",
        "talk",
        "text",
    )

    def __init__(self, outline: Outline) -> None:
        blocks = outline.blocks
        self.outline = outline
        self.letters = Letters(outline.texts)
        self.places = places = Places(outline)
        self.kin = Kin(places)
        self.size = self.letters.size
        self.linked: Floats = outline.columns.block_linked / self.letters.lengths
        """Of each block the share of its characters that are links."""
        tag_numbers = np.array([_TAG_NUMBERS.get(tag, _DIV) for tag in outline.tag_list], dtype=np.int64)
        tags = tag_numbers[outline.columns.tags[outline.columns.block_nodes]]
        heading = (tags >= _H1) & (tags <= _H4)
        running = (self.size >= _RUNNING) & (self.linked < 0.4) & ~heading
        self.text: Floats = np.where(running, self.size * (1 - self.linked), 0.0)
        """Letters of running text, wherever it stands; 0 for headings, labels and lines of links."""
        mass = places.sums(self.text)
        self.share: Floats = mass / max(float(mass[0]), 1.0)
        """Of each place its part of the page's running text."""
        settings = places.settings(outline, self.share)
        punctuated = self.letters.counts[Letter.STOP] + self.letters.counts[Letter.COMMA] > 0
        around = settings[places.block_place]
        self.talk: Bools = around & Setting.TALK != 0
        """Whether each block stands in what is named a comment thread."""
        self.prior = prior_of(self.text, places, punctuated=punctuated, linked=self.linked, settings=around)
        self.headings_before = _last_before(heading.nonzero()[0], len(blocks))
        """Of each block the number of the heading it stands under, or is; -1 without."""
        paragraphs = running & punctuated
        rows = chain(
            self._texts(),
            (_TAG_ROWS.take(tags, axis=1), around & _SETTING_BITS != 0),
            self._ancestors(paragraphs, mass),
            self._mains(),
            self._positions(tags, paragraphs),
            self._priors(),
            (self._page(tags),),
            declared_rows(outline),
            self.kin.rows(self.size, self.text, self.linked),
        )
        self.matrix = matrix_of(rows, len(blocks), most=_MOST_COLUMNS)
        """A row a block, a column a feature; a column lies in one piece."""

    def _texts(self) -> Iterator[Floats | Bools | Ints]:
        columns, letters, size = self.outline.columns, self.letters, self.size
        counts = letters.counts
        anchors = np.maximum(columns.block_link_stops - columns.block_first_links, 0).astype(np.float64)
        texts = list(map(str.casefold, self.outline.texts))
        before, again = _repeats(texts)
        title = (self.outline.document.title or "").casefold()
        words = counts[Letter.SPACE] + counts[Letter.CJK] / 1.6
        yield np.log1p(np.array((size, words, counts[Letter.STOP], counts[Letter.COMMA])))
        yield self.linked
        yield np.log1p(anchors)
        yield anchors / np.maximum(size / 20, 1)
        yield columns.block_breaks == Break.LINE
        yield columns.block_breaks == Break.PARAGRAPH
        yield before
        yield again
        is_title = np.fromiter(map(title.__contains__, texts), dtype=np.bool_, count=len(texts))
        yield is_title & (np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) > _SHORTEST_TITLE)
        yield counts / letters.lengths
        yield _KIND_ROWS.take(letters.first, axis=1)
        yield _KIND_ROWS.take(letters.last, axis=1)

    def _ancestors(self, paragraphs: Bools, mass: Floats) -> Iterator[Floats]:
        """Of each block, for several levels up, what the ancestor holds."""
        places = self.places
        size, linked, running = places.sums(np.array((self.size, self.size * self.linked, paragraphs)))
        held = places.stops - places.starts
        letters = np.maximum(size, 1)
        table = np.empty((8, len(held)))
        table[0] = self.share
        table[1] = linked / letters
        table[2] = np.log1p(held)
        table[3] = mass / letters
        table[4] = np.log1p(mass)
        table[5] = running / np.maximum(held, 1)
        table[6] = np.log1p(places.alike())
        table[7] = self.prior.share
        place = places.block_place
        for level in range(max(_LEVELS) + 1):
            if level in _LEVELS:
                yield table.take(place, axis=1)
            place = places.parents[place]

    def _mains(self) -> Iterator[Floats | Bools | Ints]:
        """Where the block stands relative to the deepest nodes that hold most of the text."""
        places = self.places
        numbers = np.arange(len(self.size))
        depths = places.depths[places.block_place]
        enough = np.where(self.share >= np.array(_MAIN_SHARES)[:, None], places.depths, -1.0)
        rows: dict[int, tuple[Floats | Bools, ...]] = {}  # one node may hold all that is asked for
        for main in enough.argmax(axis=1).tolist():  # the root where none holds so much
            if main not in rows:
                start, stop = places.starts[main], places.stops[main]
                inside = (numbers >= start) & (numbers < stop)
                place = bounded((numbers - start) / max(stop - start, 1), -1, 2)
                rows[main] = (inside, place, (depths - places.depths[main]) / 10)
            yield from rows[main]

    def _positions(self, tags: Ints, paragraphs: Bools) -> Iterator[Floats | Bools | Ints]:
        count = len(tags)
        numbers = np.arange(count)
        headlines = (tags == _H1).nonzero()[0]
        headline = int(headlines[0]) if len(headlines) else -1
        size, text = self.size.cumsum(), self.text.cumsum()
        found = paragraphs.nonzero()[0]
        before, after = _last_before(found, count), count - 1 - _last_before(count - 1 - found[::-1], count)[::-1]
        under = self.headings_before
        images = [image.block for image in self.outline.images if image.block < count]
        yield numbers / count
        yield (size - self.size) / max(size[-1], 1)
        yield (text - self.text) / max(text[-1], 1)
        yield text / max(text[-1], 1)
        yield numbers > headline if headline >= 0 else np.full(count, 0.5)
        yield bounded((numbers - headline) / _FAR, -1, 1) if headline >= 0 else np.zeros(count)
        yield np.log1p(np.where(before >= 0, np.minimum(numbers - before, _FAR), _FAR))
        yield np.log1p(np.where(after < count, np.minimum(after - numbers, _FAR), _FAR))
        yield np.where(under >= 0, np.log1p(np.minimum(numbers - under, _FAR)), 5.0)
        yield np.where(under >= 0, tags[under], 6) / 5
        yield self.places.depths[self.places.block_place] / 10
        yield np.minimum(np.bincount(images, minlength=count), 3) if images else np.zeros(count)

    def _priors(self) -> Iterator[Floats | Bools | Ints]:
        prior: Prior = self.prior
        numbers = np.arange(len(prior.mass))
        strong = (prior.scores > 0.8).nonzero()[0]
        first, last = (strong[0], strong[-1]) if len(strong) else (0, len(numbers))
        yield prior.scores
        yield np.log1p(prior.mass)
        yield (numbers >= prior.span.start) & (numbers < prior.span.stop)
        yield numbers < first
        yield numbers > last

    def _page(self, tags: Ints) -> Floats:
        """The same for all blocks."""
        count, size, text = len(tags), float(self.size.sum()), float(self.text.sum())
        han = float(self.letters.counts[Letter.CJK].sum())
        column = [
            np.log1p(count),
            np.log1p(text),
            han / max(float(self.letters.lengths.sum()), 1.0),
            float((self.size * self.linked).sum()) / max(size, 1.0),
            float(self.text[tags == _P].sum()) / max(text, 1.0),
            min(int((tags == _H1).sum()), 3),
        ]
        return np.array(column)[:, None].repeat(count, axis=1)


def matrix_of(rows: Iterable[NDArray[Any]], count: int, *, most: int) -> NDArray[np.float32]:
    """A row a block; of `rows` each has a value for each of `count` blocks, or is several such. `most` of all suffice.

    Each is written as it comes: all together, in the precision they are made in, take three times the memory.
    """
    matrix = np.empty((most, count), dtype=np.float32)
    stop = 0
    for row in rows:
        start, stop = stop, stop + row.size // count
        matrix[start:stop] = row
    return matrix[:stop].T


def _last_before(found: Ints, count: int) -> Ints:
    """Of each of `count` numbers the greatest found one that is not above it; -1 without."""
    if not len(found):
        return np.full(count, -1)
    place = found.searchsorted(np.arange(count), side="right") - 1
    return np.where(place >= 0, found[np.maximum(place, 0)], -1)


def _repeats(texts: list[str]) -> tuple[Ints, Ints]:
    """How often each text stood before on the page, and how often it stands there again at all; 4 at most."""
    _, numbers = numbered(texts)
    counts = np.bincount(numbers)
    order = numbers.argsort(kind="stable")
    before = np.empty(len(texts), dtype=np.int64)
    before[order] = np.arange(len(texts)) - np.repeat(counts.cumsum() - counts, counts)
    return np.minimum(before, 4), np.minimum(counts[numbers] - 1, 4)


__all__ = ["SURROUNDING_TAGS", "BlockFeatures", "Setting"]
