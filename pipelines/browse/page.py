"""One stored page: its three panels, its versions, its neighbours, and what was archived of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Engine
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.engine import reading
from models.items import Article, Block, BlockType
from pipelines.browse.actions import actor_of
from pipelines.browse.archived import PICKING, frame_policy, inert_document, outlines_of
from pipelines.browse.asked import parse_number
from pipelines.browse.asked_page import archived_page, facts_of, read_facts
from pipelines.browse.drawing import WIDTH, graph_of
from pipelines.browse.neighbours import neighbourhood
from pipelines.browse.panels import archived_place, stored_panels
from pipelines.browse.rendering import answer
from pipelines.history import ArticleHistory, PageHistory, VersionChange, list_changes, page_history, version_change

_FACTS = (
    *("source", "source_url", "date_published", "date_modified", "section", "in_language", "description", "main_image"),
)

_MOST_COMPARED = 20
"""Versions; earlier ones are compared where they are asked for."""


@dataclass(frozen=True, slots=True)
class Run:
    """Blocks of one type in a row: the items of a list stand together."""

    type: BlockType
    blocks: tuple[Block, ...]


def panels(request: Request) -> Response:
    engine: Engine = request.app.state.engine
    with reading(engine) as connection:
        facts = read_facts(connection, request)
        if facts["id"] != request.path_params["page_id"]:
            return RedirectResponse(f"/pages/{facts['id']}", status_code=303)
        page = stored_panels(connection, facts)
        has_archived = _has_archived(connection, request, facts["id"])
    view = request.query_params
    is_labelled = has_archived and view.get("label") == "1" and _may_label(request)
    return answer(
        "page.html",
        page=page,
        runs={shown.id: runs_of(shown.article.blocks) for shown in page.articles},
        rows={shown.id: fact_rows(shown.article) for shown in page.articles},
        outlined={outlined.anchor for outlined in outlines_of(page)},
        has_archived=has_archived,
        is_beside=is_labelled or (has_archived and view.get("beside") == "1"),
        is_labelled=is_labelled,
        picking=PICKING,
        tab="panels",
        actor=actor_of(request),
    )


def history(request: Request) -> Response:
    engine: Engine = request.app.state.engine
    with reading(engine) as connection:
        facts = read_facts(connection, request)
        has_archived = _has_archived(connection, request, facts["id"])
    found = page_history(engine, facts["url"])
    if found is None:
        raise HTTPException(404, "this page was never read")
    return answer(
        "history.html",
        facts=facts,
        has_archived=has_archived,
        history=found,
        articles=[(each, _chosen_changes(each, request)) for each in found.articles],
        lists=_readable_list_changes(found),
        tab="history",
    )


def graph(request: Request) -> Response:
    engine: Engine = request.app.state.engine
    with reading(engine) as connection:
        facts = read_facts(connection, request)
        has_archived = _has_archived(connection, request, facts["id"])
        around = neighbourhood(connection, facts["id"])
    return answer(
        "graph.html", facts=facts, has_archived=has_archived, graph=graph_of(around), width=WIDTH, tab="graph"
    )


def archived(request: Request) -> Response:
    """The framed document, under a policy of its own; for who may label, each block leads to its label."""
    engine: Engine = request.app.state.engine
    response = archived_page(request, facts_of(request))
    with reading(engine) as connection:
        facts = read_facts(connection, request)
        page = stored_panels(connection, facts)
    is_picked = request.query_params.get("label") == "1" and _may_label(request)
    document = inert_document(
        response.body,
        encoding=facts["encoding"],
        outlines=outlines_of(page),
        title=facts["title"] or facts["url"],
        picked=f"/pages/{facts['id']}/label" if is_picked else None,
    )
    return HTMLResponse(document, headers={"content-security-policy": frame_policy(is_picked=is_picked)})


def runs_of(blocks: Iterable[Block]) -> list[Run]:
    found: list[Run] = []
    for block in blocks:
        if block.type is BlockType.LIST_ITEM and found and found[-1].type is BlockType.LIST_ITEM:
            found[-1] = Run(block.type, (*found[-1].blocks, block))
        else:
            found.append(Run(block.type, (block,)))
    return found


def fact_rows(article: Article) -> list[tuple[str, Any, str | None]]:
    """Name, value and origin of each fact that the article has."""
    rows: list[tuple[str, Any, str | None]] = []
    for name in _FACTS:
        value = getattr(article, name)
        if name == "date_published" and value is None:
            value = article.date_text
        if value:
            origin = article.origins.get(name)
            rows.append((name, value, origin.value if origin else None))
    return rows


def _may_label(request: Request) -> bool:
    actor = actor_of(request)
    return actor is not None and actor.csrf is not None and actor.may_label


def _has_archived(connection: Connection, request: Request, page_id: int) -> bool:
    return request.app.state.archive is not None and archived_place(connection, page_id) is not None


def _chosen_changes(article: ArticleHistory, request: Request) -> Sequence[VersionChange]:
    """From one version to another where the address says which; else all, the latest first."""
    by_number = {version.number: version for version in article.versions}
    old, new = (by_number.get(parse_number(request.query_params.get(name)) or 0) for name in ("from", "to"))
    if old and new and request.query_params.get("article") == str(article.position):
        return [version_change(old, new)]
    return [version_change(before, after) for before, after in pairwise(article.versions[-_MOST_COMPARED:])][::-1]


def _readable_list_changes(found: PageHistory) -> list[Any]:
    return list(list_changes(found))[::-1]
