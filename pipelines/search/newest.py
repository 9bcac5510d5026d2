"""Articles that may have the words, on PostgreSQL: their ids, the newest first, no more of them than are asked for.

To gather all articles with a common word takes long, and what is wanted of them are the newest. So the index is asked
for those of the last stored articles first, by the lexeme that articles of about the same number share, and for the
rest only when too few of these have been taken.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from models.search import BUCKET_BITS, BUCKET_DIGITS, INDEXED, bucket_lexeme

_WINDOWS = (10_000, 100_000)
"""Of the last stored articles; then come all."""
_PORTION = 5_000
_BLOCKS = 16
_SETTINGS = {
    # The planner knows little of what an expression gives, and takes reading every text for cheap.
    "enable_seqscan": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    # Room for a bit of every article: without, texts are split into lexemes once more, to see whether they are meant.
    "work_mem": "'64MB'",
}
_FOUND = text(
    f"WITH found AS MATERIALIZED (SELECT article_id FROM article_version WHERE {INDEXED} @@ CAST(:query AS tsquery)) "  # noqa: S608  # nosec B608  # no input
    "SELECT DISTINCT article_id FROM found WHERE article_id < :before ORDER BY article_id DESC LIMIT :portion"
)
_LAST_STORED = text("SELECT id FROM article WHERE id < :before ORDER BY id DESC LIMIT :portion")
_LATER_THAN_ALL = 2**63 - 1


@dataclass(frozen=True, slots=True)
class _Window:
    first: int
    query: str
    """What all articles of that number or a later one have, as a `tsquery`."""


def prepare(connection: Connection) -> None:
    """For the rest of the transaction."""
    for name, value in _SETTINGS.items():
        connection.execute(text(f"SET LOCAL {name} = {value}"))


def indexed_ids(connection: Connection, query: str, *, before: int = _LATER_THAN_ALL) -> Iterator[Sequence[int]]:
    """Of articles that the index finds by a `tsquery`, in some version of theirs."""
    for size in _WINDOWS:
        window = _window(connection, size)
        if window is None:
            break
        if window.first < before:
            yield from _portions(connection, f"{query} & {window.query}", before=before)
            before = window.first
    yield from _portions(connection, query, before=before)


def last_stored_ids(connection: Connection, *, most: int | None) -> Iterator[Sequence[int]]:
    before = _LATER_THAN_ALL
    while most is None or most > 0:
        ids = connection.execute(_LAST_STORED, {"before": before, "portion": _PORTION}).scalars().all()[:most]
        if not ids:
            return
        yield ids
        before, most = ids[-1], None if most is None else most - len(ids)


def _portions(connection: Connection, query: str, *, before: int) -> Iterator[Sequence[int]]:
    while ids := connection.execute(_FOUND, {"query": query, "before": before, "portion": _PORTION}).scalars().all():
        yield ids
        if len(ids) < _PORTION:
            return
        before = ids[-1]


def _window(connection: Connection, size: int) -> _Window | None:
    """None where there are not more articles than that."""
    nth_last = text("SELECT id FROM article ORDER BY id DESC OFFSET :size LIMIT 1")
    first: int | None = connection.execute(nth_last, {"size": size}).scalar()
    if first is None:
        return None
    newest: int = connection.execute(nth_last, {"size": 0}).scalar_one()
    # Numbers have gaps, and may be spread over many buckets: then beginnings of their lexemes stand for 16 each.
    cut = 0
    while _block(newest, cut) - _block(first, cut) >= _BLOCKS:
        cut += 1
    begin = _block(first, cut)
    end = ":*" if cut else ""
    numbers = range(begin, _block(newest, cut) + 1)
    lexemes = " | ".join(f"'{bucket_lexeme(number, digits=BUCKET_DIGITS - cut)}'{end}" for number in numbers)
    return _Window(begin << (BUCKET_BITS + 4 * cut), f"({lexemes})")


def _block(number: int, cut: int) -> int:
    return number >> (BUCKET_BITS + 4 * cut)
