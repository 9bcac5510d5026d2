"""Scores of blocks that stand or fall together: the cells of a table, the items of a list, what is set in a text."""

from itertools import pairwise

import numpy as np

from crawler.extractors.body.block_features import BlockFeatures
from crawler.extractors.body.block_places import Ints
from crawler.extractors.tree.block_text import Floats, Letter
from crawler.extractors.tree.tables import holds_figures

_LISTS = frozenset({"ul", "ol", "dl"})
_TABLES = frozenset({"table"})
_SHORTEST = 5.0  # letters that a block counts for at least
_NONE = -1
_STRUCTURES = frozenset({"ul", "ol", "dl", "table", "pre", "blockquote"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5"})
_HEADING_SCORE = 0.1
_SIBLING_SCORE = 0.25


def joined_scores(features: BlockFeatures, scores: Floats) -> Floats:
    """Cells of a table of figures get the mean of all, items of a list are moved half of the way to it."""
    weight = features.size + _SHORTEST
    lists = _around(features, _LISTS)
    scores = np.where(lists >= 0, (scores + _group_means(lists, scores, weight)) / 2, scores)
    tables = _figures(features, _around(features, _TABLES))
    return np.where(tables >= 0, _group_means(tables, scores, weight), scores)


def fill_gaps(features: BlockFeatures, scores: Floats, cut: float) -> list[int]:
    """Numbers of the body's blocks: those from the cut on, their likelier siblings, and what is set among them.

    A gap is filled only between two siblings, by what is a sibling of both, and a heading only right before its text.
    Blocks with a score of 0 stay out.
    """
    parents = features.places.parents[features.places.block_place]
    chosen = _with_siblings(parents, scores, cut) if cut else []
    around = parents.tolist()
    filled: list[int] = []
    for before, after in pairwise(chosen):
        filled.append(before)
        shared = around[after]
        if after - before > 1 and around[before] == shared:
            gap = [number for number in range(before + 1, after) if scores[number] > 0]
            filled.extend(number for number in gap if _belongs(features, number, shared, scores, next_body=after))
    return filled + chosen[-1:]


def without_signatures(features: BlockFeatures, chosen: list[int]) -> list[int]:
    """Less the lines below the last running text that end no sentence: credits, keywords, a place and a date.

    Items of lists, quotes and code stay.
    """
    last = next((number for number in reversed(chosen) if features.text[number] > 0), _NONE)
    if last == _NONE or last == chosen[-1]:
        return chosen
    structured = _around(features, _STRUCTURES - _TABLES)
    closed = features.letters.last == Letter.STOP
    return [number for number in chosen if number <= last or closed[number] or structured[number] >= 0]


def _with_siblings(parents: Ints, scores: Floats, cut: float) -> list[int]:
    """A block beside one of the body, child of the same node, need not be as likely by itself."""
    likely = scores >= min(cut, _SIBLING_SCORE)
    row = np.cumsum(~likely | (np.diff(parents, prepend=-1) != 0))  # likely siblings without another between them
    likely &= np.bincount(row, scores >= cut)[row] > 0
    return np.flatnonzero(likely).tolist()


def _belongs(features: BlockFeatures, number: int, shared: int, scores: Floats, *, next_body: int) -> bool:
    parents, tags = features.places.parents, features.places.tags
    place = int(features.places.block_place[number])
    is_code = tags[place] == "pre"
    while place and parents[place] != shared:
        place = int(parents[place])
    if not place:
        return False
    if tags[place] in _HEADINGS:
        return number == next_body - 1 and bool(scores[number] >= _HEADING_SCORE)
    return is_code or tags[place] in _STRUCTURES


def _around(features: BlockFeatures, tags: frozenset[str]) -> Ints:
    """Of each block the place of the nearest node around it with one of the tags, block-level ones; -1 without."""
    places = features.places
    nearest = np.full(len(features.size), _NONE)
    for place, tag in enumerate(places.tags):
        if tag in tags:  # the inner after the outer
            nearest[places.starts[place] : places.stops[place]] = place
    return nearest


def _figures(features: BlockFeatures, tables: Ints) -> Ints:
    outline, nodes = features.outline, features.places.nodes
    layout = [place for place in set(tables.tolist()) if place >= 0 and not holds_figures(outline, nodes[place])]
    return np.where(np.isin(tables, layout), _NONE, tables) if layout else tables


def _group_means(groups: Ints, scores: Floats, weight: Floats) -> Floats:
    """Of each block the weighted mean over those of the same group."""
    total = np.bincount(groups - _NONE, weight)
    means: Floats = np.bincount(groups - _NONE, scores * weight) / np.maximum(total, _SHORTEST)
    return means[groups - _NONE]
