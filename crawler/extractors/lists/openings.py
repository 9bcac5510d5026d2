"""How the matches of a vocabulary can begin: most lines hold none of these words, and need not be compared with it.

Understands the part of regular expressions that vocabularies are written in: groups, alternatives, sets, `?`, and the
wildcards `\\w*` and `\\w+`.
"""

import re
from typing import NamedTuple

SHORTEST = 3
_WILDCARD = "\n"  # in no heading, and in no word: what is known of the word ends there
_WORD = re.compile(r"\w+")
# Letters come together, unless the last of them may be missing or repeated.
_PART = re.compile(r"\(\?:|\(|\||\)|\[[^]]*\]|\\.|\w+(?![?*+\w])|.", re.DOTALL)


class Opening(NamedTuple):
    word: str
    """The first word, or its first letters."""
    whole: bool


def openings(pattern: str) -> frozenset[Opening]:
    """The first words of all that matches.

    Raises ValueError where fewer than SHORTEST letters stand before a wildcard.
    """
    found, _ = _alternatives(_PART.findall(pattern), 0)
    opened = set()
    for text in found:
        match = _WORD.match(text)
        word = match.group() if match else ""
        whole = not text.startswith(word + _WILDCARD)
        if not word or (not whole and len(word) < SHORTEST):
            raise ValueError(f"expected {SHORTEST} letters before a wildcard, found {word!r} in {pattern[:80]!r}")
        opened.add(Opening(word, whole))
    return frozenset(opened)


def _alternatives(parts: list[str], place: int) -> tuple[set[str], int]:
    """The beginnings of a row of alternatives, and the place of the bracket that ends it."""
    found: set[str] = set()
    current = {""}
    while place < len(parts) and parts[place] != ")":
        if parts[place] == "|":
            found |= current
            current = {""}
            place += 1
            continue
        if parts[place] in ("(?:", "("):
            choices, place = _alternatives(parts, place + 1)
        else:
            choices = _letters(parts[place])
        place += 1
        quantifier = parts[place] if place < len(parts) and parts[place] in "?*+" else ""
        place += bool(quantifier)
        if quantifier in ("?", "*"):
            choices = choices | {""}
        current = {_joined(text, choice) for text in current for choice in choices}
    return found | current, place


def _letters(part: str) -> set[str]:
    if part.startswith("["):
        return set(part[1:-1])
    return {_WILDCARD} if part == r"\w" else {part.removeprefix("\\")}


def _joined(text: str, choice: str) -> str:
    """No more than the first word is kept; a space before it is none of its letters."""
    is_whole = text and not _WORD.fullmatch(text)
    return text if is_whole or (not text and choice == " ") else text + choice
