"""User and password of a site go to its exact origin: not to another port, scheme or host, nor along a redirect."""

import base64

import pytest
from scrapy.http import Request

from crawler.errors import UsageError
from crawler.transport.credentials import CredentialsMiddleware
from crawler.transport.typed import refuse_credentials, shown
from tests.conftest import RunScrapy
from tests.secret_servers import LeadingElsewhere, told_by

BASIC = b"Basic " + base64.b64encode("user:p@ss 密".encode())
MIDDLEWARE = CredentialsMiddleware(["https://user:p%40ss%20%E5%AF%86@Example.com"])


def sent(request: Request) -> bytes | None:
    MIDDLEWARE.process_request(request)
    return request.headers.get("Authorization")


@pytest.mark.parametrize(
    "url", ["https://example.com/a?b=1", "https://EXAMPLE.com:443/robots.txt", "https://example.com./"]
)
def test_the_origin_is_sent_its_own(url: str) -> None:
    assert sent(Request(url)) == BASIC


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://example.com:8443/",
        "https://www.example.com/",
        "https://example.com.evil.example/",
        "https://evil.example/?https://example.com/",
        "https://user@evil.example/",
    ],
)
def test_no_other_origin_is_sent_any(url: str) -> None:
    assert sent(Request(url)) is None


def test_a_step_of_a_redirect_loses_what_the_one_before_was_sent() -> None:
    first = Request("https://example.com/")
    sent(first)

    assert sent(first.replace(url="https://elsewhere.example/")) is None


@pytest.mark.parametrize("url", ["user:pass@example.com", "https://example.com", "https://u:p@[", "https://u:p@h/path"])
def test_what_is_no_origin_with_a_user_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(UsageError, match=r"entry 2 is not as https://user:password@host") as refused:
        CredentialsMiddleware(["https://a:b@c", url])

    assert url not in str(refused.value)


def test_a_typed_url_with_a_user_is_refused_and_one_with_an_at_in_its_path_is_not() -> None:
    refuse_credentials(["https://medium.example/@user/a?b=c@d", "notes@home.html"])

    for url in ("https://user:pass@example.com/", "http://user@example.com", "//user:pa:ss@example.com/"):
        with pytest.raises(UsageError, match="TRIPTYCH_CREDENTIALS"):
            refuse_credentials([url])
    assert shown("http://user:pa/ss@example.com/") == "http://***@example.com/"


def test_a_browser_is_given_no_secret() -> None:
    pytest.importorskip("scrapy_playwright", reason="the browser needs the extra js: pip install 'triptych[js]'")
    from crawler.browser.middleware import environment_of_browser  # noqa: PLC0415  # an optional extra

    own = {"PATH": "/bin", "HOME": "/root", "LANG": "C.UTF-8", "DISPLAY": ":0"}
    secret = dict.fromkeys(("TRIPTYCH_DATABASE_URL", "http_proxy", "PGPASSWORD", "AWS_SECRET_ACCESS_KEY"), "x")

    assert environment_of_browser(own | secret) == own


def test_a_crawl_sends_a_password_to_its_site_and_not_where_that_redirects_to(
    run_scrapy: RunScrapy,
) -> None:
    with told_by(LeadingElsewhere) as other, told_by(LeadingElsewhere, other=other.port) as site:
        credentials = f"CREDENTIALS=http://user:pass@127.0.0.1:{site.port}"

        run_scrapy("crawl", "articles", "-a", f"url=http://127.0.0.1:{site.port}/", "-s", credentials)

    assert [path for path, _ in site.asked] == ["/robots.txt", "/"]
    assert site.values("authorization") == {"Basic dXNlcjpwYXNz"}
    assert other.asked
    assert other.values("authorization") == {None}
