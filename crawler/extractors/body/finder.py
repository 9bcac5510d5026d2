"""The body: which blocks of a page are the text of its article."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import numpy as np

from crawler.extractors.body.asides import asides
from crawler.extractors.body.block_features import BlockFeatures
from crawler.extractors.body.body_model import BodyModel, body_model
from crawler.extractors.body.consent_layers import consent_blocks
from crawler.extractors.body.copies import without_copies
from crawler.extractors.body.embedded_posts import embedded_posts
from crawler.extractors.body.joined_scores import (
    fill_gaps,
    joined_scores,
    with_edges,
    without_signatures,
    without_talk,
)
from crawler.extractors.body.notices import without_notices
from crawler.extractors.body.score_context import expected_f1
from crawler.extractors.tree.block_text import Floats
from crawler.extractors.tree.outline import Outline
from models.items import BlockType

# The cut between body and rest follows the page, between these: where nothing is sure, the likelier half is taken.
_LOWEST_CUT = 0.2
_HIGHEST_CUT = 0.5
_UNLIKELY = 0.1
# Letters of a line that no article says twice: what repeats is a copy for another screen.
_REPEATED = 80
# The container is the lowest node around this much of the body: a first line may stand outside, under the headline.
_CONTAINED = 0.9
# Running text that is likelier than this, in so many letters, is body in the box of a list of articles, too: a guide
# has a link to each thing it tells of, and cards of articles are not told from that by their form.
_SURE = 0.7
_SURE_LETTERS = 80
_SURE_LINKED = 0.3
# Surer ones are body in lists under a heading, too: "Here are ten films to see", "Use links that ...".
_CERTAIN_TEXT = 0.9
_LINE = 30
_LINE_LINKED = 0.6
_CERTAIN = 600  # letters of body from which on its length says nothing against it


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
    types: Mapping[int, BlockType] = field(default_factory=dict)
    """Of blocks whose type a site's hints name."""


class BodyFinder:
    """Asked twice: roughly before the page's other parts are known, which lean on it; then without their blocks."""

    def __init__(self, outline: Outline, *, model: BodyModel | None = None) -> None:
        """The shipped model is used where none is given."""
        self._outline = outline
        if outline.blocks:
            self._features = BlockFeatures(outline)
            scores = (model or body_model()).scores(self._features)
            self._scores = joined_scores(self._features, without_talk(self._features, scores))
            del self._features.matrix  # larger than all else that is known of the blocks, and asked no more
            self._foreign = consent_blocks(outline, (self._scores > _UNLIKELY).nonzero()[0].tolist())
            self._foreign |= self._few(embedded_posts(outline)) | self._few(asides(outline), rest=_CERTAIN)

    def find_roughly(self, *, claimed: AbstractSet[int] = frozenset()) -> BodyBlocks:
        """Without what stands above or below the box of the running text: that may be the byline, or the tags."""
        body = self.find(claimed=claimed)
        if not body.numbers:
            return body
        strong = (self._features.prior.scores > 0.8).nonzero()[0].tolist()
        inner = frozenset(number for number in body.numbers if strong and strong[0] <= number <= strong[-1])
        return replace(body, numbers=inner or body.numbers)

    def sure(self, blocks: AbstractSet[int], *, announced: AbstractSet[int] = frozenset()) -> frozenset[int]:
        """Those of the blocks that are text of the article, whatever else they look like.

        Of `announced` ones, which a heading calls something else, those that are hardly anything but text, and stand
        amid text that no list takes: cards below have summaries, which read the same.
        """
        found = self._running(blocks, at_least=_SURE, letters=_SURE_LETTERS, linked=_SURE_LINKED)
        certain = self._running(announced, at_least=_CERTAIN_TEXT, letters=_LINE, linked=_LINE_LINKED)
        if certain:
            text = self._scores >= _CERTAIN_TEXT
            text[list(announced)] = False
            around = (text & (self._features.size >= _SURE_LETTERS)).nonzero()[0]
            certain = frozenset(n for n in certain if len(around) and around[0] < n < around[-1])
        return found | certain

    def _running(self, blocks: AbstractSet[int], *, at_least: float, letters: int, linked: float) -> frozenset[int]:
        if not blocks:
            return frozenset()
        numbers = np.array(sorted(blocks))
        features = self._features
        likely = (self._scores[numbers] >= at_least) & (features.size[numbers] >= letters)
        return frozenset(numbers[likely & (features.linked[numbers] < linked)].tolist()) - self._foreign

    def find(self, *, claimed: AbstractSet[int] = frozenset()) -> BodyBlocks:
        """`claimed` blocks are known to be something else: a list, a tag, a byline."""
        outline = self._outline
        if not outline.blocks:
            return BodyBlocks(frozenset(), np.zeros(0), None, 0.0)
        scores = self._scores.copy()
        scores[list(claimed | self._foreign)] = 0
        size = self._features.size
        cut, expected = _cut(scores, size)
        chosen = with_edges(self._features, scores, fill_gaps(self._features, scores, cut))
        chosen = without_notices(outline.texts, without_signatures(self._features, chosen))
        long = (size[chosen] >= _REPEATED).tolist()
        numbers = frozenset(without_copies(outline.texts, chosen, long=long))
        if not numbers:
            return BodyBlocks(frozenset(), scores, None, 0.0)
        held, kept = np.zeros(len(scores)), list(numbers)
        held[kept] = size[kept] + 1
        confidence = expected * min(1.0, float(held.sum()) / _CERTAIN)
        return BodyBlocks(numbers, scores, self._container(held), confidence)

    def _few(self, blocks: frozenset[int], *, rest: float = np.inf) -> frozenset[int]:
        """None where they are more than half of what is likely: a text may be made of posts.

        Unless the `rest`, so many letters, is a text by itself.
        """
        mass = self._scores * self._features.size
        few = float(mass[list(blocks)].sum())
        return blocks if mass.sum() - few >= min(few, rest) else frozenset()

    def _container(self, held: Floats) -> int:
        places = self._features.places
        inside = places.sums(held)
        enough = (inside >= _CONTAINED * inside[0]).nonzero()[0]
        return places.nodes[int(enough[np.argmax(places.depths[enough])])]


def _cut(scores: Floats, size: Floats) -> tuple[float, float]:
    """The score from which on blocks are body, and the F1 to be expected of that choice.

    The best choice takes all that is likelier than half the F1 it leads to. 0 where no block has a chance.
    """
    best = float(expected_f1(scores, size + 1).max())
    cut = min(max(best / 2, _LOWEST_CUT), _HIGHEST_CUT)
    return (cut, best) if scores.max() >= cut else (0.0, best)
