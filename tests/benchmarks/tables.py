"""What was read, as tables: means over pages, with the spread over the folds behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any

from tests.benchmarks.listed import ListScore
from tests.benchmarks.scores import BodyScore, Overlap, four_gram_f1

if TYPE_CHECKING:
    from tests.benchmarks.splitting import Read

_WIDTH = 20
_Reads = Sequence["Read"]
_Figure = Callable[[_Reads], float | None]


def print_tables(read: _Reads, *, worst: int, folds: int) -> None:
    how = f"{folds} folds of sites, none of them seen by its models" if folds else "shipped models, which saw the pages"
    print(f"{len({each.page.key for each in read}):,} pages; {how}; ± is the spread over folds\n")
    for group, rows in _by(read, lambda each: each.page.group).items():
        if rows[0].page.part == "bodies":
            _print(group, rows, _BODY_COLUMNS)
        elif rows[0].page.part == "lists":
            _print(group, rows, _LIST_COLUMNS)
    _print_judgement(read)
    _print_speeds(read)
    if worst:
        _print_worst(read, worst)


def _print(group: str, rows: _Reads, columns: dict[str, _Figure]) -> None:
    print(f"{group} ({len({each.page.key for each in rows})} pages)")
    print(f"{'':{_WIDTH}}" + "".join(f"{name:>15}" for name in columns))
    for by, theirs in _by(rows, lambda each: each.by).items():
        print(f"{by:{_WIDTH}}" + "".join(f"{_with_spread(theirs, figure):>15}" for figure in columns.values()))
    print()


def _with_spread(rows: _Reads, figure: _Figure) -> str:
    whole = figure(rows)
    if whole is None:
        return "-"
    parts = [part for fold in _by(rows, lambda each: each.fold).values() if (part := figure(fold)) is not None]
    return f"{whole:.3f}" + (f" ±{stdev(parts):.3f}" if len(parts) > 1 else "")


def _print_judgement(read: _Reads) -> None:
    """Of the judgement that a page is no article."""
    ours = [each for each in read if "article" in each.scores]
    others = [each for each in ours if each.page.part == "kinds"]
    articles = [each for each in ours if each.page.part != "kinds"]
    told = sum(not each.scores["article"] for each in others)
    wrong = sum(not each.scores["article"] for each in articles)
    if others:
        print(f"no article: {told} of {len(others)} told, {wrong} of {len(articles)} articles misjudged; ", end="")
        print(f"precision {told / max(told + wrong, 1):.3f}, recall {told / len(others):.3f}")
        for kind, rows in _by(others, lambda each: each.page.row["kind"]).items():
            print(f"  {kind:{_WIDTH}}{sum(not each.scores['article'] for each in rows):>4} of {len(rows)}")
        print()


def _print_speeds(read: _Reads) -> None:
    print(f"{'CPU a page':{_WIDTH}}{'ms':>8}{'x parse':>9}{'median x':>10}{'p99 ms':>9}   pages")
    for by, rows in _by(read, lambda each: each.by).items():
        seconds = sorted(each.seconds for each in rows)
        ratios = sorted(each.seconds / max(each.parse_seconds, 1e-6) for each in rows)
        whole = sum(seconds) / sum(each.parse_seconds for each in rows)
        tail = seconds[int(0.99 * (len(seconds) - 1))]
        print(
            f"{by:{_WIDTH}}{1000 * fmean(seconds):>8.2f}{whole:>9.1f}{ratios[len(ratios) // 2]:>10.1f}"
            f"{1000 * tail:>9.1f}   {len(rows):,}"
        )
    print()


def _print_worst(read: _Reads, count: int) -> None:
    ours = [each for each in read if each.by == read[0].by and each.page.part != "kinds"]
    for group, rows in _by(ours, lambda each: each.page.group).items():
        print(f"worst of {group}")
        for value, key, each in sorted((_value(each), each.page.key, each) for each in rows)[:count]:
            note = "" if each.scores["article"] else f"  judged no article: {each.scores['reason']}"
            print(f"  {value:.3f}  {key}{note}")
        print()


def _value(each: Read) -> float:
    body, lists = each.scores.get("body"), each.scores.get("lists")
    if isinstance(body, BodyScore):
        return body.word_f1
    assert isinstance(lists, ListScore)
    return (lists.union.f1 + lists.tags.f1) / 2


def _by(read: Iterable[Read], key: Callable[[Read], Any]) -> dict[Any, list[Read]]:
    groups: dict[Any, list[Read]] = defaultdict(list)
    for each in read:
        groups[key(each)].append(each)
    return groups


def _bodies(rows: _Reads) -> list[BodyScore]:
    return [each.scores["body"] for each in rows]


def _mean_of(name: str) -> _Figure:
    def figure(rows: _Reads) -> float | None:
        values = [each.scores[name] for each in rows if name in each.scores]
        return fmean(values) if values else None

    return figure


def _lists(rows: _Reads) -> list[ListScore]:
    return [each.scores["lists"] for each in rows]


def _micro(part: Callable[[ListScore], Overlap]) -> _Figure:
    def figure(rows: _Reads) -> float:
        each = [part(score) for score in _lists(rows)]
        return Overlap(sum(o.both for o in each), sum(o.extra for o in each), sum(o.missed for o in each)).f1

    return figure


def _macro(part: Callable[[ListScore], Overlap]) -> _Figure:
    return lambda rows: fmean(part(score).f1 for score in _lists(rows))


def _share(part: Callable[[ListScore], int], whole: Callable[[ListScore], int]) -> _Figure:
    return lambda rows: sum(map(part, _lists(rows))) / max(sum(map(whole, _lists(rows))), 1)


_BODY_COLUMNS: dict[str, _Figure] = {
    "word F1": lambda rows: fmean(score.word_f1 for score in _bodies(rows)),
    "4-gram F1": lambda rows: four_gram_f1(_bodies(rows)),
    "paragraph F1": lambda rows: fmean(score.paragraph_f1 for score in _bodies(rows)),
    "headline": _mean_of("headline"),
    "day": _mean_of("day"),
    "authors": _mean_of("authors"),
}
_LIST_COLUMNS: dict[str, _Figure] = {
    "union micro": _micro(lambda score: score.union),
    "macro": _macro(lambda score: score.union),
    "related micro": _micro(lambda score: score.related),
    "macro ": _macro(lambda score: score.related),
    "kind": _share(lambda score: score.kinds_right, lambda score: score.matched),
    "headline": _share(lambda score: score.headlines_right, lambda score: score.headed),
    "tags micro": _micro(lambda score: score.tags),
    "macro  ": _macro(lambda score: score.tags),
}
