"""All runs over time, drawn: pages a minute, errors by class, fields; and how fresh what is stored is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response

from models.engine import reading
from pipelines.browse.drawing import Bar, columns, sparkline
from pipelines.browse.remembering import remembered
from pipelines.browse.rendering import answer
from pipelines.browse.trends import Period, Trends, trends
from pipelines.health import Share

_CHART = {"width": 900, "height": 160}
_LINE = {"width": 240, "height": 28}
_COLOURS = 5
"""Classes of errors that have a colour each; the rarer ones share the last."""


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    legend: tuple[tuple[str, str, float], ...]
    """CSS class, name, and the sum of it."""
    highest: float


def plots(request: Request) -> Response:
    engine: Engine = request.app.state.engine
    asked = request.query_params.get("period")
    period = Period(asked) if asked in set(Period) else Period.WEEK
    site = request.query_params.get("site") or None

    def read() -> Trends:
        with reading(engine) as connection:
            return trends(connection, now=datetime.now(UTC), period=period, site=site)

    counted = remembered(request, f"plots {period} {site}", read)
    found: Trends = counted.value
    requests = {"answered": "stored"}
    return answer(
        "plots.html",
        trends=found,
        counted_at=counted.at,
        period=period.value,
        periods=[each.value for each in Period],
        site=site,
        requests=_chart(found.requests, {name: requests.get(name, name) for step in found.requests for name in step}),
        errors=_chart(*_coloured(found.errors)),
        fields=[_field(name, shares) for name, shares in found.fields.items() if any(each.count for each in shares)],
        read=sum(share.total for share in next(iter(found.fields.values()))),
        oldest=max(found.ages.values(), default=0),
        chart=_CHART,
        line=_LINE,
    )


def _chart(steps: Sequence[Mapping[str, float]], colours: Mapping[str, str]) -> Chart:
    """`colours`: the CSS class of each name, in the order in which they stand on each other."""
    drawn = [{colours[name]: step[name] for name in colours if step.get(name)} for step in steps]
    sums = {name: sum(step.get(name, 0) for step in steps) for name in colours}
    legend = tuple((colours[name], name, count) for name, count in sums.items() if count)
    return Chart(columns(drawn, **_CHART), legend, max((sum(step.values()) for step in drawn), default=0))


def _coloured(steps: Sequence[Mapping[str, int]]) -> tuple[list[dict[str, float]], dict[str, str]]:
    """The most frequent classes have a colour of their own, the others one together."""
    sums: dict[str, int] = {}
    for step in steps:
        for name, count in step.items():
            sums[name] = sums.get(name, 0) + count
    ranked = sorted(sums, key=lambda name: (-sums[name], name))
    own = ranked if len(ranked) <= _COLOURS else ranked[: _COLOURS - 1]
    shown = [*own, *(["others"] if len(own) < len(ranked) else [])]
    made: list[dict[str, float]] = []
    for step in steps:
        made.append({name: step[name] for name in own if name in step})
        if others := sum(count for name, count in step.items() if name not in own):
            made[-1]["others"] = others
    return made, {name: f"class-{place}" for place, name in enumerate(shown)}


def _field(name: str, shares: Sequence[Share]) -> dict[str, Any]:
    known = [share for share in shares if share.total]
    values = [share.value for share in known]
    return {
        "name": name,
        "line": sparkline(values * 2 if len(values) == 1 else [share.value for share in shares], **_LINE),
        "last": known[-1].value,
        "mean": sum(share.count for share in known) / sum(share.total for share in known),
    }
