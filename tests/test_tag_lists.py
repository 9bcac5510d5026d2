from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.document import Document
from crawler.errors import LayoutChanged
from crawler.extractors.lists.tag_lists import extract_tag_lists
from crawler.extractors.tree.outline import outline_of
from crawler.site import GENERIC, Site, TagListHint
from models.items import Origin, TagList, TagListKind

URL = "https://news.example.com/2026/03/12/port-buys-a-second-crane.html"
PARAGRAPH = (
    "<p>The port has bought a second crane, which is to stand beside the first one from the autumn of next year on.</p>"
)


def page(after: str = "", *, above: str = "", below: str = "") -> str:
    menu = "".join(f'<li><a href="/{name}/">{name.title()}</a></li>' for name in ("ports", "ships", "people"))
    body = f"<h1>Port buys a second crane</h1>{above}{PARAGRAPH * 4}{after}"
    return f"<html><body><nav><ul>{menu}</ul></nav><main><article>{body}</article>{below}</main></body></html>"


def tag_lists(html: str, *, site: Site = GENERIC) -> tuple[TagList, ...]:
    document = Document.parse(html, url=URL)
    outline = outline_of(document)
    body = {block.number for block in outline.blocks if block.text.startswith("The port has bought")}
    return extract_tag_lists(document, outline, body, site=site, now=datetime(2026, 3, 13, tzinfo=UTC)).lists


def names(html: str) -> list[str]:
    return [item.name for each in tag_lists(html) if each.kind is TagListKind.ARTICLE for item in each.items]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param('<a href="/x/cranes" rel="tag">Cranes</a> <a href="/x/ports" rel="tag">Ports</a>', id="rel"),
        pytest.param('<p>Tags: <a href="/x/1">Cranes</a>, <a href="/x/2">Ports</a></p>', id="lead-in"),
        pytest.param(
            '<h4>Schlagwörter</h4><ul><li><a href="/x/1">Cranes</a><li><a href="/x/2">Ports</a></ul>', id="heading"
        ),
        pytest.param('<ul class="tags"><li><a href="/tag/1">Cranes</a><li><a href="/tag/2">Ports</a></ul>', id="class"),
        pytest.param('<div class="post-tags"><a href="/t/1"># Cranes</a><a href="/t/2"># Ports</a></div>', id="hash"),
        pytest.param("<p>关键词：Cranes、Ports</p>", id="without-links"),
        pytest.param(
            '<p>Tags: <a href="/x/1">Cranes (3)</a> <a href="/x/2">Ports (12)</a></p>',
            id="counts-in-brackets",
        ),
        pytest.param(
            '<div><a href="/topic/1">More on: Cranes</a></div><div><a href="/topic/2">More on: Ports</a></div>',
            id="lead-in-inside-the-link",
        ),
    ],
)
def test_tags_are_found_by_relation_words_and_class(row: str) -> None:
    assert names(page(f"<div>{row}</div>")) == ["Cranes", "Ports"]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("", id="none"),
        pytest.param(
            '<p>The <a href="/tag/cranes">crane</a> is taller than the first one, and slower to swing.</p>',
            id="in-sentence",
        ),
        pytest.param('<ul class="breadcrumb"><li><a href="/tag/ports/">Ports</a></ul>', id="breadcrumb"),
        pytest.param('<div class="share"><a href="https://social.example/?q=1">Share</a></div>', id="share"),
        pytest.param('<p class="tag-bar"><a href="/">Home</a> <a href="/p/">Ports</a></p>', id="trail-from-home"),
        pytest.param(
            '<p>3 May in <a href="/kat/ports/" rel="category tag">Ports</a></p>', id="section-of-an-info-line"
        ),
        pytest.param(
            '<h4>Tags</h4><ul></ul><div><h4><a href="/ports">Ports</a></h4></div>', id="heading-below-an-empty-row"
        ),
        pytest.param('<p>By <a href="/author/wang" rel="author">Wang Fang</a></p>', id="author"),
    ],
)
def test_other_links_beside_the_article_are_no_tags(row: str) -> None:
    assert tag_lists(page(row)) == ()


