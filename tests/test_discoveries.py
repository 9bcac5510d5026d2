"""What pages, feeds and sitemaps lead to."""

from datetime import UTC, datetime

from crawler.markup.feeds import Feed, FeedEntry, FeedFormat
from crawler.site import GENERIC
from crawler.spiders.discoveries import found_in_feed, found_on_page
from crawler.spiders.scope import Scope
from models.items import Discovery, Outlink, OutlinkKind, Page, PagePart, Priority

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
BASE = "https://example.com"
SCOPE = Scope.of((f"{BASE}/",), GENERIC)


def feed_of(format_: FeedFormat, *urls: str, modified_text: str | None = None) -> Feed:
    return Feed(format=format_, entries=tuple(FeedEntry(url=url, modified_text=modified_text) for url in urls))


def links(**kinds: OutlinkKind) -> tuple[Outlink, ...]:
    return tuple(Outlink(url=f"{BASE}/{name}", text=None, kind=kind) for name, kind in kinds.items())


def test_a_page_leads_to_its_own_site_and_to_further_list_pages_first() -> None:
    outlinks = links(article=OutlinkKind.INTERNAL, older=OutlinkKind.PAGINATION, elsewhere=OutlinkKind.EXTERNAL)
    page = Page(url=f"{BASE}/", outlinks=outlinks)

    assert found_on_page(page, SCOPE, depth=3) == (
        Discovery(url=f"{BASE}/article", priority=Priority.NEW, depth=3),
        Discovery(url=f"{BASE}/older", priority=Priority.LIST, depth=3),
    )


def test_a_part_of_an_article_does_not_lead_to_its_other_parts() -> None:
    part = PagePart(number=1, first_url=f"{BASE}/a", urls={2: f"{BASE}/second"})
    outlinks = links(second=OutlinkKind.PAGINATION, other=OutlinkKind.INTERNAL)
    page = Page(url=f"{BASE}/a", part=part, outlinks=outlinks)

    assert [each.url for each in found_on_page(page, SCOPE, depth=1)] == [f"{BASE}/other"]


def test_a_link_leads_elsewhere_as_another_sort_of_link_or_at_another_depth() -> None:
    def led_to(kind: OutlinkKind, scope: Scope = SCOPE, *, depth: int = 1) -> list[tuple[Priority, int]]:
        page = Page(url=f"{BASE}/", outlinks=links(older=kind))
        return [(found.priority, found.depth) for found in found_on_page(page, scope, depth=depth)]

    elsewhere = Scope.of(("https://example.org/",), GENERIC)

    assert led_to(OutlinkKind.INTERNAL) == [(Priority.NEW, 1)]
    assert led_to(OutlinkKind.PAGINATION) == [(Priority.LIST, 1)]
    assert led_to(OutlinkKind.INTERNAL, depth=2) == [(Priority.NEW, 2)]
    assert led_to(OutlinkKind.EXTERNAL) == []
    assert led_to(OutlinkKind.INTERNAL, elsewhere) == []


def test_more_links_than_are_remembered_lead_to_what_they_did() -> None:
    many = {f"page-{number}": OutlinkKind.INTERNAL for number in range(5000)}
    page = Page(url=f"{BASE}/", outlinks=links(**many))

    first, again = found_on_page(page, SCOPE, depth=1), found_on_page(page, SCOPE, depth=1)

    assert first == again == tuple(Discovery(url=f"{BASE}/{name}", depth=1) for name in many)


def test_the_sitemaps_of_an_index_come_before_the_pages_of_a_sitemap() -> None:
    index = found_in_feed(feed_of(FeedFormat.SITEMAP_INDEX, f"{BASE}/map.xml"), SCOPE, depth=1, now=NOW)
    pages = found_in_feed(feed_of(FeedFormat.SITEMAP, f"{BASE}/a", f"{BASE}/a.jpg"), SCOPE, depth=1, now=NOW)

    assert [(each.url, each.priority) for each in index] == [(f"{BASE}/map.xml", Priority.LIST)]
    assert [(each.url, each.priority) for each in pages] == [(f"{BASE}/a", Priority.NEW)]


def test_an_entry_says_when_its_page_was_changed() -> None:
    feed = feed_of(FeedFormat.SITEMAP, f"{BASE}/a", modified_text="2026-03-14T08:00:00+08:00")

    (found,) = found_in_feed(feed, SCOPE, depth=1, now=NOW)

    assert found.modified_at == datetime(2026, 3, 14, tzinfo=UTC)
