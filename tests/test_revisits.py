from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.items import FailureClass, PageKind, Priority
from pipelines.revisits import (
    Ending,
    Learnt,
    Plan,
    Policy,
    SitePace,
    Visit,
    VisitState,
    leads_home,
    plan_visit,
)

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


def after(state: VisitState, visit: Visit, plan: Plan, *, kind: PageKind = PageKind.ARTICLE) -> VisitState:
    """The row as the store leaves it."""
    return replace(state, kind=kind, asked_at=visit.at, fetched_at=visit.at, **plan.columns())


def read(at: datetime, *, has_changed: bool = False, kind: PageKind = PageKind.ARTICLE, brought: int = 0) -> Visit:
    return Visit(at=at, ending=Ending.READ, kind=kind, has_changed=has_changed, brought=brought)


def intervals(kind: PageKind, outcomes: str) -> list[float]:
    """Seconds to the next visit after each: + found something new, - did not."""
    state, at, found = VisitState(first_seen_at=NOW), NOW, []
    for outcome in outcomes:
        is_new = outcome == "+"
        visit = read(at, has_changed=is_new, kind=kind, brought=int(is_new))
        plan = plan_visit(state, visit, pace=SitePace())
        assert plan.due_at is not None
        found.append((plan.due_at - at).total_seconds())
        state, at = after(state, visit, plan, kind=kind), plan.due_at
    return found


@pytest.mark.parametrize("kind", [PageKind.LISTING, PageKind.FEED, PageKind.SITEMAP])
def test_a_list_that_brings_something_each_time_is_asked_for_at_the_least_interval(kind: PageKind) -> None:
    assert intervals(kind, "+" * 8)[-1] == Policy().list_least


def test_a_list_that_brings_something_sometimes_is_asked_for_at_least_once_a_day() -> None:
    assert max(intervals(PageKind.LISTING, "-" + "+---------" * 8)) <= Policy().list_most


def test_a_list_that_never_brings_anything_is_asked_for_ever_more_seldom_and_never_forgotten() -> None:
    found = intervals(PageKind.LISTING, "-" * 20)

    assert all(longer >= shorter for shorter, longer in pairwise(found))
    assert found[-1] == Policy().barren_most


def test_an_article_is_asked_for_more_seldom_as_it_ages() -> None:
    found = intervals(PageKind.ARTICLE, "-" * 30)

    assert found[0] < found[8] < found[16] < found[24]
    assert found[-1] > 50 * found[0]
    assert found[-1] <= Policy().article_most


def test_an_article_that_is_edited_comes_again_sooner_than_one_that_is_not() -> None:
    assert intervals(PageKind.ARTICLE, "-+-+")[-1] < intervals(PageKind.ARTICLE, "----")[-1]


def test_an_article_of_years_ago_is_not_taken_for_a_new_one() -> None:
    visit = replace(read(NOW), published_at=NOW - 800 * DAY)
    old = plan_visit(VisitState(first_seen_at=NOW), visit, pace=SitePace())
    new = plan_visit(VisitState(first_seen_at=NOW), replace(visit, published_at=NOW - 8 * HOUR), pace=SitePace())

    assert old.interval_seconds is not None
    assert new.interval_seconds is not None
    assert old.interval_seconds > 50 * new.interval_seconds


def test_a_site_whose_articles_are_edited_often_gets_shorter_intervals_for_one_it_has_not_seen_yet() -> None:
    lively, still = SitePace(), SitePace()
    for _ in range(50):
        lively = lively.plus([SitePace().watched(0, 2, ratio=1, has_changed=True)])
        still = still.plus([SitePace().watched(0, 2, ratio=1, has_changed=False)])

    first = [plan_visit(VisitState(first_seen_at=NOW), read(NOW), pace=pace) for pace in (lively, still)]

    assert first[0].interval_seconds is not None
    assert first[1].interval_seconds is not None
    assert first[0].interval_seconds * 2 < first[1].interval_seconds


