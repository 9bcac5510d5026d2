"""Archived responses read as the spider reads them, without fetching. No command itself."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.page_limits import PageLimits
    from models.items import Page
    from pipelines.archive import Archived

FindPart = Callable[[str], "Archived | None"]
"""URL of a further part of an article to its response; None where there is none."""


def read_archived(archived: "Archived", find_part: FindPart, *, most_parts: int, limits: "PageLimits") -> "Page":
    """The page with all parts of its article. A further part by itself keeps its `part`. Raises PageError."""
    page = _read(archived, None, limits)
    if page.part is None or page.part.number > 1:
        return page
    return _join(page, find_part, most_parts, limits)


def _join(page: "Page", find_part: FindPart, most: int, limits: "PageLimits") -> "Page":
    from crawler.errors import PageError
    from crawler.spiders.parts import PartRead, join_parts

    async def read_part(url: str) -> PartRead:
        found = find_part(url)
        if found is None or found.status != 200:
            return PartRead(page=None, ended=None, fault="it is not in the archive")
        try:
            # An article whatever it looks like: the last part may be two lines.
            return PartRead(page=_read(found, "^", limits), ended=None)
        except PageError as error:
            return PartRead(page=None, ended=None, fault=str(error))

    return asyncio.run(join_parts(page, read_part, most=most)).page


def _read(archived: "Archived", article_url: str | None, limits: "PageLimits") -> "Page":
    from crawler.errors import PageError, UnparsablePage
    from crawler.extractors import extract_page
    from crawler.sites import site_of
    from models.items import PageKind

    if archived.is_truncated:
        raise UnparsablePage("the response was cut short", url=archived.url)
    site = site_of(archived.url)
    if article_url is not None:
        site = replace(site, article_url=article_url, listing_url=None)
    try:
        page = _feed_of(archived, limits) or extract_page(
            archived.body,
            url=archived.url,
            content_type=archived.content_type,
            site=site,
            now=archived.fetched_at,
            limits=limits,
        )
    except PageError:
        raise
    except Exception as error:  # the one seam: a fault of the extractor costs this page only
        raise PageError(f"{type(error).__name__}: {error}", url=archived.url) from error
    return replace(
        page,
        url=archived.url,
        articles=page.articles if page.kind is PageKind.ARTICLE else (),  # as the spider does it
        status=archived.status,
        etag=archived.etag,
        last_modified=archived.last_modified,
        fetched_at=archived.fetched_at,
    )


def _feed_of(archived: "Archived", limits: "PageLimits") -> "Page | None":
    from crawler.markup.feeds import FeedFormat, looks_like_feed, parse_feed
    from models.items import Page, PageKind

    feed = parse_feed(archived.body, url=archived.url, limits=limits) if looks_like_feed(archived.body) else None
    if feed is None:
        return None
    return Page(url=archived.url, kind=PageKind.FEED if feed.format is FeedFormat.FEED else PageKind.SITEMAP)
