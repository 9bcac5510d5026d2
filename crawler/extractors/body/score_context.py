"""What the scores of a page's blocks say about each other, as one matrix: a row a block, a column a feature.

A block alone looks like body or not; whether it is depends on what became of its neighbours, of those set like it, and
of the boxes around it. A second network reads this matrix and scores each block again.
"""

from collections.abc import Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.body.block_features import DECLARED, BlockFeatures, matrix_of
from crawler.extractors.body.block_places import Ints, Places, bounded, grouped
from crawler.extractors.tree.block_text import Floats, Letter

_SHORTEST = 5.0  # letters that a block counts for at least
_LEAST_MASS = 50.0  # letters of body on a page
_SURE = 2e-3  # scores are taken for no surer than this
_NEIGHBOURS = (1, 2, 3, 5)  # blocks away
_BEYOND = -2.0  # the page's ends
_LEVELS = (1, 2, 3, 4, 6)  # of ancestors looked at
_WINDOWS = ((-4, 5), (-15, 16), (-12, 0), (1, 13))  # from and to before which block, the block itself being 0
_WIDEST = 16  # blocks
_FAR = 60  # blocks
_LIKELY = 0.5
_MOST_COLUMNS = 72
_MAIN_SHARE = 0.6
_LISTS = frozenset({"ul", "ol", "dl"})
_TABLES = frozenset({"table"})
_QUOTES = frozenset({"blockquote"})

Columns = Iterator[Floats | NDArray[np.bool_]]


def expected_f1(scores: Floats, weight: Floats) -> Floats:
    """The F1 to be expected of taking the likeliest block, the two likeliest, and so on to all."""
    order = np.argsort(-scores, kind="stable")
    ordered = weight[order]
    right, taken = np.cumsum(scores[order] * ordered), ordered.cumsum()
    expected: Floats = 2 * right / (taken + right[-1])
    return expected


class ScoreContext:
    """One page, ready to read what scores of its blocks say. Holds no tree."""

    __slots__ = ("_groups", "_hans", "_own", "_places", "_running", "_size", "_weight")

    def __init__(self, features: BlockFeatures) -> None:
        places, letters = features.places, features.letters
        self._places = places
        self._size = features.size
        self._weight = features.size + _SHORTEST
        self._running = max(float(features.text.sum()), _LEAST_MASS)
        self._hans = float(letters.counts[Letter.CJK].sum()) / float(letters.lengths.sum())
        lists, tables = places.nearest(_LISTS), places.nearest(_TABLES)
        self._groups = _groups(features, lists=lists, tables=tables)
        self._own = [
            np.log1p(features.size) / 3,
            features.linked,
            features.text > 0,
            features.headings_before == np.arange(len(features.size)),
            *(_tagged(places, tag) for tag in ("p", "pre")),
            lists >= 0,
            tables >= 0,
            places.nearest(_QUOTES) >= 0,
            features.prior.scores,
            features.share[places.parents[places.block_place]],
            letters.last == Letter.STOP,
            features.matrix[:, DECLARED].T,
        ]

    def matrix(self, scores: Floats) -> NDArray[np.float32]:
        """`scores` are those of the first networks, 0 to 1."""
        mass = scores * self._weight  # letters of body to be expected in each block
        whole = max(float(mass.sum()), _LEAST_MASS)
        rows = chain(
            (scores,),
            _neighbours(scores),
            self._shares(mass, whole),
            self._ancestors(mass, whole),
            self._windows(mass, whole),
            _distances(scores),
            (self._page(scores, whole),),
            self._own,
        )
        return matrix_of(rows, len(scores), most=_MOST_COLUMNS)

    def _shares(self, mass: Floats, whole: float) -> Columns:
        """The mean of each block's group, and its part of all that is to be expected."""
        for members, weight in self._groups:
            inside = np.bincount(members, mass)
            yield (inside / weight)[members]
            yield (inside / whole)[members]

    def _ancestors(self, mass: Floats, whole: float) -> Columns:
        places = self._places
        inside, weight = places.sums(np.array((mass, self._weight)))
        table = np.array((inside / np.maximum(weight, 1), inside / whole))
        place = places.block_place
        for level in range(1, max(_LEVELS) + 1):
            place = places.parents[place]
            if level in _LEVELS:
                yield table.take(place, axis=1)

    def _windows(self, mass: Floats, whole: float) -> Columns:
        count = len(mass)
        total = np.zeros((2, count + 1 + 2 * _WIDEST))  # nothing stands beyond the page's ends
        begin, end = _WIDEST + 1, _WIDEST + 1 + count
        np.cumsum((mass, self._weight), axis=1, out=total[:, begin:end])
        total[:, end:] = total[:, end - 1 : end]
        for start, stop in _WINDOWS:
            first, last = _WIDEST + start, _WIDEST + stop
            inside, weight = total[:, last : last + count] - total[:, first : first + count]
            yield inside / np.maximum(weight, 1)
        yield total[0, begin - 1 : end - 1] / whole
        yield 1 - total[0, begin:end] / whole

    def _page(self, scores: Floats, whole: float) -> Floats:
        """The same for all blocks."""
        column = [
            float(expected_f1(scores, self._size + 1).max()),
            scores.max(),
            np.log1p(whole) / 5,
            whole / self._running,
            np.log1p(len(scores)) / 3,
            self._hans,
        ]
        return np.array(column)[:, None].repeat(len(scores), axis=1)


