"""What a page, a feed or a sitemap leads to: the URLs of this crawl's scope, in the order in which they stand there."""

from collections.abc import Iterator
from datetime import datetime

from crawler.markup.feeds import Feed, FeedFormat
from crawler.spiders.scope import Scope
from models.items import Discovery, OutlinkKind, Page, Priority

_OWN = frozenset((OutlinkKind.INTERNAL, OutlinkKind.PAGINATION))


def found_in_feed(feed: Feed, scope: Scope, *, depth: int, now: datetime) -> tuple[Discovery, ...]:
    """`depth` is that of what is found, as in the next."""
    is_index = feed.format is FeedFormat.SITEMAP_INDEX
    is_in_scope, priority = (scope.holds, Priority.LIST) if is_index else (scope.follows, Priority.NEW)
    timezone = scope.site.timezone
    return tuple(
        Discovery(
            url=entry.url,
            priority=priority,
            depth=depth,
            modified_at=entry.modified_at(now=now, timezone=timezone),
        )
        for entry in feed.entries
        if is_in_scope(entry.url)
    )


def found_on_page(page: Page, scope: Scope, *, depth: int) -> tuple[Discovery, ...]:
    """Further parts of the page's own article are not among them: they are read with it."""
    return tuple(_links(page, scope, depth))


def _links(page: Page, scope: Scope, depth: int) -> Iterator[Discovery]:
    parts = set(page.part.urls.values()) if page.part else set()
    followed = _OWN | {OutlinkKind.EXTERNAL} if scope.is_open else _OWN
    for link in page.outlinks:
        if link.kind not in followed or link.url in parts:
            continue
        if scope.follows(link.url):
            priority = Priority.LIST if link.kind is OutlinkKind.PAGINATION else Priority.NEW
            yield Discovery(url=link.url, priority=priority, depth=depth)
