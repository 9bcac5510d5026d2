"""The memory of a crawl over its pages: measured, drawn, and told as a slope."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from models.tables import METADATA
from tests.benchmarks.line_picture import panel, warm_slope, write_picture

FETCH = METADATA.tables["fetch"]
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
        return 100_000 * warm_slope(self.pages, _measured(values))

    def told(self) -> str:
        return (
            f"{self.pages[-1]:,} pages; first process {max(self.own):.0f} MB at most, {self.slope(self.own):+.1f} MB "
            f"for 100,000 pages; all processes {max(self.whole):.0f} MB, {self.slope(self.whole):+.1f} MB"
        )


def write_svg(curve: Curve, path: Path, *, title: str) -> None:
    lines = {"first process": _measured(curve.own), "with its children": _measured(curve.whole)}
    shown = panel("MB", curve.pages, lines, unit="pages")
    write_picture(path, (shown,), title=title, told=curve.told())


def _measured(values: list[float]) -> list[float | None]:
    """Without those of a process that had ended."""
    return [value or None for value in values]
