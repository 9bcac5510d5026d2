"""What PostgreSQL's index has of a word: the lexemes that no text with the word is without. Pure.

The index is made by `article_search_words` (models/search.py). Here stands the same of a word, but for its end, where
a text may go on: a word of letters is the beginning of one, and a single other character the beginning of a pair.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from models.search import IN_HEADLINE, IS_CUT, LONGEST_WORD, SEPARATORS
from pipelines.search.words import Word

_RUN = re.compile(f"([a-z0-9]+)|([^{SEPARATORS}]+)")
_MOST = 64
"""Lexemes, enough to find a long phrase by."""


class Lexeme(NamedTuple):
    text: str
    is_beginning: bool = False
    """Any lexeme that begins so."""


@dataclass(frozen=True, slots=True)
class Lexemes:
    """All of them are in a text that has the words."""

    each: tuple[Lexeme, ...]
    is_weak: bool
    """Nothing but beginnings of pairs: of a common character there are thousands, and to gather them takes long."""

    def query(self, *, in_headline: bool = False) -> str:
        """As a `tsquery`."""
        mark = IN_HEADLINE if in_headline else ""
        terms = (f"'{mark}{lexeme.text}'{':*' if lexeme.is_beginning else ''}" for lexeme in self.each)
        return f"({' & '.join(terms)} | '{IS_CUT}')"


def lexemes_of(words: Sequence[Word]) -> Lexemes | None:
    """None if the index has nothing of any of the words, as of one that is but punctuation."""
    found = dict.fromkeys(each for word in words for each in _of_word(word))
    strong = [each for each in found if each.text.isascii() or not each.is_beginning]
    kept = tuple((strong or list(found))[:_MOST])
    return Lexemes(kept, is_weak=not strong) if kept else None


def _of_word(word: Word) -> Iterator[Lexeme]:
    for number, piece in enumerate(word.pieces, 1):
        for run in _RUN.finditer(piece):
            is_open = run.end() == len(piece) and number == len(word.pieces)
            if run[1]:
                yield from _of_letters(run[1], is_open=is_open and not word.is_whole)
            else:
                yield from _of_others(run[2], is_open=is_open)


def _of_letters(run: str, *, is_open: bool) -> Iterator[Lexeme]:
    *cut, rest = (run[start : start + LONGEST_WORD] for start in range(0, len(run), LONGEST_WORD))
    yield from map(Lexeme, cut)
    yield Lexeme(rest, is_beginning=is_open)


def _of_others(run: str, *, is_open: bool) -> Iterator[Lexeme]:
    if len(run) == 1:
        yield Lexeme(run, is_beginning=is_open)
    for start in range(len(run) - 1):
        yield Lexeme(run[start : start + 2])
