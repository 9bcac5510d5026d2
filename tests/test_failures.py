from datetime import UTC, datetime

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.errors import LayoutChanged, NotAnArticle, UnexpectedContentType, UnparsablePage
from crawler.middlewares import RefusedRedirect
from crawler.spiders.failures import failure_of
from models.items import FailureClass
from pipelines.politeness.gates import SiteClosed
from pipelines.politeness.robots import RobotsForbid

NOW = datetime(2024, 3, 13, tzinfo=UTC)
URL = "https://example.com/a"


@pytest.mark.parametrize(
    ("exception", "failure_class"),
    [
        (CannotResolveHostError("example.com"), FailureClass.UNREACHABLE),
        (DownloadTimeoutError("30 seconds"), FailureClass.TIMEOUT),
        (DownloadCancelledError("too large"), FailureClass.TOO_LARGE),
        (ResponseDataLossError(), FailureClass.INCOMPLETE),
        (RobotsForbid("the site's robots.txt forbids this URL"), FailureClass.REFUSED_ROBOTS),
        (SiteClosed("example.com", seconds=400), FailureClass.RATE_LIMITED),
        (IgnoreRequest("max redirections reached"), FailureClass.REDIRECT),
        (RefusedRedirect("redirect to another site"), FailureClass.REFUSED_OFFSITE),
        (LayoutChanged("expected 1 node, found 2", url=URL), FailureClass.LAYOUT_CHANGED),
        (NotAnArticle("a listing", url=URL), FailureClass.NOT_ARTICLE),
        (UnparsablePage("empty", url=URL), FailureClass.UNPARSABLE),
        (UnexpectedContentType("found image/png", url=URL), FailureClass.CONTENT_TYPE),
        (ConnectionResetError("by peer"), FailureClass.CONNECTION_LOST),
        (OSError("certificate verify failed"), FailureClass.TLS),
    ],
)
def test_each_end_of_a_request_has_one_class(exception: Exception, failure_class: FailureClass) -> None:
    failure = failure_of(exception, Request(URL), now=NOW)

    assert failure.failure_class is failure_class
    assert failure.message


@pytest.mark.parametrize(
    ("status", "failure_class"),
    [
        (404, FailureClass.GONE),
        (410, FailureClass.GONE),
        (403, FailureClass.CLIENT_ERROR),
        (429, FailureClass.RATE_LIMITED),
        (503, FailureClass.SERVER_ERROR),
        (304, FailureClass.REDIRECT),
    ],
)
def test_a_status_is_recorded_with_its_class(status: int, failure_class: FailureClass) -> None:
    error = HttpError(Response(URL, status=status))

    failure = failure_of(error, Request(URL), now=NOW)

    assert (failure.failure_class, failure.status) == (failure_class, status)


def test_a_failure_names_the_url_that_was_asked_for_and_counts_the_tries() -> None:
    request = Request("https://example.com/b", meta={"redirect_urls": [URL], "retry_times": 2})

    failure = failure_of(DownloadTimeoutError(), request, now=NOW)

    assert (failure.url, failure.attempts) == (URL, 3)
