"""What can be done, by whom has logged in: a page is crawled again now, a label is set right.

Off unless the application is given actions.
"""

import hmac
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from urllib.parse import parse_qs

from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.corrections import Corrector
from models.engine import reading
from pipelines.browse.logins import COOKIE, Logins, Session, TooManyTries
from pipelines.browse.panels import page_facts
from pipelines.browse.rendering import answer, web_url

_MOST_BYTES = 10_000  # of a form
_NEXT = re.compile(r"/pages/\d{1,18}(\?beside=1)?")


@dataclass(frozen=True, slots=True)
class Recrawled:
    is_stored: bool
    told: str
    """What the crawl said, for people."""


@dataclass(frozen=True, slots=True)
class Actions:
    logins: Logins
    recrawl: Callable[[str], Recrawled]
    """Fetches a URL now; it may take minutes."""
    lock: Lock
    """One at a time."""
    corrector: Corrector | None = None
    """Sets labels right; None where that cannot be done."""


@dataclass(frozen=True, slots=True)
class Actor:
    """What the forms of a page need to know."""

    csrf: str | None
    """None for somebody who has not logged in."""
    may_label: bool


def actor_of(request: Request) -> Actor | None:
    """None where nothing can be done at all."""
    actions: Actions | None = request.app.state.actions
    if actions is None:
        return None
    session = _session(request, actions)
    return Actor(session.csrf if session else None, may_label=actions.corrector is not None)


def login_form(request: Request) -> Response:
    _actions(request)
    return answer("login.html", message=None, following=_following(request.query_params.get("next", "")))


async def log_in(request: Request) -> Response:
    actions = _actions(request)
    form = await _form(request)
    following = _following(form.get("next", ""))
    try:
        name = await run_in_threadpool(actions.logins.log_in, form.get("password", ""), now=time.monotonic())
    except TooManyTries:
        return answer("login.html", status=429, message="Too many wrong passwords; wait a minute.", following=following)
    if name is None:
        return answer("login.html", status=403, message="That is not the password.", following=following)
    response = RedirectResponse(following, status_code=303)
    is_secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, name, httponly=True, samesite="strict", path="/", secure=is_secure)
    return response


async def log_out(request: Request) -> Response:
    actions = _actions(request)
    await allowed_form(request)
    actions.logins.log_out(request.cookies.get(COOKIE))
    response = RedirectResponse("/articles", status_code=303)
    response.delete_cookie(COOKIE, path="/")
    return response


async def recrawl(request: Request) -> Response:
    actions = _actions(request)
    await allowed_form(request)
    return await run_in_threadpool(_recrawl, request, actions)


def _recrawl(request: Request, actions: Actions) -> Response:
    engine: Engine = request.app.state.engine
    with reading(engine) as connection:
        facts = page_facts(connection, request.path_params["page_id"])
    if facts is None or web_url(facts["url"]) is None:
        raise HTTPException(404, "there is no such page")
    if not actions.lock.acquire(blocking=False):
        raise HTTPException(409, "another page is being crawled; try again when it is done")
    try:
        done = actions.recrawl(facts["url"])
    finally:
        actions.lock.release()
    return answer("recrawled.html", facts=facts, done=done)


def _actions(request: Request) -> Actions:
    actions: Actions | None = request.app.state.actions
    if actions is None:
        raise HTTPException(404, "nothing can be done here: no password was set when this was started")
    return actions


def _session(request: Request, actions: Actions) -> Session | None:
    return actions.logins.session(request.cookies.get(COOKIE), now=time.monotonic())


async def allowed_form(request: Request) -> Mapping[str, str]:
    """A form of this session, or nothing is done."""
    actions = _actions(request)
    form = await _form(request)
    session = _session(request, actions)
    if session is None or not hmac.compare_digest(form.get("csrf", "").encode(), session.csrf.encode()):
        raise HTTPException(403, "log in first, and send the form of this page")
    return form


async def _form(request: Request) -> Mapping[str, str]:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise HTTPException(413, "this form is too long")
    return {name: values[-1] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


def _following(text: str) -> str:
    """Where to go after the login: only to a page of ours."""
    return text if _NEXT.fullmatch(text) else "/articles"
