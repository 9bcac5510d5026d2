"""A first judgement of the body by rules alone: the box that holds most of the text, without menus, offers and talk.

It stands by itself on pages unlike any the model was trained on, and is one of the model's features.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.body.block_places import Ints, Places, Setting
from crawler.extractors.tree.block_text import Floats

_BARRED = Setting.FURNITURE | Setting.OFFER | Setting.TALK | Setting.CREDIT | Setting.HIDDEN
# A child that holds this much of the text of its parent is the place of the text; below, the text is spread over
# siblings, and the parent is.
_DESCENT = 0.7
_SHORT = 150  # letters: a short text in a box with an unlucky name is better than none


@dataclass(frozen=True, slots=True)
class Prior:
    mass: Floats
    """Running text of each block as far as it can be the body's."""
    share: Floats
    """Of each place its part of that."""
    place: int
    """The lowest place around most of it."""
    span: range
    """Its blocks."""
    scores: Floats
    """Of each block: 0.9 for running text, 0.7 for what stands between, 0 for the rest."""


def prior_of(text: Floats, places: Places, *, punctuated: NDArray[np.bool_], linked: Floats, settings: Ints) -> Prior:
    """All columns are over the blocks: letters of running text, share of links, and what is said of the places."""
    barred = settings & int(_BARRED) != 0
    weight = np.where(punctuated, 1.0, 0.3) * np.where(settings & int(Setting.ASIDE) != 0, 0.2, 1.0)
    mass: Floats = np.where(barred, 0.0, text * weight)
    if mass.sum() < _SHORT:
        mass = np.where(settings & int(Setting.HIDDEN) != 0, 0.0, text * weight)
    inside = places.sums(mass)
    share = inside / max(float(inside[0]), 1.0)
    place = _place(places, inside)
    span = range(int(places.starts[place]), int(places.stops[place]))
    return Prior(mass, share, place, span, _scores(mass, span, excluded=barred | (linked > 0.6)))


def _place(places: Places, inside: Floats) -> int:
    """Down from the root to the heaviest child, as long as it holds nearly all its parent does."""
    place = 0
    heavy = np.flatnonzero((inside > 0) & (inside >= _DESCENT * inside[places.parents]))
    parents = places.parents.tolist()
    for child in heavy.tolist():  # document order: a parent stands before its children
        if child and parents[child] == place:
            place = child
    return place


def _scores(mass: Floats, span: range, *, excluded: NDArray[np.bool_]) -> Floats:
    scores = np.zeros(len(mass))
    strong = (mass[span.start : span.stop] > 0).nonzero()[0] + span.start
    if len(strong):
        first, last = int(strong[0]), int(strong[-1])
        scores[first : last + 1] = np.where(excluded[first : last + 1], 0.0, 0.7)
        scores[strong] = 0.9
    return scores
