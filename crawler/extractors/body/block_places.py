"""Where blocks stand: the nodes around them, and how the page's text is spread over these."""

from collections import Counter
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.body.word_hashes import Ints, KnownWords, name_hashes
from crawler.extractors.tree.block_text import Floats
from crawler.extractors.tree.outline import Outline

__all__ = ["SETTINGS", "SURROUNDING_TAGS", "Ints", "Places", "Setting"]


class Setting(IntFlag):
    """What tags, classes and ids say of a place."""

    FURNITURE = 1  # menus, footers, side columns
    OFFER = 2  # other articles, advertisements, newsletters
    TALK = 4  # comments
    CREDIT = 8  # bylines, dates, captions, share buttons, tags
    TEXT = 16  # the words of article containers
    HIDDEN = 32
    ASIDE = 64


SURROUNDING_TAGS = tuple(
    """
    article main section aside nav header footer form table ul ol blockquote figure pre button a dialog address time dl
    figcaption details li td
    """.split()
)
_BITS = {tag: 1 << (7 + number) for number, tag in enumerate(SURROUNDING_TAGS)}
SETTINGS = 7 + len(SURROUNDING_TAGS)
"""Number of bits: the settings, then the tags around."""
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
_SETTING_OF_WORD = {word: int(setting) for setting, words in _WORDS.items() for word in words.split()}
_SETTING_WORDS = KnownWords(list(_SETTING_OF_WORD))
_WORD_SETTINGS = np.array(list(_SETTING_OF_WORD.values()))
_OWN = {tag: int(_TAG_SETTINGS.get(tag, 0)) | _BITS.get(tag, 0) for tag in {*_TAG_SETTINGS, *_BITS}}
_TAGS_ALONE = ~((1 << 7) - 1)
# What holds this much of the page's running text is the place of the text, whatever its name: page builders call
# everything a widget, and the class of an outer box names the whole layout ("has-sidebar"). A comment thread is one
# however long it is.
_MAIN_SHARE = 0.3
_KEPT_BY_MAIN = int(Setting.TALK | Setting.TEXT) | _TAGS_ALONE


class Places:
    """The nodes on the paths from blocks to the root, in document order; columns over them are parallel.

    Never empty: node 0, the root, is always the first.
    """

    __slots__ = (
        "block_place",
        "depths",
        "name_numbers",
        "name_words",
        "names",
        "nodes",
        "parents",
        "starts",
        "stops",
        "tags",
    )

    def __init__(self, outline: Outline) -> None:
        parents = outline.parents
        used = {0}
        for block in outline.blocks:
            node = block.node
            while node not in used:
                used.add(node)
                node = parents[node]
        self.nodes = nodes = sorted(used)
        """Node numbers."""
        index = dict(zip(nodes, range(len(nodes)), strict=True))
        self.parents = np.array([0, *[index[parents[node]] for node in nodes[1:]]], dtype=np.int64)
        """Place of the parent; the root's is itself."""
        self.block_place = np.array([index[block.node] for block in outline.blocks], dtype=np.int64)
        """Of each block the place of its node."""
        self.depths = np.array([outline.depths[node] for node in nodes], dtype=np.float64)
        starts, stops = outline.block_spans
        self.starts = np.array([starts[node] for node in nodes], dtype=np.int64)
        self.stops = np.array([stops[node] for node in nodes], dtype=np.int64)
        self.tags = [outline.tags[node] for node in nodes]
        attributes = [outline.attributes[node] for node in nodes]
        self.names = [(each.get("class", ""), each.get("id", "")) for each in attributes]
        """Class and id as written; "" where there is none."""
        numbers: dict[str, int] = {}
        found = [numbers.setdefault(name, len(numbers)) for names in self.names for name in names]
        self.name_numbers = np.array(found, dtype=np.int64).reshape(-1, 2)
        """Class and id by number."""
        self.name_words = name_hashes(list(numbers))
        """The words of each of these."""

    def sums(self, columns: Floats) -> Floats:
        """Of columns over the blocks, the last axis, the sums inside each place."""
        total = np.zeros((*columns.shape[:-1], columns.shape[-1] + 1))
        np.cumsum(columns, axis=-1, out=total[..., 1:])
        inside: Floats = total.take(self.stops, axis=-1) - total.take(self.starts, axis=-1)
        return inside

    def settings(self, outline: Outline, share: Floats) -> Ints:
        """Bits of each place, inherited from all places around it. `share` is its part of the page's running text."""
        named = np.zeros(self.name_numbers.max() + 1, dtype=np.int64)
        words, names = _SETTING_WORDS.find(self.name_words)
        np.bitwise_or.at(named, names, _WORD_SETTINGS[words])
        own = np.array([_OWN.get(tag, 0) for tag in self.tags], dtype=np.int64)
        own |= np.bitwise_or.reduce(named[self.name_numbers], axis=1)
        if hidden := outline.hidden:
            own[[place for place, node in enumerate(self.nodes) if node in hidden]] |= int(Setting.HIDDEN)
        own[share >= _MAIN_SHARE] &= _KEPT_BY_MAIN
        own[0] = 0
        above = self.parents
        while above.any():  # each round reaches twice as far up
            own |= own[above]
            above = above[above]
        return own

    def alike(self) -> Floats:
        """How many children of the same parent have the tag and class of each place."""
        classes = [classes for classes, _ in self.names]
        keys = list(zip(self.parents.tolist(), self.tags, classes, strict=True))
        return np.array(list(map(Counter(keys).__getitem__, keys)), dtype=np.float64)

    def path_sums(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of a row for each place the sum over the place and all around it; the root's row has to be 0."""
        total, above = vectors, self.parents
        while above.any():
            total = total + total.take(above, axis=0)
            above = above[above]
        return total
