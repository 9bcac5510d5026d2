"""What stands below a heading that counts comments: "18 comments", "评论 (18)"."""

import re

import numpy as np

from crawler.extractors.body.block_features import BlockFeatures, Bools
from crawler.extractors.body.block_places import Places

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_LONGEST = 40
_WORDS = (
    r"(?:(?:reader|user|visitor)\s+)?(?:comments?|repl(?:y|ies)|responses?|thoughts)|kommentare?r?|leserkommentare|"
    r"commentaires?|réactions?|comentarios?|respuestas?|comentários?|respostas?|commenti?o?|reacties|opmerkingen|"
    r"komment(?:ti|tia|erer|är|ar)|komentarz[ey]?|komentář[eů]?|комментари\w*|коментар\w*|yorum|bình luận|komentar|"
    r"(?:(?:件の|[条條个個則则])\s*)?(?:网友|網友)?(?:评论|評論|回复|留言|コメント)|(?:개의?\s*)?댓글"
)
_COUNT = r"\d{1,3}(?:[.,\s]?\d{3})*"
_COUNTED = re.compile(
    rf"{_COUNT}\s*(?:{_WORDS})(?:\s+(?:on|to|zu|sur|en|su)\s+[“„\"«‘'「].*)?"
    rf"|(?:{_WORDS})\s*[:：]?\s*[(\[（]?\s*{_COUNT}\s*[条條件个個개]?\s*[)\]）]?",
    re.IGNORECASE,
)


def below_counts(features: BlockFeatures) -> Bools:
    """Of each block whether it is such a heading, or follows one in its box."""
    places, texts = features.places, features.outline.texts
    found = np.zeros(len(texts), dtype=np.bool_)
    headings = places.nearest(_HEADINGS)
    for number in (headings >= 0).nonzero()[0].tolist():
        text = texts[number]
        if len(text) <= _LONGEST and any(map(str.isdigit, text)) and _COUNTED.fullmatch(text.strip()):
            found[number : places.stops[_section(places, int(headings[number]))]] = True
    return found


def _section(places: Places, heading: int) -> int:
    """The nearest place around a heading that goes on behind it: what stands beside it is the heading's own box."""
    box = int(places.parents[heading])
    while box and places.stops[box] == places.stops[heading]:
        box = int(places.parents[box])
    return box
