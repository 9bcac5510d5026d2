"""Sites whose articles come, are edited and go by known patterns: the world in which revisits are measured.

Times are hours since Monday 00:00 of the first week; what was published before has a negative one. Equal seeds give
equal sites.
"""

import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import exp, inf

from models.items import PageKind

WEEK = 168


class Lastmod(StrEnum):
    """What a sitemap or feed says of the time at which an article was modified."""

    NONE = "none"
    HONEST = "honest"
    DAY = "day"  # without a time of day
    NOW = "now"  # the time of the request
    NEVER = "never"  # the time of publication for ever


@dataclass(frozen=True, slots=True)
class SimulatedArticle:
    published: float
    edits: tuple[float, ...]
    gone: float
    section: int


@dataclass(frozen=True, slots=True)
class SimulatedList:
    """A page that shows the articles of a section, or of all, newest first, from one place on."""

    kind: PageKind
    length: int
    start: int = 0
    section: int | None = None
    lastmod: Lastmod = Lastmod.NONE


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a kind of site lives."""

    office: tuple[int, int]
    """Hours of the day in which most is written."""
    weekend: float
    """How much is written on a day of the weekend, beside a working day."""
    burst: float
    """Share of the articles that come many within an hour."""
    edits: float
    """A mean article's, in all."""
    spread: float
    """Shape of a gamma distribution: small where few articles have most of the edits."""
    after: float
    """Median hours from publication to an edit, where it belongs to the news."""
    late: float
    """Share of the edits that come at any time of the year after."""
    live: float
    """Share of the articles that are written on all day, in 10 to 30 edits."""
    kept: float
    """Share of the articles that are kept up to date: edited every one to four weeks, for ever."""
    gone: float
    """Share of the articles that vanish within a year."""


PATTERNS = {
    "newsroom": Pattern((6, 23), 0.6, 0.1, 2.5, 0.7, 2.5, 0.03, 0.04, 0.0, 0.03),
    "trade press": Pattern((8, 18), 0.1, 0.2, 0.8, 0.5, 8.0, 0.1, 0.0, 0.01, 0.02),
    "blog": Pattern((9, 24), 1.2, 0.0, 0.3, 0.4, 12.0, 0.5, 0.0, 0.0, 0.01),
    "shop news": Pattern((9, 18), 0.2, 0.4, 0.5, 0.3, 24.0, 0.3, 0.0, 0.06, 0.1),
    "archive": Pattern((9, 17), 0.0, 0.3, 0.1, 0.3, 24.0, 0.8, 0.0, 0.0, 0.05),
}


@dataclass(frozen=True)
class SimulatedSite:
    name: str
    articles: tuple[SimulatedArticle, ...]
    """By time of publication."""
    lists: tuple[SimulatedList, ...]

    @cached_property
    def sections(self) -> dict[int | None, list[int]]:
        """Places in `articles` of those of each section, and of all."""
        found: dict[int | None, list[int]] = {None: list(range(len(self.articles)))}
        for place, article in enumerate(self.articles):
            found.setdefault(article.section, []).append(place)
        return found

    @cached_property
    def births(self) -> dict[int | None, list[float]]:
        return {key: [self.articles[place].published for place in places] for key, places in self.sections.items()}

    def shown(self, shown: SimulatedList, at: float) -> Iterator[int]:
        """Places of the articles that the list shows; those that have gone leave a gap."""
        places = self.sections.get(shown.section, [])
        end = max(bisect_right(self.births.get(shown.section, []), at) - shown.start, 0)
        for place in places[max(end - shown.length, 0) : end]:
            if self.articles[place].gone > at:
                yield place

    def modified(self, shown: SimulatedList, place: int, at: float) -> float | None:
        """When an article was modified, as the list has it."""
        article = self.articles[place]
        if shown.lastmod is Lastmod.NOW:
            return at
        if shown.lastmod is Lastmod.NEVER:
            return article.published
        if shown.lastmod is Lastmod.NONE:
            return None
        edited = bisect_right(article.edits, at)
        last = article.edits[edited - 1] if edited else article.published
        return last // 24 * 24 if shown.lastmod is Lastmod.DAY else last


