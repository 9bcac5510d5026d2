"""What a run saw of one site, as sums that can be added."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

_EXAMPLES = 16
_EXAMPLES_EACH = 2
_PLACES = 30
_PLAIN = (
    *("site_id", "crawl_id", "until_fetch_id", "taken_at", "requests"),
    *("articles", "new_articles", "known_articles", "lost_articles"),
)
_NUMBER = re.compile(r"\[\d+\]")


def place_of(xpath: str | None) -> str:
    """Where a body stands, whatever stands before it: on many sites the numbers differ from page to page."""
    return _NUMBER.sub("", xpath or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One article that was read: a page to look at."""

    page_id: int
    version: int | None
    """None for one that has gone from its page."""
    lacks: tuple[str, ...] = ()
    """Fields."""
    length: int = 0
    """Bytes of its body."""
    place: str = ""

    def signs(self, fields: Sequence[str]) -> frozenset[tuple[str, bool]]:
        """What it is an example of."""
        if self.version is None:
            return frozenset([("lost", True)])
        return frozenset([*((name, name in self.lacks) for name in fields), (self.place, True)])

    def to_json(self) -> list[Any]:
        return [self.page_id, self.version, list(self.lacks), self.length, self.place]

    @classmethod
    def of_json(cls, values: Sequence[Any]) -> Self:
        page_id, version, lacks, length, place = values
        return cls(page_id=page_id, version=version, lacks=tuple(lacks), length=length, place=place)


@dataclass(frozen=True, slots=True)
class Lengths:
    """Of bodies: their number, and of the natural logarithms of their bytes the mean and the standard deviation."""

    count: int = 0
    mean: float = 0.0
    deviation: float = 0.0

    @classmethod
    def of(cls, lengths: Iterable[int]) -> Self:
        logs = [math.log(max(length, 1)) for length in lengths]
        if not logs:
            return cls()
        mean = math.fsum(logs) / len(logs)
        return cls(len(logs), mean, math.sqrt(math.fsum((each - mean) ** 2 for each in logs) / len(logs)))

    def __add__(self, other: "Lengths") -> "Lengths":
        count = self.count + other.count
        if not count:
            return self
        mean = (self.count * self.mean + other.count * other.mean) / count
        squares = (each.count * (each.deviation**2 + (each.mean - mean) ** 2) for each in (self, other))
        return Lengths(count, mean, math.sqrt(math.fsum(squares) / count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The columns of `reading`, as `models.alarms` tells them."""

    site_id: int
    crawl_id: int
    until_fetch_id: int
    taken_at: datetime
    requests: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)
    articles: int = 0
    new_articles: int = 0
    known_articles: int = 0
    lost_articles: int = 0
    fields: Mapping[str, int] = field(default_factory=dict)
    lengths: Lengths = Lengths()
    places: Mapping[str, int] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    def __add__(self, later: "Sums") -> "Sums":
        """Of the same site; the sum stands where the later one does."""
        places = Counter(self.places) + Counter(later.places)
        return replace(
            later,
            requests=self.requests + later.requests,
            failures=Counter(self.failures) + Counter(later.failures),
            articles=self.articles + later.articles,
            new_articles=self.new_articles + later.new_articles,
            known_articles=self.known_articles + later.known_articles,
            lost_articles=self.lost_articles + later.lost_articles,
            fields=Counter(self.fields) + Counter(later.fields),
            lengths=self.lengths + later.lengths,
            places=dict(places.most_common(_PLACES)),
            examples=chosen((*later.examples, *self.examples), tuple({**self.fields, **later.fields})),
        )

    def to_row(self) -> dict[str, Any]:
        """Without the id."""
        return {name: getattr(self, name) for name in _PLAIN} | {
            "failures": dict(self.failures),
            "fields": dict(self.fields),
            "log_length": self.lengths.mean if self.lengths.count else None,
            "log_length_deviation": self.lengths.deviation if self.lengths.count else None,
            "places": dict(Counter(self.places).most_common(_PLACES)),
            "examples": [example.to_json() for example in self.examples],
        }

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        own = {name: value for name, value in row.items() if name not in ("id", "log_length", "log_length_deviation")}
        has_length = row["log_length"] is not None
        lengths = Lengths(row["articles"], row["log_length"], row["log_length_deviation"]) if has_length else Lengths()
        return cls(**own | {"lengths": lengths, "examples": tuple(map(Example.of_json, row["examples"]))})


def chosen(examples: Iterable[Example], fields: Sequence[str]) -> tuple[Example, ...]:
    """A few that show everything that there is to be seen, the first that do."""
    kept: list[Example] = []
    seen: Counter[tuple[str, bool]] = Counter()
    for example in examples:
        signs = example.signs(fields)
        if len(kept) < _EXAMPLES and any(seen[sign] < _EXAMPLES_EACH for sign in signs):
            kept.append(example)
            seen.update(signs)
    return tuple(kept)


def in_all(sums: Sequence[Sums]) -> Sums:
    """Of one site, at least one."""
    total = sums[0]
    for each in sums[1:]:
        total += each
    return total
