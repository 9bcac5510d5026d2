"""What can be said about each block of an outline, as one matrix: a row a block, a column a feature.

A scorer reads columns and knows neither the tree nor the words, so another one can take its place.
"""

import re
from enum import IntFlag
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.outline import Outline, split_words
from crawler.markup.text import CJK_LETTERS

Floats = NDArray[np.float64]


class Setting(IntFlag):
    """Where a block stands, by the tags, classes and ids around it."""

    FURNITURE = 1  # menus, footers, side columns
    OFFER = 2  # other articles, advertisements, newsletters
    TALK = 4  # comments
    CREDIT = 8  # bylines, dates, captions, share buttons, tags
    TEXT = 16  # the words of article containers
    HIDDEN = 32
    ASIDE = 64


_TAG_SETTINGS = {
    "nav": Setting.FURNITURE,
    "footer": Setting.FURNITURE,
    "aside": Setting.ASIDE,
    "button": Setting.FURNITURE,
    "form": Setting.ASIDE,
    "dialog": Setting.FURNITURE,
    "menu": Setting.FURNITURE,
    "figcaption": Setting.CREDIT,
    "time": Setting.CREDIT,
    "address": Setting.CREDIT,
    "article": Setting.TEXT,
    "main": Setting.TEXT,
}
_WORDS = {
    Setting.FURNITURE: """
        nav navbar navigation menu submenu breadcrumb breadcrumbs crumbs footer foot sidebar topbar toolbar toc
        cookie cookies consent gdpr modal popup overlay login signup register search pager pagination pagenav copyright
        skip masthead offcanvas drawer banner
    """,
    Setting.OFFER: """
        related recommend recommended recommendation recommendations popular trending mostread promo promotion advert
        advertisement ads ad adsense sponsor sponsored newsletter subscribe subscription readmore readalso teaser
        teasers outbrain taboola xiangguan tuijian widget donate paywall
    """,
    Setting.TALK: "comment comments commentlist disqus respond reply replies",
    Setting.CREDIT: """
        byline author authors bio meta date dateline timestamp share sharing social tags tag caption credit copyright
        rating print gutter
    """,
    Setting.TEXT: """
        article content body entry post story text main richtext paragraph detail articlebody articlecontent maintext
        blogpost prose wysiwyg zhengwen
    """,
}
_SETTING_OF_WORD = {word: setting for setting, words in _WORDS.items() for word in words.split()}
_SENTENCE = re.compile(r"[,.;:!?，。；：！？、…」”]")
_CJK = re.compile(f"[{CJK_LETTERS}]")
# A Han letter says about as much as two and a half of Latin script.
_CJK_WEIGHT = 2.5
# What holds this much of the page's running text is the place of the text, whatever its name: page builders call
# everything a widget, and the class of an outer box names the whole layout ("has-sidebar").
_MAIN_SHARE = 0.3


@lru_cache(maxsize=8192)
def _setting_of_name(name: str) -> int:
    setting = 0
    for word in split_words(name):
        setting |= _SETTING_OF_WORD.get(word, 0)
    return setting


class BlockFeatures:
    """Columns over the blocks of one page, all of the same length."""

    __slots__ = ("heading", "length", "link_share", "punctuation", "settings", "text")

    def __init__(self, outline: Outline) -> None:
        blocks = outline.blocks
        texts = [block.text for block in blocks]
        chars = np.array([len(text) for text in texts], dtype=np.float64)
        cjk = np.array([len(_CJK.findall(text)) if not text.isascii() else 0 for text in texts], dtype=np.float64)
        linked = np.array([block.linked for block in blocks], dtype=np.float64)
        self.length: Floats = chars + cjk * (_CJK_WEIGHT - 1)
        """Characters, in Latin letters' worth."""
        self.link_share: Floats = linked / np.maximum(chars, 1)
        self.punctuation: Floats = np.array([len(_SENTENCE.findall(text)) for text in texts], dtype=np.float64)
        self.heading = np.array([_is_heading(block.tag) for block in blocks], dtype=bool)
        running = (self.length >= 60) & (self.link_share < 0.4) & ~self.heading
        self.text: Floats = np.where(running, self.length * (1 - self.link_share), 0.0)
        """Letters of running text, wherever it stands; 0 for headings, labels and lines of links."""
        self.settings = np.array(_settings(outline, self.text), dtype=np.int64)


def _is_heading(tag: str) -> bool:
    return len(tag) == 2 and tag[0] == "h" and tag[1] in "123456"


def _settings(outline: Outline, text: Floats) -> list[int]:
    """The settings of each block, inherited from all its ancestors below `body`."""
    total = [0.0, *np.cumsum(text).tolist()]
    main = total[-1] * _MAIN_SHARE
    known: dict[int, int] = {-1: 0}
    for block in outline.blocks:
        path = []
        node = block.node
        while node not in known:
            path.append(node)
            node = outline.parents[node]
        setting = known[node]
        for node in reversed(path):
            span = outline.blocks_of(node)
            own = _own_setting(outline, node)
            if total[span.stop] - total[span.start] >= main > 0:
                own &= Setting.TALK | Setting.TEXT  # a long thread outweighs a short article
            setting |= own
            known[node] = setting
    return [known[block.node] for block in outline.blocks]


def _own_setting(outline: Outline, node: int) -> int:
    element = outline.nodes[node]
    setting = int(_TAG_SETTINGS.get(outline.tags[node], 0))
    classes, name = element.get("class"), element.get("id")
    if classes:
        setting |= _setting_of_name(classes)
    if name:
        setting |= _setting_of_name(name)
    return setting | Setting.HIDDEN if node in outline.hidden else setting
