"""Acknowledgements: a request has ended, and with it the lease of its page; when it is asked for again.

In the transaction of the rows that the request caused, so that a page is leased or done, and never neither.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.items import Failure, FailureClass, NotModified
from models.tables import METADATA
from pipelines.revisits import Ending, Visit, VisitState, plan_visit
from pipelines.store.bulk import Bulk
from pipelines.store.followed import FollowedLinks
from pipelines.store.outcomes import Stored, is_gone_home, is_redirect
from pipelines.store.pages import Pages
from pipelines.store.prepared import Prepared
from pipelines.store.sites import Sites

LEASE = METADATA.tables["lease"]


class Visits:
    """Used once, inside one transaction: made when the pages are loaded, ended when the items are written."""

    def __init__(
        self, bulk: Bulk, pages: Pages, sites: Sites, *, asked_ids: Sequence[int | None], skew: timedelta
    ) -> None:
        """`asked_ids`: the page that each item was asked for under, None where its URL can name none.

        `skew` is added to our times, so that they are by the clock of the database.
        """
        self._bulk = bulk
        self._pages = pages
        self._sites = sites
        self._asked_ids = asked_ids
        self._skew = skew
        self._states = {id_: VisitState.of(pages[id_]) for id_ in asked_ids if id_ is not None}

    def end(self, items: Sequence[Prepared], stored: Sequence[Stored], links: FollowedLinks) -> None:
        self._sites.load(self._pages[id_]["site_id"] for id_ in self._states)
        asked_ids = sorted(self._states)
        for id_, item, result in zip(self._asked_ids, items, stored, strict=True):
            if id_ is not None:
                # A page that comes twice in one batch was visited in between.
                state = self._states.pop(id_, None) or VisitState.of(self._pages[id_])
                visit = self._visit(item, result, state=state, brought=links.brought(item))
                self._end(id_, state, visit, at=item.at)
        self._bulk.delete(LEASE, LEASE.c.page_id, asked_ids)

    def _end(self, id_: int, state: VisitState, visit: Visit, *, at: datetime) -> None:
        site_id = self._pages[id_]["site_id"]
        plan = plan_visit(state, visit, pace=self._sites.pace(site_id), policy=self._sites.policy)
        self._pages.plan(id_, **plan.columns(), asked_at=visit.at, priority=int(plan.priority))
        self._sites.learn(site_id, plan.learnt)
        if plan.due_at is not None:
            self._sites.plan(site_id, plan.due_at)
        if plan.is_gone and self._pages.content_id(id_) == id_:
            self._pages.lose_articles(id_, at)

    def _visit(self, item: Prepared, result: Stored, *, state: VisitState, brought: int) -> Visit:
        at, content = item.at + self._skew, item.item
        match content:
            case Failure():
                return Visit(
                    at=at,
                    ending=_ending_of(content),
                    failure_class=content.failure_class,
                    retry_at=content.retry_at and content.retry_at + self._skew,
                )
            case NotModified():
                return Visit(at=at, ending=_ending_unread(item, state), brought=brought)
        published = next((article.date_published for article in content.articles), None)
        ending = Ending.ALIAS if result.is_alias or item.asked != item.url else Ending.READ
        has_changed = bool(result.articles) or result.read_at is None
        return Visit(
            at=at,
            ending=ending,
            kind=content.kind,
            has_changed=has_changed,
            brought=brought,
            published_at=published,
        )


def _ending_unread(item: Prepared, state: VisitState) -> Ending:
    if not is_redirect(item):
        return Ending.UNCHANGED
    return Ending.GONE if is_gone_home(item, state.kind) else Ending.ALIAS


def _ending_of(failure: Failure) -> Ending:
    if failure.failure_class is FailureClass.GONE:
        return Ending.GONE
    return Ending.REFUSED if failure.failure_class.is_refusal else Ending.FAILED
