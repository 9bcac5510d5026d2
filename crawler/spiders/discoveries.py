"""What a page, a feed or a sitemap leads to: the URLs of this crawl's scope, in the order in which they stand there."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from crawler.markup.feeds import Feed, FeedFormat
from crawler.spiders.scope import Scope
from models.items import Discovery, Outlink, OutlinkKind, Page, Priority

_REMEMBERED = 2048
"""Links; one costs about 300 bytes."""


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
    parts = page.part.urls.values() if page.part else ()
    return tuple(found for found in _leads(scope, depth).of(page.outlinks) if found.url not in parts)


class _Leads:
    """What links lead to, remembered: most links of a page are those of its site's frame."""

    def __init__(self, scope: Scope, depth: int) -> None:
        self._scope = scope
        self._depth = depth
        self._pages: dict[str, Discovery | None] = {}
        self._lists: dict[str, Discovery | None] = {}

    def of(self, links: Iterable[Outlink]) -> Iterator[Discovery]:
        for link in links:
            kind, url = link.kind, link.url
            if kind is OutlinkKind.PAGINATION:
                found = self._lists[url] if url in self._lists else self._find(url, Priority.LIST)
            elif kind is OutlinkKind.INTERNAL or (self._scope.is_open and kind is OutlinkKind.EXTERNAL):
                found = self._pages[url] if url in self._pages else self._find(url, Priority.NEW)
            else:
                continue
            if found is not None:
                yield found

    def _find(self, url: str, priority: Priority) -> Discovery | None:
        known = self._lists if priority is Priority.LIST else self._pages
        if len(known) >= _REMEMBERED:
            known.clear()
        found = Discovery(url=url, priority=priority, depth=self._depth) if self._scope.follows(url) else None
        known[url] = found
        return found


@lru_cache(maxsize=16)  # a worker has the pages of a few sites at a time, at a few depths
def _leads(scope: Scope, depth: int) -> _Leads:
    return _Leads(scope, depth)
