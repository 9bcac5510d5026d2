"""Keeps the leases of a run while it goes on, and its requests from being sent without them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic

from models.errors import StorageError
from pipelines.frontier.held import Held
from pipelines.frontier.records import LeaseLost
from pipelines.politeness.middleware import PolitenessMiddleware

_AGAIN_SECONDS = 1.0

logger = logging.getLogger(__name__)


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
