"""A new site file is a module that says what it was told, whatever stands in a URL."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.site import Site
from crawler.site_file import new_site_name, site_file_text


@pytest.mark.parametrize(
    ("host", "name"),
    [
        pytest.param("www.example.com", "example_com", id="www"),
        pytest.param("news.example.co.uk", "news_example_co_uk", id="sub-domain"),
        pytest.param("36kr.com", "site_36kr_com", id="digits-first"),
        pytest.param("xn--fiqs8s.cn", "xn_fiqs8s_cn", id="punycode"),
        pytest.param("", "site", id="no-host"),
    ],
)
def test_site_has_a_name_that_a_module_may_have(host: str, name: str) -> None:
    assert new_site_name(host) == name
    assert name.isidentifier()


@given(urls=st.lists(st.text(min_size=1), max_size=4).map(tuple))
def test_any_url_is_read_back_as_it_was(urls: tuple[str, ...]) -> None:
    site = Site(name="example", domains=("example.com",), start_urls=urls)

    namespace: dict[str, Any] = {}
    exec(site_file_text(site, found_on=date(2026, 11, 23)).encode("utf-8"), namespace)  # noqa: S102  # our own module

    assert namespace["SITE"] == site
