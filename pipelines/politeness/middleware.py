"""PolitenessMiddleware: the last thing a request passes before it is sent, and the first that its answer meets."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings
from scrapy.utils.httpobj import urlparse_cached

from models.identity import site_domain
from pipelines.politeness.addon import SITE_DELAY
from pipelines.politeness.gates import Gate, Gates, NotSent
from pipelines.politeness.pace import FIRST_BACKOFF, MOST_BACKOFF, Limits
from pipelines.politeness.retry_after import parse_http_date, parse_retry_after

if TYPE_CHECKING:
    from pipelines.politeness.memory import Memory

LEAST_DELAY = "least_delay"
"""In a request's meta: seconds that its site wants between two requests, as its robots.txt or its file says."""
RETRY_AT = "retry_at"
"""In a request's meta: an aware time before which the server does not want to be asked again."""
RETRY_AFTER_WAIT = 300.0
"""Seconds that a request waits for a site that has closed; after more, it ends, and its page is due later."""

_AHEAD_SECONDS = 1.0
"""A site that may be asked this soon is open to `room`."""
_KEPT_CLOSED_SECONDS = 5.0
"""A site that is closed for so long is closed to whoever takes it over if this process is killed."""
_KEPT_DELAY_SECONDS = 15.0
"""A delay so long that a lease may run out in the meantime; shorter ones are over by then."""
_TURN = "politeness_turn"
_TROUBLE = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Turn:
    """A request on its way."""

    gate: Gate
    started_at: float
    is_answered: bool = False


class PolitenessMiddleware:
    """Keeps each site's pace: pages, retries, redirects, parts of articles and robots.txt alike.

    A site is what one owner registered, whatever the host: its requests share one gate. Settings: SITE_DELAY (what is
    given as DOWNLOAD_DELAY), CONCURRENT_REQUESTS_PER_DOMAIN, RETRY_AFTER_WAIT, BACKOFF_START, BACKOFF_MAX, and those
    of AutoThrottle, whose place this takes.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._limits = limits_of(settings)
        self.patience = settings.getfloat("RETRY_AFTER_WAIT", RETRY_AFTER_WAIT)
        """Seconds that a request waits for a site that has closed."""
        self.memory: Memory | None = None
        """Where closed sites are kept for other workers and runs; None for commands that store nothing."""
        self._writes: set[asyncio.Task[None]] = set()
        self._gates = Gates(
            self._limits,
            delay=settings.getfloat(SITE_DELAY),
            patience=self.patience,
            is_stopping=self._is_stopping,
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PolitenessMiddleware":
        middleware = cls(crawler)
        crawler.signals.connect(middleware.headers_received, signal=signals.headers_received)
        return middleware

    async def process_request(self, request: Request) -> None:
        gate = self._gates.of(site_of(request))
        gate.keep_delay(request.meta.get(LEAST_DELAY, 0.0))
        # Redirects and retries are copies of a request, with the slot of the first.
        request.meta["download_slot"] = gate.site
        request.meta[_TURN] = _Turn(gate, started_at=await gate.enter())
        if gate.pace.delay >= _KEPT_DELAY_SECONDS:
            self._keep_closed(gate, gate.pace.delay)

    def take(self, site: str, *, delay_seconds: float | None) -> None:
        """Begins with the delay that whoever held the site before has kept."""
        self._gates.of(site).keep_delay(delay_seconds or 0.0)

    def leave(self, site: str) -> tuple[float, float]:
        """In how many seconds the next holder may ask the site, and the delay that it is to keep at first."""
        pace = self._gates.of(site).pace
        return (pace.delay if pace.unanswered else max(0.0, pace.free_at - monotonic())), pace.delay

    def turn_away(self, site: str) -> None:
        """Another worker has the site by now: what waits here must not be sent."""
        self._gates.of(site).turn_away(NotSent("another worker asks this site by now"))

    @property
    def sends_until(self) -> float:
        """When (`time.monotonic`) the run's leases end, if they are not renewed; nothing is sent after it."""
        return self._gates.sends_until

    @sends_until.setter
    def sends_until(self, moment: float) -> None:
        self._gates.sends_until = moment

    def room(self, site: str) -> int:
        """Requests that would start within a second or so, or as soon as one that runs has ended.

        What waits here takes the place of what could run elsewhere: Scrapy counts it to CONCURRENT_REQUESTS.
        """
        gate = self._gates.of(site)
        if gate.pace.free_at - monotonic() > _AHEAD_SECONDS:
            return 0
        most = 1 if gate.pace.is_single else self._limits.concurrency
        return max(0, most + 1 - gate.pace.running - gate.waiting)

    def is_closed(self, site: str) -> bool:
        """For longer than any request waits."""
        return self._gates.of(site).pace.opens_at - monotonic() > self.patience

    def opens_in(self, site: str) -> float:
        """Seconds till `room` may be more than none, as far as time alone decides."""
        return max(0.0, self._gates.of(site).pace.free_at - _AHEAD_SECONDS - monotonic())

    async def settle(self) -> None:
        """What was to be kept is kept when this returns."""
        await asyncio.gather(*self._writes)

    def headers_received(self, request: Request) -> None:
        turn: _Turn | None = request.meta.get(_TURN)
        if turn:
            _answered(turn)

    def process_response(self, request: Request, response: Response) -> Response:
        turn: _Turn | None = request.meta.pop(_TURN, None)
        if turn is None:  # made up by another middleware
            return response
        _answered(turn)
        gate = turn.gate
        pace = gate.pace.ended()
        if _is_refusal(response):
            retry_after = self._retry_after(response)
            pace = pace.refused(monotonic(), started_at=turn.started_at, retry_after=retry_after)
            gate.update(pace)
            self._closed(request, gate)
        elif response.status >= 500:
            gate.update(pace.troubled())
        elif response.status in (200, 304):
            latency = request.meta.get("download_latency", monotonic() - turn.started_at)
            gate.update(pace.pleased(latency))
        else:  # small and quickly given: no reason to go faster
            gate.update(pace.calmed())
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        turn: _Turn | None = request.meta.pop(_TURN, None)
        if turn is None:  # never sent
            return
        _answered(turn)
        pace = turn.gate.pace.ended()
        turn.gate.update(pace.troubled() if isinstance(exception, _TROUBLE) else pace)

    def _retry_after(self, response: Response) -> float | None:
        text = _header(response, "Retry-After")
        now = datetime.now(UTC)
        server_now = parse_http_date(_header(response, "Date") or "", now=now)
        seconds = parse_retry_after(text, now=server_now or now)
        if text and seconds is None:
            self._crawler.stats.inc_value("politeness/retry_after_unusable")
            logger.info("%s says Retry-After: %.80r, which means nothing; backing off", response.url, text)
        return seconds

    def _closed(self, request: Request, gate: Gate) -> None:
        """A retry waits at the gate with all others, unless that takes too long."""
        seconds = gate.pace.opens_at - monotonic()
        self._crawler.stats.inc_value("politeness/refusals")
        logger.info("%s wants fewer requests: none for %.1f s", gate.site, seconds)
        if seconds > self.patience:
            request.meta["dont_retry"] = True
            request.meta[RETRY_AT] = datetime.now(UTC) + timedelta(seconds=seconds)
        if seconds >= _KEPT_CLOSED_SECONDS:
            self._keep_closed(gate, seconds)

    def _keep_closed(self, gate: Gate, seconds: float) -> None:
        """At once and not when the site is left: the process may be killed before."""
        if self.memory is None:
            return
        write = asyncio.create_task(asyncio.to_thread(self.memory.keep_closed, gate.site, seconds))
        self._writes.add(write)
        write.add_done_callback(self._writes.discard)

    def _is_stopping(self) -> bool:
        # Scrapy sends no signal before it has waited for all requests on their way, and these may wait for minutes.
        slot = self._crawler.engine._slot  # it has no public name
        return slot is None or slot.closing is not None


