"""What is measured of a page for its kind: a number for each of `MEASUREMENTS`.

Chosen from a hundred and twenty by leaving out, over and over, what a model trained on other sites missed least. Some
weigh against a rule that says too much: so the words of one are only for pages that have more of it than most.
"""

import re
from collections.abc import Callable, Iterable
from math import log1p
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.kinds.overview import Overview
from crawler.markup.text import is_cjk

_WORD_BREAKS = re.compile(r"[-_+ ]+")
_EXTENSION = re.compile(r"\.\w{2,5}$")
_DATED_PATH = re.compile(r"/(?:19|20)\d\d[/-]?(?:[01]?\d|[a-z]{3})(?:[/-]|$|\d\d)")
_LONG_NUMBER = re.compile(r"\d{5}")
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


def _last_words(page: Overview) -> int:
    last = _EXTENSION.sub("", page.path.rstrip("/").rsplit("/", 1)[-1])
    return len([word for word in _WORD_BREAKS.split(last) if word])


def _gaps(page: Overview) -> int:
    """Places in the body where something else stands between."""
    return sum(later > earlier + 1 for earlier, later in zip(page.numbers, page.numbers[1:], strict=False))


def _width(text: str) -> float:
    return len(text) * (2.5 if is_cjk(text[:80]) else 1.0)


def _headline_width(page: Overview) -> float:
    return min(max((_width(block.text) for block in page.headlines), default=0.0), 120) / 40


def _card_room(page: Overview) -> float:
    """Letters of body for each card, in excerpts' lengths; 3 where there is no card."""
    return min(page.letters / (page.cards * 700), 3) if page.cards else 3


def _linked_share(page: Overview) -> float:
    """Of the blocks around the body those that are mostly a link."""
    blocks = page.outline.blocks[page.span.start : page.span.stop]
    return len([0 for block in blocks if block.linked and block.linked * 2 > len(block.text)]) / max(len(blocks), 1)


def _told(page: Overview, words: Iterable[str]) -> float:
    """How often the beginning of the body says one of the words, for each thousand letters."""
    text = page.opening
    return sum(map(text.count, words)) / (len(text) / 1000 + _PRECISION)


MEASUREMENTS: dict[str, Measurement] = {
    "home": Measurement(lambda page: bool(page.url) and not page.path.strip("/"), against="the address is a home page"),
    "path_words": Measurement(lambda page: min(_last_words(page), 10), for_article="the address is a headline"),
    "path_headline": Measurement(lambda page: _last_words(page) >= 5, for_article="the address is a headline"),
    "path_date": Measurement(
        lambda page: _DATED_PATH.search(page.path) is not None, for_article="a date in the address"
    ),
    "path_number": Measurement(lambda page: _LONG_NUMBER.search(page.path) is not None),
    "path_folder": Measurement(lambda page: page.path.endswith("/")),
    "letters_a_heading": Measurement(
        lambda page: log1p(page.letters / (page.headings + 1)), for_article="long texts below few headings"
    ),
    "gaps": Measurement(lambda page: log1p(_gaps(page)), against="a text in many pieces"),
    "code": Measurement(lambda page: log1p(page.tags["pre"]), against="much program text"),
    "no_headline": Measurement(lambda page: not page.headlines),
    "headline_is_title": Measurement(
        lambda page: page.headline is not None, for_article="a headline that is the title"
    ),
    "headline_length": Measurement(_headline_width, for_article="a long headline"),
    "title_length": Measurement(lambda page: min(_width(page.title), 150) / 50, for_article="a long title"),
    "dated": Measurement(lambda page: page.is_dated, for_article="a date beside the headline"),
    "signed": Measurement(lambda page: page.is_signed, for_article="a byline beside the headline"),
    "prices": Measurement(lambda page: log1p(sum(map(page.all_text.count, _CURRENCIES))), against="many prices"),
    "cards": Measurement(lambda page: page.cards >= 3, against="headings link elsewhere"),
    "card_room": Measurement(_card_room, for_article="more text than a list's entries have"),
    "linked_share": Measurement(_linked_share, against="links between the texts"),
    "author": Measurement(lambda page: bool(page.structured.authors), for_article="declares its author"),
    "quotations": Measurement(lambda page: log1p(page.tags["blockquote"])),
    "figures": Measurement(lambda page: log1p(page.tags["figure"]), for_article="pictures with captions"),
    "paragraphs": Measurement(lambda page: log1p(page.tags["p"]), for_article="many paragraphs"),
    "one_time": Measurement(lambda page: page.tags["time"] == 1, for_article="one date, marked as such"),
    "one_article": Measurement(lambda page: page.tags["article"] == 1, for_article="one article element"),
    "quoting": Measurement(lambda page: _told(page, _QUOTING), for_article="tells who said what"),
    "quotes": Measurement(lambda page: _told(page, _MARKS), for_article="quotes people"),
}
"""Name to measurement; the model file names them too, so that it never meets others."""
