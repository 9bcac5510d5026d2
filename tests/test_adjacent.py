"""The links to the previous and the next article."""

import pytest

from crawler.extractors import extract_page
from models.items import LinkListKind

TEXT = (
    "<p>The port has bought a second crane, which is to stand beside the first one from the autumn of next year on.</p>"
)
SLUGS = ("ferry-between-the-islands-runs-again", "quay-walls-are-older-than-the-maps-say")
LINKS = "".join(f'<a class="btn" href="/posts/{slug}/"><p>{slug.replace("-", " ").title()}</p></a>' for slug in SLUGS)


def adjacent(above: str, below: str) -> list[str | None]:
    html = f"<body>{above}<article><h1>Port buys a second crane</h1>{TEXT * 6}</article>{below}</body>"
    page = extract_page(html, url="https://example.com/posts/port-buys-a-second-crane/")
    return [i.url for each in page.link_lists if each.kind is LinkListKind.ADJACENT for i in each.items]


@pytest.mark.parametrize("name", ["post-navigation d-flex", "article-nav", "entry-pagination"])
def test_a_box_that_is_called_the_posts_navigation_holds_the_neighbours(name: str) -> None:
    found = adjacent("", f'<div class="{name}">{LINKS}</div>')

    assert found == [f"https://example.com/posts/{slug}/" for slug in SLUGS]


@pytest.mark.parametrize("name", ["post-navigation", "nav-entry"])
def test_a_menu_above_the_text_holds_none(name: str) -> None:
    assert adjacent(f'<div class="{name}">{LINKS}</div>', "") == []


def test_neighbours_told_by_a_word_inside_their_links_leave_the_list_they_stand_in() -> None:
    words = ("上一篇", "下一篇", "2026-03-01")
    links = "".join(
        f'<li><a href="/posts/{slug}/"><em>{word}</em><b>{slug.replace("-", " ").title()}</b></a></li>'
        for word, slug in zip(words, (*SLUGS, "lock-keepers-count-the-barges-again"), strict=True)
    )

    assert adjacent("", f"<div><h3>相关文章</h3><ul>{links}</ul></div>") == [
        f"https://example.com/posts/{slug}/" for slug in SLUGS
    ]


@pytest.mark.parametrize("heading", ["随便看看", "Tea time"])
def test_a_list_below_the_link_to_the_next_article_is_no_neighbour(heading: str) -> None:
    link = '<p>上一篇：没有了</p><p>下一篇：<a href="/posts/lock-keepers-count-the-barges/">Lock keepers count</a></p>'
    found = adjacent("", f"<div>{link}</div><div><h2>{heading}</h2>{LINKS}</div>")

    assert found == ["https://example.com/posts/lock-keepers-count-the-barges/"]


def test_a_line_that_says_there_is_no_next_article_heads_no_link() -> None:
    link = '<a href="/posts/say-what-you-think-of-it/">Say what you think of it</a>'

    assert adjacent("", f"<h4>下一篇：没有了</h4><p>{link}</p>") == []


@pytest.mark.parametrize(
    ("name", "is_neighbour"),
    [
        pytest.param("show-1012-1.html", True, id="the-article-has-the-first-number"),
        pytest.param("show-1011-2.html", False, id="the-next-page-of-this-article"),
    ],
)
def test_of_two_numbers_in_an_address_the_last_is_that_of_the_page(name: str, is_neighbour: bool) -> None:
    link = f'<p>下一篇：<a href="/{name}">渡轮恢复了岛屿之间的航线</a></p>'
    html = f"<body><article><h1>Port buys a second crane</h1>{TEXT * 6}</article>{link}</body>"

    page = extract_page(html, url="https://example.com/show-1011-1.html")

    assert [each.kind for each in page.link_lists] == [LinkListKind.ADJACENT] * is_neighbour


def test_brackets_around_the_words_for_both_directions_are_no_part_of_them() -> None:
    pair = "".join(
        f'<a href="/posts/{slug}/">[{word}]</a> ' for word, slug in zip(("上一篇", "下一篇"), SLUGS, strict=True)
    )

    assert adjacent("", f'<p><a href="https://mail.example.org/">Write to us</a> {pair}</p>') == [
        f"https://example.com/posts/{slug}/" for slug in SLUGS
    ]
