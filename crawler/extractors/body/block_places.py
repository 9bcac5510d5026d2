"""Where blocks stand: the nodes around them, and how the page's text is spread over these."""

from enum import IntFlag
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.tree.block_text import Floats
from crawler.extractors.tree.outline import Outline
from crawler.extractors.tree.word_hashes import Ints, KnownWords

__all__ = ["SETTINGS", "SURROUNDING_TAGS", "Ints", "Places", "Setting", "bounded", "grouped"]


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


def bounded(values: NDArray[Any], low: float, high: float) -> NDArray[Any]:
    """No less than `low`, no more than `high`; clip() takes four times as long for the few blocks of a page."""
    bounded: NDArray[Any] = np.minimum(np.maximum(values, low), high)
    return bounded


def grouped(keys: Ints) -> Ints:
    """Of each key the number of the group of its equals, in their order."""
    order = keys.argsort()
    ordered = keys[order]
    groups = np.zeros(len(keys), dtype=np.int64)
    groups[order[1:]] = np.cumsum(ordered[1:] != ordered[:-1])
    return groups


class Places:
    """The nodes on the paths from blocks to the root, in document order; columns over them are parallel.

    Never empty: node 0, the root, is always the first.
    """

    __slots__ = (
        "_nearest",
        "_node_numbers",
        "_own",
        "above",
        "block_place",
        "depths",
        "name_numbers",
        "names",
        "nodes",
        "parents",
        "starts",
        "stops",
        "tag_list",
        "tag_numbers",
    )

    def __init__(self, outline: Outline) -> None:
        columns = outline.columns
        before = np.zeros(len(columns.ends) + 1, dtype=np.int64)
        np.cumsum(np.bincount(columns.block_nodes, minlength=len(columns.ends)), out=before[1:])
        used = before[columns.ends] > before[:-1]  # a block's node is inside
        used[0] = True
        nodes = used.nonzero()[0]
        self._node_numbers: Ints = nodes
        self.nodes: list[int] = nodes.tolist()
        """Node numbers."""
        index = used.cumsum() - 1
        self.parents = index[np.maximum(columns.parents[nodes], 0)]
        """Place of the parent; the root's is itself."""
        self.block_place = index[columns.block_nodes]
        """Of each block the place of its node."""
        self.depths = columns.depths[nodes].astype(np.float64)
        self.starts, self.stops = columns.block_starts[nodes], columns.block_stops[nodes]
        self.above = _above(self.parents)
        """Of each place the one so many levels up: 1, 2, 4 and so on, as far as any stands deep; the root at last."""
        self.tag_list, self.tag_numbers = outline.tag_list, columns.tags[nodes]
        """The tags there are, and of each place the number of its own."""
        self._own = np.array([_OWN.get(tag, 0) for tag in self.tag_list], dtype=np.int64)[self.tag_numbers]
        self.names = outline.names
        self.name_numbers: Ints = outline.names.classes_and_ids[:, nodes]
        """Class and id by their number in `names`."""
        self._nearest: dict[frozenset[str], Ints] = {}

    def sums(self, columns: Floats) -> Floats:
        """Of columns over the blocks, the last axis, the sums inside each place."""
        total = np.zeros((*columns.shape[:-1], columns.shape[-1] + 1))
        np.cumsum(columns, axis=-1, out=total[..., 1:])
        inside: Floats = total.take(self.stops, axis=-1) - total.take(self.starts, axis=-1)
        return inside

    def settings(self, outline: Outline, share: Floats) -> Ints:
        """Bits of each place, inherited from all places around it. `share` is its part of the page's running text."""
        classes, ids = self.names.bits(_SETTING_WORDS, _WORD_SETTINGS)
        own: Ints = self._own | (classes | ids)[self._node_numbers]
        if outline.hidden:
            hidden = np.zeros(len(outline.tags), dtype=np.bool_)
            hidden[list(outline.hidden)] = True
            own[hidden[self._node_numbers]] |= int(Setting.HIDDEN)
        own[share >= _MAIN_SHARE] &= _KEPT_BY_MAIN
        own[0] = 0
        for above in self.above:
            own |= own[above]
        return own

    def alike(self) -> Floats:
        """How many children of the same parent have the tag and class of each place."""
        tags, classes = self.tag_numbers, self.name_numbers[0]
        keys = (self.parents * len(self.tag_list) + tags) * self.names.count + classes
        kinds = grouped(keys)
        return np.bincount(kinds)[kinds].astype(np.float64)

    def nearest(self, tags: frozenset[str]) -> Ints:
        """Of each block the nearest place around it with one of the tags, block-level ones; -1 without."""
        nearest = self._nearest.get(tags)
        if nearest is None:
            nearest = self._nearest[tags] = np.full(len(self.block_place), -1)
            places = self.tagged(tags)
            spans = zip(places.tolist(), self.starts[places].tolist(), self.stops[places].tolist(), strict=True)
            for place, start, stop in spans:  # the inner after the outer
                nearest[start:stop] = place
        return nearest

    def tagged(self, tags: frozenset[str]) -> Ints:
        """The places with one of the tags."""
        wanted = np.array([tag in tags for tag in self.tag_list])
        return wanted[self.tag_numbers].nonzero()[0]

    def add_above(self, vectors: NDArray[np.float32]) -> None:
        """To the row of each place those of all places around it; the root's row has to be 0."""
        for above in self.above:
            vectors += vectors.take(above, axis=0)


def _above(parents: Ints) -> tuple[Ints, ...]:
    above = []
    while parents.any():
        above.append(parents)
        parents = parents[parents]
    return tuple(above)