@pytest.mark.parametrize("count", ["<sup>7</sup>", "<span class='n'>12</span>", "<i>(3)</i>"])
def test_how_many_articles_have_a_tag_is_no_part_of_its_name(count: str) -> None:
    row = f'<a href="/tags/1">Cranes{count}</a> <a href="/tags/2">Ports{count}</a>'

    assert names(page(f"<div class='tags'>{row}</div>")) == ["Cranes", "Ports"]


def test_number_that_one_tag_of_several_ends_with_is_its_name() -> None:
    row = '<a href="/tags/1">Panamax <b>2</b></a> <a href="/tags/2">Ports</a>'

    assert names(page(f"<div class='tags'>{row}</div>")) == ["Panamax 2", "Ports"]


def test_tags_above_and_below_the_text_are_one_list() -> None:
    above = '<div class="tags"><a href="/tags/1">Cranes</a> <a href="/tags/2">Ports</a></div>'

    assert names(page(above.replace(">Cr", ">#Cr").replace(">Po", ">#Po"), above=above)) == ["Cranes", "Ports"]


def test_tags_that_more_speaks_for_are_surer() -> None:
    (classed,) = tag_lists(page('<ul class="tags"><li><a href="/t/1">Cranes</a><li><a href="/t/2">Ports</a></ul>'))
    (headed,) = tag_lists(page('<p class="tags">Tags: <a href="/tag/1" rel="tag">Cranes</a></p>'))

    assert 0.5 < (classed.confidence or 0) < (headed.confidence or 0) < 1


def test_a_menu_of_topics_is_no_tag_list() -> None:
    links = '<li><a href="/topic/1">Cranes</a><li><a href="/topic/2">Ports</a>'

    assert tag_lists(f'<nav class="topics-menu"><h3>Topics</h3><ul>{links}</ul></nav>{page()}') == ()


def test_a_single_category_beside_tags_is_the_section() -> None:
    rows = (
        '<p class="meta">Posted in <a href="/category/ports/" rel="category tag">Ports</a></p>',
        '<p>Tags: <a href="/tag/cranes/" rel="tag">Cranes</a> <a href="/tag/steel/" rel="tag">Steel</a></p>',
    )

    assert names(page(rows[1], above=rows[0])) == ["Cranes", "Steel"]


def test_a_headed_category_behind_the_body_is_a_tag() -> None:
    rows = (
        '<p>Categorized: <a href="/category/ports/" rel="category tag">Ports</a></p>'
        '<p>Tagged: <a href="/tag/cranes/" rel="tag">Cranes</a> <a href="/tag/steel/" rel="tag">Steel</a></p>'
    )

    assert names(page(rows)) == ["Ports", "Cranes", "Steel"]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            '<p>Posted in <a href="/category/ports/" rel="category tag">Ports</a> and tagged '
            '<a href="/tag/cranes/" rel="tag">Cranes</a>, <a href="/tag/steel/" rel="tag">Steel</a></p>',
            id="sentence",
        ),
        pytest.param(
            '<p><span>Categorised as <a href="/category/ports/" rel="category tag">Ports</a>, '
            '<a href="/category/trade/" rel="category tag">Trade</a></span> <span>Tagged '
            '<a href="/tag/cranes/" rel="tag">Cranes</a>, <a href="/tag/steel/" rel="tag">Steel</a></span></p>',
            id="two-phrases",
        ),
    ],
)
def test_a_line_that_tells_section_and_tags_gives_the_tags(row: str) -> None:
    assert names(page(row)) == ["Cranes", "Steel"]


def test_how_many_tags_a_site_has_heads_no_list() -> None:
    months = "".join(f'<li><a href="/archives/date/2026/0{n}">2026-0{n}</a>' for n in range(1, 6))
    side = f"<aside><p>60 posts</p><p>45 tags</p><h2>Archives</h2><ul>{months}</ul></aside>"

    assert names(page(below=side)) == []


