"""What is measured of a page for its kind: a number for each of `MEASUREMENTS`.

Chosen from two hundred by leaving out, over and over, what a model trained on other sites missed least. Some
weigh against a rule that says too much: so the words of one are only for pages that have more of it than most.
"""

import re
from collections.abc import Callable, Iterable
from math import log1p
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.kinds.overview import CARD_TEXT, Overview
from crawler.extractors.kinds.page_name import asks, names_manual, names_offer, promises, tells
from crawler.markup.text import is_cjk

_ARTICLE_PATH = re.compile(
    r"/(?:blogs?|news|articles?|posts?|stor(?:y|ies)|magazine|insights?|press)/[^/]+|/(?:19|20)\d\d/[^/]", re.IGNORECASE
)
_FORUM_ADDRESS = re.compile(
    r"(?:^|[./])(?:forums?|community|discuss\w*|threads?|questions?|viewtopic|showthread|topics?|t)(?:[./-]|$)",
    re.IGNORECASE,
)
_MANUAL_ADDRESS = re.compile(
    r"(?:^|\.|/)(?:docs?|documentation|manual|reference|api|guides?|tutorials?|developers?|wiki|help|support|kb|glossary|"
    r"handbook|book|lectures?)(?:[./-]|\d|$)",
    re.IGNORECASE,
)
_ARTICLE_TYPE = re.compile(r"(?:article|posting|recipe|review|report)$")
_OFFER_TYPES = frozenset({"organization", "localbusiness", "product", "service", "offer", "aggregaterating"})
_SHARING = (
    "sharer intent/tweet intent/post twitter.com/share share? share.php shareArticle mailto:? addtoany pin/create "
    "whatsapp t.me/share submit?url"
).split()
_OWN = (" we ", " our ", " us ", "我们", " wir ", " unser", " nous ", " nuestr")
_QUOTING = (" said", " says ", " told ", "according to ", " sagte ", "表示", "说")
_MARKS = ("“", '"', "„", "«", "「")
_CURRENCIES = ("$", "€", "£", "¥", "￥")
_PRECISION = 0.5  # thousands of letters added to a text's length, so that a short one with one word weighs little


class Measurement(NamedTuple):
    measure: Callable[[Overview], float]
    for_article: str | None = None
    """In words, where much of it speaks for an article; None where nobody would be told by it."""
    against: str | None = None
    """The same where much of it speaks against one."""


def measure(page: Overview) -> NDArray[np.float64]:
    return np.array([each.measure(page) for each in MEASUREMENTS.values()], dtype=np.float64)


def _gaps(page: Overview) -> int:
    """Places in the body where something else stands between."""
    return sum(later > earlier + 1 for earlier, later in zip(page.numbers, page.numbers[1:], strict=False))


def _width(text: str) -> float:
    return len(text) * (2.5 if is_cjk(text[:80]) else 1.0)


def _card_room(page: Overview) -> float:
    """Letters of body for each card, in excerpts' lengths; 1 for a page that is no list of cards."""
    return page.letters / (page.cards * CARD_TEXT) if page.is_card_list else 1


def _linked_share(page: Overview) -> float:
    """Of the blocks around the body those that are mostly a link."""
    blocks = page.outline.blocks[page.span.start : page.span.stop]
    return len([0 for block in blocks if block.linked and block.linked * 2 > len(block.text)]) / max(len(blocks), 1)


def _told(page: Overview, words: Iterable[str]) -> float:
    """How often the beginning of the body says one of the words, for each thousand letters."""
    text = page.opening
    return sum(map(text.count, words)) / (len(text) / 1000 + _PRECISION)


def _prices(page: Overview) -> float:
    """Signs of currencies in all text; one that is not in it is missed at once, and counted at length."""
    text = page.all_text
    return log1p(sum(text.count(sign) for sign in _CURRENCIES if sign in text))


def _below(page: Overview) -> float:
    """Different links to pages below this one, or to views of it."""
    if not page.url:
        return 0
    own = page.url.partition("#")[0].partition("?")[0].rstrip("/")
    starts = tuple(start + sign for start in (own, page.written_path.rstrip("/")) if start for sign in "/?")
    return log1p(sum(len(href) > len(page.written_path) and href.startswith(starts) for href in page.hrefs))


