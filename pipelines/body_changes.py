"""What became of the blocks of a body: which stayed, were edited, were moved, or are of another type now. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from models.items import Block
from pipelines.word_diff import Piece, Run, matching_runs, word_diff


@dataclass(frozen=True, slots=True)
class Kept:
    """Blocks in a row that say what they said, at the place where they stood."""

    blocks: int


@dataclass(frozen=True, slots=True)
class Edited:
    """Blocks in a row that were changed, came or went: a line a block."""

    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """One block that says what it said, among other neighbours."""

    text: str
    old_place: int
    """Among the blocks, from 0."""
    new_place: int


@dataclass(frozen=True, slots=True)
class Retyped:
    """One block that says what it said, as something else."""

    text: str
    old: str
    """Type, and level where it has one: "heading 2"."""
    new: str


BodyPart = Kept | Edited | Moved | Retyped


def body_changes(old: Sequence[Block], new: Sequence[Block]) -> tuple[BodyPart, ...]:
    """In the order of the new body. Empty where nothing differs but what a block's text does not show."""
    before, after = [*map(_text, old)], [*map(_text, new)]
    runs = [*matching_runs(before, after)]
    moves = _moves(before, after, runs)
    parts: list[BodyPart] = []
    last = Run(0, 0, 0)
    for run in (*runs, Run(len(before), len(after), 0)):
        gap = range(last.old + last.length, run.old), range(last.new + last.length, run.new)
        parts += _gap(before, after, moves=moves, places=gap)
        parts += _kept(old, new, run)
        last = run
    return () if all(isinstance(part, Kept) for part in parts) else tuple(_joined(parts))


def _moves(before: Sequence[str], after: Sequence[str], runs: Sequence[Run]) -> dict[int, int]:
    """New places to old ones, of equal texts outside the runs."""
    kept_old = set(chain.from_iterable(range(run.old, run.old + run.length) for run in runs))
    kept_new = set(chain.from_iterable(range(run.new, run.new + run.length) for run in runs))
    left: dict[str, list[int]] = defaultdict(list)
    for place in reversed(range(len(before))):
        if place not in kept_old and before[place]:
            left[before[place]].append(place)
    places = (place for place in range(len(after)) if place not in kept_new and left.get(after[place]))
    return {place: left[after[place]].pop() for place in places}


def _gap(
    before: Sequence[str], after: Sequence[str], *, moves: dict[int, int], places: tuple[range, range]
) -> Iterator[BodyPart]:
    gone = set(moves.values())
    old = "\n".join(before[place] for place in places[0] if place not in gone)
    new = "\n".join(after[place] for place in places[1] if place not in moves)
    if old or new:
        yield Edited(word_diff(old, new))
    for place in places[1]:
        if place in moves:
            yield Moved(after[place], moves[place], place)


def _kept(old: Sequence[Block], new: Sequence[Block], run: Run) -> Iterator[BodyPart]:
    for place in range(run.length):
        was, now = old[run.old + place], new[run.new + place]
        yield Kept(1) if _type(was) == _type(now) else Retyped(_text(now), _type(was), _type(now))


def _joined(parts: Sequence[BodyPart]) -> Iterator[BodyPart]:
    kept = 0
    for part in parts:
        if isinstance(part, Kept):
            kept += part.blocks
            continue
        if kept:
            yield Kept(kept)
        kept = 0
        yield part
    if kept:
        yield Kept(kept)


def _text(block: Block) -> str:
    return " ".join(filter(None, (block.text, block.url)))


def _type(block: Block) -> str:
    return f"{block.type.value} {block.level}" if block.level else block.type.value
