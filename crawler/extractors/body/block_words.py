"""The words around and in blocks, as a model counts them."""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.tree.block_text import Letters
from crawler.extractors.tree.outline import split_words
from crawler.markup.text import CJK_LETTERS

Ints = NDArray[np.int64]

_LONGEST_NAME = 20  # letters; longer ones are generated
_SHORT_TEXT = 160
_READ = 100  # letters at the beginning of a text that are looked at
_MOST = 8  # words of a text
_LONGEST_NUMBER = 4
_TOKEN = re.compile(rf"[{CJK_LETTERS}]|[^\W\d_{CJK_LETTERS}]+|\d+|[©|]")
_IS_CJK = re.compile(f"[{CJK_LETTERS}]").match
# Kinds of characters, as the pattern above tells them apart.
_PAUSE, _LETTER, _DIGIT, _SIGN, _CJK = range(5)
_PATTERNS = ((_LETTER, rf"[^\W\d_{CJK_LETTERS}]+"), (_DIGIT, r"\d+"), (_SIGN, "[©|]+"), (_CJK, f"[{CJK_LETTERS}]+"))


def _lower(text: str) -> str:
    """One letter for one: a dotted capital I would become two, and a sigma depends on where it stands."""
    return text.replace("İ", "i").replace("Σ", "σ").lower()


def _kind_table(plane: str) -> NDArray[np.uint8]:
    table = np.full(len(plane), _PAUSE, dtype=np.uint8)
    for kind, pattern in _PATTERNS:
        for run in re.finditer(pattern, plane):
            table[run.start() : run.end()] = kind
    return table


_PLANE = np.arange(0x10000, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
_KINDS = _kind_table(_PLANE)
_KINDS[0xFFFF] = _PAUSE
_LOWER = np.frombuffer(_lower(_PLANE).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
_LOWER[_KINDS == _DIGIT] = ord("0")
_POWERS: NDArray[np.uint64] = np.cumprod(
    np.array([1, *[0x9E3779B97F4A7C15] * (_READ - 1)], dtype=np.uint64), dtype=np.uint64
)


@lru_cache(maxsize=8192)
def name_words(name: str) -> tuple[str, ...]:
    """Words of a class attribute or an id, without numbers."""
    return tuple(word for word in split_words(name) if len(word) < _LONGEST_NAME and not word.isdigit())


def label_words(text: str) -> tuple[str, ...]:
    """The first words of a short text, lower case, and pairs of letters where words are not parted; () for a long one.

    Numbers become as many zeros as they have digits, four at most.
    """
    if len(text) > _SHORT_TEXT:
        return ()
    tokens = _TOKEN.findall(_lower(text[:_READ]))
    words: list[str] = []
    for number, token in enumerate(tokens):
        if _IS_CJK(token):
            following = tokens[number + 1] if number + 1 < len(tokens) else ""
            if following and _IS_CJK(following):
                words.append(token + following)
        else:
            words.append("0" * min(len(token), _LONGEST_NUMBER) if token.isdecimal() else token)
        if len(words) == _MOST:
            break
    return tuple(words)


class LabelWords:
    """Finds the words of `label_words` that are known, for all texts of a page at once.

    A word is known by its hash: the sum over its characters of the code point times a power of an odd number, modulo
    2**64. Characters beyond the basic plane are not read.
    """

    __slots__ = ("_hashes", "_rows")

    def __init__(self, words: Sequence[str]) -> None:
        """Words are numbered as they come."""
        hashes = _hashes(words)
        self._rows = np.argsort(hashes)
        self._hashes = np.append(hashes[self._rows], np.uint64(0))  # what is above all hashes meets one of no word

    def find(self, letters: Letters) -> tuple[Ints, Ints]:
        """The numbers of known words, and of each the text it stands in; in order of the texts."""
        hashes, kinds, texts = _tokens(letters)
        cjk = kinds == _CJK
        pairs = cjk[:-1] & cjk[1:] & (texts[:-1] == texts[1:])
        hashes[:-1][pairs] += hashes[1:][pairs] * _POWERS[1]
        words = ~cjk
        words[:-1] |= pairs
        texts = texts[words]
        early = np.arange(len(texts)) - np.searchsorted(texts, texts) < _MOST
        hashes, texts = hashes[words][early], texts[early]
        place = np.searchsorted(self._hashes[:-1], hashes)
        known = self._hashes[place] == hashes
        return self._rows[place[known]], texts[known]


def _tokens(letters: Letters) -> tuple[NDArray[np.uint64], NDArray[np.uint8], Ints]:
    """Hash, kind and text of each token in the beginnings of short texts; CJK letters and signs stand alone."""
    lengths = np.where(letters.lengths <= _SHORT_TEXT, np.minimum(letters.lengths, _READ), 0)
    ends = np.cumsum(lengths)
    numbers = np.arange(ends[-1])
    text_of = np.repeat(np.arange(len(lengths)), lengths)
    codes = letters.codes[numbers + (letters.ends - letters.lengths - ends + lengths)[text_of]]
    kinds = _KINDS.take(codes, mode="clip")
    opens = np.ones(len(kinds), dtype=np.bool_)
    opens[1:] = (kinds[1:] != kinds[:-1]) | (kinds[1:] >= _SIGN) | (text_of[1:] != text_of[:-1])
    starts = np.flatnonzero(opens)
    place = numbers - np.repeat(starts, np.diff(starts, append=len(kinds)))
    values = _LOWER.take(codes, mode="clip") * _POWERS[place]
    values[(kinds == _DIGIT) & (place >= _LONGEST_NUMBER)] = 0
    hashes = np.add.reduceat(values, starts) if len(starts) else values
    kinds = kinds[starts]
    spoken = kinds != _PAUSE
    return hashes[spoken], kinds[spoken], text_of[starts[spoken]]


def _hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    """Of words that are not empty; never 0."""
    lengths = np.array(list(map(len, words)), dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    codes = np.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    values: NDArray[np.uint64] = codes * _POWERS[np.arange(len(codes)) - np.repeat(starts, lengths)]
    return np.add.reduceat(values, starts) if len(words) else values
