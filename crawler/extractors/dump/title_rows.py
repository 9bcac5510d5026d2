"""Rows of titles in plain text: where one title ends and the next begins.

On the page each title was a link of its own; in a dump a row of them is joined by single spaces, and titles hold spaces
too. How many titles a row has is a habit of its list, so it is read off all rows together.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, pairwise

from crawler.markup.text import CJK_LETTERS, collapse, count_words

_UNSPACED = re.compile(f"[{CJK_LETTERS}]")
_OPENING, _CLOSING = "([{（【《「『〈“‘", ")]}）】》」』〉”’"
_CLOSED_BY = dict(zip(_CLOSING, _OPENING, strict=True))
_ENDS_TITLE = "?!？！。…"
_GOES_ON = ":：,，、;；·-—–/／|｜&+~～" + _OPENING  # a title does not end here
_CONTINUES = ":：,，、;；.。?？!！%％·-—–/／|｜&+~～)）]】》」』”’"  # nor does one begin here
_ASIDE = "(（"  # "title (2)" is one title
_FUNCTION_WORDS = frozenset("a an and as at by de for from in is la le of on or the to und via von vs vs. with".split())
_LISTED = re.compile(r"\s*[|｜\t]\s*|\s{2,}|\s(?=#\w)")
_COMMAS = re.compile(r"\s*[,，、;；]\s*")
_MOST_SPACES = 12  # beyond that a row is prose; 12 places give at most 924 ways to cut
_SHORT_NAME = 8  # words: a Han letter is one
_WORST = -2.0  # a row that offers no better place stays whole


def split_names(row: str) -> tuple[str, ...] | None:
    """The names of a row of short tags; None for a row of titles, which only its neighbours help to split.

    Marks between names are believed at once, commas and single spaces only if all names come out short. Latin words
    are never parted at a space: "supply chain" is one tag.
    """
    names = [collapse(name) for name in _LISTED.split(row.strip()) if name.strip()]
    if len(names) > 1:
        return tuple(names)
    for parted in (_COMMAS.split(row.strip()), _split_unspaced(row)):
        names = [name for name in parted if name]
        if len(names) > 1 and all(count_words(name) <= _SHORT_NAME for name in names):
            return tuple(names)
    return (row.strip(),) if count_words(row) <= _SHORT_NAME and " " not in row.strip() else None


def split_titles(rows: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The titles of each row; a row with no place to cut stays whole."""
    tokens = [row.split() for row in rows]
    plain = Counter(1 + sum(_score(*pair) > 1 for pair in pairwise(row)) for row in tokens if row)
    usual = plain.most_common(1)[0][0] if plain else 1
    return tuple(_split(row, usual) for row in tokens)


def _split_unspaced(row: str) -> list[str]:
    """Parts at single spaces, where none of them is a Latin word: those may belong together."""
    parts = row.split()
    return parts if all(_UNSPACED.search(part) for part in parts) else []


def _split(tokens: list[str], count: int) -> tuple[str, ...]:
    whole = (" ".join(tokens),)
    if not 1 < count <= len(tokens) <= _MOST_SPACES + 1:
        return whole
    scores = [_score(*pair) for pair in pairwise(tokens)]
    ways = combinations(range(1, len(tokens)), count - 1)
    best = max(ways, key=lambda cuts: _worth(tokens, cuts, scores))
    if min(scores[cut - 1] for cut in best) < _WORST:
        return whole
    return tuple(_pieces(tokens, best))


def _worth(tokens: list[str], cuts: tuple[int, ...], scores: list[float]) -> float:
    """Good places first, then open brackets kept together, then titles of like length."""
    pieces = _pieces(tokens, cuts)
    lengths = [count_words(piece) for piece in pieces]
    unbalanced = sum(not _is_balanced(piece) for piece in pieces)
    return sum(scores[cut - 1] for cut in cuts) - 5 * unbalanced - 2 * (max(lengths) - min(lengths)) / sum(lengths)


def _pieces(tokens: list[str], cuts: tuple[int, ...]) -> list[str]:
    return [" ".join(tokens[start:stop]) for start, stop in pairwise((0, *cuts, len(tokens)))]


def _score(left: str, right: str) -> float:
    """How well a title may end with one token and the next begin with the other."""
    score = 0.0
    if left[-1] in _GOES_ON or right[0] in _CONTINUES or right[0] in _ASIDE:
        score -= 4
    elif left[-1] in _ENDS_TITLE:
        score += 3
    elif right[0] in _OPENING:
        score += 1
    if left.lower() in _FUNCTION_WORDS or (right.lower() in _FUNCTION_WORDS and right.islower()):
        score -= 3
    unspaced = bool(_UNSPACED.match(left[-1])) + bool(_UNSPACED.match(right[0]))
    if not unspaced and not _UNSPACED.search(left + right):
        return score - 4  # two Latin words
    return score + (-2, 0, 2)[unspaced]


def _is_balanced(text: str) -> bool:
    """Every bracket is closed in its own title; straight quotes are not looked at."""
    opened: list[str] = []
    for char in text:
        if char in _OPENING:
            opened.append(char)
        elif char in _CLOSED_BY and (not opened or opened.pop() != _CLOSED_BY[char]):
            return False
    return not opened