def test_what_is_known_of_a_site_survives_its_column() -> None:
    pace = SitePace().plus([SitePace().watched(0, 30, ratio=1, has_changed=True), Learnt(announced=1)])

    again = SitePace.of(pace.as_json())

    assert again.rates == pytest.approx(pace.rates, rel=1e-4)
    assert again.trust == pytest.approx(pace.trust)


def test_intervals_of_articles_stretch_so_that_the_site_keeps_its_budget() -> None:
    policy = Policy(budget_per_day=200)
    free = plan_visit(SETTLED, read(NOW), pace=SitePace(articles_per_day=50), policy=policy)
    full = plan_visit(SETTLED, read(NOW), pace=SitePace(lists_per_day=100, articles_per_day=300), policy=policy)

    assert free.due_at is not None
    assert full.due_at is not None
    assert (full.due_at - NOW) / (free.due_at - NOW) == pytest.approx(3)
    assert full.interval_seconds == free.interval_seconds


def test_lists_take_half_the_budget_at_most() -> None:
    state = replace(SETTLED, kind=PageKind.LISTING, interval_seconds=600, changes_seen=1.0)
    visit = read(NOW, kind=PageKind.LISTING, brought=1)

    plan = plan_visit(state, visit, pace=SitePace(lists_per_day=300), policy=Policy(budget_per_day=200))

    assert plan.due_at == NOW + timedelta(seconds=1800)
    assert plan.interval_seconds == 600


def test_the_sum_of_what_is_planned_follows_the_plans() -> None:
    state, pace, at = VisitState(first_seen_at=NOW), SitePace(), NOW
    for has_changed in (False, True, False):
        visit = read(at, has_changed=has_changed)
        plan = plan_visit(state, visit, pace=pace)
        assert plan.due_at is not None
        pace, state, at = pace.plus([plan.learnt]), after(state, visit, plan), plan.due_at

    assert state.interval_seconds is not None
    assert pace.articles_per_day == pytest.approx(86_400 / state.interval_seconds)
    assert pace.lists_per_day == 0


def test_lists_come_first_and_what_changes_within_a_day_as_soon_as_new_pages() -> None:
    feed = plan_visit(VisitState(first_seen_at=NOW), read(NOW, kind=PageKind.FEED), pace=SitePace())
    new = plan_visit(VisitState(first_seen_at=NOW), read(NOW), pace=SitePace())
    old = plan_visit(replace(SETTLED, changes_expected=3), read(NOW), pace=SitePace())

    assert [plan.priority for plan in (feed, new, old)] == [Priority.LIST, Priority.NEW, Priority.REVISIT]


@pytest.mark.parametrize(
    ("failure_class", "waits"),
    [
        pytest.param(FailureClass.TIMEOUT, [1, 2, 4, 8, 16, 32, 64, 128, 168, 168], id="passes"),
        pytest.param(FailureClass.CLIENT_ERROR, [24, 48, 96, 192, 384, 720, 720], id="does-not"),
        pytest.param(FailureClass.REFUSED_ROBOTS, [24, 48], id="refused-by-robots"),
    ],
)
def test_a_page_that_fails_is_asked_for_after_ever_longer_waits(
    failure_class: FailureClass, waits: list[float]
) -> None:
    state, found = SETTLED, []
    for _ in waits:
        plan = plan_visit(state, Visit(at=NOW, ending=Ending.FAILED, failure_class=failure_class), pace=SitePace())
        assert plan.due_at is not None
        found.append((plan.due_at - NOW) / HOUR)
        state = replace(state, **plan.columns())

    assert found == waits


def test_a_list_that_failed_once_is_asked_for_at_its_own_interval() -> None:
    state = replace(SETTLED, kind=PageKind.FEED, interval_seconds=600)

    plan = plan_visit(state, Visit(at=NOW, ending=Ending.FAILED, failure_class=FailureClass.TIMEOUT), pace=SitePace())

    assert plan.due_at == NOW + timedelta(minutes=10)


def test_a_page_is_not_asked_for_before_its_site_allows() -> None:
    visit = Visit(at=NOW, ending=Ending.FAILED, failure_class=FailureClass.RATE_LIMITED, retry_at=NOW + 5 * HOUR)

    assert plan_visit(SETTLED, visit, pace=SitePace()).due_at == NOW + 5 * HOUR


