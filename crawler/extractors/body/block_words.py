"""The words around and in blocks, as a model counts them."""

import re
from functools import lru_cache

from crawler.extractors.tree.outline import split_words
from crawler.markup.text import CJK_LETTERS

_LONGEST_NAME = 20  # letters; longer ones are generated
_SHORT_TEXT = 160
_READ = 100  # letters at the beginning of a text that are looked at
_MOST = 8  # words of a text
_TOKEN = re.compile(rf"[{CJK_LETTERS}]|[^\W\d_{CJK_LETTERS}]+|\d+|[©|]")
_IS_CJK = re.compile(f"[{CJK_LETTERS}]").match


@lru_cache(maxsize=8192)
def name_words(name: str) -> tuple[str, ...]:
    """Words of a class attribute or an id, without numbers."""
    return tuple(word for word in split_words(name) if len(word) < _LONGEST_NAME and not word.isdigit())


def label_words(text: str) -> tuple[str, ...]:
    """The first words of a short text, case folded, and pairs of letters where words are not parted; () for a long one.

    Numbers become as many zeros as they have digits, four at most.
    """
    if len(text) > _SHORT_TEXT:
        return ()
    tokens = _TOKEN.findall(text[:_READ].lower())
    words: list[str] = []
    for number, token in enumerate(tokens):
        if _IS_CJK(token):
            following = tokens[number + 1] if number + 1 < len(tokens) else ""
            if following and _IS_CJK(following):
                words.append(token + following)
        else:
            words.append("0" * min(len(token), 4) if token.isdigit() else token)
        if len(words) == _MOST:
            break
    return tuple(words)
