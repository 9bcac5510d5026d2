"""Scores of blocks that stand or fall together: the cells of a table, the items of a list, what is set in a text."""

from itertools import pairwise

import numpy as np

from crawler.extractors.body.block_features import BlockFeatures
from crawler.extractors.body.block_places import Ints, Places
from crawler.extractors.body.comment_sections import below_counts
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
_TALK = 0.2
_LEAST_TEXT = 100.0  # letters
_EDGE_SCORE = 0.02
_EDGE_LINKED = 0.2
_GOING_ON = ("；", ";", "，", "、")


def without_talk(features: BlockFeatures, scores: Floats) -> Floats:
    """Comments read like body; where the page has other text that does, what stands in a thread counts for little."""
    talk = features.talk | below_counts(features)
    mass = scores * features.size
    if not talk.any() or mass[~talk].sum() < _LEAST_TEXT:
        return scores
    return np.where(talk, scores * _TALK, scores)


def joined_scores(features: BlockFeatures, scores: Floats) -> Floats:
    """Cells of a table of figures get the mean of all, items of a list are moved half of the way to it."""
    weight = features.size + _SHORTEST
    lists = features.places.nearest(_LISTS)
    scores = np.where(lists >= 0, (scores + _group_means(lists, scores, weight)) / 2, scores)
    tables = figure_tables(features)
    return np.where(tables >= 0, _group_means(tables, scores, weight), scores)


def figure_tables(features: BlockFeatures) -> Ints:
    """Of each block the place of the table of figures around it; -1 without."""
    outline, nodes = features.outline, features.places.nodes
    tables = features.places.nearest(_TABLES)
    shown = set(tables.tolist()) - {_NONE}
    layout = [place for place in shown if not holds_figures(outline, nodes[place])]
    return np.where(np.isin(tables, layout), _NONE, tables) if layout else tables


def fill_gaps(features: BlockFeatures, scores: Floats, cut: float) -> list[int]:
    """Numbers of the body's blocks: those from the cut on, their likelier siblings, and what is set among them.

    A gap is filled only between two siblings, by what is a sibling of both, and a heading only right before its text.
    Blocks with a score of 0 stay out.
    """
    parents = features.places.parents[features.places.block_place]
    chosen = _with_siblings(parents, scores, cut) if cut else []
    around = parents.tolist() if chosen else []
    filled: list[int] = []
    for before, after in pairwise(chosen):
        filled.append(before)
        shared = around[after]
        if after - before > 1 and around[before] == shared:
            gap = [number for number in range(before + 1, after) if scores[number] > 0]
            filled.extend(number for number in gap if _belongs(features, number, shared, scores, next_body=after))
    return filled + chosen[-1:]


def with_edges(features: BlockFeatures, scores: Floats, chosen: list[int]) -> list[int]:
    """And the lists, tables, quotes and code of plain text that stand right before or behind, in the same box.

    At the end of a text they look like a box below it, so they need hardly be likely.
    """
    places, taken = features.places, set(chosen)
    structures = places.tagged(_STRUCTURES)
    starts, stops = places.starts[structures].tolist(), places.stops[structures].tolist()
    for structure, start, stop in zip(structures.tolist(), starts, stops, strict=True):
        if start - 1 not in taken and stop not in taken:  # as with nearly all
            continue
        inside = range(start, stop)
        beside = [number for number in (start - 1, stop) if number in taken]
        if not taken.isdisjoint(inside):
            continue
        box = _box_around(places, structure)
        if any(_stands_in(places, number, box) for number in beside) and _is_edge(features, scores, inside):
            taken.update(number for number in inside if scores[number] > 0)
    return sorted(taken)


def _box_around(places: Places, structure: int) -> int:
    """The nearest place that holds more than the structure: tables and code often have a frame of their own."""
    box = int(places.parents[structure])
    while box and places.starts[box] == places.starts[structure] and places.stops[box] == places.stops[structure]:
        box = int(places.parents[box])
    return box


def _stands_in(places: Places, number: int, box: int) -> bool:
    """Whether a block is the box's own, its child's or its grandchild's."""
    place = places.block_place[number]
    parent = places.parents[place]
    return box in (place, parent, places.parents[parent])


def _is_edge(features: BlockFeatures, scores: Floats, blocks: range) -> bool:
    inside = slice(blocks.start, blocks.stop)
    lengths, weight = features.letters.lengths[inside], features.size[inside] + _SHORTEST
    linked = (features.linked[inside] * lengths).sum() / lengths.sum()
    return bool(linked < _EDGE_LINKED and (scores[inside] * weight).sum() / weight.sum() >= _EDGE_SCORE)


def without_signatures(features: BlockFeatures, chosen: list[int]) -> list[int]:
    """Less the lines below the last running text that end no sentence: credits, keywords, a place and a date.

    Items of lists, quotes, code and tables of figures stay, and what leads on to the next line.
    """
    last = next((number for number in reversed(chosen) if features.text[number] > 0), _NONE)
    if last == _NONE or last == chosen[-1]:
        return chosen
    ends, texts = features.letters.last, features.outline.texts
    below = [number for number in chosen if number > last and ends[number] != Letter.STOP]
    parents = features.places.parents[features.places.block_place]
    # A short sentence ends the text as well as a long one: what stands before it in its box is not below the text.
    ended = {int(parents[n]): n for n in chosen if n > last and ends[n] == Letter.STOP}
    below = [n for n in below if not texts[n].endswith(_GOING_ON) and n > ended.get(int(parents[n]), _NONE)]
    if not below:
        return chosen
    structured = np.maximum(features.places.nearest(_STRUCTURES - _TABLES), figure_tables(features))
    left_out = {number for number in below if structured[number] < 0}
    return [number for number in chosen if number not in left_out]


def _with_siblings(parents: Ints, scores: Floats, cut: float) -> list[int]:
    """A block beside one of the body, child of the same node, need not be as likely by itself."""
    likely = scores >= min(cut, _SIBLING_SCORE)
    opens = ~likely
    opens[0] = True
    opens[1:] |= parents[1:] != parents[:-1]
    row = opens.cumsum()  # likely siblings without another between them
    likely &= np.bincount(row, scores >= cut)[row] > 0
    return likely.nonzero()[0].tolist()


def _belongs(features: BlockFeatures, number: int, shared: int, scores: Floats, *, next_body: int) -> bool:
    parents, tags = features.places.parents, features.places.tag_list
    numbers = features.places.tag_numbers
    place = int(features.places.block_place[number])
    is_code = tags[numbers[place]] == "pre"
    while place and parents[place] != shared:
        place = int(parents[place])
    if not place:
        return False
    tag = tags[numbers[place]]
    if tag in _HEADINGS:
        return number == next_body - 1 and bool(scores[number] >= _HEADING_SCORE)
    return is_code or tag in _STRUCTURES


def _group_means(groups: Ints, scores: Floats, weight: Floats) -> Floats:
    """Of each block the weighted mean over those of the same group."""
    total = np.bincount(groups - _NONE, weight)
    means: Floats = np.bincount(groups - _NONE, scores * weight) / np.maximum(total, _SHORTEST)
    return means[groups - _NONE]
