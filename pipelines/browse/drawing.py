"""Places and lengths of what is drawn: graphs, bars, lines. Pure; the templates make SVG of it."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.browse.neighbours import Neighbourhood

WIDTH = 960
_BOX_WIDTH, _BOX_HEIGHT, _GAP = 270, 46, 12
_WIDEST = 36.0
"""A column of a chart of few, of 900 units."""
_LINE_CELLS = 36
"""Columns of a box: a Chinese character takes two."""


@dataclass(frozen=True, slots=True)
class Node:
    page_id: int
    x: int
    y: int
    lines: tuple[str, ...]
    headline: str
    place: str
    """centre, before or after."""

    width: int = _BOX_WIDTH
    height: int = _BOX_HEIGHT


@dataclass(frozen=True, slots=True)
class Edge:
    path: str
    kind: str
    is_own: bool
    """From or to the centre."""


@dataclass(frozen=True, slots=True)
class Graph:
    height: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    x: float
    y: float
    width: float
    height: float


def graph_of(around: Neighbourhood) -> Graph:
    """What leads to the centre on the left, what it leads to on the right."""
    after = list(dict.fromkeys(around.linked_to()))
    before = [number for number in dict.fromkeys(around.linked_from()) if number not in after]
    rows = max(len(before), len(after), 2)
    height = rows * (_BOX_HEIGHT + _GAP) + _GAP
    nodes = {
        node.page_id: node
        for place, numbers, x in (
            ("before", before, 0),
            ("centre", [around.centre], (WIDTH - _BOX_WIDTH) // 2),
            ("after", after, WIDTH - _BOX_WIDTH),
        )
        for node in _column(around, numbers, x=x, height=height, place=place)
    }
    edges = [
        Edge(_path(nodes[link.source], nodes[link.target]), link.kind, around.centre in (link.source, link.target))
        for link in around.links
        if link.source in nodes and link.target in nodes
    ]
    return Graph(height, tuple(nodes.values()), tuple(sorted(edges, key=lambda edge: edge.is_own)))


def stacked(values: Mapping[str, int], *, width: float, total: int | None = None) -> tuple[Bar, ...]:
    """Bars side by side that fill the width together, or as much of it as they are of the total."""
    whole = max(total or 0, sum(values.values()))
    bars, x = [], 0.0
    for name, value in values.items():
        if value and whole:
            bars.append(Bar(name, round(x, 2), 0, round(width * value / whole, 2), 1))
            x += width * value / whole
    return tuple(bars)


def columns(series: Sequence[Mapping[str, float]], *, width: float, height: float, gap: float = 1.0) -> tuple[Bar, ...]:
    """A column for each, of its values one on the other; the highest is as high as all there is."""
    most = max((sum(values.values()) for values in series), default=0) or 1
    step = width / max(len(series), 1)
    wide = min(max(step - gap, 0.5), _WIDEST)
    bars = []
    for place, values in enumerate(series):
        y = height
        for name, value in values.items():
            tall = height * value / most
            y -= tall
            if value:
                x = place * step + (step - wide) / 2
                bars.append(Bar(name, round(x, 2), round(y, 2), round(wide, 2), round(tall, 2)))
    return tuple(bars)


def sparkline(values: Sequence[float | None], *, width: float, height: float) -> str:
    """Points of a line through shares from 0 to 1; where there is none, it goes on to the next."""
    step = width / max(len(values) - 1, 1)
    places = ((place * step, height * (1 - value)) for place, value in enumerate(values) if value is not None)
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _column(around: Neighbourhood, numbers: Sequence[int], *, x: int, height: int, place: str) -> list[Node]:
    step = height / max(len(numbers), 1)
    return [
        Node(
            page_id=number,
            x=x,
            y=round(step * (row + 0.5) - _BOX_HEIGHT / 2),
            lines=_lines(around.headlines[number] or "no headline"),
            headline=around.headlines[number] or "no headline",
            place=place,
        )
        for row, number in enumerate(numbers)
    ]


def _path(source: Node, target: Node) -> str:
    """Out of the side that faces the other; in one column, around it."""
    middle = _BOX_HEIGHT // 2
    if source.x == target.x:
        side = _BOX_WIDTH if source.place == "before" else 0
        bend = source.x + side + (30 if side else -30)
        start, end = source.y + middle, target.y + middle
        return f"M{source.x + side},{start} C{bend},{start} {bend},{end} {target.x + side},{end}"
    goes_right = source.x < target.x
    x1, x2 = (source.x + _BOX_WIDTH, target.x) if goes_right else (source.x, target.x + _BOX_WIDTH)
    y1, y2 = source.y + middle + (0 if goes_right else 6), target.y + middle + (0 if goes_right else 6)
    half = (x1 + x2) / 2
    return f"M{x1},{y1} C{half:g},{y1} {half:g},{y2} {x2},{y2}"


def _lines(text: str) -> tuple[str, ...]:
    """Two lines that fit into a box."""
    first, rest = _cut(" ".join(text.split()))
    second, more = _cut(rest)
    return tuple(filter(None, (first, f"{second[:-1]}…" if more else second)))


def _cut(text: str) -> tuple[str, str]:
    cells = 0
    for place, character in enumerate(text):
        cells += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if cells > _LINE_CELLS:
            space = text.rfind(" ", max(0, place - 14), place + 1)
            end = space if space > 0 else place
            return text[:end], text[end:].lstrip()
    return text, ""
