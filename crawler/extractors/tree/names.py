"""Names: the classes and ids of a page's nodes. Most are written alike on many nodes; each is read once."""

from collections.abc import Sequence

import numpy as np

from crawler.extractors.tree.word_hashes import Ints, KnownWords, WordHashes, name_hashes


class Names:
    __slots__ = ("classes", "classes_and_ids", "count", "words")

    def __init__(self, classes: Sequence[str], ids: Sequence[str]) -> None:
        """Of each node its class and its id; "" where it has none."""
        different, numbers = numbered(["", *classes, *ids])
        self.count = len(different)
        """Numbers are below."""
        self.classes_and_ids: Ints = numbers[1:].reshape(2, -1)
        """A column a node; the same number for those that are written the same way, 0 for none."""
        self.classes: list[str] = different[: int(self.classes_and_ids[0].max()) + 1]
        """The different ones, by number; ids have the numbers behind, or that of the class written alike."""
        self.words: WordHashes = name_hashes(different)
        """Of each number."""

    def bits(self, known: KnownWords, bits: Ints) -> tuple[Ints, Ints]:
        """Of each node those of all known words in its class, and in its id; `bits` are those of each word."""
        named = np.zeros(self.count, dtype=np.int64)
        words, names = known.find(self.words)
        np.bitwise_or.at(named, names, bits[words])
        classes, ids = named[self.classes_and_ids]
        return classes, ids


def numbered(words: Sequence[str]) -> tuple[list[str], Ints]:
    """The different words, and of each its number among these."""
    different = list(dict.fromkeys(words))
    numbers = dict(zip(different, range(len(different)), strict=True))
    return different, np.fromiter(map(numbers.__getitem__, words), dtype=np.int64, count=len(words))