@pytest.mark.parametrize(
    "failure_class", [FailureClass.REFUSED_OFFSITE, FailureClass.REFUSED_SCHEME, FailureClass.QUARANTINED]
)
def test_what_may_never_be_fetched_is_never_asked_for_again(failure_class: FailureClass) -> None:
    visit = Visit(at=NOW, ending=Ending.REFUSED, failure_class=failure_class)

    assert plan_visit(SETTLED, visit, pace=SitePace()).due_at is None


def test_a_page_is_gone_when_a_second_look_a_day_later_finds_it_gone_too() -> None:
    first = plan_visit(SETTLED, Visit(at=NOW, ending=Ending.GONE), pace=SitePace())
    state = replace(SETTLED, **first.columns())
    hasty = plan_visit(state, Visit(at=NOW + HOUR, ending=Ending.GONE), pace=SitePace())
    second = plan_visit(state, Visit(at=NOW + DAY, ending=Ending.GONE), pace=SitePace())

    assert (first.is_gone, first.due_at) == (False, NOW + DAY)
    assert (hasty.is_gone, hasty.due_at) == (False, NOW + DAY)
    assert (second.is_gone, second.due_at) == (True, None)
    assert second.learnt.articles_per_day == -0.5


def test_a_page_that_answers_at_the_second_look_was_never_gone() -> None:
    state = replace(SETTLED, gone_since=NOW - DAY, failures=1)

    plan = plan_visit(state, read(NOW), pace=SitePace())

    assert (plan.is_gone, plan.gone_since, plan.failures) == (False, None, 0)


@pytest.mark.parametrize(
    ("source", "target", "is_home"),
    [
        pytest.param("https://example.com/a", "https://example.com/", True, id="home"),
        pytest.param("https://www.example.com/a", "https://example.com", True, id="home-of-the-bare-name"),
        pytest.param("https://example.com/a", "https://example.com/b", False, id="moved"),
        pytest.param("https://example.com/", "https://www.example.com/", False, id="home-moved"),
        pytest.param("https://example.com/a", "https://example.com/?p=1", False, id="page-by-query"),
        pytest.param("https://example.com/?p=1", "https://example.com/", True, id="was-a-query"),
        pytest.param("https://example.com/a", "https://example.org/", False, id="elsewhere"),
    ],
)
def test_a_redirect_to_the_home_page_is_told_from_others(source: str, target: str, is_home: bool) -> None:
    assert leads_home(source, target) is is_home


_ENDINGS = st.sampled_from([Ending.READ, Ending.UNCHANGED, Ending.FAILED, Ending.GONE, Ending.ALIAS])
_VISITS = st.tuples(
    _ENDINGS, st.sampled_from(list(PageKind)), st.booleans(), st.integers(0, 3), st.floats(0, 90 * 86_400)
)


@given(st.lists(_VISITS, max_size=30))
def test_whatever_comes_the_next_visit_lies_ahead_and_within_bounds(
    visits: list[tuple[Ending, PageKind, bool, int, float]],
) -> None:
    state, pace, at = VisitState(first_seen_at=NOW), SitePace(), NOW
    policy = Policy()
    for ending, kind, has_changed, brought, late in visits:
        failure = FailureClass.TIMEOUT if ending is Ending.FAILED else None
        is_read = ending in (Ending.READ, Ending.UNCHANGED)
        visit = Visit(
            at=at,
            ending=ending,
            kind=kind if is_read else None,
            has_changed=has_changed and is_read,
            brought=brought if is_read else 0,
            failure_class=failure,
        )
        plan = plan_visit(state, visit, pace=pace, policy=policy)
        pace = pace.plus([plan.learnt])

        if plan.due_at is None:
            assert plan.is_gone
            return
        assert min(policy.list_least, policy.article_least) <= (plan.due_at - at).total_seconds() <= 90 * 86_400
        assert pace.lists_per_day >= 0
        assert pace.articles_per_day >= 0
        state = replace(after(state, visit, plan, kind=visit.kind or kind), due_at=plan.due_at)
        at = plan.due_at + timedelta(seconds=late)
