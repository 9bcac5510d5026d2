"""The letters of blocks, counted by kind for a whole page at once."""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Letter(IntEnum):
    """Kinds of characters that tell running text from labels, dates, menus and prices."""

    OTHER = 0
    SPACE = 1
    LOWER = 2  # and all letters of scripts without case
    UPPER = 3
    DIGIT = 4
    CJK = 5
    COMMA = 6
    STOP = 7
    QUOTE = 8
    COLON = 9
    BRACKET = 10
    SEPARATOR = 11
    SYMBOL = 12


KINDS = len(Letter)
_LISTED = {
    Letter.SPACE: " \t\n\r\u00a0\u3000",
    Letter.DIGIT: "0123456789０１２３４５６７８９",
    Letter.COMMA: ",，、;；،",
    Letter.STOP: ".。!！?？…।۔؟．",
    Letter.QUOTE: "\"'“”‘’«»„「」『』‹›",
    Letter.COLON: ":：",
    Letter.BRACKET: "()[]（）【】{}〔〕〈〉《》",
    Letter.SEPARATOR: "|/·•–—-→>｜丨_*～~",
    Letter.SYMBOL: "©®™@#$€£¥%&+=<^",
}
_RANGES = (
    (0x2000, 0x2070, Letter.OTHER),
    (0x2190, 0x2C00, Letter.SYMBOL),
    (0xD800, 0xF900, Letter.SYMBOL),
    (0x3000, 0x3040, Letter.OTHER),
    (0xFF00, 0xFF66, Letter.OTHER),
    (0x3005, 0x3008, Letter.CJK),
    (0x3041, 0x3100, Letter.CJK),
    (0x31F0, 0x3200, Letter.CJK),
    (0x3400, 0x4DC0, Letter.CJK),
    (0x4E00, 0xA000, Letter.CJK),
    (0xAC00, 0xD7B0, Letter.CJK),
    (0xF900, 0xFB00, Letter.CJK),
)
# Cased scripts end before the Armenian block; above, capitals are too rare to count.
_CASED = 0x590
# A Han letter says about as much as two and a half of Latin script.
CJK_WEIGHT = 2.5
_PIECE = 2048  # texts of a long page that are counted at once: it takes twelve times their memory


def _kind_table() -> NDArray[np.uint8]:
    """The kind of each character of the basic plane; the last entry stands for all others, which are pictures."""
    table = np.full(0x10000, Letter.LOWER, dtype=np.uint8)
    table[:0x80] = Letter.OTHER
    for code in range(_CASED):
        if chr(code).isalpha():
            table[code] = Letter.UPPER if chr(code).isupper() else Letter.LOWER
    for start, stop, kind in _RANGES:
        table[start:stop] = kind
    for kind, characters in _LISTED.items():
        for character in characters:
            table[ord(character)] = kind
    table[0xFFFF] = Letter.SYMBOL
    return table


_TABLE = _kind_table()


class Letters:
    """Counts for each text; texts are not empty."""

    __slots__ = ("counts", "first", "last", "lengths")

    def __init__(self, texts: Sequence[str]) -> None:
        self.lengths = np.array(list(map(len, texts)), dtype=np.int64)
        self.counts: Floats = np.empty((KINDS, len(texts)))
        """A row a kind, a column a text."""
        self.first: NDArray[np.uint8] = np.empty(len(texts), dtype=np.uint8)
        self.last: NDArray[np.uint8] = np.empty(len(texts), dtype=np.uint8)
        for start in range(0, len(texts), _PIECE):
            self._count(texts, slice(start, start + _PIECE))

    def _count(self, texts: Sequence[str], piece: slice) -> None:
        lengths = self.lengths[piece]
        joined = "\n".join(texts[piece]).encode("utf-32-le", "surrogatepass")
        kinds = _TABLE.take(np.frombuffer(joined, dtype="<u4"), mode="clip")
        ends = np.cumsum(lengths + 1) - 1
        rows = np.repeat(np.arange(len(lengths)) * KINDS, lengths + 1)[:-1]
        rows += kinds
        counts = np.bincount(rows, minlength=len(lengths) * KINDS).reshape(-1, KINDS)
        counts[:-1, Letter.SPACE] -= 1  # the line feeds that join the texts
        self.counts[:, piece] = counts.T
        self.first[piece] = kinds[ends - lengths]
        self.last[piece] = kinds[ends - 1]

    @property
    def size(self) -> Floats:
        """Letters and digits, in Latin letters' worth."""
        counts = self.counts
        latin = counts[Letter.LOWER] + counts[Letter.UPPER] + counts[Letter.DIGIT]
        size: Floats = latin + CJK_WEIGHT * counts[Letter.CJK]
        return size
