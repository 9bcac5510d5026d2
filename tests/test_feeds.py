import gzip

import pytest

from crawler.markup.feeds import FeedFormat, looks_like_feed, parse_feed

SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
  <url><loc> https://example.com/a </loc><lastmod>2024-03-13</lastmod></url>
  <url><loc>/b</loc><news:news><news:publication_date>2024-03-14T08:00:00+08:00</news:publication_date>
    <news:title>\xe6\xa0\x87\xe9\xa2\x98</news:title></news:news></url>
  <url><lastmod>2024-03-13</lastmod></url>
</urlset>"""
RSS = b"""<rss version="2.0"><channel><title>T</title><link>https://example.com/</link>
<item><title>One</title><link>https://example.com/1</link><pubDate>Wed, 13 Mar 2024 08:00:00 +0800</pubDate></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>One</title>
<link rel="replies" href="https://example.com/1#comments"/><link href="https://example.com/1"/>
<updated>2024-03-13T00:00:00Z</updated></entry></feed>"""
URL = "https://example.com/sitemap.xml"


def test_a_sitemap_gives_its_pages_in_order_with_dates_and_news_titles() -> None:
    feed = parse_feed(SITEMAP, url=URL)

    assert feed is not None
    assert feed.format is FeedFormat.SITEMAP
    assert [(entry.url, entry.title, entry.date_text) for entry in feed.entries] == [
        ("https://example.com/a", None, "2024-03-13"),
        ("https://example.com/b", "标题", "2024-03-14T08:00:00+08:00"),
    ]


@pytest.mark.parametrize("body", [pytest.param(RSS, id="rss"), pytest.param(ATOM, id="atom")])
def test_a_feed_gives_the_page_of_each_entry_and_not_its_comments(body: bytes) -> None:
    feed = parse_feed(body, url=URL)

    assert feed is not None
    assert feed.format is FeedFormat.FEED
    assert [entry.url for entry in feed.entries] == ["https://example.com/1"]


def test_a_packed_sitemap_is_unpacked() -> None:
    packed = gzip.compress(SITEMAP)

    feed = parse_feed(packed, url=URL + ".gz")

    assert looks_like_feed(packed)
    assert feed is not None
    assert len(feed.entries) == 2


def test_a_sitemap_that_breaks_off_keeps_what_was_read() -> None:
    feed = parse_feed(SITEMAP[: SITEMAP.index(b"/b")], url=URL)

    assert feed is not None
    assert [entry.url for entry in feed.entries][:1] == ["https://example.com/a"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<!doctype html><html><body><feed></body></html>", id="html"),
        pytest.param(b"", id="empty"),
        pytest.param(b"plain text", id="text"),
        pytest.param(b"\x1f\x8bgarbage", id="bad-gzip"),
        pytest.param(b'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY x "y">]><urlset/>', id="doctype"),
    ],
)
def test_anything_else_is_no_feed(body: bytes) -> None:
    assert parse_feed(body, url=URL) is None
