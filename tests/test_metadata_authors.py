"""Who wrote a page, and where it was taken from: declared, marked, printed."""

from collections.abc import Callable

import pytest

from crawler.extractors.metadata import Metadata

ReadMetadata = Callable[..., Metadata]
TEXT = "<p>" + "The harbour opened its gates again this week, and ships that had waited came in at last. " * 4 + "</p>"
HAN = "<p>" + "港口本周重新开放，等候多日的船只终于进港，商家说库存会在月底前恢复到往年的水平。" * 4 + "</p>"


def json_ld(members: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {members}}}</script>'


@pytest.mark.parametrize(
    ("head", "above", "below", "authors"),
    [
        pytest.param("", "<h1>Ports</h1>", "<p>Author</p><p>Jo Q. Roe</p>", ("Jo Q. Roe",), id="label-over-a-name"),
        pytest.param("", "<h1>Ports</h1>", "<p>Authors</p><p>Find Jobs</p>", (), id="menu-that-leads-to-authors"),
        pytest.param(
            "",
            "<h1>Ports</h1><p>Dec 26, 2025 • Qamar Roe in <a href='/ports'>Ports</a></p>",
            "",
            ("Qamar Roe",),
            id="name-beside-a-date-and-a-linked-section",
        ),
        pytest.param(json_ld('"author": {"name": "Jane Roe"}'), "<h1>Ports</h1>", "", ("Jane Roe",), id="json-ld"),
        pytest.param(
            '<meta name="author" content="Jane Roe, John Doe">',
            "<h1>Ports</h1>",
            "",
            ("Jane Roe", "John Doe"),
            id="meta",
        ),
        pytest.param("", "<h1>Ports</h1><p>By Jane Roe and John Doe</p>", "", ("Jane Roe", "John Doe"), id="line"),
        pytest.param("", "<h1>Ports</h1><p>By</p><p>Jane Roe</p>", "", ("Jane Roe",), id="label-above-the-name"),
        pytest.param(
            "", "<h1>Ports</h1><p>By<a href='/x'>Jane Roe</a></p>", "", ("Jane Roe",), id="glued-to-its-label"
        ),
        pytest.param("", "<h1>Ports</h1><a rel='author' href='/x'>Jane Roe</a>", "", ("Jane Roe",), id="rel-author"),
        pytest.param("", "<h1>Ports</h1><div class='author-name'>Jane Roe</div>", "", ("Jane Roe",), id="class"),
        pytest.param(
            "",
            "<h1>Ports</h1><p><a href='/author/jane'>Jane Roe</a><span>Senior Editor</span></p>",
            "",
            ("Jane Roe",),
            id="role-left-out",
        ),
        pytest.param("", "<h1>Ports</h1><p>Jane Roe | March 13, 2024</p>", "", ("Jane Roe",), id="name-alone"),
        pytest.param("", "<h1>Ports</h1>", "<div><h4>Written by Jane Roe</h4></div>", ("Jane Roe",), id="box-below"),
        pytest.param(
            "",
            "<h1>Ports</h1><p>By <a>Jane Roe</a></p><p>Reviewed by <a class='author'>John Doe</a></p>",
            "",
            ("Jane Roe",),
            id="not-the-reviewer",
        ),
        pytest.param(
            "", "<h1>Ports</h1>", "<p>Jane Roe is a reporter who writes about ports.</p>", ("Jane Roe",), id="biography"
        ),
        pytest.param("<title>Ports - Jane Roe</title>", "<h1>Ports</h1>", "", ("Jane Roe",), id="owner-of-the-site"),
        pytest.param("<title>Ports - Home Loans</title>", "<h1>Ports</h1><p>Key Insights</p>", "", (), id="no-name"),
        pytest.param('<meta name="author" content="admin">', "<h1>Ports</h1>", "", (), id="admin"),
        pytest.param(
            '<meta name="author" content="webmaster"><meta name="author" content="Jane Roe">',
            "<h1>Ports</h1>",
            "",
            ("Jane Roe",),
            id="one-of-two",
        ),
        pytest.param(
            json_ld('"author": "Example Media"') + '<meta property="og:site_name" content="Example Media">',
            "<h1>Ports</h1><p>By Jane Roe</p>",
            "",
            ("Jane Roe",),
            id="person-over-site",
        ),
        pytest.param(
            "",
            "<h1>Ports</h1>",
            "<ol class='comment-list'><li><b class='author'>Jane Roe</b> says: Thanks.</ol>",
            (),
            id="writer-of-a-comment",
        ),
        pytest.param(
            "",
            "<h1>Ports</h1>",
            "<p class='comments-link'><a href='#c'>No comments</a></p><p>作者： Kim Roe</p>",
            ("Kim Roe",),
            id="box-labelled-in-the-language-of-the-frame",
        ),
        pytest.param("", "<h1>Ports</h1><span class='byline'> 由 <a href='/x'>王婧</a></span>", "", ("王婧",), id="由"),
    ],
)
def test_authors(read_metadata: ReadMetadata, head: str, above: str, below: str, authors: tuple[str, ...]) -> None:
    assert read_metadata(head, above, below).authors == authors


