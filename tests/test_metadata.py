"""Metadata: each fact on pages of our own, and where sources disagree the one a reader would take."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.document import Document
from crawler.errors import LayoutChanged
from crawler.extractors.body import BodyFinder
from crawler.extractors.metadata import Metadata, extract_metadata
from crawler.extractors.outline import outline_of
from crawler.site import GENERIC, Site
from models.items import Origin

NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)
TEXT = "<p>" + "The harbour opened its gates again this week, and ships that had waited came in at last. " * 4 + "</p>"
HAN = "<p>" + "港口本周重新开放，等候多日的船只终于进港，商家说库存会在月底前恢复到往年的水平。" * 4 + "</p>"


def read(
    head: str = "",
    above: str = "<h1>Ports reopen after the storm</h1>",
    below: str = "",
    *,
    text: str = TEXT,
    url: str = "https://www.example.org/trade/ports",
    site: Site = GENERIC,
    now: datetime | None = NOW,
) -> Metadata:
    document = Document.parse(
        f"<html><head>{head}</head><body><article>{above}<div class='text'>{text * 3}</div>{below}</article></body>",
        url=url,
    )
    outline = outline_of(document)
    return extract_metadata(document, outline, BodyFinder(outline).find().numbers, site=site, now=now)


def json_ld(members: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {members}}}</script>'


@pytest.mark.parametrize(
    ("head", "above", "headline"),
    [
        pytest.param("<title>Storm | Example</title>", "<h1>Ports reopen</h1>", "Ports reopen", id="only-h1"),
        pytest.param("<title>Ports reopen | Example</title>", "", "Ports reopen", id="title-cut-at-the-site"),
        pytest.param("<title>Example: Ports reopen</title>", "", "Ports reopen", id="site-first"),
        pytest.param("<title>港口重新开放_某商报</title>", "", "港口重新开放", id="chinese-title"),
        pytest.param('<meta property="og:title" content="Ports reopen">', "", "Ports reopen", id="og"),
        pytest.param(json_ld('"headline": "Ports reopen"'), "", "Ports reopen", id="json-ld"),
        pytest.param(
            "<title>Ports reopen | Example</title>",
            '<h1><a href="/">Example</a></h1><h2>Ports reopen</h2>',
            "Ports reopen",
            id="h1-is-the-logo",
        ),
        pytest.param(
            "<title>Ports reopen | Harbour Blog</title>",
            "<h1>Harbour Blog</h1><h2>Ports reopen</h2>",
            "Ports reopen",
            id="h1-is-the-blogs-name",
        ),
        pytest.param(
            json_ld('"headline": "Ports reopen"'),
            "<h1><span>Trade</span> Ports reopen</h1>",
            "Ports reopen",
            id="kicker-inside-the-h1",
        ),
        pytest.param(
            "<title>Ports reopen</title>",
            "<h1>Top stories</h1><h1>Ports reopen</h1>",
            "Ports reopen",
            id="two-h1",
        ),
        pytest.param("", "", None, id="none"),
    ],
)
def test_headline(head: str, above: str, headline: str | None) -> None:
    assert read(head, above).headline == headline


@pytest.mark.parametrize(
    ("head", "above", "below", "expected"),
    [
        pytest.param(
            json_ld('"datePublished": "2024-03-13T19:21:05+08:00"'), "", "", "2024-03-13T19:21:05+08:00", id="json-ld"
        ),
        pytest.param(
            '<meta property="article:published_time" content="2024-03-13T11:21:05Z">',
            "",
            "",
            "2024-03-13T11:21:05+00:00",
            id="meta",
        ),
        pytest.param(
            "",
            "<h1>Ports</h1><time datetime='2024-03-13T19:21:05+08:00'>Wed</time>",
            "",
            "2024-03-13T19:21:05+08:00",
            id="time",
        ),
        pytest.param(
            "",
            "<h1>Ports</h1><abbr class='published' title='2024-03-13T19:21:05+08:00'>Wed 13 March 2024</abbr>",
            "",
            "2024-03-13T19:21:05+08:00",
            id="microformat-title",
        ),
        pytest.param(
            "",
            "<h1>Ports</h1><p>发布时间：2024-03-13 19:21</p>",
            "",
            "2024-03-13T19:21:00+08:00",
            id="text-in-the-sites-zone",
        ),
        pytest.param("", "<h1>Ports</h1><p>3小时前</p>", "", "2024-03-20T17:00:00+08:00", id="relative"),
        pytest.param(
            json_ld('"datePublished": "2024-03-13"'),
            "<h1>Ports</h1><p>13 March 2024, 19:21</p>",
            "",
            "2024-03-13T19:21:00+08:00",
            id="shown-time-completes-the-declared-day",
        ),
        pytest.param(
            json_ld('"datePublished": "2024-03-12T22:01:54Z"'),
            "<h1>Ports</h1><p title='x'>发表于 2024-03-13 06:01:54</p>",
            "",
            "2024-03-13T06:01:54+08:00",
            id="shown-clock-gives-the-declared-moment-its-offset",
        ),
        pytest.param(
            json_ld('"datePublished": "2024-03-18", "dateModified": "2024-03-18"'),
            "<h1>Ports</h1><p>March 13, 2024</p>",
            "",
            "2024-03-13T00:00:00+08:00",
            id="a-declared-date-that-is-the-builds",
        ),
        pytest.param(
            "",
            "<h1>Ports</h1><p>Published March 13, 2024 | Updated March 15, 2024</p>",
            "",
            "2024-03-13T00:00:00+08:00",
            id="labels-tell-them-apart",
        ),
        pytest.param(
            "", "<h1>Ports</h1><p>Updated March 15, 2024</p>", "", "2024-03-15T00:00:00+08:00", id="only-an-update"
        ),
        pytest.param(
            "",
            "<h1>Ports</h1>",
            "<p>Posted</p><time datetime='2024-03-13T19:21:05+08:00'>x</time>",
            "2024-03-13T19:21:05+08:00",
            id="below-the-text",
        ),
        pytest.param("", "<h1>Ports</h1>", "<footer>© 2019-03-01 Example</footer>", None, id="copyright"),
        pytest.param("", "<h1>Ports</h1><p>March 13</p>", "", None, id="no-year"),
        pytest.param(json_ld('"datePublished": "2031-01-01"'), "<h1>Ports</h1>", "", None, id="future"),
    ],
)
def test_date_published(head: str, above: str, below: str, expected: str | None) -> None:
    found = read(head, above, below, site=Site(name="example", timezone="Asia/Shanghai"))

    assert (found.date_published and found.date_published.isoformat()) == expected


def test_a_date_in_the_address_is_the_last_resort() -> None:
    found = read(url="https://www.example.org/2024/03/13/ports.html")

    assert found.date_published == datetime(2024, 3, 13, tzinfo=UTC)
    assert found.date_text is None


def test_date_text_is_what_the_page_shows() -> None:
    found = read(json_ld('"datePublished": "2024-03-13T19:21:05+08:00"'), "<h1>Ports</h1><p>Wed 13 March 2024</p>")

    assert found.date_text == "13 March 2024"


def test_date_modified_stands_beside_the_publication() -> None:
    found = read(json_ld('"datePublished": "2024-03-13T10:00:00Z", "dateModified": "2024-03-15T11:00:00Z"'))

    assert found.date_published == datetime(2024, 3, 13, 10, tzinfo=UTC)
    assert found.date_modified == datetime(2024, 3, 15, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "above", "below", "authors"),
    [
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
    ],
)
def test_authors(head: str, above: str, below: str, authors: tuple[str, ...]) -> None:
    assert read(head, above, below).authors == authors


@pytest.mark.parametrize(
    ("above", "text", "authors", "source"),
    [
        ("<h1>港口重新开放</h1><p>2024-03-13 19:21 来源：某商报 作者：王小明</p>", HAN, ("王小明",), "某商报"),
        ("<h1>港口重新开放</h1><p>2024-03-13 某商网</p>", HAN, (), "某商网"),
        ("<h1>港口重新开放</h1><p>责任编辑：王小明</p>", HAN, ("王小明",), None),
        ("<h1>港口重新开放</h1><p>作者：李明华 责任编辑：王小明</p>", HAN, ("李明华",), None),
        ("<h1>港口重新开放</h1><p>王小明</p>", HAN, ("王小明",), None),
        ("<h1>港口重新开放</h1><p>广告</p>", HAN, (), None),
    ],
)
def test_chinese_bylines(above: str, text: str, authors: tuple[str, ...], source: str | None) -> None:
    found = read("", above, text=text)

    assert (found.authors, found.source) == (authors, source)


@pytest.mark.parametrize(
    ("head", "lang", "text", "language"),
    [
        ("", "en-gb", TEXT, "en-GB"),
        ("", "zh_CN", HAN, "zh-CN"),
        ("", "zh", HAN, "zh-CN"),
        ("", "", HAN, "zh-CN"),
        ("", "en", HAN, "zh-CN"),
        ("", "", "<p>" + "這個週末港口重新開放，貨物會來，問題還沒有說完。" * 8 + "</p>", "zh-TW"),
        ("", "", "<p>" + "港は今週また開き、待っていた船が入ってきました。" * 8 + "</p>", "ja"),
        ("", "", "<p>" + "항구가 이번 주에 다시 열렸다. " * 20 + "</p>", "ko"),
        ("", "", "<p>" + "Порт снова открыт, и корабли вошли. Это были первые. " * 10 + "</p>", "ru"),
        ('<meta property="og:locale" content="de_DE">', "", TEXT, "de-DE"),
        ('<meta http-equiv="content-language" content="fr">', "", TEXT, "fr"),
        ("", "", TEXT, None),
        ("", "English", TEXT, None),
    ],
)
def test_language(head: str, lang: str, text: str, language: str | None) -> None:
    document = Document.parse(f"<html lang='{lang}'><head>{head}</head><body><article>{text}</article></body></html>")
    outline = outline_of(document)

    found = extract_metadata(document, outline, range(len(outline.blocks)), site=GENERIC, now=None)

    assert found.in_language == language


def test_section_description_and_image_are_taken_as_declared() -> None:
    found = read(
        '<meta property="article:section" content="Trade"><meta name="description" content="Ships sail.">'
        '<meta property="og:image" content="/a.jpg">'
    )

    assert (found.section, found.description, found.main_image) == (
        "Trade",
        "Ships sail.",
        "https://www.example.org/a.jpg",
    )


def test_headline_byline_and_date_line_are_claimed_and_the_text_is_not() -> None:
    above = "<h1>Ports reopen</h1><p>By Jane Roe</p><p>March 13, 2024</p>"
    document = Document.parse(f"<article>{above}<div>{TEXT * 3}</div></article>", url=None)
    outline = outline_of(document)

    found = extract_metadata(document, outline, BodyFinder(outline).find().numbers, site=GENERIC, now=NOW)

    assert {outline.blocks[number].text for number in found.blocks} == {"Ports reopen", "By Jane Roe", "March 13, 2024"}


def test_origins_say_where_each_field_is_from() -> None:
    found = read(json_ld('"datePublished": "2024-03-13"'), "<h1>Ports reopen</h1><p>By Jane Roe</p>")

    assert found.origins == {
        "headline": Origin.GENERIC,
        "authors": Origin.GENERIC,
        "date_published": Origin.STRUCTURED,
    }


def test_a_sites_hints_override_what_is_found() -> None:
    site = Site(
        name="example",
        timezone="Asia/Shanghai",
        headline="b.head",
        authors="i.who",
        source="u.from",
        date_published="s.when",
    )
    above = (
        "<h1>Other</h1><b class='head'>Ports  reopen</b><i class='who'>By Jane Roe</i>"
        "<i class='who'>John Doe</i><u class='from'>来源：某商报</u><s class='when'>2024-03-13 19:21</s>"
    )

    found = read("", above, site=site)

    assert (found.headline, found.authors, found.source) == ("Ports reopen", ("Jane Roe", "John Doe"), "某商报")
    assert found.date_published is not None
    assert found.date_published.isoformat() == "2024-03-13T19:21:00+08:00"
    assert set(found.origins.values()) == {Origin.HINT}


@pytest.mark.parametrize(
    ("hint", "site"),
    [
        (hint, site)
        for css in ("b.gone", "b.empty")
        for hint, site in (
            ("headline", Site(name="example", headline=css)),
            ("authors", Site(name="example", authors=css)),
            ("source", Site(name="example", source=css)),
            ("date_published", Site(name="example", date_published=css)),
        )
    ],
)
def test_a_hint_that_no_longer_fits_is_a_changed_layout(hint: str, site: Site) -> None:
    with pytest.raises(LayoutChanged, match=hint):
        read("", "<h1>Ports</h1><b class='empty'> </b>", site=site)


def test_an_empty_page_has_no_facts() -> None:
    document = Document.parse("<html><body></body></html>")
    outline = outline_of(document)

    assert extract_metadata(document, outline, frozenset(), site=GENERIC, now=None) == Metadata()


@pytest.mark.parametrize(
    "head",
    [
        f"<title>{'a - ' * 250_000}</title>",
        f"<title>{'港|' * 300_000}</title>",
        f"<meta name='author' content='{'A, ' * 300_000}'>",
        f"<meta property='article:published_time' content='{'2024-' * 200_000}'>",
    ],
    ids=lambda head: head[:20],
)
def test_hostile_heads_cost_little(head: str) -> None:
    started = time.process_time()

    read(head)

    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "unit",
    [
        "By Jane Roe ",
        "2024-03-13 ",
        "（记者 王小明）",
        "作者：",
        "Jane Roe, ",
        "<h1>a</h1>",
        "<p class=author>A B</p>",
        "a | ",
    ],
)
def test_hostile_bodies_are_read_in_linear_time(unit: str) -> None:
    document = Document.parse(f"<h1>x</h1><p>{unit * (400_000 // len(unit))}</p><p>{TEXT}</p>")
    outline = outline_of(document)
    started = time.process_time()

    extract_metadata(document, outline, range(min(3, len(outline.blocks))), site=GENERIC, now=NOW)

    assert time.process_time() - started < 3


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_page_gives_facts_without_an_exception(markup: str, title: str) -> None:
    document = Document.parse(
        f"<html><head><title>{title}</title></head><body>x{markup}</body></html>", url="https://example.org/"
    )
    outline = outline_of(document)

    found = extract_metadata(document, outline, range(len(outline.blocks)), site=GENERIC, now=NOW)

    assert found.blocks <= set(range(len(outline.blocks)))
