"""When an article was published: of all dates that a page shows and declares the one a reader would take."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.extractors.metadata import Metadata
from crawler.site import GENERIC, Site

ReadMetadata = Callable[..., Metadata]


def json_ld(members: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {members}}}</script>'


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
        pytest.param(
            "",
            "<h1>某某港口扩容，多家企业入驻</h1><p>2024-03-13 19:21 来源：某商报</p>",
            "",
            "2024-03-13T19:21:00+08:00",
            id="a-headline-that-ends-with-a-word-of-labels",
        ),
        pytest.param(
            "",
            "<h1>Ports</h1><p>2024年3月13日</p>",
            "<ul><li><a href='/a'>某市发布港口新规</a> (2024-03-15 11:28:12)</li></ul>",
            "2024-03-13T00:00:00+08:00",
            id="a-word-of-labels-in-the-headline-of-another-article",
        ),
        pytest.param("", "<h1>Ports</h1>", "<footer>© 2019-03-01 Example</footer>", None, id="copyright"),
        pytest.param("", "<h1>Ports</h1><p>March 13</p>", "", None, id="no-year"),
        pytest.param(json_ld('"datePublished": "2031-01-01"'), "<h1>Ports</h1>", "", None, id="future"),
    ],
)
def test_date_published(read_metadata: ReadMetadata, head: str, above: str, below: str, expected: str | None) -> None:
    found = read_metadata(head, above, below, site=Site(name="example", timezone="Asia/Shanghai"))

    assert (found.date_published and found.date_published.isoformat()) == expected


@pytest.mark.parametrize(
    ("head", "above", "below", "expected"),
    [
        pytest.param(
            '<meta property="article:published_time" content="2024-03-14T02:41:41Z">',
            "<h1>Ports</h1><time datetime='2024-03-13T19:41:41-07:00'>March 13, 2024</time>",
            "",
            "2024-03-13T19:41:41-07:00",
            id="one-moment-in-the-zone-of-its-readers",
        ),
        pytest.param(
            "",
            "<h1>Ports</h1><p>Last updated 13 March 2024</p>",
            "<p>March 18, 2024</p><p>March 17, 2024</p>",
            "2024-03-13T00:00:00+00:00",
            id="update-above-beats-days-of-other-articles",
        ),
        pytest.param(
            "",
            "<h1>Ports</h1><p>15 March 2024, 11:07</p>",
            "<p>This article was originally published on 13 March 2024 at 4:12pm</p>",
            "2024-03-13T16:12:00+00:00",
            id="originally-published",
        ),
        pytest.param(
            "",
            "<h1>Ports</h1><p>Mi 13.03.24 | 14:07 Uhr</p>",
            "",
            "2024-03-13T14:07:00+00:00",
            id="short-year-with-time",
        ),
        pytest.param(
            "",
            "<h1>Ports</h1>",
            "<footer>On <time datetime='2024-03-13T19:21:05+08:00'>13 March 2024</time></footer>"
            "<div id='comments'><ol>"
            + "<li>Kim <time datetime='2024-03-15T08:00:00+08:00'>15 March 2024 at 08:00</time><p>Thanks.</p>" * 2
            + "</ol></div>",
            "2024-03-13T19:21:05+08:00",
            id="comments-have-dates-of-their-own",
        ),
        pytest.param(
            "",
            "<h1>Ports</h1><time class='entry-date published updated' datetime='2024-03-13T19:21:05+08:00'>"
            "13 March 2024</time>",
            "",
            "2024-03-13T19:21:05+08:00",
            id="published-and-never-changed",
        ),
        pytest.param('<script>var ct = "1710328865";</script>', "", "", "2024-03-13T11:21:05+00:00", id="epoch"),
        pytest.param(
            "<script>createTime = '2024-03-13 19:21';</script>", "", "", "2024-03-13T19:21:00+00:00", id="create-time"
        ),
    ],
)
def test_of_several_dates_the_publication_is_taken(
    read_metadata: ReadMetadata, head: str, above: str, below: str, expected: str
) -> None:
    found = read_metadata(head, above or "<h1>Ports</h1>", below)

    assert found.date_published is not None
    assert found.date_published.isoformat() == expected


def test_a_month_in_the_address_may_be_a_name(read_metadata: ReadMetadata) -> None:
    found = read_metadata(url="https://www.example.org/trade/2024/mar/13/ports")

    assert found.date_published == datetime(2024, 3, 13, tzinfo=UTC)


def test_a_date_in_the_address_is_the_last_resort(read_metadata: ReadMetadata) -> None:
    found = read_metadata(url="https://www.example.org/2024/03/13/ports.html")

    assert found.date_published == datetime(2024, 3, 13, tzinfo=UTC)
    assert found.date_text is None


def test_date_text_is_what_the_page_shows(read_metadata: ReadMetadata) -> None:
    found = read_metadata(
        json_ld('"datePublished": "2024-03-13T19:21:05+08:00"'), "<h1>Ports</h1><p>Wed 13 March 2024</p>"
    )

    assert found.date_text == "13 March 2024"


def test_date_modified_stands_beside_the_publication(read_metadata: ReadMetadata) -> None:
    found = read_metadata(json_ld('"datePublished": "2024-03-13T10:00:00Z", "dateModified": "2024-03-15T11:00:00Z"'))

    assert found.date_published == datetime(2024, 3, 13, 10, tzinfo=UTC)
    assert found.date_modified == datetime(2024, 3, 15, 11, tzinfo=UTC)


def test_what_is_called_both_is_the_update_that_the_page_declares(read_metadata: ReadMetadata) -> None:
    declared = json_ld('"datePublished": "2020-03-10T15:30:00Z", "dateModified": "2024-03-13T19:21:05Z"')
    marked = '<time class="published updated" datetime="2024-03-13T19:21:05Z">13 March 2024</time>'

    found = read_metadata(declared, f"<h1>Ports</h1>{marked}")

    assert found.date_published == datetime(2020, 3, 10, 15, 30, tzinfo=UTC)


def test_a_time_that_holds_both_dates_by_name_gives_both(read_metadata: ReadMetadata) -> None:
    both = "发布于 2024-03-13 19:21:05 | 编辑于 2024-03-15 08:00:09"

    title = f"<h1>Ports</h1><time title='{both}'>2024-03-13 19:21</time>"

    found = read_metadata(above=title, site=replace(GENERIC, timezone="Asia/Shanghai"))

    assert found.date_published is not None
    assert found.date_published.isoformat() == "2024-03-13T19:21:05+08:00"
    assert found.date_modified is not None
    assert found.date_modified.isoformat() == "2024-03-15T08:00:09+08:00"


def test_facts_in_a_column_of_their_own_are_found_behind_the_cards_of_other_articles(
    read_metadata: ReadMetadata,
) -> None:
    card = (
        "<a href='/trade/{0}'><h5>Quay number {0} is dredged before the winter comes</h5>"
        "<time class='published' datetime='2023-01-0{0}T08:00:00Z'>2023</time><p>It was time.</p></a>"
    )
    facts = (
        "<ul><li><time datetime='2024-03-13T19:21:05+08:00'>2024-03-13</time>"
        "<li><time datetime='2024-03-15T08:00:09+08:00'>Updated 2024-03-15</time>"
        "<li>By <a rel='author' href='/people/roe'>Jane Roe</a></ul>"
    )

    found = read_metadata(
        '<meta name="author" content="Example Media">',
        "<h1>Ports</h1>",
        "<div>" + "".join(card.format(number) for number in range(1, 9)) + "</div>" + facts,
    )

    assert found.date_published is not None
    assert found.date_published.isoformat() == "2024-03-13T19:21:05+08:00"
    assert found.date_modified is not None
    assert found.date_modified.isoformat() == "2024-03-15T08:00:09+08:00"
    assert found.authors == ("Jane Roe",)
