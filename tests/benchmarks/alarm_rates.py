"""How often the rules of alarms cry wolf on sites that are well, and how soon they see what has changed.

    python -m tests.benchmarks.alarm_rates --sites 200 --days 180

Sites are drawn, and the readings of a run a day: how many articles, how many of them have each field, how unevenly, how
long they are, where they stand. Nothing is fetched or stored; the rules are pure. Same seed, same figures.
"""

import argparse
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from models.terms import AlarmRule
from pipelines.alarms.rules import Key, verdicts
from pipelines.alarms.sums import Lengths, Sums
from pipelines.health import FIELDS

START = datetime(2026, 1, 1, tzinfo=UTC)
_KEPT = 45
"""Readings, one a day, as `pipelines.alarms.readings.KEPT`."""
_WAIT = 10
"""Readings after a change in which it is to be seen."""


@dataclass
class DrawnSite:
    """A site that is well, and what it is like."""

    chance: random.Random
    shares: dict[str, float] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    lost: float = 0.002
    failing: float = 0.0
    is_silent: bool = False
    shorter: float = 1.0

    def __post_init__(self) -> None:
        chance = self.chance
        self.shares = {name: self._draw_share() for name in FIELDS}
        self.unevenness = {name: chance.choice((0.0, 0.0, 0.02, 0.02, 0.08)) for name in FIELDS}
        self.places = tuple(f"/html/body/div/{number}" for number in range(chance.randint(1, 4)))
        self.first = round(chance.lognormvariate(4.2, 0.8)) + 10
        self.a_day = chance.lognormvariate(1.6, 1.0)
        self.read_again = chance.choice((0, 0, 5, 40))
        self.weekend = chance.choice((1.0, 0.5, 0.1))
        self.length, self.spread = chance.uniform(7.0, 9.0), chance.uniform(0.4, 0.9)
        self.uneven_length = chance.uniform(0.0, 0.2)
        self.failing = chance.choice((0.0, 0.005, 0.02))

    def _draw_share(self) -> float:
        """Most fields are there always or never."""
        sort = self.chance.random()
        if sort < 0.5:
            return self.chance.uniform(0.97, 1.0)
        return self.chance.uniform(0.0, 0.03) if sort < 0.7 else self.chance.uniform(0.1, 0.95)

    def reading(self, day: int) -> Sums:
        chance = self.chance
        busy = self.a_day * (self.weekend if day % 7 in (5, 6) else 1.0)
        new = self.first if day == 0 else 0 if self.is_silent else _poisson(chance, busy)
        known = 0 if day == 0 else self.read_again
        lost = _binomial(chance, known, self.lost)
        articles = new + known - lost
        requests = articles + 20
        # Now and then a server has a bad hour.
        failing = chance.uniform(0.02, 0.1) if chance.random() < 0.02 else self.failing
        level = self.length + chance.gauss(0.0, self.uneven_length) + math.log(self.shorter)
        return Sums(
            site_id=1,
            crawl_id=day + 1,
            until_fetch_id=day + 1,
            taken_at=START + timedelta(days=day),
            requests=requests,
            failures={"timeout": _binomial(chance, requests, failing), "gone": _binomial(chance, requests, 0.01)},
            articles=articles,
            new_articles=new,
            known_articles=known,
            lost_articles=lost,
            fields={name: self._have(name, articles) for name in FIELDS} if articles else {},
            lengths=Lengths.of(round(math.exp(chance.gauss(level, self.spread))) for _ in range(articles)),
            places=Counter(self._place() for _ in range(articles)),
        )

    def _have(self, name: str, articles: int) -> int:
        share, uneven = self.shares[name], self.unevenness[name]
        if uneven and 0 < share < 1:
            weight = (1 - uneven) / uneven
            share = self.chance.betavariate(share * weight, (1 - share) * weight)
        return _binomial(self.chance, articles, share)

    def _place(self) -> str:
        return self.chance.choice(self.places) if self.chance.random() > 0.01 else f"/odd/{self.chance.random()}"


def _binomial(chance: random.Random, total: int, share: float) -> int:
    return sum(chance.random() < share for _ in range(total))


def _poisson(chance: random.Random, mean: float) -> int:
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count, product = count + 1, product * chance.random()
    return count


