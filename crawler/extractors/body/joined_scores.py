"""Scores of blocks that stand or fall together: the cells of a table, the items of a list, what is set in a text."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.body.block_features import BlockFeatures
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
    listed = _group_means(_around(features, _LISTS), scores, weight)
    scores = np.where(np.isnan(listed), scores, (scores + listed) / 2)
    tabled = _group_means(_figures(features, _around(features, _TABLES)), scores, weight)
    return np.where(np.isnan(tabled), scores, tabled)


def fill_gaps(features: BlockFeatures, scores: Floats, cut: float) -> list[int]:
    """Numbers of the body's blocks: those from the cut on, their likelier siblings, and what is set among them.

    A gap is filled only between two siblings, by what is a sibling of both, and a heading only right before its text.
    Blocks with a score of 0 stay out.
    """
    chosen = _with_siblings(features, scores, cut) if cut else []
    parents, place_of = features.places.parents.tolist(), features.places.block_place.tolist()
    filled: list[int] = []
    for before, after in pairwise(chosen):
        filled.append(before)
        shared = parents[place_of[after]]
        if after - before > 1 and parents[place_of[before]] == shared:
            gap = [number for number in range(before + 1, after) if scores[number] > 0]
            filled.extend(number for number in gap if _belongs(features, number, shared, scores, next_body=after))
    return filled + chosen[-1:]


def without_signatures(features: BlockFeatures, chosen: list[int]) -> list[int]:
    """Less the lines below the last running text that end no sentence: credits, keywords, a place and a date.

    Items of lists, quotes and code stay.
    """
    last = max((number for number in chosen if features.text[number] > 0), default=_NONE)
    if last == _NONE:
        return chosen
    structured = _around(features, _STRUCTURES - _TABLES)
    closed = features.letters.last == Letter.STOP
    return [number for number in chosen if number <= last or closed[number] or structured[number] >= 0]


def _with_siblings(features: BlockFeatures, scores: Floats, cut: float) -> list[int]:
    """A block beside one of the body, child of the same node, need not be as likely by itself."""
    parents = features.places.parents[features.places.block_place].tolist()
    taken = (scores >= cut).tolist()
    likely = (scores >= min(cut, _SIBLING_SCORE)).tolist()
    count = len(taken)
    for steps in (range(1, count), range(count - 2, -1, -1)):
        for number in steps:
            beside = number - steps.step
            if likely[number] and taken[beside] and parents[number] == parents[beside]:
                taken[number] = True
    return [number for number in range(count) if taken[number]]


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


def _around(features: BlockFeatures, tags: frozenset[str]) -> NDArray[np.int64]:
    """Of each block the place of the nearest node around it with one of the tags; -1 without."""
    places = features.places
    parents = places.parents.tolist()
    nearest: list[int] = []
    for place, tag in enumerate(places.tags):
        nearest.append(place if tag in tags else nearest[parents[place]] if place else _NONE)
    return np.array(nearest)[places.block_place]


def _figures(features: BlockFeatures, groups: NDArray[np.int64]) -> NDArray[np.int64]:
    outline, nodes = features.outline, features.places.nodes
    tables = [place for place in np.unique(groups).tolist() if place >= 0]
    layout = [place for place in tables if not holds_figures(outline, nodes[place])]
    return np.where(np.isin(groups, layout), _NONE, groups)


def _group_means(groups: NDArray[np.int64], scores: Floats, weight: Floats) -> Floats:
    """Of each block the weighted mean over its group; nan without one."""
    means = np.full(len(scores), np.nan)
    grouped = groups >= 0
    if grouped.any():
        _, members = np.unique(groups[grouped], return_inverse=True)
        total = np.bincount(members, scores[grouped] * weight[grouped]) / np.bincount(members, weight[grouped])
        means[grouped] = total[members]
    return means
