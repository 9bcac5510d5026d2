"""What a long run looked like from outside: memory, requests a minute, failures by class; as lines of a picture."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

from tests.benchmarks.line_picture import COLOURS, panel, warm_slope, write_picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    at: float
    """Seconds on some clock."""
    memory: float
    """MB of all processes."""
    ended: Mapping[str, int]
    """Requests since the beginning, by class of failure; "" for those that did not fail."""


@dataclass(slots=True)
class Course:
    moments: list[Moment] = field(default_factory=list)

    def add(self, moment: Moment) -> None:
        self.moments.append(moment)

    @property
    def minutes(self) -> list[float]:
        return [(moment.at - self.moments[0].at) / 60 for moment in self.moments]

    def rates(self, *, minutes: float = 1.0) -> list[tuple[float, Counter[str]]]:
        """Requests a minute by class, for each `minutes`."""
        marks = [self.moments[0]]
        for moment in self.moments:
            if moment.at - marks[-1].at >= 60 * minutes:
                marks.append(moment)
        return [
            (
                (later.at - self.moments[0].at) / 60,
                Counter({name: round((n - one.ended.get(name, 0)) / minutes) for name, n in later.ended.items()}),
            )
            for one, later in pairwise(marks)
        ]

    def told(self) -> str:
        slope = 60 * warm_slope(self.minutes, [moment.memory for moment in self.moments])
        rates = [rate.total() for _, rate in self.rates()]
        last = Counter(self.moments[-1].ended)
        failed = ", ".join(f"{name} {number:,}" for name, number in last.most_common() if name)
        return (
            f"{self.minutes[-1]:.0f} minutes, {last.total():,} requests; a minute {min(rates)} to {max(rates)}, "
            f"median {median(rates):.0f}; memory {max(m.memory for m in self.moments):.0f} MB at most, "
            f"{slope:+.0f} MB an hour once warm; failed or refused: {failed}"
        )


def draw(course: Course, path: Path, *, title: str) -> None:
    rates = course.rates()
    minutes = [minute for minute, _ in rates]
    classes = [name for name, _ in Counter(course.moments[-1].ended).most_common() if name][: len(COLOURS)]
    memory = {"": [moment.memory for moment in course.moments]}
    failed = {name: [float(rate[name]) for _, rate in rates] for name in classes}
    panels = (
        panel("MB, all workers and their children", course.minutes, memory, unit="minutes"),
        panel("requests a minute", minutes, {"": [float(rate.total()) for _, rate in rates]}, unit="minutes"),
        panel("failed and refused a minute", minutes, failed, unit="minutes"),
    )
    write_picture(path, panels, title=title)