def limits_of(settings: BaseSettings) -> Limits:
    """Without AutoThrottle no latency is followed; refusals are heeded all the same."""
    follows = settings.getbool("AUTOTHROTTLE_ENABLED")
    return Limits(
        concurrency=settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"),
        start_gap=settings.getfloat("AUTOTHROTTLE_START_DELAY") if follows else 0.0,
        most_gap=settings.getfloat("AUTOTHROTTLE_MAX_DELAY") if follows else 0.0,
        target_concurrency=settings.getfloat("AUTOTHROTTLE_TARGET_CONCURRENCY"),
        first_backoff=settings.getfloat("BACKOFF_START", FIRST_BACKOFF),
        most_backoff=settings.getfloat("BACKOFF_MAX", MOST_BACKOFF),
    )


def site_of(request: Request) -> str:
    parts = urlparse_cached(request)
    return _site(parts.scheme, parts.netloc)


@lru_cache(maxsize=4096)
def _site(scheme: str, netloc: str) -> str:
    return site_domain(f"{scheme}://{netloc}/")


def _answered(turn: _Turn) -> None:
    if not turn.is_answered:
        turn.is_answered = True
        turn.gate.update(turn.gate.pace.answered(monotonic()))


def _is_refusal(response: Response) -> bool:
    """429 and 503 say so by themselves; another server error does by naming a time."""
    return response.status in (429, 503) or (response.status > 499 and "Retry-After" in response.headers)


def _header(response: Response, name: str) -> str | None:
    value: Any = response.headers.get(name)
    return value.decode("latin-1") if value else None
