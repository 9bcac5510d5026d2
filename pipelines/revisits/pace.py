"""How the articles of a site change with their age: a rate for each age, learnt from all visits to the site.

A new article has no history of its own, and few articles ever get a long one. What is known of it is how others of its
site were edited at its age; its own edits then weigh that up or down.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from math import exp, inf
from typing import Any

AGES = (0.0, 1.0, 3.0, 8.0, 24.0, 72.0, 240.0, 1440.0, inf)
"""Bounds of the ages told apart, in hours."""
# Edits an hour at these ages, where nothing is known of the site yet: most come in the first hours.
_TYPICAL = (0.1, 0.06, 0.03, 0.01, 0.003, 0.0008, 0.0002, 0.00005)
# So many edits of a site weigh as much as what is typical; so many at one age as much as those at all others.
_SITE_DOUBT, _AGE_DOUBT = 3.0, 3.0
_MEMORY = 0.999  # weight that is left after one more visit: a thousand visits are remembered
_NONE = (0.0,) * len(_TYPICAL)

Rates = Sequence[float]
"""Edits an hour at each of the ages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What one visit adds to what is known of its site."""

    lists_per_day: float = 0.0
    """By how much more, or less, the plans for its lists ask for; and those for all other pages."""
    articles_per_day: float = 0.0
    seen: Sequence[float] = ()
    """Edits at each age; empty where nothing was watched."""
    expected: Sequence[float] = ()
    """Typical ones in the time watched."""
    announced: float = 0.0
    announced_true: float = 0.0
    """Visits that a modification time had caused; and those of them that found something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePace:
    """What all visits to a site have taught, and how much its plans ask for."""

    lists_per_day: float = 0.0
    articles_per_day: float = 0.0
    seen: tuple[float, ...] = _NONE
    expected: tuple[float, ...] = _NONE
    announced: float = 0.0
    announced_true: float = 0.0
    rates: tuple[float, ...] = _TYPICAL
    """Follows from the others."""

    @classmethod
    def of(
        cls, pace: Mapping[str, Any] | None, *, lists_per_day: float = 0.0, articles_per_day: float = 0.0
    ) -> "SitePace":
        """From the columns of the site's row."""
        known = dict(pace or {})
        seen, expected = (tuple(known.get(name) or _NONE) for name in ("seen", "expected"))
        if len(seen) != len(_TYPICAL) or len(expected) != len(_TYPICAL):
            seen = expected = _NONE  # written when other ages were told apart
        return cls(
            lists_per_day=max(lists_per_day, 0.0),
            articles_per_day=max(articles_per_day, 0.0),
            seen=seen,
            expected=expected,
            announced=float(known.get("announced", 0.0)),
            announced_true=float(known.get("announced_true", 0.0)),
            rates=_rates(seen, expected),
        )

    def as_json(self) -> dict[str, Any]:
        """What `of` reads back."""
        return {
            "seen": [float(f"{value:.6g}") for value in self.seen],
            "expected": [float(f"{value:.6g}") for value in self.expected],
            "announced": round(self.announced, 4),
            "announced_true": round(self.announced_true, 4),
        }

    def plus(self, learnts: Iterable[Learnt]) -> "SitePace":
        seen, expected, pace = list(self.seen), list(self.expected), self
        announced, announced_true = self.announced, self.announced_true
        lists, articles = self.lists_per_day, self.articles_per_day
        for learnt in learnts:
            lists += learnt.lists_per_day
            articles += learnt.articles_per_day
            if learnt.announced:
                announced = announced * 0.98 + learnt.announced
                announced_true = announced_true * 0.98 + learnt.announced_true
            if learnt.seen:
                seen = [old * _MEMORY + new for old, new in zip(seen, learnt.seen, strict=True)]
                expected = [old * _MEMORY + new for old, new in zip(expected, learnt.expected, strict=True)]
        return replace(
            pace,
            lists_per_day=max(lists, 0.0),
            articles_per_day=max(articles, 0.0),
            seen=tuple(seen),
            expected=tuple(expected),
            announced=announced,
            announced_true=announced_true,
            rates=_rates(seen, expected),
        )

    @property
    def trust(self) -> float:
        """0 to 1: how often a page that was announced as modified had changed. Trusted until seen otherwise."""
        return (self.announced_true + 2.0) / (self.announced + 3.0)

    def expected_changes(self, start: float, end: float) -> float:
        """Edits of an article of this site between two ages, in hours."""
        return sum(rate * hours for rate, hours in zip(self.rates, _spans(start, end), strict=True))

    def watched(self, start: float, end: float, *, ratio: float, has_changed: bool) -> Learnt:
        """What is learnt from having watched an article, edited `ratio` times as often as others, between two ages."""
        spans = _spans(start, end)
        typical = [rate * hours for rate, hours in zip(_TYPICAL, spans, strict=True)]
        if not has_changed:
            return Learnt(seen=_NONE, expected=typical)
        likely = [rate * ratio * hours for rate, hours in zip(self.rates, spans, strict=True)]
        total = sum(likely)
        if total <= 0:
            return Learnt(seen=_NONE, expected=typical)
        events = changes_behind(total)
        return Learnt(seen=[events * part / total for part in likely], expected=typical)


def changes_behind(expected: float) -> float:
    """How many edits stand behind one that was seen, where so many were expected: a visit tells one from none only."""
    return min(expected / -(exp(-expected) - 1.0), 3.0) if expected > 1e-6 else 1.0


def age_after(start: float, effort: float, *, rates: Rates, power: float) -> float:
    """The age, in hours, up to which `rate ** power` adds up to `effort` from age `start` on."""
    for (lower, upper), rate in zip(pairwise(AGES), rates, strict=True):
        if start >= upper:
            continue
        begin = max(start, lower)
        weight = math.pow(rate, power)
        if weight * (upper - begin) >= effort:
            return begin + effort / weight
        effort -= weight * (upper - begin)
    raise AssertionError("the last age has no end")


def _spans(start: float, end: float) -> list[float]:
    """Hours of each age between two ages."""
    return [max(0.0, min(end, upper) - max(start, lower)) for lower, upper in pairwise(AGES)]


def _rates(seen: Sequence[float], expected: Sequence[float]) -> tuple[float, ...]:
    overall = (sum(seen) + _SITE_DOUBT) / (sum(expected) + _SITE_DOUBT)
    return tuple(
        rate * (found + _AGE_DOUBT * overall) / (awaited + _AGE_DOUBT)
        for rate, found, awaited in zip(_TYPICAL, seen, expected, strict=True)
    )


def hours(span: timedelta) -> float:
    return span.total_seconds() / 3600
