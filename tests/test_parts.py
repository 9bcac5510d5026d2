import pytest

from crawler.extractors import extract_page
from models.items import Page, PageKind, PagePart

TEXT = "The harbour opened a new crane on Monday, after three years of work. It lifts forty tonnes, they say. "
HAN = "港口星期一启用了新的起重机，工程前后花了三年时间，耗资不小，工人们都说它一次可以吊起四十吨的货物。"
SITE = "https://example.com"


def article(path: str, pager: str = "", *, top: str = "", head: str = "", chinese: bool = False) -> Page:
    text = HAN * 3 if chinese else TEXT * 3
    html = (
        f"<html><head><title>Harbour opens new crane</title>{head}</head><body>{top}"
        f"<h1>Harbour opens new crane</h1><p>By Ada Quay, 3 March 2026</p>"
        f"<div class='text'><p>First: {text}</p><p>Second: {text}</p><p>Third: {text}</p>{pager}</div></body></html>"
    )
    return extract_page(html, url=SITE + path)


def links(*pairs: str) -> str:
    """Each pair is the text and the address of a link; a text alone is where the reader is."""
    shown = (pair.partition(" -> ") for pair in pairs)
    return " ".join(f'<a href="{href}">{text}</a>' if href else f"<b>{text}</b>" for text, _, href in shown)


def pager(*pairs: str, name: str = "pages") -> str:
    return f'<div class="{name}">{links(*pairs)}</div>'


def part_of(path: str, shown: str) -> PagePart | None:
    page = article(path, shown)
    assert page.kind is PageKind.ARTICLE
    return page.part


@pytest.mark.parametrize(
    ("path", "shown", "number", "following"),
    [
        pytest.param(
            "/a/123.html", pager("1", "2 -> 123_2.html", "3 -> 123_3.html"), 1, "/a/123_2.html", id="underscore"
        ),
        pytest.param(
            "/a/123_2.html", pager("1 -> 123.html", "2", "3 -> 123_3.html"), 2, "/a/123_3.html", id="in-the-middle"
        ),
        pytest.param("/a/123_3.html", pager("1 -> 123.html", "2 -> 123_2.html", "3"), 3, None, id="last"),
        pytest.param("/story/", pager("1", "2 -> /story/2/"), 1, "/story/2/", id="wordpress"),
        pytest.param("/story/2/", pager("1 -> /story/", "2", "3 -> /story/3/"), 2, "/story/3/", id="wordpress-second"),
        pytest.param("/story", pager("Next Page » -> /story?page=2"), 1, "/story?page=2", id="query"),
        pytest.param("/story?id=7", pager("下一页 -> ?id=7&page=2"), 1, "/story?id=7&page=2", id="second-of-query"),
        pytest.param(
            "/story?id=7&page=2", pager("下一页 -> ?id=7&page=3"), 2, "/story?id=7&page=3", id="page-of-query"
        ),
        pytest.param(
            "/a/9.shtml", pager("第1页", "第2页 -> 9_1.shtml", "第3页 -> 9_2.shtml"), 1, "/a/9_1.shtml", id="from-0"
        ),
        pytest.param(
            "/a/9_1.shtml", pager("1 -> 9.shtml", "2", "3 -> 9_2.shtml"), 2, "/a/9_2.shtml", id="from-0-second"
        ),
        pytest.param("/a/index.html", pager("上一页", "下一页 -> index_2.html"), 1, "/a/index_2.html", id="index"),
        pytest.param("/story.html", pager("Next -> /story.html/2"), 1, "/story.html/2", id="bare-next"),
        pytest.param("/s/1.html", pager("Page 2: Cranes -> /s/1-2.html"), 1, "/s/1-2.html", id="titled"),
    ],
)
def test_a_part_of_an_article_knows_its_place(path: str, shown: str, number: int, following: str | None) -> None:
    part = part_of(path, shown)

    assert part is not None
    assert (part.number, part.next_url) == (number, SITE + following if following else None)


@pytest.mark.parametrize(
    ("path", "shown", "first"),
    [
        pytest.param("/a/123_2.html", pager("1 -> 123.html", "2"), "/a/123.html", id="linked"),
        pytest.param(
            "/a/123_3.html", pager("上一页 -> 123_2.html", "3", "下一页 -> 123_4.html"), "/a/123.html", id="not-linked"
        ),
        pytest.param("/story/3/", pager("2 -> /story/2/", "3"), "/story/", id="folder"),
        pytest.param("/s?id=7&page=3", pager("2 -> ?id=7&page=2", "3"), "/s?id=7", id="query"),
    ],
)
def test_a_further_part_names_the_first_as_canonical(path: str, shown: str, first: str) -> None:
    page = article(path, shown)

    assert page.part is not None
    assert page.part.first_url == page.canonical_url == SITE + first


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param("/news/12.html", pager("上一篇 -> 11.html", "下一篇 -> 13.html"), id="adjacent-articles"),
        pytest.param(
            "/post-12.html", pager("Previous -> /post-11.html", "Next -> /post-13.html"), id="numbered-series"
        ),
        pytest.param("/post-12.html", pager("Next: the cranes -> /post-13.html"), id="next-headline"),
        pytest.param("/story", pager("1", "2 -> /story?page=2", name="comment-pages"), id="comments"),
        pytest.param("/story/", pager("Older comments -> /story/comment-page-2/"), id="older-comments"),
        pytest.param("/story", pager("2 -> /list_2.html", "3 -> /list_3.html"), id="pager-of-a-list"),
        pytest.param("/story", pager("2 -> /story_5.html", "3 -> /story_9.html"), id="numbers-that-do-not-count"),
        pytest.param("/2024", pager("next -> /2025"), id="years"),
        pytest.param("/story", "", id="no-pager"),
    ],
)
def test_other_pagers_make_no_parts(path: str, shown: str) -> None:
    assert part_of(path, shown) is None


def test_a_pager_above_the_text_is_that_of_a_list() -> None:
    assert article("/story", top=pager("1", "2 -> /story?page=2")).part is None


def test_the_head_alone_may_name_the_next_part() -> None:
    page = article("/story", head='<link rel="next" href="/story/2">')

    assert page.part is not None
    assert page.part.next_url == f"{SITE}/story/2"


def test_a_listing_has_no_parts() -> None:
    cards = "".join(f'<div><h2><a href="/a/{n}">Story number {n}</a></h2><p>{TEXT}</p></div>' for n in range(9))

    page = extract_page(f"<h1>News</h1>{cards}{pager('1', '2 -> /news/?page=2')}", url=f"{SITE}/news/")

    assert page.kind is not PageKind.ARTICLE
    assert page.part is None


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(pager("1", "2 -> 7_2.html", "3 -> 7_3.html", "下一页 -> 7_2.html"), id="numbers"),
        pytest.param(f"<p>Page 1 of 3</p>{pager('Next page -> 7_2.html')}", id="where-the-reader-is"),
        pytest.param(f"<p>{links('上一页', '下一页 -> 7_2.html')}</p><p>共3页</p>", id="chinese"),
    ],
)
def test_the_pager_is_in_no_panel(shown: str) -> None:
    page = article("/a/7.html", shown, chinese="下一页" in shown)

    assert page.part is not None
    assert [block.text.split()[0] for block in page.articles[0].blocks] == ["First:", "Second:", "Third:"]
    assert page.link_lists == ()
