"""Metadata: each fact on pages of our own, and where sources disagree the one a reader would take."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawler.document import Document
from crawler.errors import LayoutChanged
from crawler.extractors.body.finder import BodyFinder
from crawler.extractors.metadata import Metadata, extract_metadata
from crawler.extractors.tree.outline import outline_of
from crawler.site import GENERIC, Site
from models.items import Origin

ReadMetadata = Callable[..., Metadata]
NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)
TEXT = "<p>" + "The harbour opened its gates again this week, and ships that had waited came in at last. " * 4 + "</p>"
HAN = "<p>" + "港口本周重新开放，等候多日的船只终于进港，商家说库存会在月底前恢复到往年的水平。" * 4 + "</p>"


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
            '<meta property="og:title" content="Ports reopen">'
            + json_ld('"headline": "After the storm: Ports reopen"'),
            "<h1>After the storm: Ports reopen</h1>",
            "Ports reopen",
            id="declared-with-and-without-the-kicker",
        ),
        pytest.param(
            '<meta property="og:site_name" content="Example"><title>Ports reopen - Example - Example</title>',
            "<h1>Ports reopen - Example</h1>",
            "Ports reopen",
            id="site-twice",
        ),
        pytest.param(
            '<meta name="application-name" content="Ports - open again"><title>Ports - open again</title>',
            "<h1>Ports - open again</h1>",
            "Ports - open again",
            id="title-declared-as-the-sites-name",
        ),
        pytest.param(
            "<title>Ports reopen</title>",
            "<h1>Top stories</h1><h1>Ports reopen</h1>",
            "Ports reopen",
            id="two-h1",
        ),
        pytest.param(
            "<title>Harbour Blog | Ports reopen</title>",
            '<a href="/">Harbour Blog</a>',
            "Ports reopen",
            id="site-named-by-the-link-home",
        ),
        pytest.param(
            "<title>Harbour Blog</title>",
            '<a class="logo" href="/">Harbour Blog</a><div class="post-title">Ports reopen</div>',
            "Ports reopen",
            id="title-is-the-sites-name",
        ),
        pytest.param("", "", None, id="none"),
    ],
)
def test_headline(read_metadata: ReadMetadata, head: str, above: str, headline: str | None) -> None:
    assert read_metadata(head, above).headline == headline


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


def test_section_description_and_image_are_taken_as_declared(read_metadata: ReadMetadata) -> None:
    found = read_metadata(
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


def test_origins_say_where_each_field_is_from(read_metadata: ReadMetadata) -> None:
    found = read_metadata(json_ld('"datePublished": "2024-03-13"'), "<h1>Ports reopen</h1><p>By Jane Roe</p>")

    assert found.origins == {
        "headline": Origin.GENERIC,
        "authors": Origin.GENERIC,
        "date_published": Origin.STRUCTURED,
    }


def test_a_sites_hints_override_what_is_found(read_metadata: ReadMetadata) -> None:
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

    found = read_metadata("", above, site=site)

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
def test_a_hint_that_no_longer_fits_is_a_changed_layout(read_metadata: ReadMetadata, hint: str, site: Site) -> None:
    with pytest.raises(LayoutChanged, match=hint):
        read_metadata("", "<h1>Ports</h1><b class='empty'> </b>", site=site)
