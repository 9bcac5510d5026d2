"""Keeps the leases of a run while it goes on, and its requests from being sent without them; tells who else has any."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from time import monotonic

from models.errors import StorageError
from pipelines.frontier.held import Held
from pipelines.frontier.records import LeaseLost, Remaining
from pipelines.politeness.middleware import PolitenessMiddleware

_AGAIN_SECONDS = 1.0
_WORTH_TELLING = timedelta(seconds=5)

logger = logging.getLogger(__name__)


class RunMeasure:
    """How much a run may ask for, and how long."""

    def __init__(self, pages: int, seconds: float) -> None:
        self._pages = pages
        self._ends_at = monotonic() + seconds

    def spent(self, asked: int, *, stays: bool) -> str:
        """The reason to end; empty while there is none. A run that stays is meant to last."""
        if asked >= self._pages:
            return "pages_per_run"
        return "seconds_per_run" if monotonic() > self._ends_at and not stays else ""


async def keep_leases(
    renew: Callable[[], Awaitable[None]], held: Held, *, politeness: PolitenessMiddleware, seconds: float
) -> None:
    """Renews four times in the `seconds` that a lease lasts, for ever.

    A process that was stopped, or whose database was away, for longer sends nothing before it knows what it still
    holds: by then another worker may ask the same sites.
    """
    began_at = monotonic()
    while True:
        politeness.sends_until = began_at + seconds
        await asyncio.sleep(seconds / 4)
        began_at = monotonic()
        while not await _is_renewed(renew, held, politeness):
            await asyncio.sleep(_AGAIN_SECONDS)
            began_at = monotonic()


async def _is_renewed(renew: Callable[[], Awaitable[None]], held: Held, politeness: PolitenessMiddleware) -> bool:
    try:
        await renew()
    except LeaseLost as error:
        logger.warning("%s", error)
        for site in held:
            if site.lease.site_id in error.site_ids:
                politeness.turn_away(site.lease.domain)
                held.let_go(site.lease.site_id)
    except StorageError as error:  # who leases next is told as well, and ends the run
        logger.warning("leases could not be renewed: %s", error)
        return False
    return True


def tell_of_waiting(remaining: Remaining, now: datetime) -> bool:
    """Why a run that holds no site does not begin; false where there is nothing to tell."""
    next_at = remaining.next_due_at
    if next_at is None or next_at <= now + _WORTH_TELLING:
        return False
    why = "the site has another worker, alive or killed, or wants to be left alone"
    logger.warning("nothing may be asked for before %s UTC: %s", f"{next_at:%H:%M:%S}", why)
    return True
