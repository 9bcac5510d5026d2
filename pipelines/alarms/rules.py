"""What the readings of a site say: whether the last of them are as all before them were. Pure.

No threshold is set by anybody: each site is compared with itself. The constants are of the test, the same for all
sites; README.md tells what they cost and find.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from models.terms import AlarmRule
from pipelines.alarms.chance import Level, Part, Usual, fall_of_level, usual_share
from pipelines.alarms.sums import Sums, in_all
from pipelines.health import FIELDS

CHANCE = 1e-7
"""Of a false alarm in one look at one share."""
FEWEST = 5
"""Articles, or requests, of which something can be said."""
_FEWEST_BEFORE = 10
_WINDOWS = (1, 8, 30)
"""Articles, or requests, that a look goes back for at least: many to see a small fall, few to see a large one soon."""
_LEAST_FALL = 0.15
_LEAST_NEW_PLACES = 0.5
_LEAST_SHORTER = math.log(1.5)
_DEVIATIONS = 4.5
_UNEVENNESS = {AlarmRule.FIELD: 0.04, AlarmRule.LAYOUT: 0.03, AlarmRule.LOST: 0.03, AlarmRule.FAILURES: 0.08}
_UNEVEN_LENGTHS = 0.1
_GAPS = 10
_LONGER_GAPS = 4
_SILENT_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Key:
    """What an alarm is about, on one site."""

    rule: AlarmRule
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Something that is not as it was."""

    key: Key
    usual: float
    found: float
    message: str
    window: tuple[Sums, ...]
    """The readings that show it; those before them are as usual."""


History = Sequence[Sums]
Keeps = Callable[[Key, Sums], bool]
"""Whether a reading counts as usual: not one of the time of an earlier alarm of the same key."""


def verdicts(readings: History, *, keeps: Keeps = lambda _key, _sums: True) -> Iterator[Verdict]:
    """Of one site, whose readings come in the order of time; each key once."""
    if not readings:
        return
    for name in FIELDS:
        yield from _fall(readings, Key(AlarmRule.FIELD, name), keeps)
    yield from _length(readings, Key(AlarmRule.LENGTH), keeps)
    yield from _layout(readings, Key(AlarmRule.LAYOUT), keeps)
    yield from _rise(readings, Key(AlarmRule.LOST), keeps)
    for name in sorted(readings[-1].failures):
        yield from _rise(readings, Key(AlarmRule.FAILURES, name), keeps)
    yield from _silence(readings, Key(AlarmRule.SILENT), keeps)


def value_of(key: Key, readings: History) -> float | None:
    """What was found of it in readings; None while they are too few to say. Not for LAYOUT: new places stay new."""
    total = in_all(readings)
    if key.rule is AlarmRule.LENGTH:
        return math.exp(total.lengths.mean) if total.lengths.count >= FEWEST else None
    if key.rule is AlarmRule.SILENT:
        return 0.0 if total.new_articles else None
    part = _part(key, total)
    return part.count / part.total if part.total >= FEWEST else None


def _part(key: Key, sums: Sums) -> Part:
    if key.rule is AlarmRule.FIELD:
        return Part(sums.fields.get(key.subject, 0), sums.articles)
    if key.rule is AlarmRule.LOST:
        return Part(sums.lost_articles, sums.known_articles)
    return Part(sums.failures.get(key.subject, 0), sums.requests)


def _splits(readings: History, size: Callable[[Sums], int]) -> Iterator[tuple[History, History]]:
    """What was before, and what is looked at: each window once, the shortest first."""
    seen = set()
    for least in _WINDOWS:
        counted, start = 0, len(readings)
        while start > 0 and counted < max(least, FEWEST):
            start -= 1
            counted += size(readings[start])
        if counted >= FEWEST and start > 0 and start not in seen:
            seen.add(start)
            yield readings[:start], readings[start:]


def _shares(readings: History, key: Key, keeps: Keeps) -> Iterator[tuple[Usual, Part, tuple[Sums, ...]]]:
    for before, window in _splits(readings, lambda sums: _part(key, sums).total):
        history = [part for sums in before if keeps(key, sums) and (part := _part(key, sums)).total]
        if sum(part.total for part in history) >= _FEWEST_BEFORE:
            usual = usual_share(history, unevenness=_UNEVENNESS[key.rule])
            yield usual, _part(key, in_all(window)), tuple(window)


