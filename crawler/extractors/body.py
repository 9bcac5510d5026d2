"""The body: which blocks of a page are the text of its article."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from crawler.extractors.block_features import BlockFeatures, Floats, Setting
from crawler.extractors.outline import Outline

# A child that holds this much of the text mass of its parent is the place of the text; below, the text is spread
# over siblings, and the parent is.
_DESCENT = 0.7
_SHORT = 150


@dataclass(frozen=True, slots=True)
class BodyBlocks:
    """The blocks of the body and how sure they are."""

    numbers: frozenset[int]
    """Numbers of `Outline.blocks`."""
    scores: Floats
    """For each block of the page, 0 to 1."""
    container: int | None
    """The lowest node around most of the text; None for a page without text."""
    confidence: float
    nodes: tuple[int, ...] = ()
    """The nodes a site's file calls the body; empty where it was found by rules."""


class BodyFinder:
    """Asked twice: before the page's other parts are known, which lean on the body, and after, without their blocks."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._features = BlockFeatures(outline)

    def find(self, *, claimed: AbstractSet[int] = frozenset()) -> BodyBlocks:
        """`claimed` blocks are known to be something else: a list, a tag, a byline."""
        outline, features = self._outline, self._features
        if not outline.blocks:
            return BodyBlocks(frozenset(), np.zeros(0), None, 0.0)
        free = np.ones(len(outline.blocks), dtype=bool)
        free[list(claimed)] = False
        mass = _text_mass(features) * free
        container = _container(outline, mass)
        scores = _scores(outline, features, mass=mass, container=container) * free
        numbers = frozenset(np.flatnonzero(scores >= 0.5).tolist())
        found = float(mass[list(numbers)].sum()) if numbers else 0.0
        # Certain from 600 letters of text on: less may be a teaser or a notice.
        confidence = min(1.0, found / 600) * (0.5 + 0.5 * found / max(float(mass.sum()), 1.0))
        return BodyBlocks(numbers, scores, container if numbers else None, confidence)


_BARRED = Setting.FURNITURE | Setting.OFFER | Setting.TALK | Setting.CREDIT | Setting.HIDDEN


def _text_mass(features: BlockFeatures) -> Floats:
    """Running text of each block as far as it can be the body's."""
    barred = features.settings & _BARRED != 0
    aside = features.settings & Setting.ASIDE != 0
    weight = np.where(features.punctuation > 0, 1.0, 0.3) * np.where(aside, 0.2, 1.0)
    mass: Floats = np.where(barred, 0.0, features.text * weight)
    # A short text in a box with an unlucky name is better than none.
    return (
        mass if mass.sum() >= _SHORT else np.where(features.settings & Setting.HIDDEN != 0, 0.0, features.text * weight)
    )


def _container(outline: Outline, mass: Floats) -> int:
    total = np.concatenate([[0.0], np.cumsum(mass)])
    node = 0
    while True:
        inner = [(total[span.stop] - total[span.start], child) for child, span in _spans(outline, node)]
        here = outline.blocks_of(node)
        if not inner:
            return node
        heaviest, child = max(inner)
        if heaviest < _DESCENT * (total[here.stop] - total[here.start]) or heaviest == 0:
            return node
        node = child


def _spans(outline: Outline, node: int) -> list[tuple[int, range]]:
    return [(child, span) for child in outline.children(node) if (span := outline.blocks_of(child))]


def _scores(outline: Outline, features: BlockFeatures, *, mass: Floats, container: int) -> Floats:
    span = outline.blocks_of(container)
    scores = np.zeros(len(mass))
    strong = np.flatnonzero(mass[span.start : span.stop] > 0) + span.start
    if not len(strong):
        return scores
    first, last = int(strong[0]), int(strong[-1])
    settings = features.settings[first : last + 1]
    barred = settings & _BARRED != 0
    links = features.link_share[first : last + 1]
    scores[first : last + 1] = np.where(barred | (links > 0.6), 0.0, 0.7)
    scores[strong] = 0.9
    _lead_in(features, scores, first=first, start=span.start)
    return scores


def _lead_in(features: BlockFeatures, scores: Floats, *, first: int, start: int) -> None:
    """A sub-heading just before the first paragraph belongs to it."""
    before = first - 1
    if before >= start and features.heading[before] and before >= 0 and features.link_share[before] == 0:
        scores[before] = 0.4
