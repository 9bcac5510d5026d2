"""When an article was published: of all dates that a page shows and declares the one a reader would take."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawler.extractors.metadata import Metadata
from crawler.site import Site

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
