"""The page that a reprint names as its source: by a line with a link, or by a canonical URL on another site."""

import pytest

from crawler.extractors import extract_page

URL = "https://mirror.example/news/2026/7.html"
ORIGINAL = "https://harbour.example/a/1.html"
BODY = "".join(
    f"<p>岸桥的远程操作已经覆盖第{number}个泊位，司机在办公楼里同时照看三台设备，无人集卡的车队今年扩大到四十辆。</p>"
    for number in range(6)
)


def source_of(
    *, above: str = "", within: str = "", below: str = "", head: str = "", url: str | None = URL
) -> str | None:
    html = (
        f"<html><head>{head}</head><body><h1>港口的自动化改造</h1>{above}<div>{BODY}{within}</div>{below}</body></html>"
    )
    (article,) = extract_page(html, url=url).articles
    return article.source_url


NAMED = [
    pytest.param(f'<p>本文转载自<a href="{ORIGINAL}">海途商评</a></p>', id="reprinted-from"),
    pytest.param(f'<p>来源：<a href="{ORIGINAL}">海途商评</a> 2026-05-12</p>', id="source"),
    pytest.param(f'<p>原文链接：<a href="{ORIGINAL}">点击查看</a></p>', id="original"),
    pytest.param(f"<p>原文地址：{ORIGINAL}。</p>", id="written-out"),
    pytest.param(f'<p>This article was originally published at <a href="{ORIGINAL}">The Quay</a>.</p>', id="english"),
    pytest.param(
        '<p>First published on <a href="https://harbour.example/">The Quay</a>. '
        f'Read the <a href="{ORIGINAL}">original article</a>.</p>',
        id="home-page-then-the-article",
    ),
]


@pytest.mark.parametrize("line", NAMED)
@pytest.mark.parametrize("place", ["above", "within", "below"])
def test_source_is_the_link_of_the_line_that_announces_it(line: str, place: str) -> None:
    assert source_of(**{place: line}) == ORIGINAL


def test_link_to_the_home_page_of_a_publisher_names_it() -> None:
    assert source_of(above='<p>来源：<a href="https://harbour.example/">海途商评</a></p>') == "https://harbour.example/"


NOT_NAMED = [
    pytest.param('<p>来源：<a href="/source/12">海途商评</a></p>', id="list-of-this-site"),
    pytest.param('<p>来源：<a href="https://www.mirror.example/">转载网</a></p>', id="this-site-itself"),
    pytest.param("<p>来源：海途商评</p>", id="no-link"),
    pytest.param(f'<p>图片来源：<a href="{ORIGINAL}">海途商评</a></p>', id="picture"),
    pytest.param(f'<figure><figcaption>来源：<a href="{ORIGINAL}">海途商评</a></figcaption></figure>', id="figure"),
    pytest.param(f'<p>更多阅读：<a href="{ORIGINAL}">海途商评</a></p>', id="any-link"),
    pytest.param(
        f'<p>来源：本报记者。{"另据报道，" * 20}<a href="{ORIGINAL}">海途商评</a></p>', id="far-from-the-words"
    ),
    pytest.param('<p>本文转载自<a href="javascript:void(0)">海途商评</a></p>', id="no-page"),
]


@pytest.mark.parametrize("line", NOT_NAMED)
def test_other_links_are_no_source(line: str) -> None:
    assert source_of(above=line) is None


CANONICAL = [
    pytest.param(ORIGINAL, URL, ORIGINAL, id="another-site"),
    pytest.param("https://harbour.example/", URL, None, id="home-page"),
    pytest.param("https://old.example/news/2026/7.html", URL, None, id="former-name-of-this-site"),
    pytest.param("https://www.mirror.example/news/7", URL, None, id="this-site"),
    pytest.param(ORIGINAL, None, None, id="own-url-not-known"),
]


@pytest.mark.parametrize(("canonical", "url", "source"), CANONICAL)
def test_canonical_url_on_another_site_names_the_source(canonical: str, url: str | None, source: str | None) -> None:
    assert source_of(head=f'<link rel="canonical" href="{canonical}">', url=url) == source


def test_line_on_the_page_goes_before_its_canonical_url() -> None:
    head = '<link rel="canonical" href="https://third.example/9">'

    assert source_of(head=head, below=f'<p>转自：<a href="{ORIGINAL}">海途商评</a></p>') == ORIGINAL
