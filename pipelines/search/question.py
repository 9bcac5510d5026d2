"""What is asked, and the statement that reads articles for it: the same on both dialects."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from models.identity import name_hash, site_domain
from models.tables import METADATA
from pipelines.search.words import Word, has_all, score

ARTICLE, VERSION = METADATA.tables["article"], METADATA.tables["article_version"]
PAGE, SITE = METADATA.tables["page"], METADATA.tables["site"]
TAG, ARTICLE_TAG = METADATA.tables["tag"], METADATA.tables["article_tag"]

RANKED = 200
"""Of each sort, the newest: from these the best are shown."""

Fits = dict[int, tuple[float, Row[Any]]]
"""How well an article fits, and its row, by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to find: articles that have all the words and are as the rest says, where it says something."""

    words: Sequence[Word]
    site: str | None = None
    """A domain, or a URL of it."""
    tag: str | None = None
    kind: str | None = None
    """Of the page that the article stands on."""
    since: datetime | None = None
    """Published since then; stored since then where the page gives no date."""
    until: datetime | None = None
    """Published before then; stored before then where the page gives no date."""
    limit: int = 10
    excerpt_cells: int = 150
    """Length of the excerpts, in columns of a terminal."""

    @property
    def pieces(self) -> tuple[str, ...]:
        """Of all words, each once."""
        return tuple(dict.fromkeys(piece for word in self.words for piece in word.pieces))

    @property
    def domain(self) -> str | None:
        if self.site is None:
            return None
        return site_domain(self.site if "://" in self.site else f"http://{self.site}")


def articles(question: Question) -> Select[Any]:
    """The newest first, with their current texts."""
    times = (ARTICLE.c.date_published, ARTICLE.c.first_seen_at, ARTICLE.c.gone_at)
    facts = (ARTICLE.c.id.label("article_id"), PAGE.c.url, SITE.c.domain.label("site"), ARTICLE.c.headline, *times)
    is_current = (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version)
    return (
        select(*facts, VERSION.c.article_body)
        .join(VERSION, is_current)
        .join(PAGE, PAGE.c.id == ARTICLE.c.page_id)
        .join(SITE, SITE.c.id == PAGE.c.site_id)
        .where(*filters(question))
        .order_by(ARTICLE.c.id.desc())
    )


def filters(question: Question) -> Iterator[ColumnElement[bool]]:
    """On article, page and site."""
    if question.domain is not None:
        yield SITE.c.domain == question.domain
    if question.kind is not None:
        yield PAGE.c.kind == question.kind
    if question.tag is not None:
        tagged = select(ARTICLE_TAG.c.article_id).join(TAG, TAG.c.id == ARTICLE_TAG.c.tag_id)
        yield ARTICLE.c.id.in_(tagged.where(TAG.c.name_hash == name_hash(question.tag)))
    published = func.coalesce(ARTICLE.c.date_published, ARTICLE.c.first_seen_at)
    if question.since is not None:
        yield published >= question.since
    if question.until is not None:
        yield published < question.until


def headline_has(question: Question) -> Iterator[ColumnElement[bool]]:
    for piece in question.pieces:
        yield ARTICLE.c.headline.ilike(like(piece), escape="\\")


def fit(question: Question, row: Row[Any], *, in_headline: bool) -> float | None:
    """None if it has not all the words, or not all of them in the headline."""
    headline = row.headline or ""
    if not has_all(question.words, headline, "" if in_headline else row.article_body):
        return None
    return round(score(question.words, headline, row.article_body), 3)


def like(piece: str) -> str:
    escaped = piece.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"