def _lose_field(site: DrawnSite, *, left: float) -> Key:
    """One that most articles have; the first site that has none gets one."""
    name = next((name for name in FIELDS if site.shares[name] > 0.6), FIELDS[0])
    site.shares[name] *= left
    return Key(AlarmRule.FIELD, name)


def _shorten(site: DrawnSite) -> Key:
    site.shorter = 0.3
    return Key(AlarmRule.LENGTH)


def _move(site: DrawnSite) -> Key:
    site.places = ("/html/body/main/article",)
    return Key(AlarmRule.LAYOUT)


def _lose_articles(site: DrawnSite) -> Key:
    site.lost = 0.9
    return Key(AlarmRule.LOST)


def _fail(site: DrawnSite) -> Key:
    site.failing = 0.5
    return Key(AlarmRule.FAILURES, "timeout")


def _silence(site: DrawnSite) -> Key:
    site.is_silent = True
    return Key(AlarmRule.SILENT)


CHANGES: dict[str, Callable[[DrawnSite], Key]] = {
    "a field is gone": partial(_lose_field, left=0.0),
    "a field is gone from half of the articles": partial(_lose_field, left=0.5),
    "bodies are cut to 30 %": _shorten,
    "bodies stand elsewhere": _move,
    "articles are no longer found": _lose_articles,
    "half of the requests time out": _fail,
    "nothing new is found": _silence,
}


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """Each counted once a spell: an alarm stays open until it clears."""

    site_days: int
    by_rule: Counter[str]

    def a_year(self) -> float:
        return self.by_rule.total() / self.site_days * 365


def false_alarms(*, sites: int, days: int, seed: int = 11) -> FalseAlarms:
    found: Counter[str] = Counter()
    for number in range(sites):
        site = DrawnSite(random.Random(seed * 100_003 + number))  # noqa: S311  # no secret
        readings: list[Sums] = []
        last: dict[Key, int] = {}
        for day in range(days):
            readings = [*readings, site.reading(day)][-_KEPT:]
            for verdict in verdicts(readings):
                if day - last.get(verdict.key, -_KEPT) > _WAIT:
                    found[verdict.key.rule.value] += 1
                last[verdict.key] = day
    return FalseAlarms(sites * days, found)


@dataclass(frozen=True, slots=True)
class Detection:
    change: str
    seen: int
    """Within ten readings, or four times the longest silence."""
    tried: int
    delays: tuple[int, ...]
    """Readings from the change to the alarm, the first that shows it counted as one; in order."""


def detections(*, sites: int, seed: int = 12) -> Iterator[Detection]:
    for number, (name, change) in enumerate(CHANGES.items()):
        found = [_delay(change, seed=seed * 100_003 + number * 1009 + site) for site in range(sites)]
        delays = tuple(sorted(delay for delay in found if delay is not None))
        yield Detection(name, len(delays), sites, delays)


def _delay(change: Callable[[DrawnSite], Key], *, seed: int) -> int | None:
    site = DrawnSite(random.Random(seed))  # noqa: S311  # no secret
    if change is _lose_articles:
        site.read_again = 40
    days = site.chance.randint(3, 40) if change is not _silence else 40
    readings = [site.reading(day) for day in range(days)]
    key = change(site)
    for later in range(1, (_WAIT if change is not _silence else 60) + 1):
        readings = [*readings, site.reading(days + later - 1)][-_KEPT - later :]
        if any(verdict.key == key for verdict in verdicts(readings)):
            return later
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--days", type=int, default=180)
    arguments = parser.parse_args()
    quiet = false_alarms(sites=arguments.sites, days=arguments.days)
    rules = ", ".join(f"{rule} {count}" for rule, count in quiet.by_rule.most_common()) or "none"
    print(f"false alarms: {quiet.by_rule.total()} in {quiet.site_days:,} site days ({rules})")
    print(f"              {quiet.a_year():.3f} a site and year")
    print(f"{'change':<45}{'seen':>7}{'at once':>9}{'median':>8}{'90 % by':>9}")
    for each in detections(sites=arguments.sites):
        count = len(each.delays)
        middle, late = (each.delays[count // 2], each.delays[count * 9 // 10]) if count else ("", "")
        at_once = sum(delay == 1 for delay in each.delays) / each.tried
        print(f"{each.change:<45}{each.seen / each.tried:>7.0%}{at_once:>9.0%}{middle:>8}{late:>9}")


if __name__ == "__main__":
    main()
