"""The page that an address names: its row, and what was archived of it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine
from starlette.exceptions import HTTPException
from starlette.requests import Request

from models.engine import reading
from pipelines.archive import Archived, ArchiveFault, read_at
from pipelines.browse.panels import archived_place, page_facts

_MOST_BYTES = 5 * 1024 * 1024


def read_facts(connection: Connection, request: Request) -> Any:
    """Of the canonical page; 404 where there is none."""
    facts = page_facts(connection, request.path_params["page_id"])
    if facts is None:
        raise HTTPException(404, "there is no such page")
    return facts


def facts_of(request: Request) -> Mapping[Any, Any]:
    engine: Engine = request.app.state.engine
    with reading(engine) as connection:
        facts: Mapping[Any, Any] = read_facts(connection, request)
        return facts


def archived_page(request: Request, facts: Mapping[Any, Any]) -> Archived:
    """The last whole response; 404 where there is none that can be shown."""
    folder = request.app.state.archive
    engine: Engine = request.app.state.engine
    with reading(engine) as connection:
        place = archived_place(connection, facts["id"])
    if folder is None or place is None:
        raise HTTPException(404, "nothing is archived of this page")
    try:
        archived = read_at(folder, place)
    except ArchiveFault as error:
        raise HTTPException(404, f"the archive does not have it any more: {error}") from None
    if len(archived.body) > _MOST_BYTES:
        raise HTTPException(404, "the archived page is too large to be shown")
    return archived
