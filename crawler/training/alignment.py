"""Which blocks of a page are the lines of its known body: the likeliest chain of matches, in the order of both."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from crawler.markup.text import CJK_LETTERS

_TOKEN = re.compile(rf"[{CJK_LETTERS}]|[^\W{CJK_LETTERS}]+")
_SHINGLE = 4  # words
_MOST_PLACES = 6  # looked at for one block: a line that stands everywhere tells nothing
_COVERED = 0.55  # share of a block's shingles that the body has to have


class _Match(NamedTuple):
    block: int
    start: int
    """In words of the body."""
    stop: int
    weight: float


def words_of(text: str) -> list[str]:
    """Folded words; a letter of Chinese, Japanese and Korean is one."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def word_f1(gold: Sequence[str], found: Sequence[str]) -> float:
    """How far two bags of words agree, 0 to 1."""
    both = sum((Counter(gold) & Counter(found)).values())
    return 2 * both / (len(gold) + len(found)) if both else 0.0


def align(texts: Sequence[str], body: str) -> list[bool]:
    """For each text whether it is part of the body, whose paragraphs are lines."""
    gold = _Gold(body)
    matches = [match for block, text in enumerate(texts) for match in gold.matches(block, words_of(text))]
    chosen = {match.block for match in _heaviest_chain(matches, len(gold.words))}
    return [block in chosen for block in range(len(texts))]


class _Gold:
    def __init__(self, body: str) -> None:
        self.words: list[str] = []
        self._lines: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for line in body.splitlines():
            words = words_of(line)
            if words:
                self._lines[tuple(words)].append(len(self.words))
                self.words += words
        self._shingles: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for start in range(len(self.words) - _SHINGLE + 1):
            self._shingles[tuple(self.words[start : start + _SHINGLE])].append(start)

    def matches(self, block: int, words: list[str]) -> Iterator[_Match]:
        whole = self._lines.get(tuple(words), ()) if words else ()
        if whole:
            for start in whole[:_MOST_PLACES]:
                yield _Match(block, start, start + len(words), len(words) * 1.2 + 0.5)
        elif len(words) >= _SHINGLE:
            yield from self._partly(block, words)
        elif len(words) > 1:
            yield from self._inside(block, words)

    def _partly(self, block: int, words: list[str]) -> Iterator[_Match]:
        shingles = [tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)]
        hits = [at for at, shingle in enumerate(shingles) if shingle in self._shingles]
        covered = len(hits) / len(shingles)
        if covered >= _COVERED:
            for start in self._shingles[shingles[hits[0]]][:_MOST_PLACES]:
                stop = min(start + hits[-1] - hits[0] + _SHINGLE, len(self.words))
                yield _Match(block, start, stop, len(words) * covered)

    def _inside(self, block: int, words: list[str]) -> Iterator[_Match]:
        """A few words that stand somewhere in the body: weak, so only where nothing better is crossed."""
        found = 0
        for start in range(len(self.words) - len(words) + 1):
            if self.words[start] == words[0] and self.words[start : start + len(words)] == words:
                yield _Match(block, start, start + len(words), len(words) * 0.5)
                found += 1
                if found == _MOST_PLACES:
                    return


def _heaviest_chain(matches: Sequence[_Match], length: int) -> list[_Match]:
    """Matches one after the other in page and body alike, of the greatest weight together. `matches` by block."""
    best = _BestBefore(length + 1)
    weights: list[float] = []
    before: list[int] = []
    first = 0
    while first < len(matches):
        last = first
        while last < len(matches) and matches[last].block == matches[first].block:
            weight, number = best.up_to(matches[last].start)
            weights.append(weight + matches[last].weight)
            before.append(number)
            last += 1
        for number in range(first, last):  # after all of the block have looked: it is in the chain once
            best.put(matches[number].stop, weights[number], number)
        first = last
    chain: list[_Match] = []
    number = max(range(len(matches)), key=lambda each: weights[each], default=-1)
    while number >= 0:
        chain.append(matches[number])
        number = before[number]
    return chain[::-1]


class _BestBefore:
    """The heaviest entry up to a position, in logarithmic time (a Fenwick tree of maxima)."""

    def __init__(self, size: int) -> None:
        self._entries = [(0.0, -1)] * (size + 1)

    def put(self, position: int, weight: float, number: int) -> None:
        position += 1
        while position < len(self._entries):
            if weight > self._entries[position][0]:
                self._entries[position] = (weight, number)
            position += position & -position

    def up_to(self, position: int) -> tuple[float, int]:
        position += 1
        found = (0.0, -1)
        while position > 0:
            found = max(found, self._entries[position], key=lambda entry: entry[0])
            position -= position & -position
        return found