def _fall(readings: History, key: Key, keeps: Keeps) -> Iterator[Verdict]:
    for usual, part, window in _shares(readings, key, keeps):
        found = part.count / part.total
        if usual.seen - found >= _LEAST_FALL and usual.probability_of_at_most(part) < CHANCE:
            told = f"{key.subject} fell from {usual.seen:.0%} to {found:.0%} of the articles"
            yield Verdict(key, usual.seen, found, told, window)
            return


def _rise(readings: History, key: Key, keeps: Keeps) -> Iterator[Verdict]:
    for usual, part, window in _shares(readings, key, keeps):
        found = part.count / part.total
        if found - usual.seen >= _LEAST_FALL and usual.probability_of_at_least(part) < CHANCE:
            yield Verdict(key, usual.seen, found, _risen(key, usual, part), window)
            return


def _risen(key: Key, usual: Usual, part: Part) -> str:
    if key.rule is AlarmRule.LOST:
        return f"{part.count:,} of {part.total:,} pages that held an article hold none now"
    return f"{key.subject} rose from {usual.seen:.0%} to {part.count / part.total:.0%} of the requests"


def _length(readings: History, key: Key, keeps: Keeps) -> Iterator[Verdict]:
    for before, window in _splits(readings, lambda sums: sums.lengths.count):
        history = [_level(sums) for sums in before if keeps(key, sums) and sums.lengths.count]
        if sum(level.count for level in history) < _FEWEST_BEFORE:
            continue
        found = _level(in_all(window))
        usual, deviations = fall_of_level(history, found, unevenness=_UNEVEN_LENGTHS)
        if usual - found.mean >= _LEAST_SHORTER and deviations >= _DEVIATIONS:
            was, now = math.exp(usual), math.exp(found.mean)
            told = f"bodies fell from {was:,.0f} to {now:,.0f} bytes, as a rule"
            yield Verdict(key, was, now, told, tuple(window))
            return


def _level(sums: Sums) -> Level:
    return Level(sums.lengths.count, sums.lengths.mean, sums.lengths.deviation)


def _layout(readings: History, key: Key, keeps: Keeps) -> Iterator[Verdict]:
    """New places come up now and then: as often as, among those before, there are such that came up once."""
    for before, window in _splits(readings, lambda sums: sums.articles):
        history = [sums for sums in before if keeps(key, sums)]
        places = _places(history)
        total = sum(places.values())
        if total < _FEWEST_BEFORE:
            continue
        once = Part(sum(count == 1 for count in places.values()), total)
        usual = usual_share([once], unevenness=_UNEVENNESS[key.rule])
        found = _places(window)
        new = Part(sum(count for place, count in found.items() if place not in places), sum(found.values()))
        share = new.count / new.total if new.total else 0.0
        if share - usual.seen >= _LEAST_NEW_PLACES and usual.probability_of_at_least(new) < CHANCE:
            told = f"{new.count:,} of {new.total:,} bodies stand where none stood before: the layout has changed"
            yield Verdict(key, usual.seen, share, told, tuple(window))
            return


def _places(readings: Iterable[Sums]) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for sums in readings:
        found.update(sums.places)
    return found


def _silence(readings: History, key: Key, keeps: Keeps) -> Iterator[Verdict]:
    """No new article for several times as long as ever, though the site was asked. The first reading has all."""
    gave = [sums.taken_at for sums in readings[1:] if sums.new_articles and keeps(key, sums)]
    if len(gave) < _GAPS:
        return
    usual = max((after - before for before, after in pairwise(gave)), default=timedelta())
    asked = [sums for sums in readings if sums.taken_at > gave[-1] and sums.requests > sum(sums.failures.values())]
    silent = (asked[-1].taken_at if asked else gave[-1]) - gave[-1]
    if len(asked) >= _SILENT_LOOKS and silent > _LONGER_GAPS * usual:
        told = f"no new article for {span(silent)}; the longest gap was {span(usual)}"
        yield Verdict(key, usual.total_seconds(), silent.total_seconds(), told, tuple(asked))


def span(time: timedelta) -> str:
    """As "3 days", "5 hours" or "40 minutes"."""
    hours = time.total_seconds() / 3600
    return (
        f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours" if hours >= 2 else f"{hours * 60:.0f} minutes"
    )
