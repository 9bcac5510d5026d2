"""The next visit, from the last one."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from models.items import FailureClass, PageKind, Priority
from pipelines.revisits.pace import Learnt, SitePace, age_after, changes_behind, hours
from pipelines.revisits.visits import Ending, Plan, Policy, Visit, VisitState

_HOUR, _DAY = 3600.0, 86_400.0
_LISTS = (PageKind.LISTING, PageKind.FEED, PageKind.SITEMAP)
_POLICY = Policy()
_NOTHING = Learnt()

# A failure that passes by itself: asked again after an hour, then after twice as long each time.
_PASSING = frozenset(
    {
        *(FailureClass.UNREACHABLE, FailureClass.CONNECTION_LOST, FailureClass.TLS, FailureClass.TIMEOUT),
        *(FailureClass.INCOMPLETE, FailureClass.RATE_LIMITED, FailureClass.SERVER_ERROR, FailureClass.STORAGE),
        FailureClass.REFUSED_LIMIT,  # of one run, not of the page
    }
)
_NEVER = frozenset({FailureClass.REFUSED_SCHEME, FailureClass.REFUSED_OFFSITE, FailureClass.QUARANTINED})
_PASSING_MOST, _STUBBORN_MOST = 7 * _DAY, 30 * _DAY
_ALIAS_SECONDS = 90 * _DAY
_SECOND_LOOK = timedelta(days=1)
_ENOUGH_BETWEEN = timedelta(hours=20)  # a second look comes a little early where a run happens to pass
# First intervals of pages that lead to others.
_FIRST_LIST, _FIRST_OTHER = 1800.0, _DAY
# What brings something new is asked for so much sooner, what does not so much later: intervals come to rest where
# about one visit in twenty-five brings something.
_SOONER, _LATER, _LATER_BARREN = 0.25, 1.06, 1.4
# What is left of one visit that brought something after 76 that did not, and after 151.
_DOUBTED, _FORGOTTEN = 0.1, 0.01
# So many edits as expected weigh as much as the article's own.
_ARTICLE_DOUBT = 1.0
_ARTICLE_MEMORY = 0.98
# A date is the article's birthday if it is this much older than the day it was met; else that day is closer: many
# sites give the day of publication only.
_DATED_BEFORE = timedelta(hours=36)


def plan_visit(state: VisitState, visit: Visit, *, pace: SitePace, policy: Policy = _POLICY) -> Plan:
    """When the page is asked for again."""
    match visit.ending:
        case Ending.FAILED | Ending.REFUSED:
            return _after_failure(state, visit)
        case Ending.GONE:
            return _after_gone(state, visit)
        case Ending.ALIAS:
            return _settled(state, visit, _ALIAS_SECONDS)
    if (visit.kind or state.kind) is PageKind.ARTICLE:
        return _after_article(state, visit, pace, policy)
    return _after_list(state, visit, pace, policy)


def _after_failure(state: VisitState, visit: Visit) -> Plan:
    failures = state.failures + 1
    kept = _kept(state, failures=failures)
    if visit.failure_class in _NEVER:
        return kept
    first, most = (_HOUR, _PASSING_MOST) if visit.failure_class in _PASSING else (_DAY, _STUBBORN_MOST)
    if _is_list(state) and state.interval_seconds:
        first = min(first, state.interval_seconds)  # what a list brings does not wait an hour for one lost connection
    wait = min(first * 2.0 ** min(failures - 1, 30), most)
    due_at = visit.at + timedelta(seconds=wait)
    return replace(kept, due_at=max(due_at, visit.retry_at) if visit.retry_at else due_at)


def _after_gone(state: VisitState, visit: Visit) -> Plan:
    since = state.gone_since or visit.at
    kept = _kept(state, failures=state.failures + 1, gone_since=since)
    if visit.at - since < _ENOUGH_BETWEEN:
        return replace(kept, due_at=since + _SECOND_LOOK)
    return replace(kept, interval_seconds=None, is_gone=True, learnt=_load(state, None))


def _after_article(state: VisitState, visit: Visit, pace: SitePace, policy: Policy) -> Plan:
    born_at = _birth(state, visit)
    age = max(hours(visit.at - born_at), 0.0)
    seen, expected = state.changes_seen, state.changes_expected
    learnt = _NOTHING
    if state.interval_seconds is not None and state.fetched_at is not None:
        last = min(max(hours(state.fetched_at - born_at), 0.0), age)
        likely = pace.expected_changes(last, age)
        ratio = _ratio(seen, expected)
        learnt = pace.watched(last, age, ratio=ratio, has_changed=visit.has_changed)
        seen = seen * _ARTICLE_MEMORY + (changes_behind(likely * ratio) if visit.has_changed else 0.0)
        expected = expected * _ARTICLE_MEMORY + likely
    power = policy.evenness
    effort = policy.effort / _ratio(seen, expected) ** power
    interval = (age_after(age, effort, rates=pace.rates, power=power) - age) * _HOUR
    interval = min(max(interval, policy.article_least), policy.article_most)
    kept: dict[str, Any] = {"born_at": born_at, "changes_seen": seen, "changes_expected": expected}
    return _settled(state, visit, interval, stretch=_stretch(pace, policy), learnt=learnt, **kept)


def _after_list(state: VisitState, visit: Visit, pace: SitePace, policy: Policy) -> Plan:
    is_list = (visit.kind or state.kind) in _LISTS
    brings = visit.brought > 0
    if state.interval_seconds is None:
        interval, seen = (_FIRST_LIST if is_list else _FIRST_OTHER), 0.0
    else:
        seen = state.changes_seen * 0.97 + brings
        interval = state.interval_seconds * (_SOONER if brings else _LATER if seen > _DOUBTED else _LATER_BARREN)
    most = policy.list_most if seen > _FORGOTTEN else policy.barren_most
    interval = min(max(interval, policy.list_least), most)
    kept: dict[str, Any] = {"born_at": state.first_seen_at, "changes_seen": seen}
    stretch = max(1.0, pace.lists_per_day / (policy.budget_per_day / 2)) if is_list else _stretch(pace, policy)
    return _settled(state, replace(visit, has_changed=brings), interval, stretch=stretch, **kept)


def _settled(
    state: VisitState, visit: Visit, interval: float, *, stretch: float = 1.0, learnt: Learnt = _NOTHING, **kept: Any
) -> Plan:
    """The page answered: what stood against it is forgotten."""
    seconds = round(interval)
    load = _load(state, seconds, kind=visit.kind)
    announced = state.announced_at is not None
    learnt = replace(
        learnt,
        lists_per_day=load.lists_per_day,
        articles_per_day=load.articles_per_day,
        announced=float(announced),
        announced_true=float(announced and visit.has_changed),
    )
    is_list = (visit.kind or state.kind) in _LISTS
    return _kept(
        state,
        **kept,
        due_at=visit.at + timedelta(seconds=seconds * stretch),
        priority=Priority.LIST if is_list else Priority.NEW if seconds <= _DAY else Priority.REVISIT,
        interval_seconds=seconds,
        changed_at=visit.at if visit.has_changed else state.changed_at,
        failures=0,
        gone_since=None,
        learnt=learnt,
    )


def _stretch(pace: SitePace, policy: Policy) -> float:
    """By how much the intervals of articles grow, so that all plans together keep the budget.

    All by the same factor: what makes the mean delay least for a number of requests stays least for a smaller one.
    """
    left = max(policy.budget_per_day - pace.lists_per_day, policy.budget_per_day / 2)
    return max(1.0, pace.articles_per_day / left)


def _load(state: VisitState, seconds: int | None, *, kind: PageKind | None = None) -> Learnt:
    """By how much the sum of what is planned for changes."""
    before = _DAY / state.interval_seconds if state.interval_seconds else 0.0
    after = _DAY / seconds if seconds else 0.0
    was_list = state.kind in _LISTS
    is_list = (kind or state.kind) in _LISTS
    return Learnt(
        lists_per_day=after * is_list - before * was_list,
        articles_per_day=after * (not is_list) - before * (not was_list),
    )


def _ratio(seen: float, expected: float) -> float:
    """How much more often than others of its site and age an article is edited."""
    return (seen + _ARTICLE_DOUBT) / (expected + _ARTICLE_DOUBT)


def _birth(state: VisitState, visit: Visit) -> datetime:
    if state.born_at is not None:
        return state.born_at
    published = visit.published_at
    if published is not None and published < state.first_seen_at - _DATED_BEFORE:
        return published
    return state.first_seen_at


def _is_list(state: VisitState) -> bool:
    return state.kind in _LISTS


def _kept(state: VisitState, **changed: Any) -> Plan:
    """The state as it was, but for these fields of the plan: at once, as a copy of a plan costs twice a new one."""
    columns = {
        "due_at": None,
        "priority": Priority.LIST if _is_list(state) else Priority.REVISIT,
        "interval_seconds": state.interval_seconds,
        "born_at": state.born_at,
        "changed_at": state.changed_at,
        "changes_seen": state.changes_seen,
        "changes_expected": state.changes_expected,
        "failures": state.failures,
        "gone_since": state.gone_since,
    }
    return Plan(**columns | changed)
