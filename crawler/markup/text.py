"""Plain text: white space, scripts, words."""

import re

from models.identity import fold  # names are compared as they are stored

__all__ = ["CJK_LETTERS", "collapse", "count_words", "fold", "is_cjk", "letter_table"]

# Han, Kana, Hangul: scripts without spaces between words, so each letter counts as a word.
CJK_LETTERS = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_CJK = re.compile(f"[{CJK_LETTERS}]")
_WORD = re.compile(rf"[{CJK_LETTERS}]|[^\W{CJK_LETTERS}]+")


def letter_table(letters: str, replacement: str) -> dict[int, str]:
    """For `str.translate`: each of the ASCII letters becomes the replacement.

    The rest of ASCII is in it, too: a letter that a table lacks costs an exception, and a line has twenty such.
    """
    return {code: replacement if chr(code) in letters else chr(code) for code in range(128)}


def collapse(text: str) -> str:
    """White space runs, the ideographic space included, become one space; none at the ends."""
    return " ".join(text.split())


def squeeze(text: str) -> str:
    """Without white space: for what is set otherwise in one place than in another."""
    return "".join(text.replace(" ", "").split())  # nearly all is spaces; to split at each takes four times as long


def is_cjk(text: str) -> bool:
    """More than a fifth of the letters are Han, Kana or Hangul."""
    if text.isascii() or not (count := len(_CJK.findall(text))):
        return False
    return count * 5 > sum(map(str.isalpha, text))


def count_words(text: str) -> int:
    return len(_WORD.findall(text))
