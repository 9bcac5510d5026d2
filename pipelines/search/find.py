"""What is asked, in the database: candidates from its index, read and judged here, so that both dialects find the same.

The index tells which articles can have the words. They are read from the newest on until enough of them have: first
those with the words in the headline, then all. So a word that stands everywhere costs no more than one that is rare.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
)

from models.engine import migrating
from models.identity import name_hash, site_domain
from models.search import DOCUMENT, INDEX_TERMS, TABLE, make_search_index, missing_index
from models.tables import METADATA
from pipelines.search.words import Word, excerpt, has_all, score
from pipelines.snapshots import snapshot

ARTICLE, VERSION = METADATA.tables["article"], METADATA.tables["article_version"]
PAGE, SITE = METADATA.tables["page"], METADATA.tables["site"]
TAG, ARTICLE_TAG = METADATA.tables["tag"], METADATA.tables["article_tag"]
_SEARCH = table(TABLE, column("rowid"), column(TABLE))
_TERMS = table(INDEX_TERMS, column("term"), column("doc"))

_RANKED = 200
"""Of each sort, the newest: from these the best are shown."""
_READ_AT_ONCE = 100
_TRIGRAMS = 64
"""Of one piece of a word, enough to find it by."""
_COMMON = 20_000
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to find: articles that have all the words and are as the rest says, where it says something."""

    words: Sequence[Word]
    site: str | None = None
    """A domain, or a URL of it."""
    tag: str | None = None
    since: datetime | None = None
    """Published since then; stored since then where the page gives no date."""
    limit: int = 10
    excerpt_cells: int = 150
    """Length of the excerpts, in columns of a terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    article_id: int
    url: str
    site: str
    headline: str | None
    date_published: datetime | None
    first_seen_at: datetime
    gone_at: datetime | None
    excerpt: str
    score: float


def find_articles(engine: Engine, question: Question, *, is_long: bool = True) -> tuple[tuple[Hit, ...], str | None]:
    """The best first; and why everything had to be read, None where the index was there.

    Unless `is_long`, the time limit that the engine sets for a statement holds.
    """
    with snapshot(engine, is_long=is_long) as connection:
        missing = missing_index(connection)
        pieces = dict.fromkeys(piece for word in question.words for piece in word.pieces)
        may_have = tuple(_may_have(tuple(pieces), connection, is_indexed=missing is None))
        articles = _articles(question).where(*may_have)
        in_headline = [ARTICLE.c.headline.ilike(_like(piece), escape="\\") for piece in pieces]
        named = _read(connection, articles.where(*in_headline), question)
        other = _read(connection, articles, question)
    found = {row.article_id: (each, row) for each, row in (*named, *other)}
    ranked = sorted(
        found.values(), key=lambda one: (one[0], one[1].date_published or one[1].first_seen_at), reverse=True
    )
    return tuple(_hit(row, question, fit) for fit, row in ranked[: question.limit]), missing


def rebuild_index(engine: Engine) -> str | None:
    """The index made anew; why there is none, or None. Raises StorageError."""
    with migrating(engine) as connection:
        make_search_index(connection)
        return missing_index(connection)


def _read(connection: Connection, query: Select[Any], question: Question) -> list[tuple[float, Row[Any]]]:
    """How well each fits, and the article."""
    found: list[tuple[float, Row[Any]]] = []
    with connection.execute(query.execution_options(yield_per=_READ_AT_ONCE)) as rows:
        for row in rows:
            if has_all(question.words, row.headline or "", row.article_body):
                found.append((round(score(question.words, row.headline or "", row.article_body), 3), row))
                if len(found) == _RANKED:
                    break
    return found


def _place(one: tuple[float, Row[Any]]) -> tuple[float, datetime]:
    """The better fit first, then the later."""
    fit, row = one
    return fit, row.date_published or row.first_seen_at


def _hit(row: Row[Any], question: Question, fit: float) -> Hit:
    columns = {name: value for name, value in row._mapping.items() if name != "article_body"}
    shown = excerpt(question.words, row.article_body, cells=question.excerpt_cells)
    return Hit(**columns, excerpt=shown, score=fit)


def _articles(question: Question) -> Select[Any]:
    """The newest first, with their current texts."""
    times = (ARTICLE.c.date_published, ARTICLE.c.first_seen_at, ARTICLE.c.gone_at)
    facts = (ARTICLE.c.id.label("article_id"), PAGE.c.url, SITE.c.domain.label("site"), ARTICLE.c.headline, *times)
    is_current = (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version)
    return (
        select(*facts, VERSION.c.article_body)
        .join(VERSION, is_current)
        .join(PAGE, PAGE.c.id == ARTICLE.c.page_id)
        .join(SITE, SITE.c.id == PAGE.c.site_id)
        .where(*_filters(question))
        .order_by(ARTICLE.c.id.desc())
    )


def _filters(question: Question) -> Iterator[ColumnElement[bool]]:
    if question.site is not None:
        url = question.site if "://" in question.site else f"http://{question.site}"
        yield SITE.c.domain == site_domain(url)
    if question.tag is not None:
        tagged = select(ARTICLE_TAG.c.article_id).join(TAG, TAG.c.id == ARTICLE_TAG.c.tag_id)
        yield ARTICLE.c.id.in_(tagged.where(TAG.c.name_hash == name_hash(question.tag)))
    if question.since is not None:
        yield func.coalesce(ARTICLE.c.date_published, ARTICLE.c.first_seen_at) >= question.since


def _may_have(pieces: Sequence[str], connection: Connection, *, is_indexed: bool) -> Iterator[ColumnElement[bool]]:
    """Conditions that no article with the pieces fails."""
    if connection.dialect.name == "postgresql":
        # Without letters of two cases LIKE finds as much, in a third of the time.
        for piece in pieces:
            operator = "LIKE" if piece == piece.upper() else "ILIKE"
            yield literal_column(DOCUMENT).bool_op(operator)(_like(piece))
        return
    if not is_indexed:
        for piece in pieces:
            like = _like(piece)
            yield or_(VERSION.c.headline.ilike(like, escape="\\"), VERSION.c.article_body.ilike(like, escape="\\"))
        return
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


def _like(piece: str) -> str:
    escaped = piece.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _quoted(trigram: str) -> str:
    """As a string of FTS5's own language, in which nothing has a meaning but the quote."""
    return '"{}"'.format(trigram.replace('"', '""'))
