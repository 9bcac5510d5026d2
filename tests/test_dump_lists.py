"""The lists of a plain-text dump: related articles and tags, in whichever form they stand."""

from datetime import datetime

import pytest

from crawler.extractors.dump.extract import extract_dump
from crawler.samplesite import SampleSite
from crawler.site import GENERIC, Site
from models.items import LinkListKind, Page, TagListKind

SITE = SampleSite()
BODY = SITE.truth()[f"{SITE.base_url}/dianshang/8811.shtml"].articles[0].article_body


def read(text: str, *, site: Site = GENERIC, now: datetime | None = None) -> Page:
    return extract_dump(text, url="http://sample.example/1.shtml", site=site, now=now)


LISTS: list[tuple[str, list[str], list[tuple[str | None, ...]]]] = [
    ("bare-headlines", ["相关阅读", "甲的故事", "乙的故事"], [("甲的故事",), ("乙的故事",)]),
    ("ranks", ["热门文章", "1. 甲的故事", "2. 乙的故事"], [("甲的故事",), ("乙的故事",)]),
    ("number-of-its-own", ["最新文章", "618 之后的仓库", "12 个误区"], [("618 之后的仓库",), ("12 个误区",)]),
    ("time-beside", ["最新文章", "甲的故事 2026-05-01", "(2026-05-02) 乙的故事"], [("甲的故事",), ("乙的故事",)]),
    ("time-first", ["相关文章", "2026-05-01", "甲的故事", "2026-05-02", "乙的故事"], [("甲的故事",), ("乙的故事",)]),
    (
        "reads",
        ["相关文章", "甲的故事", "阅读(123)", "2026-05-01", "乙的故事", "2026-05-02"],
        [("甲的故事",), ("乙的故事",)],
    ),
    ("dash-and-headline", ["相关文章", "- 甲的故事", "- 乙的故事"], [("甲的故事",), ("乙的故事",)]),
    (
        "no-times",
        ["相关文章", "-", "甲的故事", "甲的简介", "-", "乙的故事", "乙的简介"],
        [("甲的故事",), ("乙的故事",)],
    ),
]


@pytest.mark.parametrize(("lines", "headlines"), [pytest.param(*one[1:], id=one[0]) for one in LISTS])
def test_a_list_is_read_in_whichever_form_it_stands(lines: list[str], headlines: list[tuple[str | None, ...]]) -> None:
    found = read(f"{BODY}\n" + "\n".join(lines))

    assert [(item.headline,) for one in found.link_lists for item in one.items] == headlines
    assert found.articles[0].article_body == BODY


def test_lists_before_the_body_leave_it_whole() -> None:
    found = read("相关文章\n-\n甲的故事\n2026-05-01\n-\n乙的故事\n2026-05-02\n" + BODY)

    assert found.articles[0].article_body == BODY
    assert len(found.link_lists[0].items) == 2


def test_previous_and_next_are_one_list() -> None:
    found = read(f"{BODY}\n上一篇：甲的故事\n下一篇：乙的故事")

    [adjacent] = found.link_lists
    assert adjacent.kind is LinkListKind.ADJACENT
    assert [item.headline for item in adjacent.items] == ["甲的故事", "乙的故事"]


@pytest.mark.parametrize(
    ("lines", "kind", "names"),
    [
        pytest.param("标签:退货险 服装", TagListKind.ARTICLE, ["退货险", "服装"], id="one-line"),
        pytest.param("关键词：退货险、服装", TagListKind.ARTICLE, ["退货险", "服装"], id="comma"),
        pytest.param("热门标签\n电商\n跨境支付\n直播", TagListKind.HOT, ["电商", "跨境支付", "直播"], id="a-line-each"),
        pytest.param(
            "热门标签\n电商 跨境支付\n直播 网红", TagListKind.HOT, ["电商", "跨境支付", "直播", "网红"], id="rows"
        ),
    ],
)
def test_tags_are_read_in_whichever_form_they_stand(lines: str, kind: TagListKind, names: list[str]) -> None:
    found = read(f"{BODY}\n{lines}")

    [tags] = found.tag_lists
    assert (tags.kind, [tag.name for tag in tags.items]) == (kind, names)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        pytest.param("相關文章", LinkListKind.RELATED, id="traditional"),
        pytest.param("関連記事", LinkListKind.RELATED, id="japanese"),
        pytest.param("Related articles", LinkListKind.RELATED, id="english"),
        pytest.param("You may also like", LinkListKind.RELATED, id="phrase"),
        pytest.param("Most read", LinkListKind.POPULAR, id="popular"),
        pytest.param("最新文章", LinkListKind.LATEST, id="latest"),
    ],
)
def test_a_heading_names_the_kind_of_its_list(heading: str, kind: LinkListKind) -> None:
    found = read(f"{BODY}\n{heading}\n-\n甲的故事\n2026-05-01 10:00\n-\n乙的故事\n2026-05-02 10:00")

    [found_list] = found.link_lists
    assert (found_list.kind, found_list.heading, len(found_list.items)) == (kind, heading, 2)


def test_a_list_inside_the_body_leaves_both_halves() -> None:
    first, *rest = BODY.split("\n")

    found = read(
        "\n".join([first, "相关阅读", "-", "甲的故事", "2026-05-01 10:00", "-", "乙的故事", "2026-05-02", *rest])
    )

    assert found.articles[0].article_body == BODY
    assert len(found.link_lists[0].items) == 2


def test_a_sub_heading_with_a_list_word_is_no_list() -> None:
    lines = BODY.split("\n")
    text = "\n".join([*lines[:2], "热门品类怎么选", *lines[2:]])

    found = read(text)

    assert (found.link_lists, found.tag_lists) == ((), ())
    assert found.articles[0].article_body == text
