"""Articles read for a search on SQLite: one statement finds them by the index of trigrams, the newest first."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, column, func, or_, select, table

from models.search import INDEX_TERMS, TABLE
from pipelines.search.question import ARTICLE, RANKED, VERSION, Fits, Question, articles, fit, headline_has, like

_SEARCH = table(TABLE, column("rowid"), column(TABLE))
_TERMS = table(INDEX_TERMS, column("term"), column("doc"))

_READ_AT_ONCE = 100
_TRIGRAMS = 64
"""Of one piece of a word, enough to find it by."""
_COMMON = 20_000
_LAST = "\U0010ffff"


def read_articles(connection: Connection, question: Question, *, is_indexed: bool) -> Fits:
    """The newest with the words in the headline, and the newest of all."""
    pieces = question.pieces
    may_have = tuple(_by_index(pieces, connection) if is_indexed else map(_by_reading, pieces))
    query = articles(question).where(*may_have)
    named = _read(connection, query.where(*headline_has(question)), question, in_headline=True)
    return named | _read(connection, query, question, in_headline=False)


def _read(connection: Connection, query: Select[Any], question: Question, *, in_headline: bool) -> Fits:
    found: Fits = {}
    with connection.execute(query.execution_options(yield_per=_READ_AT_ONCE)) as rows:
        for row in rows:
            fits = fit(question, row, in_headline=in_headline)
            if fits is not None:
                found[row.article_id] = fits, row
                if len(found) == RANKED:
                    break
    return found


def _by_reading(piece: str) -> ColumnElement[bool]:
    pattern = like(piece)
    return or_(VERSION.c.headline.ilike(pattern, escape="\\"), VERSION.c.article_body.ilike(pattern, escape="\\"))


def _by_index(pieces: Sequence[str], connection: Connection) -> Iterator[ColumnElement[bool]]:
    """Conditions that no article with the pieces fails."""
    long = [piece for piece in pieces if len(piece) >= 3]
    if long:
        trigrams = dict.fromkeys(
            _quoted(piece[at : at + 3]) for piece in long for at in range(len(piece) - 2)[:_TRIGRAMS]
        )
        matched = select(_SEARCH.c.rowid).where(_SEARCH.c[TABLE].bool_op("MATCH")(" AND ".join(trigrams)))
        yield ARTICLE.c.id.in_(matched)
    for piece in pieces:
        begins = select(_TERMS.c.doc).where(_TERMS.c.term >= piece, _TERMS.c.term < piece + _LAST)
        if len(piece) < 3 and not _is_common(connection, begins):
            yield ARTICLE.c.id.in_(begins)


def _is_common(connection: Connection, query: Select[Any]) -> bool:
    """To collect all articles with such a word takes longer than to read the newest until enough of them have it."""
    counted = select(func.count()).select_from(query.limit(_COMMON).subquery())
    return bool(connection.execute(counted).scalar_one() == _COMMON)


def _quoted(trigram: str) -> str:
    """As a string of FTS5's own language, in which nothing has a meaning but the quote."""
    return '"{}"'.format(trigram.replace('"', '""'))
