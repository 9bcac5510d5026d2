"""Vocabularies: the words of headings, as they are written down and as they are compared.

Latin words match whole; those of scripts without spaces, or with vowel signs that end words for `re`, anywhere; or all
together the whole heading. `_` stands for one space, `*` after a letter for the rest of a word.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from crawler.extractors.lists.openings import Opening, openings


@dataclass(frozen=True, slots=True)
class Words:
    """One vocabulary."""

    latin: Mapping[Opening, str]
    """The alternatives of Latin script and its kin by their first word."""
    unspaced: re.Pattern[str]
    """Those of scripts without spaces."""
    signs: frozenset[str]
    """First letters of those."""


def vocabulary(latin: str, cjk: str = "", *, whole: bool = False) -> Words:
    found: dict[Opening, list[str]] = {}
    for part in latin.replace("ς", "σ").split():  # as lines are folded
        alternative = re.sub(r"(?<!\\)(\w)\*", r"\1\\w*", part).replace("_", " ")
        for opening in openings(alternative):
            found.setdefault(opening, []).append(alternative)
    spaced = {opening: "|".join(alternatives) for opening, alternatives in found.items()}
    words = unicodedata.normalize("NFKC", cjk).split()
    unspaced = "|".join(words).replace("_", " ")
    signs = frozenset(word[0] for word in words)
    return Words(spaced, re.compile(f"(?:{unspaced})$" if whole else unspaced), signs)


@cache
def compiled(alternatives: str, whole: bool) -> re.Pattern[str]:
    """Latin words, from the beginning of one on; compiled when a line first needs them."""
    return re.compile(rf"(?:{alternatives})$" if whole else rf"\b(?:{alternatives})(?!\w)")
