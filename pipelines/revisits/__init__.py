"""When a page is asked for next. Pure: no SQL and no clock; the caller gives the time and a few columns of the page.

The door: `plan_visit` after each request, `plan_announced` where a sitemap or a feed says that a page was modified.
"""

from pipelines.revisits.announcements import plan_announced
from pipelines.revisits.pace import Learnt, SitePace
from pipelines.revisits.plans import plan_visit
from pipelines.revisits.visits import Announced, Ending, Plan, Policy, Visit, VisitState, leads_home

__all__ = [
    "Announced", "Ending", "Learnt", "Plan", "Policy", "SitePace", "Visit", "VisitState",
    "leads_home", "plan_announced", "plan_visit",
]  # fmt: skip
