"""Plain-text dumps: the visible text of a page, one line a block."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.dump.extract import extract_dump, is_dump
from crawler.samplesite import SampleSite
from crawler.samplesite.texts import read_promotions
from crawler.site import GENERIC, Site
from models.items import BlockType, LinkList, LinkListKind, OutlinkKind, Page, PageKind, TagList

SITE = SampleSite()
TRUTH = SITE.truth()
JOINED = [page for page in TRUTH.values() if len(page.articles) == 2]
CHINA = timezone(timedelta(hours=8))
PROMOTIONS = read_promotions()

TimeStyle = Callable[[datetime], str]
TIMES: dict[str, TimeStyle] = {
    "iso": lambda moment: f"{moment:%Y-%m-%d %H:%M}",
    "slashes": lambda moment: f"{moment:%Y/%m/%d %H:%M}",
    "chinese": lambda moment: f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}",
    "full-width": lambda moment: f"{moment:%Y-%m-%d %H:%M}".translate({48 + n: 0xFF10 + n for n in range(10)}),
    "brackets": lambda moment: f"[{moment:%Y-%m-%d %H:%M}]",
    "labelled": lambda moment: f"发布时间：{moment:%Y-%m-%d %H:%M:%S}",
}


def read(text: str, *, site: Site = GENERIC, now: datetime | None = None) -> Page:
    return extract_dump(text, url="http://sample.example/1.shtml", site=site, now=now)


def paragraphs(page: Page, position: int) -> list[str]:
    return page.articles[position].article_body.split("\n")


def body_lines(page: Page) -> list[str]:
    """Both articles, byline and promotion between, a broken URL at the end; no headline of the first."""
    first, second = page.articles
    byline = f"(文/{''.join(first.authors)} 来源:{first.source})"
    promotion = [
        line.label + line.glue + "".join(SITE.base_url + path for path in line.paths) for line in PROMOTIONS.lines
    ]
    one, two = first.article_body.split("\n"), second.article_body.split("\n")
    return [
        *one[:-1],
        one[-1] + byline,
        PROMOTIONS.paragraph,
        *promotion,
        second.headline or "",
        *two[:-1],
        two[-1] + PROMOTIONS.broken_url,
    ]


def related_lines(related: LinkList, heading: str, *, show: TimeStyle, dash: str) -> list[str]:
    """A dash of "line" opens each entry, of "end" stands at the end of the line before it."""
    lines = [heading, *(["-"] if dash != "none" else [])]
    for item in related.items:
        moment = show(item.date_published) if item.date_published else ""
        lines += [item.headline or "", item.description or ""]
        lines += {"line": [moment, "-"], "end": [f"{moment} -"], "none": [moment]}[dash]
    return lines


def hot_lines(hot: TagList, heading: str, *, show: TimeStyle, dash: str) -> list[str]:
    lines = [heading]
    for first, second in zip(hot.items[::2], hot.items[1::2], strict=True):
        moment = show(first.date_published) if first.date_published else ""
        lines += [*(["-"] if dash != "none" else []), f"{first.name} {second.name}", moment]
    return lines


@given(
    page=st.sampled_from(JOINED),
    show=st.sampled_from(sorted(TIMES)),
    dash=st.sampled_from(["line", "end", "none"]),
    heading=st.sampled_from(["相关文章", "相关阅读", "推荐阅读：", "【相关文章】"]),
    hot_heading=st.sampled_from(["热门标签", "标签云", "热门标签:"]),
    order=st.permutations(["related", "hot"]),
    left_out=st.sampled_from([None, "related", "hot"]),
)
def test_a_page_of_the_seeds_kind_is_read_back_from_any_dump_of_it(
    *, page: Page, show: str, dash: str, heading: str, hot_heading: str, order: Sequence[str], left_out: str | None
) -> None:
    related, hot = page.link_lists[1], page.tag_lists[0]
    parts = {
        "related": related_lines(related, heading, show=TIMES[show], dash=dash),
        "hot": hot_lines(hot, hot_heading, show=TIMES[show], dash=dash),
    }
    lines = [*body_lines(page), *(line for name in order if name != left_out for line in parts[name])]

    found = read("\n".join(lines))

    assert [article.article_body for article in found.articles] == [a.article_body for a in page.articles]
    assert [article.headline for article in found.articles] == [None, page.articles[1].headline]
    assert (found.articles[0].authors, found.articles[0].source) == (page.articles[0].authors, page.articles[0].source)
    assert found.link_lists[0].items == page.link_lists[0].items
    shown = [one for one in found.link_lists if one.kind is LinkListKind.RELATED]
    assert [[(item.headline, item.description, item.date_published) for item in one.items] for one in shown] == (
        [[(item.headline, item.description, item.date_published) for item in related.items]] * (left_out != "related")
    )
    assert [one.items for one in found.tag_lists] == (
        [tuple(replace(item, url=None) for item in hot.items)] * (left_out != "hot")
    )
    assert [link.url for link in found.outlinks if link.kind is OutlinkKind.BROKEN] == [PROMOTIONS.broken_url]
    assert PROMOTIONS.broken_url not in found.articles[1].article_body


STORY = TRUTH[f"{SITE.base_url}/dianshang/8811.shtml"].articles[0]
BODY = STORY.article_body


def test_the_first_line_is_the_headline_where_it_looks_like_one() -> None:
    found = read(f"{STORY.headline}\n2026-07-21 11:20 来源:消费者手记 作者:范知秋\n{BODY}")

    article = found.articles[0]
    assert article.headline == STORY.headline
    assert article.article_body == BODY
    assert (article.authors, article.source) == (("范知秋",), "消费者手记")
    assert article.date_published == STORY.date_published
    assert article.date_text == "2026-07-21 11:20"


def test_short_lines_without_an_end_are_headings() -> None:
    blocks = read(f"{STORY.headline}\n{BODY}").articles[0].blocks

    assert [block.text for block in blocks if block.type is BlockType.HEADING] == ["两块六分给谁"]


def test_a_chinese_dump_without_a_zone_is_read_in_shanghai_and_says_so() -> None:
    found = read(f"{STORY.headline}\n2026-07-21 11:20\n{BODY}")

    assert found.articles[0].date_published == datetime(2026, 7, 21, 11, 20, tzinfo=CHINA)
    assert "Asia/Shanghai" in (found.kind_reason or "")


def test_the_sites_zone_stands_before_the_languages() -> None:
    site = Site(name="taipei", timezone="Asia/Tokyo")

    found = read(f"{STORY.headline}\n2026-07-21 11:20\n{BODY}", site=site)

    assert found.articles[0].date_published == datetime(2026, 7, 21, 11, 20, tzinfo=timezone(timedelta(hours=9)))
    assert "Asia/Tokyo, by the site's hint" in (found.kind_reason or "")


def test_relative_times_count_from_the_fetch() -> None:
    now = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)

    found = read(f"{BODY}\n相关文章\n一条旧闻的标题\n3小时前\n另一条旧闻的标题\n2天前", now=now)

    [related] = found.link_lists
    assert [item.headline for item in related.items] == ["一条旧闻的标题", "另一条旧闻的标题"]
    assert related.items[0].date_published == now - timedelta(hours=3)


ENGLISH = TRUTH[f"{SITE.base_url}/news/2026/04/ferry-timetables-and-fresh-fish/"].articles[0]


def test_an_english_dump_is_read_too() -> None:
    text = "\n".join(
        [
            ENGLISH.headline or "",
            "By Idris Calloway and Helena Brandt",
            "1 April 2026, 06:30 GMT",
            ENGLISH.article_body,
            "Tags: Islands, Food, Marketplaces",
            "Related articles",
            "•",
            "The ledger in green ink",
            "2026-04-13 14:15",
            "•",
            "Why some pallets are blue",
            "2026-05-08 08:30",
            "Copyright 2026 Quay & Parcel",
        ]
    )

    found = read(text)

    article = found.articles[0]
    assert article.headline == ENGLISH.headline
    assert article.authors == ("Idris Calloway", "Helena Brandt")
    assert article.article_body == ENGLISH.article_body
    assert article.date_published == datetime(2026, 4, 1, 6, 30, tzinfo=UTC)
    assert [item.headline for item in found.link_lists[0].items] == [
        "The ledger in green ink",
        "Why some pallets are blue",
    ]
    assert [tag.name for tag in found.tag_lists[0].items] == ["Islands", "Food", "Marketplaces"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        pytest.param("甲\n乙", True, id="lines"),
        pytest.param("if a < b\nthen c > d", True, id="less-than"),
        pytest.param("<p>甲\n乙", False, id="html"),
        pytest.param('<?xml version="1.0"?>\n<rss>', False, id="feed"),
        pytest.param('{"a": 1,\n"b": 2}', False, id="json"),
        pytest.param("one line", False, id="one-line"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_dump_is_text_without_markup(text: str, answer: bool) -> None:
    assert is_dump(text) is answer


@given(st.text())
def test_any_text_gives_a_page(text: str) -> None:
    page = read(text)

    assert page.kind in (PageKind.ARTICLE, PageKind.OTHER)


@given(
    st.lists(st.sampled_from(["相关文章", "热门标签", "-", "2026-05-01 10:00", "甲的故事", BODY[:80], "标签:", "—"]))
)
def test_any_order_of_the_lines_of_a_list_gives_a_page(lines: list[str]) -> None:
    page = read("\n".join(lines))

    assert all(item.headline for one in page.link_lists for item in one.items)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        pytest.param("首页\n电商\n登录 注册\n", "", id="menu"),
        pytest.param("当前位置：首页 > 电商 > 正文\n", "", id="trail"),
        pytest.param("标题：", "", id="label"),
        pytest.param("", "\n责任编辑：小满\n分享到：", id="foot"),
        pytest.param("", "\nCopyright © 2026 海商观察网 版权所有", id="copyright"),
        pytest.param("\ufeff", "", id="byte-order-mark"),
    ],
)
def test_menu_and_foot_of_the_page_are_no_body(above: str, below: str) -> None:
    found = read(f"{above}{STORY.headline}\n2026-07-21 11:20\n{BODY}{below}")

    [article] = found.articles
    assert article.headline == STORY.headline
    assert article.article_body == BODY


def test_line_of_nothing_but_space_in_its_middle_is_read_in_no_time() -> None:
    line = f"Port{' ' * 100_000}opens"
    started = time.process_time()

    page = read(f"Port opens\n{line}\nThe port has opened its gates again.")

    assert time.process_time() - started < 5  # it took minutes
    assert page.articles == ()
