"""What the heading of a group of links announces."""

import re
from enum import IntFlag, auto
from functools import lru_cache

from crawler.extractors.lists import heading_words
from crawler.markup.text import fold

_LONGEST_HEADING = 70  # letters; the longest seen are "More news from the region X / Y"
_LONGEST_OFFER = 30  # letters: a longer line that names a shop or a course is a headline


class Announced(IntFlag):
    """One heading can announce more than one thing: "Hot topics" heads articles and tags alike."""

    NOTHING = 0
    RELATED = auto()
    POPULAR = auto()
    LATEST = auto()
    ADJACENT = auto()
    TAGS = auto()
    HOT_TAGS = auto()
    TOPIC = auto()  # "More on this topic": heads articles and tags alike, the links decide
    OTHER = auto()  # a newsletter, a shop, comments, jobs: links, but to no articles of the publisher


_VOCABULARY = (
    (Announced.RELATED, heading_words.RELATED),
    (Announced.POPULAR, heading_words.POPULAR),
    (Announced.LATEST, heading_words.LATEST),
    (Announced.ADJACENT, heading_words.ADJACENT),
    (Announced.TAGS, heading_words.TAGS),
    (Announced.HOT_TAGS, heading_words.HOT_TAGS),
    (Announced.TOPIC, heading_words.TOPIC),
    (Announced.OTHER, heading_words.OTHER),
)
_WHOLE = Announced.TAGS | Announced.TOPIC  # their words head them alone, not as part of a sentence
_ARTICLES = Announced.RELATED | Announced.POPULAR | Announced.LATEST | Announced.TOPIC
# Decoration around a heading: "■関連記事", "» Tags:", "Related posts (5)".
_DECORATION = re.compile(r"^[\W\d_]+|\W*[(（\[]\d+[)）\]]\W*$|[\W_]+$|\u0307")


@lru_cache(maxsize=4096)
def announced_by(heading: str) -> Announced:
    """Everything a heading may announce, by its words; NOTHING where it is too long for a heading."""
    if len(heading) > _LONGEST_HEADING:
        return Announced.NOTHING
    words = _DECORATION.sub("", fold(heading))
    found = Announced.NOTHING
    for announced, pattern in _VOCABULARY:
        if pattern.match(words) if announced in _WHOLE else pattern.search(words):
            found |= announced
    return found


@lru_cache(maxsize=1024)
def is_offer(heading: str) -> bool:
    """The heading announces what is sold or to be subscribed to beside articles, and no articles."""
    if len(heading) > _LONGEST_OFFER or announced_by(heading) & _ARTICLES:
        return False
    return bool(heading_words.OFFER.search(_DECORATION.sub("", fold(heading))))
