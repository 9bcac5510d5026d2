"""Blocks alike: those whose nodes have the same tags and classes, wherever on the page they stand."""

from collections.abc import Iterator

import numpy as np

from crawler.extractors.body.block_places import Ints, Places, grouped
from crawler.extractors.tree.block_text import Floats

_STEP = 0x9E3779B97F4A7C15  # odd, with its bits well mixed


class Kin:
    """Groups of blocks, by number from 0."""

    __slots__ = ("near", "path")

    def __init__(self, places: Places) -> None:
        kinds = _kinds(places)
        own = kinds[places.block_place]
        above = kinds[places.parents[places.block_place]]
        self.near: Ints = grouped(own * (kinds.max() + 1) + above)
        """Alike in the node and the one around it."""
        self.path: Ints = grouped(_path_hashes(places, kinds)[places.block_place])
        """Alike all the way up to the root."""

    def rows(self, size: Floats, text: Floats, linked: Floats) -> Iterator[Floats]:
        """Of each block, for both groups: how many are in it, their part of the page's running text, and so on."""
        whole = max(float(text.sum()), 1.0)
        for group in (self.path, self.near):
            count = np.bincount(group)
            letters = np.bincount(group, size)
            yield np.log1p(count)[group]
            yield (np.bincount(group, text) / whole)[group]
            yield (np.bincount(group, size * linked) / np.maximum(letters, 1))[group]
            yield np.log1p(letters / count)[group]


def _kinds(places: Places) -> Ints:
    """The number of each place's tag and class."""
    kinds: Ints = places.tag_numbers * places.names.count + places.name_numbers[0]
    return kinds


def _path_hashes(places: Places, kinds: Ints) -> Ints:
    depths = places.depths.astype(np.int64)
    steps = np.cumprod(np.full(int(depths.max()) + 1, _STEP, dtype=np.uint64))
    total = (kinds + 1).astype(np.uint64) * np.uint64(_STEP) * steps[depths]
    total[0] = 0
    for above in places.above:
        total = total + total[above]
    return total.view(np.int64)
