from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.items import PageKind
from pipelines.revisits import Ending, SitePace, Visit, VisitState, plan_announced, plan_visit

NOW = datetime(2026, 3, 13, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SETTLED = VisitState(
    first_seen_at=NOW - 30 * DAY,
    kind=PageKind.ARTICLE,
    asked_at=NOW - 2 * DAY,
    fetched_at=NOW - 2 * DAY,
    due_at=NOW,
    interval_seconds=2 * 86_400,
    born_at=NOW - 30 * DAY,
)


def test_a_page_announced_as_modified_is_asked_for_at_once() -> None:
    state = replace(SETTLED, due_at=NOW + 20 * DAY)

    announced = plan_announced(state, NOW - HOUR, now=NOW, pace=SitePace())

    assert announced is not None
    assert (announced.due_at, announced.announced_at) == (NOW, NOW - HOUR)


@pytest.mark.parametrize(
    ("state", "modified_at"),
    [
        pytest.param(replace(SETTLED, due_at=NOW + DAY), NOW - 3 * DAY, id="seen-since"),
        pytest.param(replace(SETTLED, due_at=NOW + DAY), NOW + 2 * DAY, id="in-the-future"),
        pytest.param(replace(SETTLED, due_at=None), NOW, id="gone"),
        pytest.param(replace(SETTLED, due_at=NOW - HOUR), NOW, id="due-already"),
    ],
)
def test_an_announcement_that_says_nothing_new_moves_nothing(state: VisitState, modified_at: datetime) -> None:
    assert plan_announced(state, modified_at, now=NOW, pace=SitePace()) is None


def visits_in_a_year(*, lies: bool) -> tuple[int, SitePace]:
    """To an old article that never changes; its site's sitemap, read each hour, calls it modified just now, or not."""
    pace, state, at, visits = SitePace(), SETTLED, NOW, 0
    while at < NOW + 365 * DAY:
        announced = plan_announced(state, at, now=at, pace=pace) if lies else None
        if announced:
            state = replace(state, due_at=announced.due_at, announced_at=announced.announced_at)
        assert state.due_at is not None
        if state.due_at <= at:
            visit = Visit(at=at, ending=Ending.READ, kind=PageKind.ARTICLE)
            plan = plan_visit(state, visit, pace=pace)
            state = replace(state, asked_at=at, fetched_at=at, **plan.columns())
            pace, visits = pace.plus([plan.learnt]), visits + 1
        at += HOUR
    return visits, pace


def test_a_site_whose_pages_are_always_modified_now_is_believed_no_more() -> None:
    honest, _ = visits_in_a_year(lies=False)
    lied_to, pace = visits_in_a_year(lies=True)

    assert pace.trust < 0.15
    # Some on trust, till the lie is seen; then four for three of its own plan.
    assert lied_to < 1.4 * honest + 40


def test_a_site_whose_announcements_prove_true_is_believed_again() -> None:
    pace = SitePace(announced=40.0, announced_true=0.0)
    state = replace(SETTLED, due_at=NOW + DAY, interval_seconds=3 * 86_400)
    first = plan_announced(state, NOW, now=NOW, pace=pace)
    for _ in range(30):
        visit = Visit(at=NOW, ending=Ending.READ, kind=PageKind.ARTICLE, has_changed=True)
        plan = plan_visit(replace(state, announced_at=NOW), visit, pace=pace)
        pace = pace.plus([plan.learnt])

    again = plan_announced(state, NOW, now=NOW, pace=pace)

    assert first is not None
    assert not first.is_trusted
    assert again is not None
    assert again.is_trusted