def _shares(page: Overview) -> float:
    """Ways to pass the page on."""
    hrefs = "\n".join(page.hrefs)
    return log1p(sum(way in hrefs for way in _SHARING))


def _is_article_by_default(page: Overview) -> bool:
    """Some systems call every page an article in OpenGraph; JSON-LD or microdata do not say so beside it."""
    types = [name for name in page.types if _ARTICLE_TYPE.search(name)]
    return bool(types) and all(name.startswith("og:") for name in types)


def _classed(*words: str) -> Callable[[Overview], bool]:
    return lambda page: any(word in page.class_words for word in words)


def _addressed(pattern: re.Pattern[str]) -> Callable[[Overview], bool]:
    return lambda page: pattern.search(page.host + page.path) is not None


MEASUREMENTS: dict[str, Measurement] = {
    "home": Measurement(lambda page: bool(page.url) and not page.path.strip("/"), against="the address is a home page"),
    "article_path": Measurement(
        lambda page: _ARTICLE_PATH.search(page.path) is not None, for_article="the address is below a blog or news"
    ),
    "forum_address": Measurement(_addressed(_FORUM_ADDRESS), against="the address is that of a forum"),
    "manual_address": Measurement(_addressed(_MANUAL_ADDRESS), against="the address is that of a manual"),
    "asks": Measurement(asks, for_article="the title is a question or its answer"),
    "promises": Measurement(promises, for_article="the title promises a guide or a choice"),
    "tells": Measurement(tells, for_article="the title is a sentence"),
    "manual": Measurement(names_manual, against="the title names a manual"),
    "offer": Measurement(names_offer, against="the title names an offer"),
    "offer_type": Measurement(
        lambda page: not _OFFER_TYPES.isdisjoint(page.types), against="declares an organization or its offers"
    ),
    "article_by_default": Measurement(_is_article_by_default),
    "below": Measurement(_below, against="links to pages below this one"),
    "shares": Measurement(_shares, for_article="links that share it"),
    "price_classes": Measurement(_classed("pric"), against="boxes for prices"),
    "cart_classes": Measurement(_classed("cart"), against="a cart"),
    "text_classes": Measurement(
        _classed("entry-content", "post-content", "article-body", "articlebody", "article-content", "story-body"),
        for_article="a box for the text of an article",
    ),
    "share": Measurement(lambda page: page.share),
    "we": Measurement(lambda page: _told(page, _OWN), against="tells of itself"),
    "calls": Measurement(lambda page: _told(page, ("!", "！")), against="calls out"),
    "gaps": Measurement(lambda page: log1p(_gaps(page)), against="a text in many pieces"),
    "code": Measurement(lambda page: log1p(page.tags["pre"]), against="much program text"),
    "headline_is_title": Measurement(
        lambda page: page.headline is not None, for_article="a headline that is the title"
    ),
    "title_length": Measurement(lambda page: min(_width(page.title), 150) / 50, for_article="a long title"),
    "signed": Measurement(lambda page: page.is_signed, for_article="a byline beside the headline"),
    "prices": Measurement(_prices, against="many prices"),
    "cards": Measurement(lambda page: page.is_card_list),
    "card_room": Measurement(_card_room, for_article="more text than a list's entries have"),
    "linked_share": Measurement(_linked_share, against="links between the texts"),
    "quotations": Measurement(lambda page: log1p(page.tags["blockquote"])),
    "figures": Measurement(lambda page: log1p(page.tags["figure"]), for_article="pictures with captions"),
    "one_time": Measurement(lambda page: page.tags["time"] == 1, for_article="one date, marked as such"),
    "one_article": Measurement(lambda page: page.tags["article"] == 1, for_article="one article element"),
    "quoting": Measurement(lambda page: _told(page, _QUOTING), for_article="tells who said what"),
    "quotes": Measurement(lambda page: _told(page, _MARKS), for_article="quotes people"),
}
"""Name to measurement; the model file names them too, so that it never meets others."""
