"""Metadata: each fact on pages of our own, and where sources disagree the one a reader would take."""

from datetime import UTC, datetime

import pytest

from crawler.document import Document
from crawler.errors import LayoutChanged
from crawler.extractors.body.finder import BodyFinder
from crawler.extractors.metadata import Metadata, extract_metadata
from crawler.extractors.tree.outline import outline_of
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
