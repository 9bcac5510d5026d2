"""How probable it is that what was found is what always was. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_PRIOR_READINGS = 4
"""Readings that the usual unevenness counts for, beside a site's own."""


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many, in one reading."""

    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Usual:
    """A share as a history has it, and how unevenly its readings have it."""

    share: float
    """Never quite 0 or 1, whatever was seen."""
    seen: float
    weight: float
    """Cases that are as good as all of the history is."""

    def probability_of_at_most(self, part: Part) -> float:
        """Of so few of so many cases, by the beta-binomial distribution."""
        alpha, beta = self.share * self.weight, (1 - self.share) * self.weight
        fixed = math.lgamma(part.total + 1) + math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)
        fixed -= math.lgamma(part.total + alpha + beta)
        logs = (
            math.lgamma(k + alpha)
            + math.lgamma(part.total - k + beta)
            - math.lgamma(k + 1)
            - math.lgamma(part.total - k + 1)
            for k in range(part.count + 1)
        )
        return min(1.0, math.fsum(math.exp(fixed + each) for each in logs))

    def probability_of_at_least(self, part: Part) -> float:
        turned = Usual(1 - self.share, 1 - self.seen, self.weight)
        return turned.probability_of_at_most(Part(part.total - part.count, part.total))


def usual_share(history: Sequence[Part], *, unevenness: float) -> Usual:
    """Of one case at least. `unevenness` is what sites usually have: the correlation of two cases of one reading.

    What the readings themselves say of it counts with their number: the estimate by moments of the beta-binomial.
    """
    count, total = sum(part.count for part in history), sum(part.total for part in history)
    share = (count + 0.5) / (total + 1)
    several = [part for part in history if part.total > 1]
    own = unevenness
    if len(several) > 1:
        squares = math.fsum((p.count - p.total * share) ** 2 / (p.total * share * (1 - share)) for p in several)
        own = max(0.0, squares - (len(several) - 1)) / sum(part.total - 1 for part in several)
    mixed = (len(several) * min(own, 0.5) + _PRIOR_READINGS * unevenness) / (len(several) + _PRIOR_READINGS)
    # What is known of the share itself is no more than the history's size, each reading of which counts as fewer cases.
    known = math.fsum(part.total / (1 + (part.total - 1) * mixed) for part in history if part.total)
    return Usual(share, count / total, 1 / (mixed / max(1 - mixed, 0.5) + 1 / (known + 1)))


@dataclass(frozen=True, slots=True)
class Level:
    """The mean of so many values, and their standard deviation."""

    count: int
    mean: float
    deviation: float


def fall_of_level(history: Sequence[Level], found: Level, *, unevenness: float) -> tuple[float, float]:
    """The usual mean, and by how many standard deviations of a reading's mean the found one is below it.

    `unevenness` is the standard deviation that means of readings usually have by themselves.
    """
    total = sum(level.count for level in history)
    mean = math.fsum(level.count * level.mean for level in history) / total
    within = math.fsum(level.count * level.deviation**2 for level in (*history, found)) / (total + found.count)
    between = unevenness**2
    if len(history) > 1:
        own = math.fsum(
            max(0.0, (level.mean - mean) ** 2 - within / level.count) for level in history if level.count
        ) / (len(history) - 1)
        between = (len(history) * own + _PRIOR_READINGS * between) / (len(history) + _PRIOR_READINGS)
    variance = between * (1 + 1 / len(history)) + within * (1 / found.count + 1 / total)
    return mean, (mean - found.mean) / math.sqrt(variance) if variance else 0.0
