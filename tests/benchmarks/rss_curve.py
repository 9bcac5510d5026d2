"""The memory of a crawl over its pages: measured, drawn, and told as a slope."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression

from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from models.tables import METADATA

FETCH = METADATA.tables["fetch"]
_WARM_UP = 0.2
"""Share of the pages before the slope is taken: pools, caches and the allocator's own fill meanwhile."""
_WIDTH, _HEIGHT, _EDGE = 800, 400, 60
_MB = 1_000_000


def memory_of(process: int) -> tuple[float, float]:
    """MB of the process alone, and with all its children: resident, in 10^6 bytes."""
    own = _resident(process)
    return own, own + sum(_resident(child) for child in _children(process))


def _resident(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:  # it has ended
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / _MB


def _children(process: int) -> list[int]:
    found = []
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            direct = [int(child) for child in tasks.read_text().split()]
        except OSError:
            continue
        for child in direct:
            found += [child, *_children(child)]
    return found


@dataclass(slots=True)
class Curve:
    pages: list[int] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    """MB of the crawl's first process."""
    whole: list[float] = field(default_factory=list)
    """MB of it and its children."""

    def add(self, database_url: str, memory: tuple[float, float]) -> None:
        """Nothing, while the database is not there yet or busy."""
        engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
        try:
            with engine.connect() as connection:
                # Fetches are numbered: counting the rows of 100,000 pages twice a second would be work of its own.
                pages = connection.execute(select(func.coalesce(func.max(FETCH.c.id), 0))).scalar_one()
        except SQLAlchemyError:
            return
        finally:
            engine.dispose()
        self.pages.append(pages)
        self.own.append(memory[0])
        self.whole.append(memory[1])

    def slope(self, values: list[float]) -> float:
        """MB for 100,000 pages, after the warm-up."""
        first = self.pages[-1] * _WARM_UP
        warm = [(page, value) for page, value in zip(self.pages, values, strict=True) if page >= first and value > 0]
        return linear_regression(*zip(*warm, strict=True)).slope * 100_000

    def told(self) -> str:
        return (
            f"{self.pages[-1]:,} pages; first process {max(self.own):.0f} MB at most, {self.slope(self.own):+.1f} MB "
            f"for 100,000 pages; all processes {max(self.whole):.0f} MB, {self.slope(self.whole):+.1f} MB"
        )


def write_svg(curve: Curve, path: Path, *, title: str) -> None:
    most_pages, most_memory = max(curve.pages), 1.1 * max(curve.whole)

    def line(values: list[float], colour: str) -> str:
        points = " ".join(
            f"{_EDGE + page / most_pages * (_WIDTH - 2 * _EDGE):.1f},{_y(value, most_memory):.1f}"
            for page, value in zip(curve.pages, values, strict=True)
            if value > 0
        )
        return f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{points}"/>'

    marks = "".join(
        f'<line x1="{_EDGE}" x2="{_WIDTH - _EDGE}" y1="{_y(at, most_memory):.1f}" y2="{_y(at, most_memory):.1f}" '
        f'stroke="#ddd"/><text x="{_EDGE - 8}" y="{_y(at, most_memory) + 4:.1f}" text-anchor="end">{at:.0f} MB</text>'
        for at in (most_memory * share / 4 for share in range(5))
    )
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="white"/>{marks}'
        f"{line(curve.own, '#1f6fb4')}{line(curve.whole, '#c44e26')}"
        f'<text x="{_EDGE}" y="24" font-size="15">{title}</text>'
        f'<text x="{_EDGE}" y="42"><tspan fill="#1f6fb4">first process</tspan>, <tspan fill="#c44e26">with its '
        f"children</tspan>: {curve.told()}</text>"
        f'<text x="{_WIDTH - _EDGE}" y="{_HEIGHT - 25}" text-anchor="end">{most_pages:,} pages</text></svg>\n',
        encoding="utf-8",
    )


def _y(value: float, most: float) -> float:
    return _HEIGHT - _EDGE - value / most * (_HEIGHT - 2 * _EDGE)
