"""The words around and in blocks, as a model is trained on them; `word_hashes` finds them on a whole page at once."""

import re

from crawler.extractors.tree.outline import split_words
from crawler.extractors.tree.word_hashes import LABEL_WORDS, LONGEST_LABEL, LONGEST_NUMBER, READ, lower_letters
from crawler.markup.text import CJK_LETTERS

_LONGEST_NAME = 20  # letters; longer ones are generated
_TOKEN = re.compile(rf"[{CJK_LETTERS}]|[^\W\d_{CJK_LETTERS}]+|\d+|[©|]")
_IS_CJK = re.compile(f"[{CJK_LETTERS}]").match


def name_words(name: str) -> tuple[str, ...]:
    """Words of a class attribute or an id, without numbers."""
    return tuple(word for word in split_words(name) if len(word) < _LONGEST_NAME and not word.isdigit())


def label_words(text: str) -> tuple[str, ...]:
    """The first words of a short text, lower case, and pairs of letters where words are not parted; () for a long one.

    Numbers become as many zeros as they have digits, four at most.
    """
    if len(text) > LONGEST_LABEL:
        return ()
    tokens = _TOKEN.findall(lower_letters(text[:READ]))
    words: list[str] = []
    for number, token in enumerate(tokens):
        if _IS_CJK(token):
            following = tokens[number + 1] if number + 1 < len(tokens) else ""
            if following and _IS_CJK(following):
                words.append(token + following)
        else:
            words.append("0" * min(len(token), LONGEST_NUMBER) if token.isdecimal() else token)
        if len(words) == LABEL_WORDS:
            break
    return tuple(words)
