import pytest
from hypothesis import given
from hypothesis import strategies as st
from w3lib.url import canonicalize_url

from models.identity import (
    HASH_BYTES,
    fold,
    name_hash,
    normalize_url,
    page_url,
    registered_domain,
    site_domain,
    url_hash,
)

PATH_LETTERS = st.text("ab/.~_-Z09%?#", max_size=20)


@given(PATH_LETTERS)
def test_a_url_that_looks_normal_is_spelt_as_the_long_way_spells_it(path: str) -> None:
    url = f"https://news.example.com/{path}"

    spelt = normalize_url(url)

    assert spelt == canonicalize_url(url, keep_blank_values=True)
    assert normalize_url(spelt) == spelt


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        pytest.param("https://news.example.com.cn/a", "example.com.cn", id="registered-under-com.cn"),
        pytest.param("http://127.0.0.1:8808/a", "127.0.0.1:8808", id="address-keeps-its-port"),
        pytest.param("http://localhost:8808/a", "localhost:8808", id="bare-name-keeps-its-port"),
        pytest.param("http://[::1]:80/a", "[::1]:80", id="ipv6"),
        pytest.param("https://example.com:8443/a", "example.com", id="name-drops-its-port"),
    ],
)
def test_site_is_the_registered_domain(url: str, domain: str) -> None:
    assert site_domain(url) == domain


def test_registered_domain_of_an_address_is_the_address() -> None:
    assert registered_domain("10.0.0.1") == "10.0.0.1"


@pytest.mark.parametrize(
    ("name", "other"),
    [
        pytest.param("Port", "port", id="case"),
        pytest.param("ＩＴ", "it", id="full-width"),
        pytest.param("a\u200bb", "ab", id="zero-width"),
        pytest.param(" a  b\u3000", "a b", id="white-space"),
        pytest.param("STRASSE", "straße", id="sharp-s"),
    ],
)
def test_names_that_fold_to_the_same_have_one_key(name: str, other: str) -> None:
    assert name_hash(name) == name_hash(other)


@given(st.text())
def test_folding_twice_equals_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_keys_have_a_fixed_length() -> None:
    assert len(url_hash("https://example.com/" + "q" * 100_000)) == len(name_hash("n")) == HASH_BYTES


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "mailto:a@example.com",
        "javascript:void(0)",
        "http://[",
        "//x",
        "关于",
        f"https://{'a' * 254}/",
        "http:///x",
    ],
)
def test_what_can_be_no_page_has_no_url(url: str | None) -> None:
    assert page_url(url) is None


def test_page_url_is_normal() -> None:
    assert page_url("HTTPS://Example.com:443/a?utm_source=x#top") == "https://example.com/a"
