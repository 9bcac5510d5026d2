"""What is asked, in the database: candidates from its index, read and judged here, so that both dialects find the same.

The index tells which articles can have the words. They are read from the newest on until enough of them have: first
those with the words in the headline, then all.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row

from models.engine import migrating
from models.search import make_search_index, missing_index
from pipelines.search import on_postgresql, on_sqlite
from pipelines.search.question import Question
from pipelines.search.words import excerpt
from pipelines.snapshots import snapshot

_PATIENCE_SECONDS = 5.0
"""Of one who looks at a page that is to come."""


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
    """The best first; and what to tell about how they were found, None if there is nothing to tell: why everything had
    to be read, as the index is not there, or what was left out.

    Nothing is left out by one that may be long. Any other ends after seconds on PostgreSQL, with what it has found,
    and keeps the time limit that the engine sets for a statement.
    """
    with snapshot(engine, is_long=is_long) as connection:
        told = missing = missing_index(connection)
        if engine.dialect.name == "postgresql":
            ends_at = None if is_long else time.monotonic() + _PATIENCE_SECONDS
            found, left_out = on_postgresql.read_articles(
                connection, question, is_indexed=missing is None, ends_at=ends_at
            )
            told = " ".join(filter(None, (left_out, missing))) or None
        else:
            found = on_sqlite.read_articles(connection, question, is_indexed=missing is None)
    ranked = sorted(
        found.values(), key=lambda one: (one[0], one[1].date_published or one[1].first_seen_at), reverse=True
    )
    return tuple(_hit(row, question, fit) for fit, row in ranked[: question.limit]), told


def rebuild_index(engine: Engine) -> str | None:
    """The index made anew; why there is none, or None. Raises StorageError."""
    with migrating(engine) as connection:
        make_search_index(connection)
        return missing_index(connection)


def _hit(row: Row[Any], question: Question, fit: float) -> Hit:
    columns = {name: value for name, value in row._mapping.items() if name != "article_body"}
    shown = excerpt(question.words, row.article_body, cells=question.excerpt_cells)
    return Hit(**columns, excerpt=shown, score=fit)
