"""What a long run looked like from outside: memory, requests a minute, failures by class; as lines of a picture."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import linear_regression, median

_WIDTH, _PANEL, _EDGE = 900, 220, 60
_COLOURS = ("#1f6fb4", "#c44e26", "#3a8f3a", "#8656a6", "#b08a00", "#5a5a5a")
_WARM_UP = 0.2
"""Share of the time before memory counts as warm."""


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
        warm = [
            (minute, moment.memory)
            for minute, moment in zip(self.minutes, self.moments, strict=True)
            if minute >= _WARM_UP * self.minutes[-1]
        ]
        slope = linear_regression(*zip(*warm, strict=True)).slope * 60
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
    classes = [name for name, _ in Counter(course.moments[-1].ended).most_common() if name][: len(_COLOURS)]
    panels = (
        _panel("MB, all workers and their children", course.minutes, {"": [m.memory for m in course.moments]}),
        _panel("requests a minute", minutes, {"": [float(rate.total()) for _, rate in rates]}),
        _panel(
            "failed and refused a minute", minutes, {name: [float(rate[name]) for _, rate in rates] for name in classes}
        ),
    )
    height = 40 + len(panels) * _PANEL
    inner = "".join(f'<g transform="translate(0 {40 + number * _PANEL})">{p}</g>' for number, p in enumerate(panels))
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="white"/><text x="{_EDGE}" y="26" font-size="16">'
        f"{title}</text>{inner}</svg>\n",
        encoding="utf-8",
    )


def _panel(name: str, minutes: Sequence[float], lines: Mapping[str, Sequence[float]]) -> str:
    most = max((value for values in lines.values() for value in values), default=1.0) * 1.1 or 1.0
    last, bottom, top = max(minutes), _PANEL - 40, 24

    def y(value: float) -> float:
        return bottom - value / most * (bottom - top)

    def points(values: Sequence[float]) -> str:
        return " ".join(
            f"{_EDGE + minute / last * (_WIDTH - 2 * _EDGE):.1f},{y(value):.1f}"
            for minute, value in zip(minutes, values, strict=True)
        )

    marks = "".join(
        f'<line x1="{_EDGE}" x2="{_WIDTH - _EDGE}" y1="{y(at):.1f}" y2="{y(at):.1f}" stroke="#ddd"/>'
        f'<text x="{_EDGE - 8}" y="{y(at) + 4:.1f}" text-anchor="end">{at:,.0f}</text>'
        for at in (most * share / 4 for share in range(5))
    )
    drawn = "".join(
        f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{points(values)}"/>'
        for colour, values in zip(_COLOURS, lines.values(), strict=False)
    )
    legend = " ".join(
        f'<tspan fill="{colour}">{text}</tspan>' for colour, text in zip(_COLOURS, lines, strict=False) if text
    )
    return (
        f'{marks}{drawn}<text x="{_EDGE}" y="14" font-weight="bold">{name}</text>'
        f'<text x="{_WIDTH - _EDGE}" y="14" text-anchor="end">{legend}</text>'
        f'<text x="{_WIDTH - _EDGE}" y="{bottom + 18}" text-anchor="end">{last:.0f} minutes</text>'
    )
