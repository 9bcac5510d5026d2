import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.markup.links import UrlResolver, absolute_url, is_broken, normalize_url, registered_domain, same_site

BASE = "https://news.example.com/2024/03/a.html"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        pytest.param("b.html", "https://news.example.com/2024/03/b.html", id="relative"),
        pytest.param("//cdn.example.com/x", "https://cdn.example.com/x", id="scheme-relative"),
        pytest.param(" /x?utm_source=a#top ", "https://news.example.com/x?utm_source=a#top", id="nothing-else-changed"),
        pytest.param("#top", None, id="same-page"),
        pytest.param("javascript:void(0)", None, id="script"),
        pytest.param("mailto:a@example.com", None, id="mail"),
        pytest.param("http://[", None, id="broken-ipv6"),
        pytest.param("http:///shhmt/wxyx/", None, id="no-host"),
        pytest.param("http://example.com:port/", None, id="port-is-no-number"),
    ],
)
def test_absolute_url_is_what_a_browser_would_follow(href: str, url: str | None) -> None:
    assert absolute_url(BASE, href) == url


def test_relative_href_without_base_has_no_url() -> None:
    assert absolute_url(None, "b.html") is None


@pytest.mark.parametrize("base", [BASE, BASE.replace("https:", "http:"), None])
@pytest.mark.parametrize("href", ["http:///shhmt/wxyx/", "https:///shhmt/", "///shhmt/", "http://[", "https://:80/"])
def test_broken_urls_are_told_from_links_that_are_no_pages(base: str | None, href: str) -> None:
    assert is_broken(base, href)
    assert absolute_url(base, href) is None
    assert not is_broken(base, "javascript:void(0)")


def test_a_link_without_a_scheme_is_not_broken_for_want_of_a_base() -> None:
    assert not is_broken(None, "//other.example/a")


@pytest.mark.parametrize(
    ("url", "normalized"),
    [
        pytest.param(
            "HTTP://Example.COM:80/a?utm_source=x&b=2&a=1#frag", "http://example.com/a?a=1&b=2", id="all-at-once"
        ),
        pytest.param("https://example.com", "https://example.com/", id="root"),
        pytest.param("https://user:secret@example.com/a", "https://example.com/a", id="no-credentials"),
        pytest.param("https://example.com/a?spm=1.2.3", "https://example.com/a", id="only-a-tracker"),
        pytest.param(
            "https://example.com/文章?页=1", "https://example.com/%E6%96%87%E7%AB%A0?%E9%A1%B5=1", id="chinese"
        ),
    ],
)
def test_one_page_has_one_spelling(url: str, normalized: str) -> None:
    assert normalize_url(url) == normalized


@given(st.from_regex(r"https?://[a-z]{1,8}\.com(:[0-9]{2,4})?/[a-z/%.]{0,12}(\?[a-z=&%0-9]{0,20})?", fullmatch=True))
def test_normalizing_twice_changes_nothing(url: str) -> None:
    once = normalize_url(url)

    assert normalize_url(once) == once


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("news.example.com", "example.com"),
        ("www.example.com.cn", "example.com.cn"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("example.cn", "example.cn"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_registered_domain_keeps_the_owners_part(host: str, domain: str) -> None:
    assert registered_domain(host) == domain


def test_two_ports_of_one_address_are_two_sites() -> None:
    assert same_site("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/b")
    assert not same_site("http://127.0.0.1:8000/a", "http://127.0.0.1:8001/a")


def test_sub_domains_are_one_site() -> None:
    assert same_site("https://www.example.com/", "https://news.example.com/a")
    assert not same_site("https://example.com/", "https://example.org/")


_PIECES = (
    "http:// https:// // / /a a b.html .. . ./ ? # ?x=1 #f ; : :80 a.b.com EXAMPLE.com \\ 中 %E4 [ @ & _ - \t mailto:"
)
_HREFS = st.lists(st.sampled_from([*_PIECES.split(" "), "²"]), max_size=6).map("".join)


@given(_HREFS)
@pytest.mark.parametrize(
    "base",
    [
        BASE,
        "http://a.com",
        "http://a.com/b//c/d?x/y",
        "http://a.com/b/../c/d",
        "http://a.com:8080/x/y#z/w",
        "http://a.com/b;c/d",
        "x/y",
        None,
    ],
)
def test_a_resolver_gives_what_a_join_gives(base: str | None, href: str) -> None:
    assert UrlResolver(base).resolve(href) == absolute_url(base, href)
