"""Where requests wait for their turn: one gate a site, first come, first served."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf
from time import monotonic

from scrapy.exceptions import IgnoreRequest

from models.items import FailureClass
from pipelines.politeness.pace import Limits, Pace

_LOOK_SECONDS = 1.0
"""How often who waits asks whether the run is to end."""
_IDLE_GATES = 1000
"""Kept although nothing waits there, for what was learned of their sites."""


class NotSent(IgnoreRequest):
    """The request was never sent, and is as due as before."""

    failure_class = FailureClass.REFUSED_LIMIT
    retry_at: datetime | None = None


class SiteClosed(NotSent):
    """The site wants no requests for longer than anyone waits here."""

    failure_class = FailureClass.RATE_LIMITED

    def __init__(self, site: str, *, seconds: float) -> None:
        super().__init__(f"{site} wants no requests in the next {seconds:.0f} s; this page is asked for after that")
        self.retry_at = datetime.now(UTC) + timedelta(seconds=seconds)


class Gate:
    """The door of one site."""

    def __init__(
        self,
        site: str,
        pace: Pace,
        *,
        patience: float,
        is_stopping: Callable[[], bool],
        sends_until: Callable[[], float],
    ) -> None:
        """`patience`: seconds that a request waits for a site that has closed. Nobody is let in after `sends_until`."""
        self.site = site
        self.pace = pace
        self._patience = patience
        self._is_stopping = is_stopping
        self._sends_until = sends_until
        self._waiting: deque[asyncio.Future[float]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        return not self._waiting and not self.pace.running and self.pace.free_at <= monotonic()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    async def enter(self) -> float:
        """Waits for a turn; the time of its start. Raises NotSent."""
        turn: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._admit()
        return await turn

    def keep_delay(self, seconds: float) -> None:
        """The longest of those that the hosts of a site ask for."""
        if seconds > self.pace.delay:
            self.update(replace(self.pace, delay=seconds))

    def update(self, pace: Pace) -> None:
        self.pace = pace
        self._admit()

    def _admit(self) -> None:
        """Lets in who may start now, and looks again when the next may."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        now = monotonic()
        wait: float | None = 0.0
        while self._waiting and not self._is_in_vain(now) and (wait := self._wait(now)) == 0:
            turn = self._waiting.popleft()
            if not turn.done():  # cancelled, as the run ends
                self.pace = self.pace.started(now)
                turn.set_result(now)
        if self._waiting:
            pause = _LOOK_SECONDS if wait is None else min(wait, _LOOK_SECONDS)
            self._timer = asyncio.get_running_loop().call_later(pause, self._admit)

    def turn_away(self, error: NotSent) -> None:
        """All who wait."""
        for turn in self._waiting:
            if not turn.done():
                turn.set_exception(error)
        self._waiting.clear()

    def _wait(self, now: float) -> float | None:
        return None if now >= self._sends_until() else self.pace.wait(now)

    def _is_in_vain(self, now: float) -> bool:
        """True if all who wait were sent away: they would wait too long, or for a run that ends."""
        if self._is_stopping():
            self.turn_away(NotSent("the run was stopped before this page was asked for"))
        elif (closed := self.pace.opens_at - now) > self._patience:
            self.turn_away(SiteClosed(self.site, seconds=closed))
        else:
            return False
        return True


class Gates:
    """The gates of one run, by site."""

    def __init__(self, limits: Limits, *, delay: float, patience: float, is_stopping: Callable[[], bool]) -> None:
        self._limits = limits
        self._delay = delay
        self._patience = patience
        self._is_stopping = is_stopping
        self.sends_until = inf
        """Till then (`time.monotonic`) the run's leases hold: after it, another worker may ask the same sites."""
        self._gates: OrderedDict[str, Gate] = OrderedDict()

    def of(self, site: str) -> Gate:
        gate = self._gates.get(site)
        if gate is None:
            pace = Pace(limits=self._limits, delay=self._delay, gap=self._limits.start_gap)
            gate = Gate(
                site,
                pace,
                patience=self._patience,
                is_stopping=self._is_stopping,
                sends_until=lambda: self.sends_until,
            )
            self._gates[site] = gate
            self._forget_idle()
        self._gates.move_to_end(site)
        return gate

    def __len__(self) -> int:
        return len(self._gates)

    def _forget_idle(self) -> None:
        """A run meets more sites than it can remember; those asked longest ago go first."""
        while len(self._gates) > _IDLE_GATES:
            idle = next((site for site, gate in self._gates.items() if gate.is_idle), None)
            if idle is None:
                return
            del self._gates[idle]
