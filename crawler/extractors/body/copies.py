"""Copies of a text on its own page: layouts for other screens, hidden beside the one that is shown."""

from collections.abc import Sequence


def without_copies(texts: Sequence[str], chosen: Sequence[int], *, long: Sequence[bool]) -> list[int]:
    """Of the numbers of a body's blocks, in page order, those that say something first.

    Of each whether it is `long`, of letters that no article says twice. Short lines are said again, as sub-headings
    of reviews; but among long lines that stand in one row, as the first did, they are copies too.
    """
    firsts: dict[str, int] = {}
    kept, left_out, done = set(chosen), set[int](), 0
    lengthy = {number for number, is_long in zip(chosen, long, strict=True) if is_long}
    for number, is_long in zip(chosen, long, strict=True):
        first = firsts.setdefault(texts[number], number) if is_long else number
        if first == number:
            continue
        left_out.add(number)
        if number >= done:
            run = _copied(texts, first, number, after=max(done, first + 1))
            if sum(line in lengthy for line in run) > 1:
                left_out.update(line for line in run if line - (number - first) in kept)
            done = run.stop
    return [number for number in chosen if number not in left_out]


def _copied(texts: Sequence[str], first: int, copy: int, *, after: int) -> range:
    """The blocks around `copy`, from `after` on, that say what stands around `first`."""
    apart, start, stop = copy - first, copy, copy + 1
    while start > max(after, apart) and texts[start - 1] == texts[start - 1 - apart]:
        start -= 1
    while stop < len(texts) and texts[stop] == texts[stop - apart]:
        stop += 1
    return range(start, stop)
