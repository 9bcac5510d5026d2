"""Every list but that of articles as a file: from its beginning, with the filters of its page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.engine import reading
from models.tables import METADATA
from pipelines.alarms import listed_alarms
from pipelines.browse import records
from pipelines.browse.activity import failure_filter
from pipelines.browse.articles import ARTICLE_COLUMNS, article_record
from pipelines.browse.files import MOST_WRITTEN, Record, file_answer
from pipelines.browse.listing import articles_in_order, tagged_ids
from pipelines.browse.overview import counted_sites, counted_tags
from pipelines.schedules import Schedules

_EACH = 500
_RUN_COLUMNS = tuple(column.name for column in METADATA.tables["crawl"].columns if column.name != "batches")
_FAILURE_COLUMNS = (*(column.name for column in METADATA.tables["failure"].columns), "domain")
_ALARM_COLUMNS = (*(column.name for column in METADATA.tables["alarm"].columns), "pages")
_SCHEDULE_COLUMNS = ("name", "arguments", "cron", "every_seconds", "timezone", "jitter_seconds", "missed", "is_paused",
                     "due_at", "is_running", "last_started_at", "last_outcome")  # fmt: skip
_SITE_COLUMNS = ("domain", "pages", "articles", "failures", "last_fetched_at")


def site_file(request: Request) -> Response:
    sites = counted_sites(request, patience_seconds=None).value
    return file_answer(request, "sites", columns=_SITE_COLUMNS, records=map(asdict, sites))


def tag_file(request: Request) -> Response:
    columns = ("id", "name", "articles")
    tags = counted_tags(request, patience_seconds=None).value
    return file_answer(request, "tags", columns=columns, records=(dict(zip(columns, row, strict=True)) for row in tags))


def tagged_file(request: Request) -> Response:
    """The articles with a tag."""
    engine: Engine = request.app.state.engine
    tag_id: int = request.path_params["tag_id"]
    with reading(engine) as connection:
        if records.tag(connection, tag_id) is None:
            raise HTTPException(404, "there is no such tag")

    def read(connection: Connection, before: int | None) -> Sequence[Record]:
        found = articles_in_order(connection, tagged_ids(connection, tag_id, before=before, length=_EACH))
        return [article_record(each) | {"id": each.facts["id"]} for each in found]

    return file_answer(request, f"tag-{tag_id}", columns=ARTICLE_COLUMNS, records=_without_id(_all(engine, read)))


def run_file(request: Request) -> Response:
    return file_answer(request, "runs", columns=_RUN_COLUMNS, records=_chosen(request, _RUN_COLUMNS, _runs))


def failure_file(request: Request) -> Response:
    values = failure_filter(request)

    def read(connection: Connection, before: int | None) -> Sequence[Mapping[Any, Any]]:
        return records.failures(connection, **values, before=before)

    return file_answer(request, "failures", columns=_FAILURE_COLUMNS, records=_chosen(request, _FAILURE_COLUMNS, read))


def schedule_file(request: Request) -> Response:
    def rows() -> Iterator[Record]:
        for state in Schedules(request.app.state.engine).states():
            last = state.last_run or {}
            known = {"is_running": state.is_running, "last_started_at": last.get("started_at")}
            whole = {**state.schedule, **known, "last_outcome": last.get("outcome")}
            yield {name: whole[name] for name in _SCHEDULE_COLUMNS}

    return file_answer(request, "schedules", columns=_SCHEDULE_COLUMNS, records=rows())


def alarm_file(request: Request) -> Response:
    alarms = listed_alarms(request.app.state.engine, with_cleared=True, most=MOST_WRITTEN)
    rows = (asdict(alarm) | {"pages": [page.url for page in alarm.pages]} for alarm in alarms)
    return file_answer(request, "alarms", columns=_ALARM_COLUMNS, records=rows)


def _runs(connection: Connection, before: int | None) -> Sequence[Mapping[Any, Any]]:
    return records.runs(connection, before=before)


def _chosen(
    request: Request,
    columns: Sequence[str],
    read: Callable[[Connection, int | None], Sequence[Mapping[Any, Any]]],
) -> Iterator[Record]:
    for row in _all(request.app.state.engine, read):
        yield {name: row[name] for name in columns}


def _all(engine: Engine, read: Callable[[Connection, int | None], Sequence[Mapping[Any, Any]]]) -> Iterator[Any]:
    """From the newest on, by the key of the last; a transaction for each stretch, so that none is long."""
    before: int | None = None
    while True:
        with reading(engine) as connection:
            rows = read(connection, before)
        yield from rows
        if not rows:
            return
        before = rows[-1]["id"]


def _without_id(rows: Iterator[Any]) -> Iterator[Record]:
    for row in islice(rows, MOST_WRITTEN):
        yield {name: row[name] for name in ARTICLE_COLUMNS}
