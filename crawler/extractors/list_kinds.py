"""What the heading of a group of links announces."""

import re
from enum import IntFlag, auto
from functools import lru_cache

from crawler.extractors import heading_words
from crawler.markup.text import fold

_LONGEST_HEADING = 70  # letters; the longest seen are "More news from the region X / Y"


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