def test_keywords_linked_in_the_running_text_are_no_tags() -> None:
    text = "".join(
        f'<p>今日の<a class="tag-link" href="/tags/{n}">港湾{n}</a>では新しい設備の運用が始まりました。</p>'
        for n in range(4)
    )
    document = Document.parse(page(text), url=URL)
    outline = outline_of(document)
    body = {block.number for block in outline.blocks if block.tag == "p"}

    assert extract_tag_lists(document, outline, body).lists == ()


def test_plain_chinese_labels_are_parted_by_spaces() -> None:
    assert names(page("<p>关键字：港口 吊车 船厂</p>")) == ["港口", "吊车", "船厂"]


@pytest.mark.parametrize(
    ("keywords", "kind"), [("港口,吊车,船厂", TagListKind.ARTICLE), ("港口", TagListKind.HOT), ("", TagListKind.HOT)]
)
def test_hot_tags_are_the_articles_where_it_declares_them(keywords: str, kind: TagListKind) -> None:
    row = "<span>热门标签：</span>" + "".join(f'<a href="/tag/{n}">{n}</a> ' for n in ("港口", "吊车", "船厂"))
    html = page(f"<div>{row}</div>").replace(
        "<html>", f'<html><head><meta name="keywords" content="{keywords}"></head>'
    )

    assert [each.kind for each in tag_lists(html)] == [kind]


def test_case_and_repeated_names_are_kept_apart() -> None:
    html = page('<p>Tags: <a href="/tag/IT">IT</a>, <a href="/tag/it">it</a>, <a href="/tag/IT">IT</a></p>')

    assert names(html) == ["IT", "it"]


def test_a_cloud_beside_the_article_is_hot() -> None:
    cloud = "".join(f'<a href="/tag/{n}/">Tag {n}</a> ' for n in range(30))

    (found,) = tag_lists(page(below=f'<div class="widget"><h3>Tag cloud</h3><div class="tagcloud">{cloud}</div></div>'))

    assert (found.kind, found.heading, len(found.items)) == (TagListKind.HOT, "Tag cloud", 30)


def test_rows_of_hot_titles_are_tags_with_the_time_of_their_row() -> None:
    rows = "".join(
        f'<li><a href="/a/{n}1.html">港口买了第{n}台吊机</a> <a href="/a/{n}2.html">渡轮恢复第{n}条航线</a>'
        f"<p>2026-03-0{n} 19:20</p></li>"
        for n in (1, 2, 3)
    )

    (found,) = tag_lists(page(below=f"<div><h3>热门标签</h3><ul>{rows}</ul></div>"))

    assert (found.kind, len(found.items)) == (TagListKind.HOT, 6)
    assert [item.date_published and item.date_published.day for item in found.items] == [1, 1, 2, 2, 3, 3]


HINTED = replace(GENERIC, name="port", tag_lists=(TagListHint(kind="article", css=".labels"),))


def test_a_hint_replaces_the_generic_tags() -> None:
    html = page('<p>Tags: <a href="/tag/1">Cranes</a></p><div class="labels"><a href="/l/2">Steel</a></div>')

    (found,) = tag_lists(html, site=HINTED)

    assert ([item.name for item in found.items], found.origin) == (["Steel"], Origin.HINT)


def test_a_hint_that_fits_nothing_says_so() -> None:
    with pytest.raises(LayoutChanged, match=r"\.labels"):
        tag_lists(page(), site=HINTED)


def test_a_sentence_with_a_word_of_headings_heads_no_tags() -> None:
    steps = "<ol><li>先看最近十五天的客单价，再决定是否补货</li><li>打开退货率预警</li></ol>"
    labels = "税务 选品 售后 物流 直播 品牌 海外仓 广告".split()
    tags = "".join(f'<a href="/tags/{place}/">{label}</a>' for place, label in enumerate(labels))

    found = tag_lists(page(f'{steps}<div class="post-tags">{tags}</div>'))

    assert [(each.heading, [item.name for item in each.items]) for each in found] == [(None, labels)]
