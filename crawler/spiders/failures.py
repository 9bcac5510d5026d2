"""What Scrapy says went wrong, as one Failure of the short fixed list."""

from datetime import datetime

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Request
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.errors import LayoutChanged, NotAnArticle, PageError, UnexpectedContentType, UnparsablePage
from crawler.middlewares import RefusedRedirect
from crawler.spiders.requests import ARCHIVED, first_url
from models.items import Failure, FailureClass

_BY_EXCEPTION: tuple[tuple[type[BaseException], FailureClass, str], ...] = (
    (
        CannotResolveHostError,
        FailureClass.UNREACHABLE,
        "the host name does not resolve; check its spelling and the network",
    ),
    (DownloadConnectionRefusedError, FailureClass.UNREACHABLE, "nothing answers at this host and port"),
    (
        DownloadTimeoutError,
        FailureClass.TIMEOUT,
        "no whole answer in time; raise DOWNLOAD_TIMEOUT if the site is slow",
    ),
    (DownloadCancelledError, FailureClass.TOO_LARGE, "larger than DOWNLOAD_MAXSIZE"),
    (
        ResponseDataLossError,
        FailureClass.INCOMPLETE,
        "the body was cut short; it is fetched again at the next run",
    ),
    (
        DownloadFailedError,
        FailureClass.CONNECTION_LOST,
        "the answer ended early or is no HTTP; it is asked for again at the next run",
    ),
    (UnsupportedURLSchemeError, FailureClass.REFUSED_SCHEME, "only http and https are fetched"),
    (RefusedRedirect, FailureClass.REFUSED_OFFSITE, ""),
    (LayoutChanged, FailureClass.LAYOUT_CHANGED, ""),
    (NotAnArticle, FailureClass.NOT_ARTICLE, ""),
    (UnexpectedContentType, FailureClass.CONTENT_TYPE, ""),
    (UnparsablePage, FailureClass.UNPARSABLE, ""),
    (PageError, FailureClass.EXTRACTION, ""),
)


def failure_of(exception: BaseException, request: Request, *, now: datetime) -> Failure:
    """The recorded end of a request that gave no page. Never raises: what is not known is a lost connection."""
    status = None
    if isinstance(exception, HttpError):
        status = exception.response.status
        failure_class, message = _of_status(status)
    elif isinstance(said := getattr(exception, "failure_class", None), FailureClass):
        failure_class, message = said, str(exception)  # raised by a component that knows the list
    elif isinstance(exception, IgnoreRequest) and "redirections" in str(exception):
        failure_class, message = FailureClass.REDIRECT, "more redirects than REDIRECT_MAX_TIMES, or a loop"
    else:
        failure_class, message = _of_exception(exception)
    return Failure(
        url=first_url(request),
        failure_class=failure_class,
        message=message,
        occurred_at=now,
        stage="extract" if isinstance(exception, PageError) else "download",
        status=status,
        attempts=int(request.meta.get("retry_times", 0)) + 1,
        retry_at=request.meta.get("retry_at") or getattr(exception, "retry_at", None),
        archived=request.meta.get(ARCHIVED),
    )


def _of_exception(exception: BaseException) -> tuple[FailureClass, str]:
    text = str(exception).strip() or type(exception).__name__
    if any(word in text.lower() for word in ("certificate", "ssl", "tls")):
        return FailureClass.TLS, f"the secure connection failed: {text}"
    for kind, failure_class, advice in _BY_EXCEPTION:
        if isinstance(exception, kind):
            return failure_class, f"{text.rstrip('.')}: {advice}" if advice else text
    return FailureClass.CONNECTION_LOST, f"{type(exception).__name__}: {text}"


def _of_status(status: int) -> tuple[FailureClass, str]:
    if status in (404, 410):
        return FailureClass.GONE, f"the server says the page is gone ({status})"
    if status == 429:
        return FailureClass.RATE_LIMITED, "the server asks for fewer requests (429); raise DOWNLOAD_DELAY"
    if 300 <= status < 400:
        return FailureClass.REDIRECT, f"a redirect that leads nowhere ({status})"
    if status < 500:
        return FailureClass.CLIENT_ERROR, f"the server refuses the request ({status})"
    return (
        FailureClass.SERVER_ERROR,
        f"the server failed ({status}) in every try; it is asked again at the next run",
    )
