"""Sites and tags: what is there, in numbers."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from models.engine import reading
from pipelines.alarms import listed_alarms
from pipelines.browse import records
from pipelines.browse.asked import parse_number
from pipelines.browse.drawing import columns, sparkline
from pipelines.browse.listing import LENGTH, articles_in_order, tagged_ids
from pipelines.browse.remembering import Counted, remembered
from pipelines.browse.rendering import answer
from pipelines.health import Series, SiteHealth, site_healths

_CHART = {"width": 900, "height": 90}
_LINE = {"width": 160, "height": 22}
_LONGEST = 100  # characters of a tag that is looked for


def site_list(request: Request) -> Response:
    counted = counted_sites(request)
    return answer("sites.html", sites=counted.value, counted_at=counted.at)


def counted_sites(request: Request, **patience: float | None) -> Counted:
    engine: Engine = request.app.state.engine

    def read() -> Sequence[records.SiteSums]:
        with reading(engine) as connection:
            return records.site_sums(connection)

    return remembered(request, "sites", read, **patience)


def site_page(request: Request) -> Response:
    """What the site's articles have, day by day: `scrapy status --site`, drawn."""
    engine: Engine = request.app.state.engine
    domain: str = request.path_params["domain"]

    def read() -> tuple[SiteHealth, ...]:
        return site_healths(engine, now=datetime.now(UTC), site=domain)

    healths: tuple[SiteHealth, ...] = remembered(request, f"site {domain}", read).value
    if not healths:
        raise HTTPException(404, "nothing was fetched of this site")
    (health,) = healths
    return answer(
        "site.html",
        health=health,
        alarms=listed_alarms(engine, watched=domain),
        rows=[(series, _line(series)) for series in (*health.fields, health.failed)],
        articles=[share.total for share in health.fields[0].days],
        chart=_LINE,
    )


def _line(series: Series) -> str:
    """Points of a line from the left to the right, flat where there is one day."""
    values = [share.value for share in series.days]
    return sparkline(values * 2 if len(values) == 1 else values, **_LINE)


def tag_list(request: Request) -> Response:
    counted = counted_tags(request)
    most = max((tag[2] for tag in counted.value), default=1)
    return answer("tags.html", tags=counted.value, q=_begins(request), most=most, counted_at=counted.at)


def counted_tags(request: Request, **patience: float | None) -> Counted:
    """Id, name and number of articles; those that begin as the request says."""
    engine: Engine = request.app.state.engine
    begins = _begins(request)

    def read() -> list[tuple[int, str, int]]:
        with reading(engine) as connection:
            return [tuple(row) for row in connection.execute(records.used_tags(begins=begins))]

    return remembered(request, f"tags {begins}", read, **patience)


def _begins(request: Request) -> str:
    return str(request.query_params.get("q", "")).strip()[:_LONGEST]


def tag_page(request: Request) -> Response:
    engine: Engine = request.app.state.engine
    tag_id: int = request.path_params["tag_id"]
    before = parse_number(request.query_params.get("before"))
    with reading(engine) as connection:
        tag = records.tag(connection, tag_id)
        if tag is None:
            raise HTTPException(404, "there is no such tag")
        # A tag may have 100,000 articles: they are gone through once, for the list and the first page's chart.
        ids = tagged_ids(connection, tag_id, before=before, length=LENGTH + 1 if before else records.DATED)
        months = {} if before else records.months_of(connection, ids)
        listed = articles_in_order(connection, ids[: LENGTH + 1])
    bars = columns([{name: count} for name, count in months.items()], **_CHART)
    return answer(
        "tag.html",
        tag=tag,
        listed=listed[:LENGTH],
        following={"before": listed[LENGTH - 1].facts["id"]} if len(listed) > LENGTH else {},
        months=list(months.items()),
        bars=bars,
        chart=_CHART,
    )
