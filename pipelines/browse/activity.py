"""Runs, failures, schedules, alarms and copies."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.engine import reading
from models.items import FailureClass
from pipelines.alarms import listed_alarms, target_lags
from pipelines.browse import records
from pipelines.browse.asked import parse_number
from pipelines.browse.drawing import columns, stacked
from pipelines.browse.remembering import remembered
from pipelines.browse.rendering import answer
from pipelines.schedules import Schedules

_CHART = {"width": 900, "height": 160}
_CLASSES = tuple(each.value for each in FailureClass)


def run_list(request: Request) -> Response:
    engine: Engine = request.app.state.engine
    with reading(engine) as connection:
        rows = records.runs(connection, before=parse_number(request.query_params.get("before")))
    shown = rows[: records.LENGTH]
    return answer(
        "runs.html",
        runs=[(row, stacked({name: row[name] for name in records.OUTCOMES}, width=100)) for row in shown],
        following={"before": shown[-1]["id"]} if len(rows) > len(shown) else {},
    )


def run_page(request: Request) -> Response:
    engine: Engine = request.app.state.engine
    crawl_id: int = request.path_params["crawl_id"]
    with reading(engine) as connection:
        row = records.run(connection, crawl_id)
    if row is None:
        raise HTTPException(404, "there is no such run")

    def read() -> tuple[records.Pace | None, Mapping[str, int]]:
        length = (row["ended_at"] or datetime.now(UTC)) - row["started_at"]
        with reading(engine) as connection:
            found = records.pace(connection, crawl_id, length=length)
            return found, records.failure_counts(connection, crawl_id)

    # Of a million requests the sums take seconds.
    pace, failures = remembered(request, f"run {crawl_id} {row['batches']}", read).value
    bars = columns([step.counts for step in pace.steps], **_CHART) if pace else ()
    return answer(
        "run.html",
        run=row,
        outcomes=records.OUTCOMES,
        failures=failures,
        most=max(failures.values(), default=0),
        pace=pace,
        highest=max((sum(step.counts.values()) for step in pace.steps), default=0) if pace else 0,
        bars=bars,
        chart=_CHART,
    )


def failure_filter(request: Request) -> dict[str, Any]:
    """As `records.failures` takes it."""
    chosen = request.query_params.get("class")
    return {
        "failure_class": chosen if chosen in _CLASSES else None,
        "crawl_id": parse_number(request.query_params.get("run")),
        "site": request.query_params.get("site") or None,
    }


def failure_list(request: Request) -> Response:
    engine: Engine = request.app.state.engine
    values = failure_filter(request)
    with reading(engine) as connection:
        rows = records.failures(connection, **values, before=parse_number(request.query_params.get("before")))
    shown = rows[: records.LENGTH]
    return answer(
        "failures.html",
        failures=shown,
        classes=_CLASSES,
        values={"class": values["failure_class"], "run": values["crawl_id"], "site": values["site"]},
        following={"before": shown[-1]["id"]} if len(rows) > len(shown) else {},
    )


def schedule_list(request: Request) -> Response:
    return answer("schedules.html", states=Schedules(request.app.state.engine).states())


def alarm_list(request: Request) -> Response:
    """What is not as it was, the open ones first, and how far behind the copies are."""
    engine: Engine = request.app.state.engine
    now = datetime.now(UTC)
    return answer(
        "alarms.html",
        alarms=listed_alarms(engine, with_cleared=True),
        targets=[(target, target.lag(now).total_seconds(), target.is_late(now)) for target in target_lags(engine)],
    )
