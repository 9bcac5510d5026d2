"""A year of revisits to sites whose every edit is known: what a way to plan them sees, and how soon.

Event by event, on a clock of its own: nothing waits. `simulated_revisits` prints the comparison.
"""

import heapq
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Protocol

from models.items import PageKind
from pipelines.revisits import Ending, Plan, Policy, SitePace, Visit, VisitState, plan_announced, plan_visit
from tests.benchmarks.simulated_sites import SimulatedArticle, SimulatedList, SimulatedSite

YEAR = 8760.0
_START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday


def moment(hours: float) -> datetime:
    return _START + timedelta(hours=hours)


@dataclass(slots=True)
class Watched:
    """A page under watch."""

    target: SimulatedArticle | SimulatedList
    found: float
    due: float
    seen: float | None = None
    """When it was last asked for."""
    interval: float = 0.0
    state: VisitState | None = None

    @property
    def kind(self) -> PageKind:
        return self.target.kind if isinstance(self.target, SimulatedList) else PageKind.ARTICLE


class Plans(Protocol):
    """A way to plan the visits to one site."""

    def after(self, page: Watched, visit: Visit, at: float) -> float:
        """When the page is asked for next; inf for never."""

    def announced(self, page: Watched, modified: float, at: float) -> bool:
        """Makes `page.due` earlier, if it wants to; whether it did and trusts it."""


