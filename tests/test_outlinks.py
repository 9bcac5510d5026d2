import pytest

from crawler.document import Document
from crawler.extractors import extract_page
from crawler.extractors.outlinks import read_outlinks
from crawler.extractors.tree.outline import outline_of
from crawler.page_limits import PageLimits
from models.items import Outlink, OutlinkKind

URL = "https://www.example.com/news/a.html"


def links_of(body: str, *, url: str | None = URL, head: str = "") -> tuple[Outlink, ...]:
    document = Document.parse(f"<html><head>{head}</head><body>{body}</body></html>", url=url)
    return read_outlinks(document, outline_of(document))


@pytest.mark.parametrize(
    ("link", "url", "kind"),
    [
        pytest.param('<a href="b.html">x</a>', "https://www.example.com/news/b.html", "internal", id="relative"),
        pytest.param('<a href="//m.example.com/b">x</a>', "https://m.example.com/b", "internal", id="sub-domain"),
        pytest.param('<a href=" /b#c ">x</a>', "https://www.example.com/b", "internal", id="fragment-cut"),
        pytest.param('<a href="https://other.org/">x</a>', "https://other.org/", "external", id="other-site"),
        pytest.param('<a href="http:///p">x</a>', "http:///p", "broken", id="no-host"),
        pytest.param('<a href="http://[">x</a>', "http://[", "broken", id="no-url"),
        pytest.param('<a href="?page=2" rel="next">x</a>', f"{URL}?page=2", "pagination", id="rel-next"),
        pytest.param(
            '<a href="index_2.html">下一页</a>', "https://www.example.com/news/index_2.html", "pagination", id="zh"
        ),
        pytest.param(
            '<a href="/page/2/">Older posts →</a>', "https://www.example.com/page/2/", "pagination", id="older"
        ),
        pytest.param('<p class="pager"><a href="/x">2</a></p>', "https://www.example.com/x", "pagination", id="number"),
        pytest.param(
            '<p class="tags"><a href="/x">2</a></p>', "https://www.example.com/x", "internal", id="number-alone"
        ),
        pytest.param(
            '<a href="/b-c-d" rel="next">A tale of two</a>', "https://www.example.com/b-c-d", "internal", id="post"
        ),
    ],
)
def test_a_link_is_of_one_kind(link: str, url: str, kind: str) -> None:
    found = links_of(link)

    assert [(outlink.url, outlink.kind) for outlink in found] == [(url, OutlinkKind(kind))]


@pytest.mark.parametrize(
    "href",
    ["#top", "mailto:a@example.com", "javascript:void(0)", "tel:1", "", URL, f"{URL}#comments", "data:text/html,x"],
)
def test_what_leads_to_no_other_page_is_no_outlink(href: str) -> None:
    assert links_of(f'<a href="{href}">x</a>') == ()


def test_each_url_stands_once_with_its_first_text() -> None:
    found = links_of('<a href="/b"><img src="i.png"></a><a href="/c">C</a><a href="/b">B</a><a href="/b">again</a>')

    assert [(outlink.url[-2:], outlink.text) for outlink in found] == [("/b", "B"), ("/c", "C")]


def test_a_neighbour_named_only_in_the_head_is_pagination() -> None:
    found = links_of("", head='<link rel="next" href="/page/2/">')

    assert found == (Outlink(url="https://www.example.com/page/2/", text=None, kind=OutlinkKind.PAGINATION),)


def test_without_the_page_url_links_stay_as_written() -> None:
    found = links_of('<a href="b.html">x</a><a href="https://other.org/c">y</a>', url=None)

    assert [outlink.url for outlink in found] == ["b.html", "https://other.org/c"]


@pytest.mark.parametrize(("links", "kept", "errors"), [(3, 3, 0), (4, 3, 1), (5000, 3, 1)])
def test_of_a_page_so_many_links_are_kept(links: int, kept: int, errors: int) -> None:
    anchors = "".join(f'<a href="/{number}">x</a> <a href="/{number}#y">y</a>' for number in range(links))

    page = extract_page(f"<p>{anchors}", url=URL, limits=PageLimits(links=3))

    assert [link.url[-2:] for link in page.outlinks] == ["/0", "/1", "/2"][:kept]
    assert [error.field for error in page.errors] == ["outlinks"] * errors


FEED = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'


@pytest.mark.parametrize(
    ("link", "urls"),
    [
        pytest.param(FEED.format("The Harbour", "/feed/"), ["https://www.example.com/feed/"], id="of-the-site"),
        pytest.param(FEED.format("The Harbour » Comments Feed", "/comments/feed/"), [], id="of-comments"),
        pytest.param(FEED.format("A headline", "/news/a.html/feed/"), [], id="of-the-page-itself"),
        pytest.param(FEED.format("Elsewhere", "https://other.org/feed/"), [], id="of-another-site"),
        pytest.param('<link rel="alternate" hreflang="de" href="/de/">', [], id="no-feed"),
    ],
)
def test_a_feed_is_found_though_no_visible_link_leads_to_it(link: str, urls: list[str]) -> None:
    assert [found.url for found in links_of("", head=link)] == urls


def test_the_first_page_announces_all_feeds() -> None:
    found = links_of("", url="https://www.example.com/", head=FEED.format("The Harbour", "feed.xml"))

    assert [(outlink.url, outlink.kind) for outlink in found] == [
        ("https://www.example.com/feed.xml", OutlinkKind.INTERNAL)
    ]
