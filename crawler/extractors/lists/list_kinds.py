"""What the heading of a group of links announces."""

import re
from functools import lru_cache
from typing import Final

from crawler.extractors.lists import heading_words, label_words
from crawler.extractors.lists.openings import SHORTEST
from crawler.extractors.lists.vocabularies import compiled
from crawler.markup.text import fold

_LONGEST_HEADING = 70  # letters; the longest seen are "More news from the region X / Y"
_LONGEST_OFFER = 30  # letters: a longer line that names a shop or a course is a headline


class Announced:
    """Bits, as one heading can announce more than one thing: "Hot topics" heads articles and tags alike.

    Plain numbers: they are compared for each line of each page, and members of an enum take ten times as long.
    """

    NOTHING: Final = 0
    RELATED: Final = 1
    POPULAR: Final = 2
    LATEST: Final = 4
    ADJACENT: Final = 8
    TAGS: Final = 16
    HOT_TAGS: Final = 32
    TOPIC: Final = 64  # "More on this topic": heads articles and tags alike, the links decide
    OTHER: Final = 128  # a newsletter, a shop, comments, jobs: links, but to no articles of the publisher


FLAGS = tuple(1 << position for position in range(8))
_VOCABULARY = {
    Announced.RELATED: heading_words.RELATED,
    Announced.POPULAR: heading_words.POPULAR,
    Announced.LATEST: heading_words.LATEST,
    Announced.ADJACENT: heading_words.ADJACENT,
    Announced.TAGS: label_words.TAGS,
    Announced.HOT_TAGS: label_words.HOT_TAGS,
    Announced.TOPIC: label_words.TOPIC,
    Announced.OTHER: label_words.OTHER,
}
_WHOLE = Announced.TAGS | Announced.TOPIC  # their words head them alone, not as part of a sentence
_ARTICLES = Announced.RELATED | Announced.POPULAR | Announced.LATEST | Announced.TOPIC
# Decoration around a heading: "■関連記事", "» Tags:", "Related posts (5)".
_DECORATION = re.compile(r"^[\W\d_]+|\W*[(（\[]\d+[)）\]]\W*$|[\W_]+$|\u0307")
_OFFER = compiled("|".join(label_words.OFFER.latin.values()), False)
# Goods that are recommended are no articles: 好书推荐.
_GOODS = re.compile("(?:热门|精品|推荐|最新|相关|热销)?(?:好书|图书|课程|商品|团购|求人|通販)(?:推荐|精选|排行榜?)?")
_TALK = re.compile(
    r"(?i)(?:最新|最近|近期|recent|latest|neueste|letzte)\W{0,2}(?:评论|評論|回复|回復|留言|comments?|kommentare|コメント)"
)
_WORD = re.compile(r"[^\W\d_]+")  # digits before a word are decoration
_DOT = "\u0307"  # left of a dotted capital I when its case is folded


_Choices = dict[str, list[tuple[str, int, str]]]


def _by_beginning() -> tuple[_Choices, _Choices, dict[str, int]]:
    """The words by their first word, or where that is open by its first letters; the vocabularies of each sign."""
    words: _Choices = {}
    stems: _Choices = {}
    signs: dict[str, int] = {}
    for flag, vocabulary in _VOCABULARY.items():
        for opening, alternatives in vocabulary.latin.items():
            choices, key = (words, opening.word) if opening.whole else (stems, opening.word[:SHORTEST])
            choices.setdefault(key, []).append((opening.word, flag, alternatives))
        for sign in vocabulary.signs:
            signs[sign] = signs.get(sign, 0) | flag
    return words, stems, signs


_WORDS, _STEMS, _SIGNS = _by_beginning()


@lru_cache(maxsize=16384)
def announced_by(heading: str) -> int:
    """Everything a heading may announce, by its words; NOTHING where it is too long for a heading."""
    if len(heading) > _LONGEST_HEADING:
        return Announced.NOTHING
    if heading.isascii():
        folded = heading.lower()
        signs = 0
    else:
        folded = fold(heading).replace(_DOT, "")
        signs = _signs(folded)
    if not signs:
        # Of most lines no word begins like one of a vocabulary.
        said = _WORD.findall(folded)
        if _WORDS.keys().isdisjoint(said) and _STEMS.keys().isdisjoint([word[:SHORTEST] for word in said]):
            return Announced.NOTHING
    words = _undecorated(fold(folded))
    return _spaced(words) | (_unspaced(words, signs) if signs else 0)


def _undecorated(folded: str) -> str:
    # Most lines begin and end with a letter, and need not be searched.
    if folded[:1].isalpha() and folded[-1:].isalnum() and _DOT not in folded:
        return folded
    return _DECORATION.sub("", folded)


def _signs(folded: str) -> int:
    possible = 0
    for letter in folded:
        possible |= _SIGNS.get(letter, 0)
    return possible


def _spaced(words: str) -> int:
    found = Announced.NOTHING
    for match in _WORD.finditer(words):
        word = match.group()
        if word in _WORDS or word[:SHORTEST] in _STEMS:
            found |= _said_from(words, match, found)
    return found


def _said_from(words: str, first: re.Match[str], found: int) -> int:
    """What the words say from one of them on, and nothing that is `found` already."""
    start, word = first.start(), first.group()
    for stem, flag, alternatives in (*_WORDS.get(word, ()), *_STEMS.get(word[:SHORTEST], ())):
        whole = bool(flag & _WHOLE)
        if not found & flag and not (whole and start) and word.startswith(stem):
            found |= flag * bool(compiled(alternatives, whole).match(words, start))
    return found


def _unspaced(words: str, possible: int) -> int:
    found = Announced.NOTHING
    for flag, vocabulary in _VOCABULARY.items():
        if flag & possible:
            pattern = vocabulary.unspaced
            found |= flag * bool(pattern.match(words) if flag & _WHOLE else pattern.search(words))
    return found


@lru_cache(maxsize=4096)
def is_talk(heading: str) -> bool:
    """The heading announces what readers said last: its links lead to articles, and list none."""
    return _TALK.search(heading) is not None


@lru_cache(maxsize=1024)
def is_offer(heading: str) -> bool:
    """The heading announces what is sold or to be subscribed to beside articles, and no articles."""
    if len(heading) > _LONGEST_OFFER:
        return False
    words = _undecorated(fold(heading))
    if _GOODS.fullmatch(words):
        return True
    if announced_by(heading) & _ARTICLES:
        return False
    return bool(_OFFER.search(words) or label_words.OFFER.unspaced.search(words))
