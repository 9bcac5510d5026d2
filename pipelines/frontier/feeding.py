"""FrontierMiddleware: what is due, handed to the spider as fast as it can be asked for, by Scrapy's public API."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import cached_property
from time import monotonic
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Request

from models.engine import open_database
from models.errors import StorageError
from models.items import Discovery, Priority
from pipelines.frontier.due_pages import COUNTED
from pipelines.frontier.frontier import Frontier
from pipelines.frontier.held import Held, HeldSite
from pipelines.frontier.keeping import RunMeasure, keep_leases, tell_of_waiting
from pipelines.frontier.records import LEASE_SECONDS, Lease, new_holder
from pipelines.one_thread import OneThread
from pipelines.politeness.middleware import PolitenessMiddleware
from pipelines.store.pipeline import StorePipeline, batch_written

_LEASE = "frontier_lease"
"""In a request's meta: the Lease it was made for."""
_LOOK_SECONDS = 1.0
"""How often a worker that has nothing to do looks again."""
_SLICE_SECONDS = 30.0
"""How long a worker keeps a site that others might take."""

logger = logging.getLogger(__name__)


class FrontierMiddleware:
    """Leases sites and their pages, asks the spider for a request for each, and gives back what did not begin.

    It needs of the spider: `request_for(lease)`, a Request that ends in items; `site_domains`, the sites to work at,
    None for all; `stays`, whether it waits for more when nothing is due; `found_in_robots(robotparser, request)`, the
    discoveries of a robots.txt. A run begins with the URLs of the spider's start requests.

    Settings: DATABASE_URL, CONCURRENT_REQUESTS, CONCURRENT_REQUESTS_PER_DOMAIN, PAGES_PER_RUN, SECONDS_PER_RUN.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._measure = RunMeasure(settings.getint("PAGES_PER_RUN"), settings.getfloat("SECONDS_PER_RUN"))
        per_site = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._held = Held(requests=settings.getint("CONCURRENT_REQUESTS"), per_site=per_site, room=self._room)
        self._lease_seconds = settings.getfloat("FRONTIER_LEASE_SECONDS", LEASE_SECONDS)
        self._thread = OneThread("frontier")  # a Frontier is for one thread at a time
        self._call = self._thread.call
        self._news = asyncio.Event()
        self._found: list[Discovery] = []
        self._asked = 0
        self._takes_again_at = 0.0
        self._looks_for_sites = True
        self._has_told = False
        self._renewing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "FrontierMiddleware":
        middleware = cls(crawler)
        connect = crawler.signals.connect
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error, signals.spider_error):
            connect(middleware.request_ended, signal=signal)
        connect(middleware.robots_parsed, signal=signals.robots_parsed)
        connect(middleware.look_again, signal=batch_written)
        connect(middleware.close, signal=signals.spider_closed)
        return middleware

    async def process_start(self, start: AsyncIterator[Request]) -> AsyncIterator[Request]:
        """Goes on until nothing is left to do for this run."""
        try:
            await self._begin(start)
            while not (reason := self._measure.spent(self._asked, stays=self._spider.stays)):
                self._news.clear()
                if lease := self._held.next():
                    yield self._request_for(lease)
                elif self._may_gain and await self._lease_more():
                    continue
                elif await self._is_done():
                    return
                else:
                    await self._wait()
        except StorageError as error:
            logger.error("%s", error)  # noqa: TRY400  # the message says what to do; a traceback would hide it
            self._crawler.stats.inc_value("triptych/storage_errors")
            raise CloseSpider("storage_unavailable") from None
        raise CloseSpider(reason)

    def request_ended(self, response: Any) -> None:
        """`response` is the failure where there is none; it knows its request as well."""
        request: Request | None = getattr(response, "request", None)
        if request is not None and _LEASE in request.meta:
            self._ended(request.meta[_LEASE])
            self._news.set()

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        self._found.extend(self._spider.found_in_robots(robotparser, request))
        self._news.set()

    def look_again(self) -> None:
        """What was written may have led to more."""
        self._reopen()
        self._news.set()

    async def close(self) -> None:
        """Last of all: what has ended is in the database by now, and everything else is as due as it was."""
        if self._renewing is None:
            return
        self._renewing.cancel()
        try:
            await self._give_all_back()
        except StorageError as error:
            logger.warning("leases could not be given back, and run out within a minute: %s", error)
        self._thread.close()
        self._engine.dispose()

    async def _begin(self, start: AsyncIterator[Request]) -> None:
        await self._call(self._open)
        self._renewing = asyncio.create_task(self._keep_leases())
        first = [Discovery(url=request.url, priority=Priority.LIST) async for request in start]
        await self._call(self._push_first, first)

    def _push_first(self, first: list[Discovery]) -> None:
        """A run that goes on where another was stopped has asked for some of them."""
        beginning = self._store.beginning if self._store else None
        is_resumed = beginning is not None and beginning.is_resumed
        self._frontier.push(first, at_once=not is_resumed, since=self._since)

    @property
    def _since(self) -> datetime | None:
        beginning = self._store.beginning if self._store else None
        return beginning.since if beginning else None

    def _open(self) -> None:
        self._engine = open_database(self._crawler.settings["DATABASE_URL"])
        self._frontier = Frontier(self._engine, holder=new_holder(), lease_seconds=self._lease_seconds)

    async def _keep_leases(self) -> None:
        await keep_leases(self._renew, self._held, politeness=self._politeness, seconds=self._lease_seconds)

    async def _give_all_back(self) -> None:
        await self._call(self._frontier.give_back, self._held.page_ids())
        for site in self._held:
            await self._release(site)

    @property
    def _spider(self) -> Any:
        return self._crawler.spider

    @cached_property  # Scrapy looks through all of its middlewares
    def _politeness(self) -> PolitenessMiddleware:
        middleware = self._crawler.get_downloader_middleware(PolitenessMiddleware)
        assert middleware is not None, "PolitenessMiddleware is part of the frontier"  # noqa: S101  # by the settings
        return middleware

    def _room(self, domain: str) -> int:
        return self._politeness.room(domain)

    @property
    def _store(self) -> StorePipeline | None:
        """None where somebody else stores the items."""
        return self._crawler.get_item_pipeline(StorePipeline)

    def _request_for(self, lease: Lease) -> Request:
        self._asked += 1
        request: Request = self._spider.request_for(lease)
        request.meta[_LEASE] = lease
        return request

    def _ended(self, lease: Lease) -> None:
        self._held.ended(lease.page_id)

    @property
    def _domains(self) -> tuple[str, ...] | None:
        """Of the sites to work at; None for all."""
        domains: tuple[str, ...] | None = self._spider.site_domains
        return domains

    @property
    def _may_gain(self) -> bool:
        """Whether it is worth while to look at the database."""
        is_open = self._looks_for_sites and self._held.has_room and monotonic() >= self._takes_again_at
        return is_open or bool(self._found) or any(self._may_change(site) for site in self._held)

    def _may_change(self, site: HeldSite) -> bool:
        return site.is_hungry or not site.load or self._is_to_be_left(site)

    def _is_to_be_left(self, site: HeldSite) -> bool:
        """It wants no requests for longer than any of them waits; what has begun ends by itself."""
        return bool(site.waiting) and self._politeness.is_closed(site.lease.domain)

    async def _lease_more(self) -> bool:
        """False if nothing came of it."""
        found, self._found = self._found, []
        if found:
            await self._call(self._frontier.push, found, at_once=False, since=self._since)
        gained = False
        for site in self._held:
            site.is_parting |= self._has_had_its_turn(site)
            if self._is_to_be_left(site):
                site.is_parting = True
                await self._call(self._frontier.give_back, site.take_waiting())
            elif site.is_hungry:
                gained |= await self._call(self._lease_pages, site)
            elif not site.load:
                await self._release(site)
        if self._held.has_room and monotonic() >= self._takes_again_at:
            gained |= await self._take_site()
        return gained

    def _has_had_its_turn(self, site: HeldSite) -> bool:
        """Not if there is nothing else that this worker would do instead."""
        is_shared = self._domains is None or len(self._domains) > 1
        is_one_of_many = len(self._held) > 1 or not self._held.has_room
        return is_shared and is_one_of_many and monotonic() > site.since + _SLICE_SECONDS

    def _lease_pages(self, site: HeldSite) -> bool:
        """In the thread: what was leased is known to be, even if the run has ended meanwhile."""
        site.is_empty = True  # till something is written meanwhile
        leases = self._lease(site, site.most - site.load)
        if leases:
            site.waiting.extend(leases)
            site.is_empty = False
        return bool(leases)

    def _lease(self, site: HeldSite, most: int) -> list[Lease]:
        return self._frontier.lease_pages(site.lease.site_id, most)

    async def _release(self, site: HeldSite) -> None:
        if site.is_parting and len(self._held) > 1:
            self._takes_again_at = monotonic() + 1.5 * _LOOK_SECONDS  # so that others, who look as often, get it
        rest, delay = self._politeness.leave(site.lease.domain)
        self._held.let_go(site.lease.site_id)
        await self._call(self._release_site, site.lease.site_id, rest=rest, delay=delay)

    def _release_site(self, site_id: int, *, rest: float, delay: float) -> None:
        not_before = self._frontier.now() + timedelta(seconds=rest) if rest else None
        self._frontier.release_site(site_id, not_before=not_before, delay_seconds=delay)

    async def _take_site(self) -> bool:
        """When it may be asked first, the last holder has left. Its delay is this run's own, or said by robots.txt."""
        self._looks_for_sites = await self._call(self._hold_site)
        return self._looks_for_sites

    def _hold_site(self) -> bool:
        """In the thread, as above."""
        leases = self._frontier.lease_sites(1, sites=self._domains)
        for lease in leases:
            self._held.hold(lease, now=monotonic())
        return bool(leases)

    async def _is_done(self) -> bool:
        """Nothing is under way, nothing is due, and nobody else asks for anything that may lead to more."""
        is_written = self._store is None or self._store.is_idle
        if self._spider.stays or self._found or not (self._held.is_idle and is_written):
            return False
        remaining = await self._call(self._frontier.remaining, sites=self._domains)
        # What a site that has closed for long holds is for another run.
        now = await self._call(self._frontier.now)
        until = now + timedelta(seconds=self._politeness.patience)
        is_done = not (remaining.leased_elsewhere or remaining.may_be_asked(until))
        if not (is_done or self._held or self._has_told):
            self._has_told = tell_of_waiting(remaining, now)
        return is_done

    async def _wait(self) -> None:
        """Till a request has ended, something was written, or a while has passed."""
        if self._store and self._held.is_starved:
            self._store.hurry()
        opens_in = (self._politeness.opens_in(site.lease.domain) for site in self._held if site.waiting)
        pause = min((seconds for seconds in opens_in if seconds > 0), default=_LOOK_SECONDS)
        try:
            async with asyncio.timeout(min(pause, _LOOK_SECONDS)):
                await self._news.wait()
        except TimeoutError:
            self._reopen()

    def _reopen(self) -> None:
        self._held.reopen()
        self._looks_for_sites = True

    async def _renew(self) -> None:
        await self._call(self._frontier.renew)
        await self._count()

    async def _count(self) -> None:
        """For the line of progress; a lower bound would be none."""
        remaining = await self._call(self._frontier.remaining, sites=self._domains)
        waiting = remaining.due + sum(len(site.waiting) for site in self._held)
        self._crawler.stats.set_value("frontier/waiting", waiting if remaining.due < COUNTED else None)
