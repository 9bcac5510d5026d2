import gzip
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawler.errors import UnparsablePage
from crawler.markup.feeds import FeedEntry, FeedFormat, looks_like_feed, parse_feed
from crawler.page_limits import PageLimits

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
    ],
)
def test_anything_else_is_no_feed(body: bytes) -> None:
    assert parse_feed(body, url=URL) is None


NOW = datetime(2024, 3, 14, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "modified_at"),
    [
        pytest.param("2024-03-14T08:00:00+08:00", datetime(2024, 3, 14, 0, tzinfo=UTC), id="w3c"),
        pytest.param("2024-03-14T08:00:00.123Z", datetime(2024, 3, 14, 8, 0, 0, 123000, UTC), id="w3c-fraction"),
        pytest.param("Wed, 13 Mar 2024 08:00:00 GMT", datetime(2024, 3, 13, 8, tzinfo=UTC), id="rfc-2822"),
        pytest.param("2024-03-14 08:00:00", datetime(2024, 3, 14, 0, tzinfo=UTC), id="zone-of-the-site"),
        pytest.param("2024-03-12", datetime(2024, 3, 12, 16, tzinfo=UTC), id="end-of-a-day-that-is-over"),
        pytest.param("2024-03-14", datetime(2024, 3, 13, 16, tzinfo=UTC), id="beginning-of-this-day"),
        pytest.param("yesterday or so", None, id="no-date"),
        pytest.param("", None, id="empty"),
        pytest.param("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), id="as-it-says"),
    ],
)
def test_an_entry_says_when_its_page_was_modified(text: str, modified_at: datetime | None) -> None:
    entry = FeedEntry(url=URL, modified_text=text)

    assert entry.modified_at(now=NOW, timezone="Asia/Shanghai") == modified_at


def test_a_later_change_counts_and_not_the_publication() -> None:
    body = ATOM.replace(b"<updated>", b"<published>2024-01-01T00:00:00Z</published><updated>")

    feed = parse_feed(body, url=URL)

    assert feed is not None
    assert [entry.date_text for entry in feed.entries] == ["2024-01-01T00:00:00Z"]
    assert [entry.modified_text for entry in feed.entries] == ["2024-03-13T00:00:00Z"]


def test_where_only_the_publication_is_given_it_is_the_last_change() -> None:
    feed = parse_feed(RSS, url=URL)

    assert feed is not None
    assert [entry.modified_text for entry in feed.entries] == ["Wed, 13 Mar 2024 08:00:00 +0800"]


@pytest.mark.parametrize(
    ("guid", "urls"),
    [
        pytest.param(b"<guid>https://example.com/9</guid>", ["https://example.com/9"], id="a-link-if-it-says-nothing"),
        pytest.param(b'<guid isPermaLink="false">https://example.com/9</guid>', [], id="says-it-is-none"),
        pytest.param(b"<guid>9</guid>", [], id="a-number"),
    ],
)
def test_an_item_without_a_link_is_where_its_guid_is(guid: bytes, urls: list[str]) -> None:
    feed = parse_feed(b"<rss><channel><item><title>T</title>%s</item></channel></rss>" % guid, url=URL)

    assert feed is not None
    assert [entry.url for entry in feed.entries] == urls


def entries_of(count: int) -> bytes:
    urls = "".join(f"<url><loc>https://example.com/{number}</loc></url>" for number in range(count))
    return f"<urlset>{urls}</urlset>".encode()


@pytest.mark.parametrize(("count", "is_cut"), [(3, False), (4, True), (9000, True)])
def test_of_a_sitemap_so_many_entries_are_read(count: int, is_cut: bool) -> None:
    feed = parse_feed(entries_of(count), url=URL, limits=PageLimits(sitemap_entries=3))

    assert feed is not None
    assert [entry.url[-2:] for entry in feed.entries] == ["/0", "/1", "/2"]
    assert feed.is_cut is is_cut


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
def test_of_a_sitemap_so_many_bytes_are_read(pack: Callable[[bytes], bytes]) -> None:
    body = pack(entries_of(100_000))

    feed = parse_feed(body, url=URL, limits=PageLimits(sitemap_bytes=100_000))

    assert feed is not None
    assert 2_000 < len(feed.entries) < 2_500
    assert feed.is_cut


def test_a_bomb_is_unpacked_no_further_than_it_is_read() -> None:
    packing = zlib.compressobj(wbits=31)
    bomb = packing.compress(b"<urlset>") + b"".join(packing.compress(b" " * 1_000_000) for _ in range(200))
    tracemalloc.start()

    feed = parse_feed(bomb, url=URL)

    _, most_held = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert feed is not None
    assert feed.is_cut
    assert most_held < 1_000_000  # of 50 MB that are read and 200 MB that are there


def test_a_torn_packed_sitemap_keeps_what_was_read() -> None:
    feed = parse_feed(gzip.compress(entries_of(9000))[:-9000], url=URL)

    assert feed is not None
    assert feed.is_cut
    assert len(feed.entries) > 100


@pytest.mark.parametrize(
    "doctype",
    [
        pytest.param('<!DOCTYPE urlset [<!ENTITY x "y">]>', id="entity"),
        pytest.param(f"<!-- {'x' * 3000} --><!DOCTYPE urlset [<!ENTITY x 'y'>]>", id="far-behind"),
        pytest.param('<!DOCTYPE urlset SYSTEM "file:///etc/passwd">', id="external"),
        pytest.param('<!DOCTYPE urlset [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>', id="parameter-entity"),
    ],
)
def test_a_sitemap_with_a_doctype_is_refused(doctype: str) -> None:
    body = f'<?xml version="1.0"?>{doctype}<urlset><url><loc>https://example.com/&x;</loc></url></urlset>'.encode()

    with pytest.raises(UnparsablePage, match="without DOCTYPE"):
        parse_feed(body, url=URL)


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(b'<url xmlns="&#xD800;"><loc>https://example.com/odd</loc></url>', id="namespace"),
        pytest.param(b"<url><loc>https://example.com/&#xD800;</loc></url>", id="text"),
        pytest.param(b'<link href="&#xD800;" rel="&#xD800;"/>', id="attributes"),
    ],
)
def test_half_of_a_surrogate_pair_costs_no_other_entry(odd: bytes) -> None:
    feed = parse_feed(SITEMAP.replace(b"</urlset>", odd + b"<url><loc>/c</loc></url></urlset>"), url=URL)

    assert feed is not None
    assert [entry.url for entry in feed.entries if entry.url.endswith(("/b", "/c"))] == [
        "https://example.com/b",
        "https://example.com/c",
    ]


def test_a_root_whose_namespace_is_no_text_is_no_feed() -> None:
    assert parse_feed(b'<?xml version="1.0"?><urlset xmlns="&#xD800;"></urlset>', url=URL) is None
