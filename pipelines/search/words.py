"""The words of a search: what was asked for, where a text has it, and how well it fits. Pure.

A word of Chinese is found wherever its characters stand together. One of Latin letters or digits is found where it
begins a word, "ship" in "shipping" and not in "worship"; up to three letters must be the whole word, or "AI" would be
found in "said" and "aid".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from unicodedata import east_asian_width

_QUOTES = str.maketrans("“”„＂", '""""')
_ASKED = re.compile(r'"([^"]*)"?|([^\s"]+)')
_LATIN = re.compile("[A-Za-z0-9]+")
_WHOLE_LENGTH = 3
MOST_WORDS = 20

# Saturation and weight of length as in Okapi BM25, whose usual values these are; the mean body has some 1,500
# characters. No weight for rare words: an article has all words of a search or is not found.
_SATURATION, _LENGTH_WEIGHT, _MEAN_LENGTH = 1.2, 0.75, 1500
_HEADLINE_WEIGHT = 4.0
# No space stands between two characters of Chinese or Japanese, so that lines may be broken anywhere between them.
_BETWEEN_WIDE = re.compile(
    "(?<=[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]) (?=[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef])"
)
_PLACES = 200
"""Of a word, in a body of which an excerpt is made."""
_WORD_REST = re.compile(r"[A-Za-z0-9]{1,20}(?![A-Za-z0-9])\s?")


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a phrase of words that must follow each other."""

    pieces: tuple[str, ...]
    """In lower case. White space between two of them is any."""
    pattern: re.Pattern[str] = field(compare=False)
    is_whole: bool = field(compare=False)
    """The last piece is a whole word, not the beginning of one."""

    @classmethod
    def of(cls, pieces: Sequence[str]) -> "Word":
        before = "(?<![A-Za-z0-9])" if _LATIN.match(pieces[0]) else ""
        is_whole = len(pieces[-1]) <= _WHOLE_LENGTH and bool(_LATIN.fullmatch(pieces[-1]))
        after = "(?![A-Za-z0-9])" if is_whole else ""
        text = r"\s+".join(map(re.escape, pieces))
        pattern = re.compile(f"{before}{text}{after}", re.IGNORECASE)
        return cls(tuple(piece.lower() for piece in pieces), pattern, is_whole)


def parse_words(asked: str) -> tuple[Word, ...]:
    """Each once, in order: what stands between double quotes is a phrase. Empty if nothing but quotes and spaces."""
    words = [
        Word.of(pieces)
        for match in _ASKED.finditer(asked.translate(_QUOTES))
        if (pieces := match[0].strip('"').split())
    ]
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


def has_all(words: Sequence[Word], headline: str, body: str) -> bool:
    return all(word.pattern.search(headline) or word.pattern.search(body) for word in words)


def score(words: Sequence[Word], headline: str, body: str) -> float:
    """Higher is better: words in the headline first, then how often the body has them for its length."""
    norm = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * len(body) / _MEAN_LENGTH)
    total = 0.0
    for word in words:
        count = sum(1 for _ in word.pattern.finditer(body))
        total += _HEADLINE_WEIGHT * bool(word.pattern.search(headline)) + count * (_SATURATION + 1) / (count + norm)
    return total


def excerpt(words: Sequence[Word], body: str, *, cells: int) -> str:
    """Where the body has most of the words close together, in one line that fits into so many columns of a terminal."""
    text = _BETWEEN_WIDE.sub("", " ".join(body.split()))
    places = sorted(
        (found.start(), index)
        for index, word in enumerate(words)
        for found in islice(word.pattern.finditer(text), _PLACES)
    )
    best = max(places, key=lambda place: (_near(places, place[0], cells // 2), -place[0]), default=(0, 0))[0]
    # A quarter of the line for what stands before, so that the word is seen in its sentence.
    start = _word_start(text, max(0, _start_within(text, best, cells // 4)))
    shown = _fit(text[start:], cells - 2)
    return f"{'…' if start else ''}{shown}{'…' if start + len(shown) < len(text) else ''}"


def _near(places: Sequence[tuple[int, int]], start: int, length: int) -> int:
    """How many different words begin within so many characters."""
    return len({index for place, index in places if start <= place < start + length})


def _start_within(text: str, end: int, cells: int) -> int:
    start = end
    while start > 0 and (cells := cells - _cells(text[start - 1])) >= 0:
        start -= 1
    return start


def _word_start(text: str, start: int) -> int:
    """Not in the middle of a word of letters, if it is not a very long one."""
    is_inside = start and _LATIN.match(text, start - 1)
    rest = _WORD_REST.match(text, start) if is_inside else None
    return rest.end() if rest else start


def _fit(text: str, cells: int) -> str:
    end = 0
    while end < len(text) and (cells := cells - _cells(text[end])) >= 0:
        end += 1
    return text[:end]


def _cells(character: str) -> int:
    return 2 if east_asian_width(character) in "WF" else 1
