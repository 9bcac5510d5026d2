"""Articles read for a search on PostgreSQL: those that may have the words in portions, the newest first, until enough
of them have. So a word that stands everywhere costs no more than one that is rare.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    any_,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from models.identity import name_hash
from models.items import PageKind
from pipelines.search.lexemes import Lexemes, lexemes_of
from pipelines.search.newest import indexed_ids, last_stored_ids, prepare
from pipelines.search.question import (
    ARTICLE,
    ARTICLE_TAG,
    PAGE,
    RANKED,
    SITE,
    TAG,
    VERSION,
    Fits,
    Question,
    articles,
    filters,
    fit,
    headline_has,
    like,
)

_FEW, _HANDFUL = 3_000, 300
"""Articles whose texts can all be read, and those of which that costs no more than asking the index."""
_COMMON = 1_000
"""Of the newest articles, so many with a word: it is soon found in any text."""
_PAGES = 20_000
"""Of a site, through all of which its articles can be looked for."""
_LAST_STORED = 5_000
"""Articles looked through for words that the index does not know, where somebody waits."""
_PROBED = {True: 20_000, False: 2_000}
"""Headlines and texts that are read before the index is asked for a common character."""
_CHUNKS = (200, 400, 800, 1_600)


@dataclass(slots=True)
class _Reading:
    connection: Connection
    question: Question
    ends_at: float | None
    found: Fits = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        return self.ends_at is not None and time.monotonic() > self.ends_at


def read_articles(
    connection: Connection, question: Question, *, is_indexed: bool, ends_at: float | None
) -> tuple[Fits, str | None]:
    """The newest with the words in the headline, and the newest of all; what was left out if there was no time for it.

    `ends_at` is of the monotonic clock.
    """
    prepare(connection)
    reading = _Reading(connection, question, ends_at)
    few = _few(connection, question)
    lexemes = lexemes_of(question.words) if is_indexed else None
    is_all = True
    for in_headline in (True, False):
        if few is not None and (lexemes is None or lexemes.is_weak or len(few) <= _HANDFUL):
            portions: Iterator[Sequence[int]] = iter((few,))
        elif lexemes is not None:
            portions = _by_index(connection, lexemes, few, in_headline=in_headline)
        else:
            portions = last_stored_ids(connection, most=None if ends_at is None else _LAST_STORED)
        is_all = _take(reading, portions, in_headline=in_headline)
    if reading.is_over:
        return reading.found, "The search was ended, as it took too long: older articles may have the words too."
    if few is None and lexemes is None and ends_at is not None and not is_all:
        return reading.found, f"Only the {_LAST_STORED:,} articles stored last were looked through."
    return reading.found, None


def _by_index(
    connection: Connection, lexemes: Lexemes, few: Sequence[int] | None, *, in_headline: bool
) -> Iterator[Sequence[int]]:
    query = lexemes.query(in_headline=in_headline)
    if not lexemes.is_weak:
        portions = indexed_ids(connection, query)
        newest = next(portions, ())
        if few is not None and len(newest) >= _COMMON:
            yield few
        else:
            yield newest
            yield from portions
        return
    last = None
    for ids in last_stored_ids(connection, most=_PROBED[in_headline]):
        yield ids
        last = ids[-1]
    if last is not None:
        yield from indexed_ids(connection, query, before=last)


def _take(reading: _Reading, portions: Iterator[Sequence[int]], *, in_headline: bool) -> bool:
    """Into what is found, the newest that fit; whether there are enough of them."""
    taken = 0
    for ids in portions:
        for chunk in _chunks(_chosen(reading, ids, in_headline=in_headline)):
            if reading.is_over:
                return False
            fits = _fits(reading, chunk, in_headline=in_headline)
            for each in chunk:
                if each in fits:
                    reading.found[each] = fits[each]
                    taken += 1
                    if taken == RANKED:
                        return True
    return False


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    start = 0
    for length in _CHUNKS:
        if start < len(ids):
            yield ids[start : start + length]
        start += length
    for begin in range(start, len(ids), _CHUNKS[-1]):
        yield ids[begin : begin + _CHUNKS[-1]]


def _chosen(reading: _Reading, ids: Sequence[int], *, in_headline: bool) -> Sequence[int]:
    """Those that are as the question says, before their texts are read."""
    conditions = [*filters(reading.question), *(headline_has(reading.question) if in_headline else ())]
    if not conditions:
        return ids
    query = select(ARTICLE.c.id).where(_is_among(ids), *conditions).order_by(ARTICLE.c.id.desc())
    if reading.question.site is not None or reading.question.kind is not None:
        query = query.join(PAGE, PAGE.c.id == ARTICLE.c.page_id).join(SITE, SITE.c.id == PAGE.c.site_id)
    return reading.connection.execute(query).scalars().all()


def _fits(reading: _Reading, ids: Sequence[int], *, in_headline: bool) -> Fits:
    """Those of them that have the words; what has been read once is not read again."""
    known = {each: reading.found[each] for each in ids if each in reading.found}
    query = articles(reading.question).where(_is_among([each for each in ids if each not in known]))
    for row in reading.connection.execute(query.where(*map(_has, reading.question.pieces))):
        fits = fit(reading.question, row, in_headline=in_headline)
        if fits is not None:
            known[row.article_id] = fits, row
    return known


def _has(piece: str) -> ColumnElement[bool]:
    # Without letters of two cases LIKE finds as much, in a third of the time.
    pattern = like(piece)
    if piece == piece.upper():
        return or_(VERSION.c.article_body.like(pattern, escape="\\"), VERSION.c.headline.like(pattern, escape="\\"))
    return or_(VERSION.c.article_body.ilike(pattern, escape="\\"), VERSION.c.headline.ilike(pattern, escape="\\"))


def _is_among(ids: Sequence[int]) -> ColumnElement[bool]:
    return ARTICLE.c.id == any_(cast(ids, ARRAY(BigInteger)))


def _few(connection: Connection, question: Question) -> Sequence[int] | None:
    """All articles that can be meant, if they are few, the newest first."""
    for query in _narrow(connection, question):
        ids = connection.execute(query.limit(_FEW + 1)).scalars().all()
        if len(ids) <= _FEW:
            return sorted(ids, reverse=True)
    return None


def _narrow(connection: Connection, question: Question) -> Iterator[Select[Any]]:
    """Each finds articles by an index; those meant are among them."""
    if question.tag is not None:
        tagged = select(ARTICLE_TAG.c.article_id).distinct().join(TAG, TAG.c.id == ARTICLE_TAG.c.tag_id)
        yield tagged.where(TAG.c.name_hash == name_hash(question.tag))
    if question.domain is not None:
        # Told apart from the rest: a planner that does not know which site it is takes any for a site of mean size.
        known = select(SITE.c.id).where(SITE.c.domain == question.domain)
        site_id = connection.execute(known).scalar_one_or_none()
        pages = select(PAGE.c.id).where(PAGE.c.site_id == site_id)
        if _is_narrow(connection, pages):
            yield select(ARTICLE.c.id).where(ARTICLE.c.page_id.in_(pages))
    if question.kind not in (None, PageKind.ARTICLE):
        # As the partial index says it: a bound value proves nothing to a planner.
        pages = select(PAGE.c.id).where(PAGE.c.kind == question.kind, PAGE.c.kind != literal_column("'article'"))
        if _is_narrow(connection, pages):
            yield select(ARTICLE.c.id).where(ARTICLE.c.page_id.in_(pages))
    if question.since is not None or question.until is not None:
        yield _published(question)


def _is_narrow(connection: Connection, pages: Select[Any]) -> bool:
    counted = select(func.count()).select_from(pages.limit(_PAGES + 1).subquery())
    return connection.execute(counted).scalar_one() <= _PAGES


def _published(question: Question) -> Select[Any]:
    """Articles without a date are all among them."""
    date = ARTICLE.c.date_published
    dated = select(ARTICLE.c.id).where(*_between(question, date)).limit(_FEW + 1)
    undated = select(ARTICLE.c.id).where(date.is_(None)).limit(_FEW + 1)
    return select(dated.union_all(undated).subquery().c.id)


def _between(question: Question, date: ColumnElement[Any]) -> Iterator[ColumnElement[bool]]:
    yield date.is_not(None)
    if question.since is not None:
        yield date >= question.since
    if question.until is not None:
        yield date < question.until
