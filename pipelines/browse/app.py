"""The application: which address is answered by what."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from models.errors import StorageError
from pipelines.browse import actions as doing
from pipelines.browse import activity, articles, correcting, downloads, overview, page, plots
from pipelines.browse.actions import Actions
from pipelines.browse.admission import Admission
from pipelines.browse.database import STATEMENT_SECONDS
from pipelines.browse.guard import Application, Guard
from pipelines.browse.remembering import Memory, StillCounting
from pipelines.browse.rendering import answer

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_STATIC = Path(__file__).parent / "static"
_CANCELLED = "57014"  # of PostgreSQL; SQLite says "interrupted"
_TOO_LONG = (
    f"The database worked on it for {STATEMENT_SECONDS} seconds and was stopped; nothing is lost or changed. Narrow it "
    "down, as by a site, dates or one more word, or try again when the machine has less to do."
)
_TITLES = {403: "Not allowed", 405: "Not possible", 409: "Busy", 413: "Too long"}


def _to_articles(_request: Request) -> Response:
    return RedirectResponse("/articles", status_code=307)


_ROUTES = (
    Route("/", _to_articles),
    Route("/articles", articles.article_list),
    Route("/articles.{form}", articles.export),
    Route("/pages/{page_id:int}", page.panels),
    Route("/pages/{page_id:int}/history", page.history),
    Route("/pages/{page_id:int}/graph", page.graph),
    Route("/pages/{page_id:int}/archived", page.archived),
    Route("/pages/{page_id:int}/recrawl", doing.recrawl, methods=["POST"]),
    Route("/pages/{page_id:int}/label/{number:int}", correcting.label_page, methods=["GET"]),
    Route("/pages/{page_id:int}/label", correcting.save_label, methods=["POST"]),
    Route("/login", doing.login_form, methods=["GET"]),
    Route("/login", doing.log_in, methods=["POST"]),
    Route("/logout", doing.log_out, methods=["POST"]),
    Route("/sites", overview.site_list),
    Route("/sites/{domain}", overview.site_page),
    Route("/tags", overview.tag_list),
    Route("/tags/{tag_id:int}", overview.tag_page),
    Route("/runs", activity.run_list),
    Route("/runs/over-time", plots.plots),
    Route("/runs/{crawl_id:int}", activity.run_page),
    Route("/failures", activity.failure_list),
    Route("/schedules", activity.schedule_list),
    Route("/alarms", activity.alarm_list),
    Route("/sites.{form}", downloads.site_file),
    Route("/tags.{form}", downloads.tag_file),
    Route("/tags/{tag_id:int}.{form}", downloads.tagged_file),
    Route("/runs.{form}", downloads.run_file),
    Route("/failures.{form}", downloads.failure_file),
    Route("/schedules.{form}", downloads.schedule_file),
    Route("/alarms.{form}", downloads.alarm_file),
    Mount("/static", StaticFiles(directory=_STATIC)),
)


def create_app(
    engine: Engine,
    *,
    archive: Path | None,
    names: Collection[str] = (),
    actions: Actions | None = None,
    memory: Memory | None = None,
) -> Application:
    """Answers requests that name this machine as their host. `archive` is the folder of the WARC files, if they are
    kept. Without `actions` nothing can be done but read.

    With `names` it answers to those too, and then only who has logged in, by https. Raises ValueError where nobody
    can log in.

    The endpoints are plain functions: Starlette calls each in a thread of its own, so that a slow statement of one
    does not hold up the others.
    """
    application = Starlette(
        routes=list(_ROUTES),
        exception_handlers=dict(_HANDLERS),
    )
    application.state.engine = engine
    application.state.archive = archive
    application.state.memory = memory or Memory()
    application.state.actions = actions
    inner: Application = application
    if names:
        if actions is None:
            raise ValueError("names of others need actions, whose logins let them in")
        inner = Admission(inner, actions.logins)
    return Guard(inner, hosts=(*LOOPBACK, *names), has_forms=actions is not None)


def _not_there(_request: Request, error: HTTPException) -> Response:
    return answer(
        "error.html", status=error.status_code, title=_TITLES.get(error.status_code, "Not found"), message=error.detail
    )


def _not_yet(_request: Request, _error: StillCounting) -> Response:
    """Asked for again by the browser itself, until it is there."""
    response = answer("counting.html")
    response.headers["refresh"] = "1"
    return response


def _no_database(_request: Request, error: DBAPIError | StorageError) -> Response:
    """The database's own words: they are of an error of today, and hold no secrets of its address."""
    cause = str(getattr(error, "orig", error)).strip().partition("\n")[0]
    if getattr(getattr(error, "orig", None), "sqlstate", None) == _CANCELLED or cause == "interrupted":
        return answer("error.html", status=503, title="This takes too long", message=_TOO_LONG)
    return answer("error.html", status=503, title="The database did not answer", message=cause)


_HANDLERS: Mapping[Any, Any] = {
    HTTPException: _not_there,
    DBAPIError: _no_database,
    StorageError: _no_database,
    StillCounting: _not_yet,
}
