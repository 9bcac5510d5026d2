"""RobotsMiddleware: no page is asked for before its origin's robots.txt allows it (RFC 9309)."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured, StopDownload
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from models.items import FailureClass
from pipelines.politeness.gates import NotSent
from pipelines.politeness.middleware import LEAST_DELAY
from pipelines.politeness.robots_copy import RobotsCopy, copy_of
from pipelines.politeness.robots_rules import MOST_BYTES, RobotsRules, decode_robots

if TYPE_CHECKING:
    from pipelines.politeness.memory import Memory

ROBOTS_TIMEOUT = 10.0
"""Seconds for the whole answer."""
CRAWL_DELAY_MAX = 3600.0
"""Seconds; a site that wants longer pauses wants no crawl."""
_KEPT_ORIGINS = 1000
_KEPT_CHARACTERS = 5_000_000
"""Of their rules: parsed, a character takes some twenty bytes."""
_LOST_FRESH = timedelta(minutes=1)
"""How long a host of which nothing came is not asked for its robots.txt again, by this run alone."""
_IS_ROBOTS = "politeness_robots"
_RECEIVED = "politeness_received"


class RobotsForbid(IgnoreRequest):
    """The request was never sent."""

    failure_class = FailureClass.REFUSED_ROBOTS

    def __init__(self, message: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


@dataclass(frozen=True, slots=True)
class _Known:
    """What this run goes by for one origin."""

    expires_at: datetime
    rules: RobotsRules | None = None
    error: Exception | None = None
    """Why there are no rules."""

    @property
    def length(self) -> int:
        return self.rules.length if self.rules else 0

    def check(self, request: Request, most_delay: float) -> None:
        """Raises what keeps the request from being sent; else leaves its least delay in its meta."""
        if self.rules is None:
            # Without the frames of those who were told before.
            raise (self.error or RobotsForbid("no robots.txt")).with_traceback(None)
        if not self.rules.allows(request.url):
            raise RobotsForbid("the site's robots.txt forbids this URL")
        delay = self.rules.delay_seconds
        if delay > most_delay:
            raise RobotsForbid(
                f"the site's robots.txt wants {delay:.0f} s between two requests, which is as good as none; "
                f"ask its owner, or raise CRAWL_DELAY_MAX"
            )
        if delay > request.meta.get(LEAST_DELAY, 0.0):
            request.meta[LEAST_DELAY] = delay


class RobotsMiddleware:
    """Asks for each origin's robots.txt once a day, whatever the number of runs and workers.

    4xx: there is none. 5xx, 429: the copy of another day, else nothing is asked for; looked at again in ten minutes.
    No answer at all: the page ends as that robots.txt did, and the next run tries again. Settings: ROBOTSTXT_OBEY,
    ROBOTSTXT_USER_AGENT, CRAWL_DELAY_MAX.
    """

    memory: "Memory | None" = None
    """Where copies are kept over runs and workers; None for commands that store nothing."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if not settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._user_agent: str = settings.get("ROBOTSTXT_USER_AGENT") or settings["USER_AGENT"]
        self._most_delay = settings.getfloat("CRAWL_DELAY_MAX", CRAWL_DELAY_MAX)
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[_Known]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        middleware = cls(crawler)
        crawler.signals.connect(middleware.bytes_received, signal=signals.bytes_received)
        return middleware

    async def process_request(self, request: Request) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlparse_cached(request)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
        known = self._known.get(origin)
        if known is None or known.expires_at <= datetime.now(UTC):
            known = await self._find_once(origin, request)
        try:
            known.check(request, self._most_delay)
        except Exception:
            request.meta["dont_retry"] = True  # the same again would be said at once
            raise

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Reads no further than is heeded."""
        if request.meta.get(_IS_ROBOTS):
            received = request.meta[_RECEIVED] = request.meta.get(_RECEIVED, 0) + len(data)
            if received > MOST_BYTES:
                raise StopDownload(fail=False)

    async def _find_once(self, origin: str, request: Request) -> _Known:
        """All who ask for an origin meanwhile wait for the same answer."""
        task = self._under_way.get(origin)
        if task is None:
            task = self._under_way[origin] = asyncio.create_task(self._find(origin, request))
            task.add_done_callback(lambda _: self._under_way.pop(origin))
        return await asyncio.shield(task)

    async def _find(self, origin: str, request: Request) -> _Known:
        now = datetime.now(UTC)
        copy = await asyncio.to_thread(self.memory.robots, origin) if self.memory else None
        error: Exception | None = None
        if copy is None or not copy.is_fresh(now):
            try:
                copy = await self._fetch(origin, old=copy, delay=request.meta.get(LEAST_DELAY, 0.0))
                if self.memory:
                    await asyncio.to_thread(self.memory.keep_robots, copy)
            except NotSent:
                raise
            except Exception as fault:  # noqa: BLE001  # the one seam: whatever befalls robots.txt befalls the page
                error = fault
        known = self._judge(copy, error, now=now)
        self._remember(origin, known)
        if known.rules:
            await self._crawler.signals.send_catch_log_async(
                signal=signals.robots_parsed, robotparser=known.rules, request=request
            )
        return known

    def _remember(self, origin: str, known: _Known) -> None:
        """Those asked longest ago go first; this one stays, however long it is."""
        self._known[origin] = known
        self._known.move_to_end(origin)
        characters = sum(each.length for each in self._known.values())
        while len(self._known) > 1 and (len(self._known) > _KEPT_ORIGINS or characters > _KEPT_CHARACTERS):
            _, oldest = self._known.popitem(last=False)
            characters -= oldest.length

    def _judge(self, copy: RobotsCopy | None, error: Exception | None, *, now: datetime) -> _Known:
        text = copy.rules_text(now) if copy else None
        expires_at = copy.expires_at if copy and not error else now + _LOST_FRESH
        if text is not None:
            return _Known(expires_at, rules=RobotsRules(text, user_agent=self._user_agent))
        if error is None and copy:
            error = RobotsForbid(
                f"the site's robots.txt could not be read ({copy.status}), so nothing is asked for; "
                f"it is tried again after {copy.expires_at:%H:%M} UTC",
                retry_at=copy.expires_at,
            )
        return _Known(expires_at, error=error)

    async def _fetch(self, origin: str, *, old: RobotsCopy | None, delay: float) -> RobotsCopy:
        """Redirects are followed to any host, five at most; a chain that is longer counts as no robots.txt."""
        request = Request(
            f"{origin}/robots.txt",
            callback=NO_CALLBACK,
            headers={"Accept-Encoding": "identity"},  # what is cut off at MOST_BYTES can then be read
            meta={
                "dont_obey_robotstxt": True,
                LEAST_DELAY: delay,
                "download_timeout": ROBOTS_TIMEOUT,
                "download_maxsize": 0,  # however much there is, `bytes_received` reads no more than counts
                _IS_ROBOTS: True,
            },
        )
        self._crawler.stats.inc_value("robotstxt/request_count")
        try:
            response = await self._crawler.engine.download_async(request)
            status, text = response.status, decode_robots(response.body)
        except NotSent:
            raise
        except IgnoreRequest as error:
            if getattr(error, "failure_class", None) is not None:  # refused by the guard, a bomb, a part of a file
                raise
            status, text = 404, ""  # too many redirects, or one that may not be followed
        self._crawler.stats.inc_value(f"robotstxt/response_status_count/{status}")
        return copy_of(old, origin=origin, status=status, text=text, now=datetime.now(UTC))