class OurPlans:
    """Those of `pipelines.revisits`."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._pace = SitePace()

    def after(self, page: Watched, visit: Visit, at: float) -> float:  # noqa: ARG002  # the visit has it too
        state = page.state or VisitState(first_seen_at=moment(page.found))
        plan = plan_visit(state, visit, pace=self._pace, policy=self._policy)
        self._pace = self._pace.plus([plan.learnt])
        page.state = _state_after(state, plan, visit, page.kind)
        return inf if plan.due_at is None else (plan.due_at - _START).total_seconds() / 3600

    def announced(self, page: Watched, modified: float, at: float) -> bool:
        state = page.state
        if state is None or page.seen is None or modified <= page.seen:
            return False
        announced = plan_announced(state, moment(modified), now=moment(at), pace=self._pace, policy=self._policy)
        if announced is None:
            return False
        page.state = replace(state, due_at=announced.due_at, announced_at=announced.announced_at)
        page.due = (announced.due_at - _START).total_seconds() / 3600
        return announced.is_trusted


def _state_after(state: VisitState, plan: Plan, visit: Visit, kind: PageKind) -> VisitState:
    return VisitState(
        first_seen_at=state.first_seen_at, kind=kind, asked_at=visit.at, fetched_at=visit.at, **plan.columns()
    )


@dataclass(slots=True)
class FixedPlans:
    """One interval for all pages, in hours, or another one for lists."""

    interval: float
    lists: float | None = None

    def after(self, page: Watched, visit: Visit, at: float) -> float:
        if visit.ending is Ending.GONE:
            return inf
        return at + (self.interval if page.kind is PageKind.ARTICLE else self.lists or self.interval)

    def announced(self, page: Watched, modified: float, at: float) -> bool:  # noqa: ARG002  # it does not listen
        return False


@dataclass(slots=True)
class HalvingPlans:
    """Half the interval after a change, twice after none: how crawlers commonly adapt."""

    most: float
    least: float = 0.5
    first: float = 1.0

    def after(self, page: Watched, visit: Visit, at: float) -> float:
        if visit.ending is Ending.GONE:
            return inf
        is_new = visit.has_changed or visit.brought
        page.interval = min(max((page.interval or self.first) * (0.5 if is_new else 2), self.least), self.most)
        return at + page.interval

    def announced(self, page: Watched, modified: float, at: float) -> bool:  # noqa: ARG002  # it does not listen
        return False


@dataclass(slots=True)
class Sums:
    """What a year with one way to plan came to."""

    list_requests: int = 0
    article_requests: int = 0
    edits: list[float] = field(default_factory=list)
    """Hours from each edit to the visit that saw it; to the end of the year or the article where none did."""
    news: list[float] = field(default_factory=list)
    """Hours from each publication to its discovery."""
    late_news: int = 0
    """Not found by the first visit to the home page after their publication; or never."""

    @property
    def requests(self) -> int:
        return self.list_requests + self.article_requests

    @property
    def within_hour(self) -> float:
        return sum(hours <= 1 for hours in self.edits) / max(len(self.edits), 1)


class SiteYear:
    """One site, visited as planned."""

    def __init__(self, site: SimulatedSite, plans: Plans, sums: Sums, *, hours: float) -> None:
        self.site, self.plans, self.sums, self.hours = site, plans, sums, hours
        self.lists = [Watched(each, 0.0, 0.0) for each in site.lists]
        self.articles: dict[int, Watched] = {}
        self.queue: list[tuple[float, int, Watched]] = []
        self.pushed = 0

    def run(self) -> None:
        for page in self.lists:
            self._push(page)
        while self.queue:
            due, _, page = heapq.heappop(self.queue)
            if due == page.due:  # else it was made earlier meanwhile
                self._visit(page, due)
        self._count_unseen()

    def _push(self, page: Watched) -> None:
        if page.due < self.hours:
            self.pushed += 1
            heapq.heappush(self.queue, (page.due, self.pushed, page))

    def _visit(self, page: Watched, at: float) -> None:
        target = page.target
        if isinstance(target, SimulatedList):
            self.sums.list_requests += 1
            visit = self._read_list(target, at)
        else:
            self.sums.article_requests += 1
            visit = self._read(target, page, at)
        page.due = self.plans.after(page, visit, at)
        page.seen = at
        self._push(page)

    def _read(self, article: SimulatedArticle, page: Watched, at: float) -> Visit:
        last = page.seen if page.seen is not None else article.published
        new = article.edits[bisect_right(article.edits, last) : bisect_right(article.edits, at)]
        if at >= article.gone:
            return Visit(at=moment(at), ending=Ending.GONE)
        self.sums.edits += [at - edit for edit in new if edit > 0]
        return Visit(
            at=moment(at),
            ending=Ending.READ,
            kind=PageKind.ARTICLE,
            has_changed=bool(new) and page.seen is not None,
            published_at=moment(article.published),
        )

    def _read_list(self, shown: SimulatedList, at: float) -> Visit:
        brought = 0
        for place in self.site.shown(shown, at):
            page = self.articles.get(place)
            if page is None:
                self._discover(place, at)
                brought += 1
                continue
            modified = self.site.modified(shown, place, at)
            if modified is not None and page.seen is not None and modified > page.seen:
                due = page.due
                brought += self.plans.announced(page, modified, at)
                if page.due < due:
                    self._push(page)
        return Visit(at=moment(at), ending=Ending.READ, kind=shown.kind, brought=brought)

    def _discover(self, place: int, at: float) -> None:
        article = self.site.articles[place]
        page = self.articles[place] = Watched(article, at, at)
        if article.published > 0:
            self.sums.news.append(at - article.published)
            home = self.lists[0].seen
            self.sums.late_news += home is not None and article.published <= home
        self._push(page)

    def _count_unseen(self) -> None:
        for place, article in enumerate(self.site.articles):
            page = self.articles.get(place)
            if page is None and 0 < article.published < self.hours - 24:
                self.sums.late_news += 1
            last = page.seen if page and page.seen is not None else article.published
            end = min(article.gone, self.hours)
            self.sums.edits += [end - edit for edit in article.edits if edit > max(last, 0.0)]


def run_year(sites: Sequence[SimulatedSite], plans: Callable[[], Plans], *, hours: float = YEAR) -> Sums:
    sums = Sums()
    for site in sites:
        SiteYear(site, plans(), sums, hours=hours).run()
    return sums
