"""Lines of a measurement in a picture, and how steep one is once what was measured is warm."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import linear_regression

_WIDTH, _PANEL, _EDGE, _TOP = 900, 220, 60, 54
COLOURS = ("#1f6fb4", "#c44e26", "#3a8f3a", "#8656a6", "#b08a00", "#5a5a5a")
_WARM_UP = 0.2
"""Share of the way before it is warm: pools, caches and the allocator's own fill meanwhile."""

Values = Sequence[float | None]
"""None: nothing was there to measure."""


def warm_slope(places: Sequence[float], values: Values) -> float:
    """By how much the values rise from one place to the next, behind the warm-up."""
    first = _WARM_UP * places[-1]
    warm = [(place, value) for place, value in zip(places, values, strict=True) if place >= first and value is not None]
    return linear_regression(*zip(*warm, strict=True)).slope


def write_picture(path: Path, panels: Sequence[str], *, title: str, told: str = "") -> None:
    """An SVG file; the panels, made by `panel`, stand below each other."""
    height = _TOP + len(panels) * _PANEL
    inner = "".join(
        f'<g transform="translate(0 {_TOP + place * _PANEL})">{each}</g>' for place, each in enumerate(panels)
    )
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="white"/><text x="{_EDGE}" y="26" font-size="16">'
        f'{title}</text><text x="{_EDGE}" y="44">{told}</text>{inner}</svg>\n',
        encoding="utf-8",
    )


def panel(name: str, places: Sequence[float], lines: Mapping[str, Values], *, unit: str) -> str:
    """From 0 to the most on both sides; a line named "" has no legend. `unit` is that of the places."""
    most = max((value or 0.0 for values in lines.values() for value in values), default=1.0) * 1.1 or 1.0
    last, bottom, top = max(places), _PANEL - 40, 24

    def y(value: float) -> float:
        return bottom - value / most * (bottom - top)

    def points(values: Values) -> str:
        return " ".join(
            f"{_EDGE + place / last * (_WIDTH - 2 * _EDGE):.1f},{y(value):.1f}"
            for place, value in zip(places, values, strict=True)
            if value is not None
        )

    marks = "".join(
        f'<line x1="{_EDGE}" x2="{_WIDTH - _EDGE}" y1="{y(at):.1f}" y2="{y(at):.1f}" stroke="#ddd"/>'
        f'<text x="{_EDGE - 8}" y="{y(at) + 4:.1f}" text-anchor="end">{at:,.0f}</text>'
        for at in (most * share / 4 for share in range(5))
    )
    drawn = "".join(
        f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{points(values)}"/>'
        for colour, values in zip(COLOURS, lines.values(), strict=False)
    )
    legend = " ".join(
        f'<tspan fill="{colour}">{text}</tspan>' for colour, text in zip(COLOURS, lines, strict=False) if text
    )
    return (
        f'{marks}{drawn}<text x="{_EDGE}" y="14" font-weight="bold">{name}</text>'
        f'<text x="{_WIDTH - _EDGE}" y="14" text-anchor="end">{legend}</text>'
        f'<text x="{_WIDTH - _EDGE}" y="{bottom + 18}" text-anchor="end">{last:,.0f} {unit}</text>'
    )
