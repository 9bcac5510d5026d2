"""Pages that a sitemap or a feed calls modified: asked for at once, as long as such announcements prove true."""

from datetime import datetime, timedelta

from pipelines.revisits.pace import SitePace
from pipelines.revisits.visits import Announced, Policy, VisitState

_POLICY = Policy()
# Below this share of true ones, announcements are hints at most: a visit by the page's own plan finds as much.
_TRUSTED = 0.15
_AHEAD = timedelta(days=1)  # clocks and zones differ; later than that is a lie
# No sooner after the last visit than this share of the page's interval: on trust, and without.
_TRUSTING, _DOUBTING = 0.05, 0.75


def plan_announced(
    state: VisitState, modified_at: datetime, *, now: datetime, pace: SitePace, policy: Policy = _POLICY
) -> Announced | None:
    """When a page that is said to be modified is asked for, where that is sooner than it would be; None otherwise.

    A modification time that is always now, or always changing, costs at most a third more visits once the site has
    proved to lie so; one that never changes delays nothing, for nothing waits for it.
    """
    if state.due_at is None or state.asked_at is None or state.interval_seconds is None:
        return None  # gone, refused, or due already for the first time
    if modified_at <= state.asked_at or modified_at > now + _AHEAD:
        return None
    is_trusted = pace.trust >= _TRUSTED
    share = _TRUSTING if is_trusted else _DOUBTING
    least = max(policy.list_least, state.interval_seconds * share)
    due_at = max(now, state.asked_at + timedelta(seconds=least))
    if due_at >= state.due_at:
        return None
    return Announced(due_at=due_at, announced_at=modified_at, is_trusted=is_trusted)
