"""What two texts differ in, word by word; a Han character or kana is a word. Pure.

The common beginning and end, then sequences that both have once are matched first (Cohen's patience diff), so that a
book with an edit on each page costs little more than reading it. What is left between two such anchors is short as a
rule, and compared thoroughly; where it is not, one is taken to replace the other.
"""

import re
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

# Scripts that put no space between words.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+|\s+|[^\w\s]")
_ANCHOR = 4  # tokens in a row: of single ones a Chinese text has few only once
# Comparisons, as a product of two lengths: 0.1 s at worst. Reached where a long text was written anew.
_THOROUGH = 1_000_000


class Op(StrEnum):
    SAME = "same"
    GONE = "gone"
    ADDED = "added"


class Piece(NamedTuple):
    op: Op
    text: str


class _Step(NamedTuple):
    """A change, and what stays after it."""

    gone: str
    added: str
    same: str


_ORDER = (Op.GONE, Op.ADDED, Op.SAME)


class Run(NamedTuple):
    """Elements that are the same in both, in the same order."""

    old: int
    new: int
    length: int


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces in order: those not ADDED give the old text, those not GONE the new one.

    No two pieces of one kind stand side by side, and what is gone stands before what was added in its place.
    """
    steps = _aligned(list(_joined(_steps(tokens_of(old), tokens_of(new)))))
    pieces = (Piece(op, text) for step in steps for op, text in zip(_ORDER, step, strict=True) if text)
    return tuple(pieces)


def tokens_of(text: str) -> list[str]:
    """Words, Han characters, punctuation, white space; joined they give the text."""
    return _TOKEN.findall(text)


def count_words(pieces: Sequence[Piece], op: Op) -> int:
    """Words and Han characters of that kind of piece; punctuation is none."""
    return sum(token[0].isalnum() for piece in pieces if piece.op is op for token in tokens_of(piece.text))


def matching_runs(old: Sequence[Hashable], new: Sequence[Hashable], anchor: int = 1) -> Iterator[Run]:
    """What stays, in order. `anchor` is the number of elements in a row that must be the only ones of their kind."""
    start = 0
    most = min(len(old), len(new))
    while start < most and old[start] == new[start]:
        start += 1
    end = 0
    while end < most - start and old[-1 - end] == new[-1 - end]:
        end += 1
    yield from _run(0, 0, start)
    inner = old[start : len(old) - end], new[start : len(new) - end]
    for run in _inner_runs(*inner, anchor):
        yield Run(run.old + start, run.new + start, run.length)
    yield from _run(len(old) - end, len(new) - end, end)


def _inner_runs(old: Sequence[Hashable], new: Sequence[Hashable], anchor: int) -> Iterator[Run]:
    anchors = _anchors(old, new, anchor)
    last = Run(0, 0, 0)
    for found in (*anchors, Run(len(old), len(new), 0)):
        first, second = last.old + last.length, last.new + last.length
        for run in _thorough(old[first : found.old], new[second : found.new]):
            yield Run(run.old + first, run.new + second, run.length)
        yield from _run(*found)
        last = found


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable], length: int) -> list[Run]:
    """The longest series of sequences in the same order that both have, and have once; those that overlap are one."""
    places = _only_ones(new, length)
    pairs = [(place, places[key]) for key, place in _only_ones(old, length).items() if key in places]
    runs: list[Run] = []
    for first, second in _increasing(pairs):
        last = runs[-1] if runs else Run(0, 0, 0)
        shift = last.old + last.length - first
        if runs and shift >= 0 and first - last.old == second - last.new:
            runs[-1] = Run(last.old, last.new, first + length - last.old)
        elif shift <= 0 and second >= last.new + last.length:
            runs.append(Run(first, second, length))
    return runs


def _only_ones(elements: Sequence[Hashable], length: int) -> dict[Hashable, int]:
    """In order, with their places."""
    places: dict[Hashable, int] = {}
    repeated: set[Hashable] = set()
    for place in range(len(elements) - length + 1):
        key = tuple(elements[place : place + length])
        if key in places:
            repeated.add(key)
        places[key] = place
    return {key: place for key, place in places.items() if key not in repeated}


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs in which the second numbers grow too; the first ones do."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, second) in enumerate(pairs):
        place = bisect_left(ends, second)
        before.append(last[place - 1] if place else -1)
        ends[place : place + 1] = [second]
        last[place : place + 1] = [number]
    chain = []
    number = last[-1] if last else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _thorough(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Run]:
    if not old or not new or len(old) * len(new) > _THOROUGH:
        return
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        yield from _run(*block)


def _run(old: int, new: int, length: int) -> Iterator[Run]:
    if length:
        yield Run(old, new, length)


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[_Step]:
    first = second = 0
    for run in (*matching_runs(old, new, _ANCHOR), Run(len(old), len(new), 0)):
        same = "".join(old[run.old : run.old + run.length])
        yield _Step("".join(old[first : run.old]), "".join(new[second : run.new]), same)
        first, second = run.old + run.length, run.new + run.length


def _joined(steps: Iterable[_Step]) -> Iterator[_Step]:
    """A step a change; a blank or a single letter that happens to stay between two changes is part of the change."""
    last = _Step("", "", "")
    for step in steps:
        is_chance = len(last.same.strip()) <= 1 and "\n" not in last.same
        if not step.gone and not step.added:
            last = last._replace(same=last.same + step.same)
        elif not last.same or (is_chance and (last.gone or last.added) and _replaces(last, step)):
            last = _Step(last.gone + last.same + step.gone, last.added + last.same + step.added, step.same)
        else:
            yield last
            last = step
    yield last


def _aligned(steps: list[_Step]) -> list[_Step]:
    """Of "one.[two.]three." and "one[.two].three." the one that cuts at the line: what came or went is a line."""
    for place, step in enumerate(steps[1:], start=1):
        edit = step.gone or step.added
        shift = edit.find("\n")
        is_free = not (step.gone and step.added) and (len(step.same) > shift or step is steps[-1])
        if shift > 0 and is_free and step.same.startswith(edit[:shift]):
            turned = edit[shift:] + edit[:shift]
            before = steps[place - 1]
            steps[place - 1] = before._replace(same=before.same + edit[:shift])
            steps[place] = _Step(turned if step.gone else "", turned if step.added else "", step.same[shift:])
    return steps


def _replaces(first: _Step, second: _Step) -> bool:
    return bool((first.gone or second.gone) and (first.added or second.added))
