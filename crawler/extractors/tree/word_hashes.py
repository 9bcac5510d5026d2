"""Known words of labels and names, found for all texts of a page at once.

A word is known by its hash: the sum over its characters, in lower case, of the code point times a power of an odd
number, modulo 2**64. Words themselves, and what is a word, are `block_words`'. Characters beyond the basic plane are
not read.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crawler.markup.text import CJK_LETTERS

LONGEST_LABEL = 160
READ = 100  # letters at the beginning of a label that are looked at
LABEL_WORDS = 8
LONGEST_NUMBER = 4
# Spreads hashes of one letter, which are its code point, over all numbers.
_MIXING = np.uint64(0x9E3779B97F4A7C15)
_MOST_BITS = 16
_PIECE = 2048  # texts of a long page that are hashed at once

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

# Kinds of characters: of labels, then of names, where capitals begin words.
_PAUSE, _LETTER, _DIGIT, _SIGN, _CJK = range(5)
_LOWER, _UPPER = _SIGN, _CJK
_RUNS = ((_LETTER, rf"[^\W\d_{CJK_LETTERS}]+"), (_DIGIT, r"\d+"), (_SIGN, "[©|]+"), (_CJK, f"[{CJK_LETTERS}]+"))
_PLANE = np.arange(0x10000, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")


def lower_letters(text: str) -> str:
    """One letter for one: a dotted capital I would become two, and a sigma depends on where it stands."""
    return text.replace("İ", "i").replace("Σ", "σ").lower()


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _label_kinds() -> Bytes:
    """By code point; the last entry stands for all beyond."""
    table = np.full(len(_PLANE), _PAUSE, dtype=np.uint8)
    for kind, pattern in _RUNS:
        for run in re.finditer(pattern, _PLANE):
            table[run.start() : run.end()] = kind
    table[-1] = _PAUSE
    return table


def _name_kinds(label_kinds: Bytes) -> Bytes:
    table = label_kinds.copy()
    table[table == _SIGN] = _PAUSE
    table[table == _CJK] = _LETTER
    table[ord("a") : ord("z") + 1] = _LOWER
    table[ord("A") : ord("Z") + 1] = _UPPER
    return table


_LABEL_KINDS = _label_kinds()
_NAME_KINDS = _name_kinds(_LABEL_KINDS)
_VALUES: Hashes = _codes(lower_letters(_PLANE)).astype(np.uint64)
_VALUES[_LABEL_KINDS == _DIGIT] = ord("0")
_POWERS: Hashes = np.cumprod(np.array([1, *[0x9E3779B97F4A7C15] * (READ - 1)], dtype=np.uint64), dtype=np.uint64)


class WordHashes(NamedTuple):
    """The words of several texts, in order."""

    hashes: Hashes
    texts: Ints
    """Of each word the text it stands in."""


class KnownWords:
    """Words that mean something, numbered as they are given."""

    __slots__ = ("_hashes", "_numbers", "_rest", "_shelves", "_steps")

    def __init__(self, words: Sequence[str]) -> None:
        """In lower case, and not empty; no more than 65,535."""
        lengths = np.array(list(map(len, words)), dtype=np.int64)
        hashes = _sums(_codes("".join(words)), lengths.cumsum() - lengths) * _MIXING
        order = hashes.argsort()
        # What is above all hashes meets one of no word.
        self._hashes = np.append(hashes[order], np.uint64(0xFFFF_FFFF_FFFF_FFFF))
        self._numbers: Ints = np.append(order, 0)
        bits = min(max(64 * len(words), 1).bit_length(), _MOST_BITS)
        self._rest = np.uint64(64 - bits)
        counts = np.bincount((hashes >> self._rest).astype(np.int64), minlength=1 << bits)
        # Small numbers: four vocabularies are asked for each page, and are to stay in the processor's cache.
        self._shelves: NDArray[np.uint16] = (counts.cumsum() - counts).astype(np.uint16)
        """Of the first bits of a hash, the place of the first known one that has them, or more."""
        self._steps = int(counts.max())

    def find(self, words: WordHashes) -> tuple[Ints, Ints]:
        """The numbers of those that are known, and of each the text it stands in."""
        # A binary search in thousands of hashes takes ten times as long.
        hashes = words.hashes * _MIXING
        place = self._shelves.take((hashes >> self._rest).astype(np.int64)).astype(np.int64)
        for _ in range(self._steps):
            place += self._hashes.take(place) < hashes
        known = self._hashes.take(place) == hashes
        return self._numbers[place[known]], words.texts[known]


def name_hashes(names: Sequence[str]) -> WordHashes:
    """The words of class attributes and ids, as `split_words` parts them."""
    codes = _codes("\n".join(names))
    kinds = _NAME_KINDS.take(codes, mode="clip")
    before, after = kinds[:-1], kinds[1:]
    capitalised = (before == _UPPER) & (after == _LOWER)
    opens = np.ones(len(kinds), dtype=np.bool_)
    opens[1:] = (before != after) & ~capitalised
    opens[:-1] |= capitalised
    starts = opens.nonzero()[0]
    words = kinds[starts] != _PAUSE
    ends = np.cumsum(np.array(list(map(len, names)), dtype=np.int64) + 1)
    return WordHashes(_sums(codes, starts)[words], ends.searchsorted(starts[words], side="right"))


def label_hashes(texts: Sequence[str]) -> WordHashes:
    """The first words of short texts, as `label_words` counts them."""
    pieces = [_label_hashes(texts[start : start + _PIECE]) for start in range(0, len(texts), _PIECE)]
    if len(pieces) == 1:
        return pieces[0]
    hashes = np.concatenate([np.zeros(0, dtype=np.uint64), *(piece.hashes for piece in pieces)])
    owners = [piece.texts + number * _PIECE for number, piece in enumerate(pieces)]
    return WordHashes(hashes, np.concatenate([np.zeros(0, dtype=np.int64), *owners]))


def _label_hashes(texts: Sequence[str]) -> WordHashes:
    codes, text_of = _label_codes(texts)
    kinds = _LABEL_KINDS.take(codes, mode="clip")
    opens = np.ones(len(kinds), dtype=np.bool_)
    opens[1:] = (kinds[1:] != kinds[:-1]) | (kinds[1:] >= _SIGN) | (text_of[1:] != text_of[:-1])
    starts = opens.nonzero()[0]
    hashes = _sums(codes, starts, cut=kinds == _DIGIT)
    spoken = kinds[starts] != _PAUSE
    hashes, starts = hashes[spoken], starts[spoken]
    cjk, owners = kinds[starts] == _CJK, text_of[starts]
    pairs = cjk[:-1] & cjk[1:] & (owners[:-1] == owners[1:])
    hashes[:-1][pairs] += hashes[1:][pairs] * _POWERS[1]
    words = ~cjk
    words[:-1] |= pairs
    hashes, owners = hashes[words], owners[words]
    # The first words of a text: none is so far behind another of it.
    early = np.ones(len(owners), dtype=np.bool_)
    np.not_equal(owners[LABEL_WORDS:], owners[:-LABEL_WORDS], out=early[LABEL_WORDS:])
    return WordHashes(hashes[early], owners[early])


def _label_codes(texts: Sequence[str]) -> tuple[NDArray[np.uint32], Ints]:
    """The beginnings of all short texts, and of each character its text."""
    read = [text[:READ] if len(text) <= LONGEST_LABEL else "" for text in texts]
    return _codes("".join(read)), np.repeat(np.arange(len(read)), list(map(len, read)))


def _sums(codes: NDArray[np.uint32], starts: Ints, *, cut: NDArray[np.bool_] | None = None) -> Hashes:
    """The hashes of words that begin at `starts`; of characters to be `cut`, only so many count as a number has."""
    lengths = np.empty_like(starts)
    np.subtract(starts[1:], starts[:-1], out=lengths[:-1])
    lengths[-1:] = len(codes) - starts[-1:]
    place = np.arange(len(codes)) - starts.repeat(lengths)
    values: Hashes = _VALUES.take(codes, mode="clip") * _POWERS.take(place, mode="clip")
    if cut is not None:
        values[cut & (place >= LONGEST_NUMBER)] = 0
    return np.add.reduceat(values, starts) if len(starts) else values