@pytest.mark.parametrize(
    ("above", "text", "authors", "source"),
    [
        ("<h1>港口重新开放</h1><p>2024-03-13 19:21 来源：某商报 作者：王小明</p>", HAN, ("王小明",), "某商报"),
        ("<h1>港口重新开放</h1><p>2024-03-13 某商网</p>", HAN, (), "某商网"),
        ("<h1>港口重新开放</h1><p>责任编辑：王小明</p>", HAN, ("王小明",), None),
        ("<h1>港口重新开放</h1><p>作者：李明华 责任编辑：王小明</p>", HAN, ("李明华",), None),
        ("<h1>港口重新开放</h1><p>作者：李明华，如若转载，请注明出处</p>", HAN, ("李明华",), None),
        ("<h1>港口重新开放</h1><p>2024-3-13 | 原作者: 李明华|来自: 某商报</p>", HAN, ("李明华",), "某商报"),
        ("<h1>港口重新开放</h1><p><a href='/author-1.html'>李明华</a></p>", HAN, ("李明华",), None),
        ("<h1>港口重新开放</h1><p>王小明</p>", HAN, ("王小明",), None),
        ("<h1>港口重新开放</h1><p>广告</p>", HAN, (), None),
        (
            "<h1>港口重新开放</h1><p><b>王小明</b><b>某某笔记</b><i>2024年3月13日 19:21</i></p>",
            HAN,
            ("王小明",),
            "某某笔记",
        ),
        ("<h1>港口重新开放</h1><p><b>王小明</b><b>2024-03-13 19:21</b><b>阅读 1.2万</b></p>", HAN, ("王小明",), None),
        ("<h1>港口重新开放</h1><p><b>某某笔谈</b><b>2024-03-13</b><b>1203次浏览</b></p>", HAN, ("某某笔谈",), None),
        ("<h1>港口重新开放</h1><p><b>公開日</b><b>更新日</b><i>2024年3月13日</i></p>", HAN, (), None),
    ],
)
def test_chinese_bylines(
    read_metadata: ReadMetadata, above: str, text: str, authors: tuple[str, ...], source: str | None
) -> None:
    found = read_metadata("", above, text=text)

    assert (found.authors, found.source) == (authors, source)


def test_the_name_over_a_line_about_its_bearer_ends_with_its_line(read_metadata: ReadMetadata) -> None:
    box = "<p>标签：港口</p><div class='article-author'><h4>陈思远</h4><span>关注外贸</span></div>"

    assert read_metadata("", "<h1>港口重新开放</h1>", box, text=HAN).authors == ("陈思远",)


def test_the_beginning_of_another_article_below_names_no_author(read_metadata: ReadMetadata) -> None:
    teaser = "（记者陈思远）" + "港口本周一重新开放，等候的船只终于进港，商家说运价和仓租也会回落三成。" * 2
    above = "<h1>港口重新开放</h1><p><a href='/author/1'>李明华</a></p>"
    card = f"<ul class='related'><li><a href='/a'>港口重新开放之后</a><p>{teaser}</p></li></ul>"

    assert read_metadata("", above, f"<h3>相关文章</h3>{card}", text=HAN).authors == ("李明华",)


def test_a_paragraph_that_begins_with_its_byline_is_no_line_of_facts(read_metadata: ReadMetadata) -> None:
    first = "（记者陈思远）港口本周重新开放，等候多日的船只进港。"

    found = read_metadata("", f"<h1>港口重新开放</h1><p>作者：陈思远</p><p>{first}</p>", text=HAN)

    assert found.authors == ("陈思远",)
    assert len(found.blocks) == 2


FAR = "<nav>" + "".join(f"<p>Menu {n}</p>" for n in range(20)) + "</nav>"


@pytest.mark.parametrize(
    ("column", "authors"),
    [
        pytest.param("<div class='post-authors'><b>Jane Roe</b> 编辑</div>", ("Jane Roe",), id="in-a-column-far-above"),
        pytest.param("<p class='author'>Jane Roe</p><p class='author'>Ann Poe</p>", (), id="of-several-articles"),
        pytest.param("<p class='author'>Ports and more</p>", (), id="no-name"),
    ],
)
def test_the_only_name_that_is_marked_as_authors(
    read_metadata: ReadMetadata, column: str, authors: tuple[str, ...]
) -> None:
    assert read_metadata("", f"{column}{FAR}<h1>Ports</h1>").authors == authors
