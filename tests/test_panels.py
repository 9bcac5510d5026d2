"""The three panels: complete, within the terminal's width, and harmless."""

import unicodedata
from datetime import UTC, datetime

import pytest
from rich.console import Console

from crawler.panels import ThreePanels
from models.items import (
    Article,
    Block,
    BlockType,
    LinkItem,
    LinkList,
    LinkListKind,
    Page,
    TagItem,
    TagList,
    TagListKind,
)

PAGE = Page(
    url="https://example.test/a",
    articles=(
        Article(
            headline="港口的自动化改造进入第二年",
            authors=("王芳", "李明"),
            source="港口周刊",
            date_published=datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
            blocks=(
                Block(type=BlockType.PARAGRAPH, text="岸桥的远程操作已经覆盖七个泊位。" * 12),
                Block(type=BlockType.HEADING, level=2, text="Costs"),
                Block(type=BlockType.LIST_ITEM, level=2, text="cranes"),
                Block(type=BlockType.IMAGE, text="quay", url="https://example.test/quay.jpg"),
            ),
        ),
    ),
    link_lists=(
        LinkList(
            kind=LinkListKind.RELATED,
            heading="相关文章",
            items=tuple(
                LinkItem(url=f"https://example.test/{number}", headline=f"文章{number}", description="摘要" * 50)
                for number in range(1, 13)
            ),
        ),
    ),
    tag_lists=(TagList(kind=TagListKind.HOT, heading="热门标签", items=(TagItem(name="航运"), TagItem(name="IT"))),),
)


def shown(page: Page, *, width: int = 80, blocks: int | None = None, items: int | None = None) -> str:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(ThreePanels(page, blocks=blocks, items=items))
    return capture.get()


def cells(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def test_panels_name_kind_and_heading_of_each_list() -> None:
    text = shown(PAGE)

    assert "相关文章  related, 12" in text
    assert "热门标签  hot, 2" in text
    assert "2026-03-01T08:30+00:00" in text
    assert "港口周刊" in text
    assert "h2" in text


@pytest.mark.parametrize("width", [60, 80, 100, 130, 200])
def test_every_line_is_as_wide_as_the_terminal_or_less(width: int) -> None:
    lines = shown(PAGE, width=width).splitlines()

    assert max(map(cells, lines)) <= width


def test_wide_terminal_shows_the_panels_side_by_side() -> None:
    first_line = shown(PAGE, width=140).splitlines()[0]

    assert all(title in first_line for title in ("Body", "Related lists", "Tag lists"))


def test_what_a_limit_leaves_out_is_counted() -> None:
    text = shown(PAGE, blocks=1, items=10)

    assert "… 3 more blocks" in text
    assert "… 2 more items" in text
    assert "文章11" not in text


def test_second_article_of_a_page_is_shown_too() -> None:
    page = Page(url=None, articles=(Article(headline="One"), Article(position=1, headline="Two")))

    text = shown(page)

    assert "Body, article 1 of 2" in text
    assert "Body, article 2 of 2" in text


def test_empty_page_says_so_in_each_panel() -> None:
    text = shown(Page(url=None))

    assert "no article on this page" in text
    assert text.count("none on this page") == 2


def test_text_of_the_page_cannot_steer_the_terminal() -> None:
    evil = "\x1b]0;owned\x07"
    page = Page(
        url=None,
        articles=(Article(headline=evil, authors=(evil,), blocks=(Block(type=BlockType.CODE, text=evil, url=evil),)),),
        link_lists=(
            LinkList(
                kind=LinkListKind.RELATED,
                heading=evil,
                items=(LinkItem(url=evil, headline=evil, date_text=evil, description=evil),),
            ),
        ),
        tag_lists=(TagList(kind=TagListKind.HOT, heading=evil, items=(TagItem(name=evil),)),),
    )

    assert "\x1b" not in shown(page)