def _groups(features: BlockFeatures, *, lists: Ints, tables: Ints) -> list[tuple[Ints, Floats]]:
    """Blocks that belong together, by number, and the letters of each group."""
    places, count = features.places, len(features.places.nodes)
    own = places.block_place
    parents = places.parents[own]
    alone = count + np.arange(len(own))
    groups = (
        grouped(parents * count + places.tag_numbers[own]),
        features.kin.path,
        features.kin.near,
        parents,
        places.parents[parents],
        _sections(places, features.share),
        np.where(lists >= 0, lists, alone),
        np.where(tables >= 0, tables, alone),
    )
    weight = features.size + _SHORTEST
    return [(members, np.maximum(np.bincount(members, weight), _SHORTEST)) for members in groups]


def _tagged(places: Places, tag: str) -> NDArray[np.bool_]:
    number = places.tag_list.index(tag) if tag in places.tag_list else -1
    tagged: NDArray[np.bool_] = places.tag_numbers[places.block_place] == number
    return tagged


def _neighbours(scores: Floats) -> Columns:
    likely = bounded(scores, _SURE, 1 - _SURE)
    logits = np.log(likely / (1 - likely)) / 3
    yield logits
    padding = np.full(max(_NEIGHBOURS), _BEYOND)
    padded = np.concatenate([padding, logits, padding])
    for step in _NEIGHBOURS:
        for start in (len(padding) - step, len(padding) + step):
            yield padded[start : start + len(logits)]


def _distances(scores: Floats) -> Columns:
    """To the nearest blocks before and after that are likely body."""
    numbers = np.arange(len(scores))
    likely = (scores > _LIKELY).nonzero()[0]
    ends = np.concatenate([[-_FAR], likely, [len(scores) + _FAR]])
    yield np.log1p(np.minimum(numbers - ends[likely.searchsorted(numbers, side="right")], _FAR))
    yield np.log1p(np.minimum(ends[likely.searchsorted(numbers) + 1] - numbers, _FAR))


def _sections(places: Places, share: Floats) -> Ints:
    """Of each block the child it stands in of the deepest node that holds most of the text; -1 outside, made 0."""
    main = int(np.where(share >= _MAIN_SHARE, places.depths, -1.0).argmax())
    children = (places.parents == main).nonzero()[0]
    children = children[children != main]
    numbers = np.arange(len(places.block_place))
    if not len(children):
        return np.zeros(len(numbers), dtype=np.int64)
    found = np.searchsorted(places.starts[children], numbers, side="right") - 1
    inside = (found >= 0) & (numbers < places.stops[children[found]])
    return np.where(inside, found + 1, 0)
