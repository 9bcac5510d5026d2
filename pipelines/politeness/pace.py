"""How fast one site is asked: what its delay, its answers and its refusals allow. Pure; times are seconds of one clock.

The least gap is kept whatever happens. Above it stands a gap that follows the server's own latency, and that grows
with every sign of trouble; a refusal (429, 503) closes the site for as long as it says, or else for a back-off that
doubles with each refusal in a row.
"""

from dataclasses import dataclass, replace

_DECAY = 0.9
"""How much of the gap stays after a good answer, once there was trouble: half after 7 answers.

So a site of which one request in ten fails by chance, whatever the pace, comes to a gap of half a second and no more.
"""
_FREE_FALL = 0.5
"""The same before there was any, as in Scrapy's AutoThrottle."""
_NEGLIGIBLE_SECONDS = 0.001

FIRST_BACKOFF = 5.0
"""Seconds after a refusal that names no time."""
MOST_BACKOFF = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is the same for all sites of a run."""

    concurrency: int = 4
    """Requests to one site at once."""
    start_gap: float = 0.25
    """Seconds between the first requests; 0 with `most_gap` 0 follows no latency at all."""
    most_gap: float = 30.0
    target_concurrency: float = 2.0
    """The gap is the latency divided by this: so many requests are on their way at once."""
    first_backoff: float = FIRST_BACKOFF
    most_backoff: float = MOST_BACKOFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """One site. Each event gives the next state."""

    limits: Limits
    delay: float = 0.0
    """The least seconds from one request to the next: set by hand, or asked for by robots.txt."""
    gap: float = 0.0
    """The seconds that the site's own latency asks for; never under the delay's effect, as both are kept."""
    backoff: float = 0.0
    """Seconds of the last refusal in a row that named no time; halved by each good answer."""
    is_wary: bool = False
    """There was trouble: the gap falls slowly from now on."""
    opens_at: float = 0.0
    """Nothing is asked before."""
    started_at: float = float("-inf")
    answered_at: float = float("-inf")
    """When the last answer, or the news that there is none, began to come."""
    refused_at: float = float("-inf")
    running: int = 0
    """Requests that have begun and not ended."""
    unanswered: int = 0
    """Those of them of which nothing has come."""

    def wait(self, now: float) -> float | None:
        """Seconds till the next request may start, 0 for at once; None if one that runs must end or answer first."""
        if self.running >= self.limits.concurrency or (self.is_single and self.unanswered):
            return None
        return max(0.0, self.free_at - now)

    @property
    def is_single(self) -> bool:
        """One request at a time till its answer comes.

        With a delay, because a request that takes long to arrive would come close to its successor otherwise, as the
        server sees it. After a refusal, because one is enough to see whether it is over.
        """
        return self.delay > 0 or self.backoff > 0

    @property
    def free_at(self) -> float:
        """When the next request may start, as far as is known now."""
        after_start = self.started_at + max(self.delay, self.gap)
        return max(self.opens_at, after_start, self.answered_at + self.delay)

    def started(self, now: float) -> "Pace":
        return replace(self, started_at=now, running=self.running + 1, unanswered=self.unanswered + 1)

    def answered(self, now: float) -> "Pace":
        """The head of a response has come, or no response will."""
        return replace(self, answered_at=now, unanswered=max(0, self.unanswered - 1))

    def ended(self) -> "Pace":
        return replace(self, running=max(0, self.running - 1))

    def pleased(self, latency: float) -> "Pace":
        """A good answer, after `latency` seconds: a little faster, towards the gap that the latency asks for."""
        limits = self.limits
        target = min(latency / limits.target_concurrency, limits.most_gap)
        falling = max((self.gap + target) / 2, self.gap * (_DECAY if self.is_wary else _FREE_FALL))
        gap = min(max(target, falling), limits.most_gap)
        return replace(self.calmed(), gap=gap if gap >= _NEGLIGIBLE_SECONDS else 0.0)

    def calmed(self) -> "Pace":
        """Any other answer that is no refusal: the next back-off is shorter, the gap as it was."""
        backoff = self.backoff / 2
        return replace(self, backoff=backoff if backoff >= self.limits.first_backoff / 4 else 0.0)

    def troubled(self) -> "Pace":
        """A server error, a lost connection, no answer in time: slower, and for a while."""
        return replace(self, gap=min(self.gap + self.limits.start_gap, self.limits.most_gap), is_wary=True)

    def refused(self, now: float, *, started_at: float, retry_after: float | None) -> "Pace":
        """The server wants fewer requests: 429 or 503, to a request that had started at `started_at`.

        Answers to requests that were under way at an earlier refusal say nothing new, but for the time they name.
        """
        if started_at <= self.refused_at:
            return replace(self, opens_at=max(self.opens_at, now + (retry_after or 0.0)))
        limits = self.limits
        backoff = min(max(2 * self.backoff, limits.first_backoff), limits.most_backoff)
        # Who names one second and goes on refusing gets longer pauses than that.
        pause = backoff if retry_after is None else max(retry_after, self.backoff)
        gap = min(max(2 * self.gap, limits.start_gap), limits.most_gap)
        opens_at = max(self.opens_at, now + pause)
        return replace(self, gap=gap, is_wary=True, backoff=backoff, refused_at=now, opens_at=opens_at)
