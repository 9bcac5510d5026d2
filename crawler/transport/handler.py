"""The download handler of http and https. Others are off: none goes around the guard."""

from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadCancelledError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Request, Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.python import to_bytes
from twisted.internet.defer import Deferred
from twisted.web.client import URI, Agent, ResponseFailed

from crawler.transport.connections import GuardedEndpoints, HeadTooLong, short_head_factory
from crawler.transport.guard import Guard
from crawler.transport.hangs import Hangs
from crawler.transport.scrapys import HTTP11DownloadHandler, _ScrapyAgent
from models.items import FailureClass


class HeadersTooLarge(DownloadCancelledError):
    """As a body that is too large: cancelled, and not tried again."""

    failure_class = FailureClass.TOO_LARGE


class GuardedDownloadHandler(HTTP11DownloadHandler):
    """Connects where the guard lets it, takes a bounded header block, and sends what we ask for once only.

    Settings: those of Guard; HEADERS_MAXSIZE (bytes), DOWNLOAD_MAXSIZE (bytes on the wire), DOWNLOAD_TIMEOUT (seconds
    from the request to the end of the body); PROXY_CHECKS_ADDRESSES, where only the proxy can resolve names;
    TIMEOUT_RETRY_TIMES, at most RETRY_TIMES, and none for a host that hangs often.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        # Twisted sends a request again at once, and in silence, where a connection that was used before is lost. That
        # comes without the site's delay and is in no count: here it is a lost connection like any other.
        self._pool.retryAutomatically = False
        self._pool._factory = short_head_factory(settings.getint("HEADERS_MAXSIZE"))
        self._guard = Guard.from_settings(settings)
        self._timeout_retries = min(settings.getint("RETRY_TIMES"), settings.getint("TIMEOUT_RETRY_TIMES"))
        self._hangs = Hangs()
        self._trusts_proxy = settings.getbool("PROXY_CHECKS_ADDRESSES")

    async def download_request(self, request: Request) -> Response:
        if request.meta.get("proxy"):
            await self._check_behind_proxy(request)
        agent = _GuardedAgent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        agent.guard = self._guard
        host = urlparse_cached(request).netloc
        try:
            with wrap_twisted_exceptions():
                response = await maybe_deferred_to_future(agent.download_request(request))
        except DownloadTimeoutError:
            # Each try of a server that hangs takes all the time there is, and a connection from the site's others.
            request.meta["max_retry_times"] = self._timeout_retries if self._hangs.timed_out(host) else 0
            raise
        except DownloadFailedError as error:
            raise _named_by_cause(error) from error
        self._hangs.answered(host)
        return response

    async def _check_behind_proxy(self, request: Request) -> None:
        """The proxy connects; all that can be looked at here is what the name leads to as seen from here."""
        if self._trusts_proxy:
            return
        uri = URI.fromBytes(to_bytes(request.url, encoding="ascii"))  # type: ignore[no-untyped-call]  # Twisted's
        with wrap_twisted_exceptions():
            looked_up = Deferred.fromCoroutine(self._guard.addresses(uri.host.decode("ascii"), uri.port))
            try:
                await maybe_deferred_to_future(looked_up)
            except CannotResolveHostError as error:
                raise CannotResolveHostError(
                    f"{error}; if only the proxy can resolve names, and refuses private addresses by itself, set "
                    "PROXY_CHECKS_ADDRESSES"
                ) from error


class _GuardedAgent(_ScrapyAgent):
    guard: Guard

    def _get_agent(self, request: Request, timeout: float) -> Agent:
        agent = super()._get_agent(request, timeout)
        if not request.meta.get("proxy"):  # that is the operator's, wherever it is
            agent._endpointFactory = GuardedEndpoints(agent._endpointFactory, self.guard)
        return agent


def _named_by_cause(error: DownloadFailedError) -> Exception:
    """In words: Twisted wraps what went wrong on a connection in an error whose text is a list of objects."""
    reasons: list[Any] = error.__cause__.reasons if isinstance(error.__cause__, ResponseFailed) else []
    for reason in reasons:
        if isinstance(reason.value, HeadTooLong):
            return HeadersTooLarge(f"{reason.value}; HEADERS_MAXSIZE bounds them")
    said = dict.fromkeys(reason.getErrorMessage().strip().rstrip(".") for reason in reasons)
    return DownloadFailedError("; ".join(said) or str(error))
