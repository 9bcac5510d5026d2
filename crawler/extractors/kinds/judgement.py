"""The judgement of a page, and its reason."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from crawler.extractors.body.finder import BodyBlocks
from crawler.extractors.kinds.evidence import Evidence, gather_evidence
from crawler.extractors.kinds.kind_model import MOST_RULES, Floats, KindModel, kind_model
from crawler.extractors.kinds.measurements import MEASUREMENTS, measure
from crawler.extractors.kinds.overview import Overview
from crawler.extractors.tree.outline import Outline
from models.items import PageKind

# Likelihoods of an article. Above the first a page is one: there 1 in 50 articles is missed, and 1 in 15 of the pages
# that are most like one, shops and manuals, is taken for one, on sites that the model has not seen. Below the second
# a page has no text worth reading: so are 2 of 977 articles and 87 of 229 pages that are none. The third takes the
# place of the second where a wall was seen, whose own text is no body.
_ARTICLE = 0.6
_DOUBTFUL = 0.02
_DOUBTFUL_WALL = 0.15
_SPOKEN = 0.3  # what a measurement has to add to be named
_REASONS = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    kind: PageKind
    reason: str
    """The strongest evidence, in a few words."""
    likelihood: float
    """That the page is an article, 0 to 1."""
    is_wall: bool = False
    """Something in it stands in place of a page."""

    @property
    def has_text(self) -> bool:
        """An article, or a page so like one that its text is worth reading."""
        return self.likelihood > (_DOUBTFUL_WALL if self.is_wall else _DOUBTFUL)


def judge_kind(outline: Outline, body: BodyBlocks, *, url: str | None, model: KindModel | None = None) -> Judgement:
    """The shipped model is used where none is given."""
    page = Overview(outline, body, url=url)
    model = model or kind_model()
    evidence = gather_evidence(page)
    parts = model.parts(measure(page))
    total = rules_sum(evidence) + model.bias + float(parts.sum())
    likelihood = float(1 / (1 + np.exp(-total)))
    is_article = likelihood > _ARTICLE
    side = [each for each in (*evidence, *_learned(parts, model)) if (each.weight > 0) is is_article]
    side.sort(key=lambda each: -abs(each.weight))
    reason = (
        "; ".join(dict.fromkeys(each.words for each in side[:_REASONS])) or "nothing on the page tells of an article"
    )
    if is_article:
        return Judgement(PageKind.ARTICLE, reason, likelihood)
    listing = sum(each.weight for each in side if each.is_listing) * 2 < sum(
        each.weight for each in side if not each.is_neutral
    )
    kind = PageKind.LISTING if listing else PageKind.OTHER
    return Judgement(kind, reason, likelihood, is_wall=any(each.is_wall for each in evidence))


def rules_sum(evidence: list[Evidence]) -> float:
    return max(-MOST_RULES, min(MOST_RULES, sum(each.weight for each in evidence)))


def _learned(parts: Floats, model: KindModel) -> Iterator[Evidence]:
    """Measurements that the page has more of than most, and that have words for what this says."""
    for part, weight, measurement in zip(parts.tolist(), model.weights.tolist(), MEASUREMENTS.values(), strict=True):
        words = measurement.for_article if part > 0 else measurement.against
        if words and part * weight > 0 and abs(part) > _SPOKEN:
            yield Evidence(part, words)
