"""Requests that wait: all that Scrapy's own scheduler does, and what becomes of those that wait still at the end."""

from scrapy.core.scheduler import Scheduler
from twisted.internet.defer import Deferred

from crawler.middlewares import ASKED, COUNTED


class AccountingScheduler(Scheduler):
    """A run that is stopped leaves tries that were to come. Their pages go back to the frontier as not asked for, so
    they are taken out of the sum of those asked, of which each has an end."""

    def close(self, reason: str) -> Deferred[None] | None:
        while (request := self.next_request()) is not None:
            if request.meta.get(COUNTED) and self.stats is not None:
                self.stats.inc_value(ASKED, -1)
        return super().close(reason)
