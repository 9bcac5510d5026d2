import pytest

from crawler.document import Document
from crawler.extractors.lists.link_urls import NO_MEASURES, LinkReader, LinkUrl

PAGE = "https://news.example.com/2026/03/port-buys-crane.html"


def read(href: str, *, page: str | None = PAGE) -> LinkUrl | None:
    return LinkReader(Document.parse("<p>x</p>", url=page)).read(href)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        pytest.param("/a/b", "https://news.example.com/a/b", id="rooted"),
        pytest.param(" ../x?y=1#z ", "https://news.example.com/2026/x?y=1#z", id="relative-with-fragment"),
        pytest.param("//cdn.example.org/a", "https://cdn.example.org/a", id="scheme-of-the-page"),
        pytest.param("/a/../b", "https://news.example.com/b", id="rooted-with-dots"),
        pytest.param("https://other.example/", "https://other.example/", id="absolute"),
    ],
)
def test_a_link_is_resolved_as_a_browser_does(href: str, url: str) -> None:
    link = read(href)

    assert link is not None
    assert link.url == url


@pytest.mark.parametrize("href", ["", "#top", "javascript:void(0)", "mailto:a@example.com", "http://[", "tel:1"])
def test_what_leads_to_no_page_is_none(href: str) -> None:
    assert read(href) is None


def test_links_stay_as_written_where_the_page_has_no_url() -> None:
    link = read("/post/1.html", page=None)

    assert link is not None
    assert (link.url, link.own, link.self_link) == ("/post/1.html", True, False)


@pytest.mark.parametrize(
    ("href", "article"),
    [
        pytest.param("/2026/04/12/second-crane", True, id="date"),
        pytest.param("/news/88012345.shtml", True, id="long-number"),
        pytest.param("/why-the-port-bought-a-crane/", True, id="slug"),
        pytest.param("/为什么港口买了第二台吊机/", True, id="slug-without-spaces"),
        pytest.param("/tag/ports/", False, id="tag"),
        pytest.param("/author/wang-fang-and-four-other-people", False, id="authors-in-a-row"),
        pytest.param("/ports", False, id="section"),
        pytest.param("/formula-1/drivers.html", False, id="number-of-a-section"),
        pytest.param("/ports/7.html", True, id="number-of-a-page"),
        pytest.param("/", False, id="home"),
        pytest.param("/images/2026/04/crane-at-night-in-port.jpg", False, id="image"),
    ],
)
def test_the_address_of_an_article_has_a_date_a_long_number_or_a_slug(href: str, article: bool) -> None:
    link = read(href)

    assert link is not None
    assert link.article is article


@pytest.mark.parametrize(
    ("href", "names"),
    [
        pytest.param("/tag/ports/", {"tag"}, id="tag"),
        pytest.param("/search?keyword=port", {"tag"}, id="search"),
        pytest.param("/tags/", set(), id="index-of-tags"),
        pytest.param("/category/shipping/", {"category"}, id="category"),
        pytest.param("/author/wang-fang/", {"author"}, id="author"),
        pytest.param("/people-who-load-ships-at-night.html", set(), id="word-inside-a-slug"),
    ],
)
def test_tags_categories_and_authors_are_told_by_the_address(href: str, names: set[str]) -> None:
    link = read(href)

    assert link is not None
    assert {name for name in ("tag", "category", "author") if getattr(link, name)} == names


def test_a_link_to_the_page_itself_is_known_without_scheme_and_fragment() -> None:
    link = read("http://news.example.com/2026/03/port-buys-crane.html#comments")

    assert link is not None
    assert link.self_link


def test_what_a_model_is_told_of_an_address_is_the_same_for_all_addresses() -> None:
    links = [read(href) for href in ("/2026/03/second-crane", "/events/port-day", "/tag/ports", "/a.pdf", "/")]

    assert {len(link.measures) for link in links if link} == {len(NO_MEASURES)}


def test_an_address_of_an_event_is_told_from_that_of_an_article() -> None:
    event, article = read("/events/why-ports-need-cranes"), read("/people/why-ports-need-cranes")

    assert event is not None
    assert article is not None
    assert (event.measures[-1], article.measures[-1]) == (True, False)