def simulated_sites(seed: int, *, sites: int, articles: int, hours: float) -> tuple[SimulatedSite, ...]:
    """By turns of each pattern; three in ten of the articles are there at the beginning."""
    chance = random.Random(seed)  # noqa: S311  # the same sites each time
    names = list(PATTERNS)
    return tuple(_site(f"{names[n % len(names)]} {n}", n, articles, hours, chance) for n in range(sites))


def _site(name: str, number: int, articles: int, hours: float, chance: random.Random) -> SimulatedSite:
    pattern = PATTERNS[name.rpartition(" ")[0]]
    old = articles * 3 // 10
    births = [-chance.uniform(0, 2 * 8760) for _ in range(old)]
    while len(births) < articles:
        at = _at_work(chance.uniform(0, hours), pattern, chance)
        count = chance.randint(4, 15) if chance.random() < pattern.burst / 8 else 1
        births += [at + chance.uniform(0, 1) for _ in range(min(count, articles - len(births)))]
    made = tuple(_article(born, hours, pattern, chance) for born in sorted(births))
    return SimulatedSite(name, made, tuple(_lists(number, articles)))


def _lists(number: int, articles: int) -> Iterator[SimulatedList]:
    """Home, sections, further pages; a feed at most sites, a sitemap at half of them, not all of them truthful."""
    yield SimulatedList(PageKind.LISTING, 20)
    for section in range(4):
        yield SimulatedList(PageKind.LISTING, 15, section=section)
    for start in range(20, 200, 20):
        yield SimulatedList(PageKind.LISTING, 20, start=start)
    if number % 4:
        yield SimulatedList(PageKind.FEED, 15, lastmod=(Lastmod.HONEST, Lastmod.NEVER, Lastmod.HONEST)[number % 3])
    lastmod = (Lastmod.HONEST, Lastmod.NOW, Lastmod.DAY, Lastmod.NEVER)[number // 2 % 4]
    if number % 2:
        yield SimulatedList(PageKind.SITEMAP, articles, lastmod=lastmod)


def _article(born: float, hours: float, pattern: Pattern, chance: random.Random) -> SimulatedArticle:
    gone = born + chance.uniform(24, 8760) if chance.random() < pattern.gone else inf
    edits = [at for at in _edits(born, hours, pattern, chance) if at < min(gone, hours)]
    return SimulatedArticle(born, tuple(sorted(edits)), gone, chance.randrange(4))


def _edits(born: float, hours: float, pattern: Pattern, chance: random.Random) -> Iterator[float]:
    """Times at which the text changes. What changes in the page around it is no edit, and no policy hears of it."""
    kind = chance.random()
    if kind < pattern.live:
        yield from (born + chance.uniform(0.1, 14) for _ in range(chance.randint(10, 30)))
        return
    if kind < pattern.live + pattern.kept:
        at, turn = max(born, 0.0), chance.uniform(WEEK, 4 * WEEK)
        while (at := _at_work(at + chance.uniform(0.7, 1.3) * turn, pattern, chance)) < hours:
            yield at
        return
    mean = pattern.edits * chance.gammavariate(pattern.spread, 1 / pattern.spread)
    count = 0
    left = exp(-mean)
    product = chance.random()
    while product > left:  # Knuth's way to a Poisson number
        count, product = count + 1, product * chance.random()
    for _ in range(count):
        is_late = chance.random() < pattern.late
        yield born + (chance.uniform(0, 8760) if is_late else pattern.after * chance.lognormvariate(0, 1.3))


def _at_work(at: float, pattern: Pattern, chance: random.Random) -> float:
    """The time itself, or one of the same week at which people of this pattern are at work."""
    week = at // WEEK * WEEK
    for _ in range(50):
        within = at - week
        is_weekend = within >= 120
        is_office = pattern.office[0] <= within % 24 < pattern.office[1]
        if chance.random() < (pattern.weekend if is_weekend else 1.0) * (1.0 if is_office else 0.05):
            return at
        at = week + chance.uniform(0, WEEK)
    return at
