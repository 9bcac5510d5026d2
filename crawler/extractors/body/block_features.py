"""What can be said about each block of an outline, as one matrix: a row a block, a column a feature.

A scorer reads columns and knows neither the tree nor the words, so another one can take its place.
"""

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.body.block_places import SETTINGS, SURROUNDING_TAGS, Places, Setting
from crawler.extractors.body.prior import Prior, prior_of
from crawler.extractors.tree.block_text import KINDS, Floats, Letter, Letters
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
_FAR = 50.0  # blocks
_RUNNING = 60  # letters of a line that may be running text


class BlockFeatures:
    """The matrix of one page, and the columns that others lean on."""

    __slots__ = ("headings_before", "letters", "matrix", "outline", "places", "prior", "share", "size", "text")

    def __init__(self, outline: Outline) -> None:
        blocks = outline.blocks
        self.outline = outline
        self.letters = Letters([block.text for block in blocks])
        self.places = Places(outline)
        self.size = self.letters.size
        tags = np.array([_TAG_NUMBERS.get(block.tag, _DIV) for block in blocks], dtype=np.int64)
        heading = (tags >= _H1) & (tags <= _H4)
        linked = np.array([block.linked for block in blocks], dtype=np.float64) / self.letters.lengths
        running = (self.size >= _RUNNING) & (linked < 0.4) & ~heading
        self.text: Floats = np.where(running, self.size * (1 - linked), 0.0)
        """Letters of running text, wherever it stands; 0 for headings, labels and lines of links."""
        inside = self.places.sums(self.text)
        self.share: Floats = inside / max(float(inside[0]), 1.0)
        """Of each place its part of the page's running text."""
        settings = self.places.settings(outline, self.share)
        stops = self.letters.counts[:, Letter.STOP] + self.letters.counts[:, Letter.COMMA]
        self.prior = prior_of(outline, self.places, self.text, punctuated=stops > 0, settings=settings)
        self.headings_before = _last_before(np.flatnonzero(heading), len(blocks))
        """Of each block the number of the heading it stands under, or is; -1 without."""
        paragraphs = running & (stops > 0)
        self.matrix: NDArray[np.float32] = np.concatenate(
            [
                self._texts(linked),
                np.eye(len(_TAGS))[tags],
                _bits(settings[self.places.block_place]),
                self._ancestors(linked, paragraphs),
                self._mains(),
                self._positions(tags, paragraphs),
                self._priors(),
                self._page(tags, linked),
            ],
            axis=1,
            dtype=np.float32,
        )

    def _texts(self, linked: Floats) -> Floats:
        blocks, letters = self.outline.blocks, self.letters
        anchors = np.array([len(block.anchors) for block in blocks], dtype=np.float64)
        broken = np.array([block.broken for block in blocks])
        texts = [block.text.casefold() for block in blocks]
        before, count = _repeats(texts)
        title = (self.outline.document.title or "").casefold()
        words = letters.counts[:, Letter.SPACE] + letters.counts[:, Letter.CJK] / 1.6
        columns = [
            np.log1p(self.size),
            np.log1p(words),
            np.log1p(letters.counts[:, Letter.STOP]),
            np.log1p(letters.counts[:, Letter.COMMA]),
            linked,
            np.log1p(anchors),
            anchors / np.maximum(self.size / 20, 1),
            broken == Break.LINE,
            broken == Break.PARAGRAPH,
            before,
            count,
            np.array([len(text) > 8 and text in title for text in texts]),
        ]
        kinds = np.eye(KINDS)
        shares = letters.counts / letters.lengths[:, None]
        return np.concatenate([np.stack(columns, axis=1), shares, kinds[letters.first], kinds[letters.last]], axis=1)

    def _ancestors(self, linked: Floats, paragraphs: Bools) -> Floats:
        """Of each block, for several levels up, what the ancestor holds."""
        places = self.places
        size = places.sums(self.size)
        held = (places.stops - places.starts).astype(np.float64)
        mass = places.sums(self.text)
        columns = [
            self.share,
            places.sums(self.size * linked) / np.maximum(size, 1),
            np.log1p(held),
            mass / np.maximum(size, 1),
            np.log1p(mass),
            places.sums(paragraphs.astype(np.float64)) / np.maximum(held, 1),
            np.log1p(places.alike()),
            self.prior.share,
        ]
        table = np.stack(columns, axis=1)
        place, found = places.block_place, []
        for level in range(max(_LEVELS) + 1):
            if level in _LEVELS:
                found.append(table[place])
            place = places.parents[place]
        return np.concatenate(found, axis=1)

    def _mains(self) -> Floats:
        """Where the block stands relative to the deepest nodes that hold most of the text."""
        places = self.places
        numbers = np.arange(len(self.size))
        depths = places.depths[places.block_place]
        columns: list[Floats] = []
        for share in _MAIN_SHARES:
            enough = np.flatnonzero(self.share >= share)
            main = int(enough[np.argmax(places.depths[enough])]) if len(enough) else 0
            start, stop = places.starts[main], places.stops[main]
            columns.append(((numbers >= start) & (numbers < stop)).astype(np.float64))
            columns.append(np.clip((numbers - start) / max(stop - start, 1), -1, 2))
            columns.append((depths - places.depths[main]) / 10)
        return np.stack(columns, axis=1)

    def _positions(self, tags: NDArray[np.int64], paragraphs: Bools) -> Floats:
        count = len(tags)
        numbers = np.arange(count)
        headlines = np.flatnonzero(tags == _H1)
        headline = int(headlines[0]) if len(headlines) else -1
        size, text = np.cumsum(self.size), np.cumsum(self.text)
        found = np.flatnonzero(paragraphs)
        before, after = _last_before(found, count), count - 1 - _last_before(count - 1 - found[::-1], count)[::-1]
        under = self.headings_before
        images = [image.block for image in self.outline.images if image.block < count]
        columns = [
            numbers / count,
            (size - self.size) / max(size[-1], 1),
            (text - self.text) / max(text[-1], 1),
            text / max(text[-1], 1),
            numbers > headline if headline >= 0 else np.full(count, 0.5),
            np.clip((numbers - headline) / _FAR, -1, 1) if headline >= 0 else np.zeros(count),
            np.log1p(np.where(before >= 0, np.minimum(numbers - before, _FAR), _FAR)),
            np.log1p(np.where(after < count, np.minimum(after - numbers, _FAR), _FAR)),
            np.where(under >= 0, np.log1p(np.minimum(numbers - under, _FAR)), 5.0),
            np.where(under >= 0, tags[under], 6) / 5,
            self.places.depths[self.places.block_place] / 10,
            np.minimum(np.bincount(images, minlength=count), 3) if images else np.zeros(count),
        ]
        return np.stack(columns, axis=1)

    def _priors(self) -> Floats:
        prior: Prior = self.prior
        numbers = np.arange(len(prior.mass))
        strong = np.flatnonzero(prior.scores > 0.8)
        first, last = (strong[0], strong[-1]) if len(strong) else (0, len(numbers))
        inside = (numbers >= prior.span.start) & (numbers < prior.span.stop)
        return np.stack([prior.scores, np.log1p(prior.mass), inside, numbers < first, numbers > last], axis=1)

    def _page(self, tags: NDArray[np.int64], linked: Floats) -> Floats:
        """The same for all blocks."""
        count, size, text = len(tags), float(self.size.sum()), float(self.text.sum())
        han = float(self.letters.counts[:, Letter.CJK].sum())
        row = [
            np.log1p(count),
            np.log1p(text),
            han / max(float(self.letters.lengths.sum()), 1.0),
            float((self.size * linked).sum()) / max(size, 1.0),
            float(self.text[tags == _P].sum()) / max(text, 1.0),
            min(int((tags == _H1).sum()), 3),
        ]
        return np.tile(np.array(row), (count, 1))


def _bits(settings: NDArray[np.int64]) -> Floats:
    return ((settings[:, None] >> np.arange(SETTINGS)) & 1).astype(np.float64)


def _last_before(found: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Of each of `count` numbers the greatest found one that is not above it; -1 without."""
    if not len(found):
        return np.full(count, -1)
    place = np.searchsorted(found, np.arange(count), side="right") - 1
    return np.where(place >= 0, found[np.maximum(place, 0)], -1)


def _repeats(texts: list[str]) -> tuple[Floats, Floats]:
    """How often each text stood before on the page, and how often it stands there again at all; 4 at most."""
    seen: dict[str, int] = {}
    before = []
    for text in texts:
        times = seen.get(text, 0)
        before.append(times)
        seen[text] = times + 1
    return np.minimum(np.array(before, dtype=np.float64), 4), np.minimum([seen[text] - 1 for text in texts], 4)


__all__ = ["SURROUNDING_TAGS", "BlockFeatures", "Setting"]
