"""The list of articles, searched and filtered, and the same list as a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.engine import reading
from models.identity import page_url
from models.items import PageKind
from pipelines.browse.asked import Asked
from pipelines.browse.files import file_answer
from pipelines.browse.listing import (
    LENGTH,
    Choice,
    Listed,
    articles_by_id,
    known_sites,
    listed_articles,
    place_text,
)
from pipelines.browse.rendering import answer
from pipelines.queries import canonical_row
from pipelines.search import Question, find_articles
from pipelines.snapshots import snapshot

_RANKED = 400  # as many as a search ranks
_EXCERPT_CELLS = 260
_FACTS = (
    *("url", "domain", "headline", "date_published", "date_text", "date_modified", "source", "section"),
    *("in_language", "description", "first_seen_at", "changed_at", "gone_at", "version"),
)
ARTICLE_COLUMNS = (*_FACTS, "authors", "tags")


def article_list(request: Request) -> Response:
    engine: Engine = request.app.state.engine
    asked = Asked.of(request.query_params)
    if found := _page_of_url(engine, asked.q):
        return RedirectResponse(f"/pages/{found}", status_code=303)
    choice = asked.choice()
    shown = _searched(engine, asked) if asked.words else _continued(engine, choice)
    with reading(engine) as connection:
        sites = known_sites(connection)
    return answer(
        "articles.html",
        asked=asked,
        listed=shown.listed,
        following=shown.following,
        told=shown.told,
        by_date=choice.is_by_date,
        sites=sites,
        kinds=[kind.value for kind in PageKind],
        is_first=choice.after is None and asked.page == 1,
    )


def export(request: Request) -> Response:
    """What is listed, from its beginning."""
    engine: Engine = request.app.state.engine
    asked = Asked.of(request.query_params)
    rows = _search(engine, asked)[0] if asked.words else _all(engine, replace(asked.choice(), after=None))
    return file_answer(request, "articles", columns=ARTICLE_COLUMNS, records=map(article_record, rows))


def article_record(listed: Listed) -> dict[str, Any]:
    facts = {name: listed.facts[name] for name in _FACTS}
    return facts | {"authors": list(listed.authors), "tags": [name for _, name in listed.tags]}


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page of the list."""

    listed: tuple[Listed, ...]
    following: Mapping[str, Any]
    """What the address of the next has more than this one's; nothing after the last."""
    told: str | None = None
    """About how it was found."""


def _continued(engine: Engine, choice: Choice) -> _Shown:
    with reading(engine) as connection:
        found = listed_articles(connection, choice, length=LENGTH)
    return _Shown(found.listed, {"after": place_text(found.following)} if found.following else {})


def _searched(engine: Engine, asked: Asked) -> _Shown:
    start = (asked.page - 1) * LENGTH
    listed, told = _search(engine, asked, start=start, most=start + LENGTH + 1)
    return _Shown(listed[:LENGTH], {"page": asked.page + 1} if len(listed) > LENGTH else {}, told)


def _search(
    engine: Engine, asked: Asked, *, start: int = 0, most: int = _RANKED
) -> tuple[tuple[Listed, ...], str | None]:
    """The best first, from that place on, their excerpts where the words are; and what to tell about it."""
    choice = asked.choice()
    question = Question(
        words=asked.words,
        site=asked.site or None,
        kind=choice.kind,
        since=choice.since,
        until=choice.until,
        limit=min(most, _RANKED),
        excerpt_cells=_EXCERPT_CELLS,
    )
    hits, told = find_articles(engine, question, is_long=False)
    hits = hits[start:]
    with reading(engine) as connection:
        stored = articles_by_id(connection, [hit.article_id for hit in hits])
    listed = (
        replace(known, facts={**known.facts, "excerpt": hit.excerpt})
        for hit in hits
        if (known := stored.get(hit.article_id))  # a run may take one away meanwhile
    )
    return tuple(listed), told


def _all(engine: Engine, choice: Choice) -> Iterator[Listed]:
    with snapshot(engine) as connection:
        while True:
            found = listed_articles(connection, choice, length=500)
            yield from found.listed
            if found.following is None:
                return
            choice = replace(choice, after=found.following)


def _page_of_url(engine: Engine, text: str) -> int | None:
    """Where the search is for a URL that is known."""
    if not text.startswith(("http://", "https://")) or page_url(text) is None:
        return None
    with reading(engine) as connection:
        row = canonical_row(connection, text)
    return row["id"] if row else None
