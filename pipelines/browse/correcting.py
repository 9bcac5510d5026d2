"""A block of the archived page gets another label: chosen, tried, and saved as a hint or as a test case."""

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.corrections import LABELS, CannotCorrect, Correction, Corrector
from pipelines.archive import Archived
from pipelines.browse.actions import actor_of, allowed_form
from pipelines.browse.asked_page import archived_page, facts_of
from pipelines.browse.corrections import changes
from pipelines.browse.rendering import answer

_LONGEST_SELECTOR = 500
_MOST_SHOWN = 60
"""Lines of what would change."""


def label_page(request: Request) -> Response:
    """The boxes around what was clicked; with a selector in the address, what a label for it would change."""
    actor = actor_of(request)
    if actor is None or actor.csrf is None:
        return RedirectResponse(f"/login?next={request.url.path}", status_code=303)
    corrector, facts = _corrector(request), facts_of(request)
    archived = archived_page(request, facts)
    try:
        boxes = corrector.boxes(archived, request.path_params["number"])
        is_chosen = request.query_params.get("css") or request.query_params.get("own")
        correction = _correction(request.query_params) if is_chosen else None
        found, message = _tried(corrector, archived, correction) if correction else None, None
    except CannotCorrect as error:
        boxes, correction, found, message = (), None, None, str(error)
    if not boxes and message is None:
        raise HTTPException(404, "the archived page has no such element")
    return answer(
        "label.html",
        facts=facts,
        number=request.path_params["number"],
        boxes=boxes,
        labels=LABELS,
        correction=correction,
        found=found,
        most=_MOST_SHOWN,
        message=message,
        actor=actor,
    )


async def save_label(request: Request) -> Response:
    form = await allowed_form(request)
    return await run_in_threadpool(_save, request, form)


def _save(request: Request, form: Mapping[str, str]) -> Response:
    corrector, facts = _corrector(request), facts_of(request)
    archived = archived_page(request, facts)
    is_case = form.get("as") == "case"
    try:
        correction = _correction(form)
        if is_case:
            where = corrector.save_case(archived, correction, name=form.get("name", ""))
        else:
            where = corrector.save_hint(archived, correction)
    except CannotCorrect as error:
        return answer("labelled.html", status=409, facts=facts, where=None, message=str(error), is_case=is_case)
    return answer("labelled.html", facts=facts, where=where, message=None, is_case=is_case)


def _tried(corrector: Corrector, archived: Archived, correction: Correction) -> dict[str, Any]:
    before, after = corrector.read(archived, None), corrector.read(archived, correction)
    return {"changes": changes(before, after), "is_article": bool(before.articles or after.articles)}


def _correction(form: Mapping[str, str]) -> Correction:
    """`label` is "panel:kind"; a selector that was written stands before the one that was chosen."""
    panel, _, kind = form.get("label", "").partition(":")
    css = (form.get("own", "").strip() or form.get("css", "").strip())[:_LONGEST_SELECTOR]
    if not css or kind not in LABELS.get(panel, ()):
        raise CannotCorrect("a box and a label expected; choose both")
    return Correction(css=css, panel=panel, kind=kind or None, is_for_one=form.get("where") == "page")


def _corrector(request: Request) -> Corrector:
    actions = request.app.state.actions
    if actions is None or actions.corrector is None:
        raise HTTPException(404, "no labels can be set here")
    corrector: Corrector = actions.corrector
    return corrector
