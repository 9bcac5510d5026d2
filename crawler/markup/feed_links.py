"""Feeds that a page announces by `<link rel="alternate">`, which no visible link need lead to."""

import re
from collections.abc import Callable, Iterator

from crawler.markup.tree import PageTree

_TYPES = ("application/rss+xml", "application/atom+xml")
_COMMENTS = re.compile(r"(?i)comment|评论|評論")  # WordPress announces a feed of these beside that of its articles


def feed_links(tree: PageTree, resolve: Callable[[str], str | None]) -> Iterator[str]:
    """Absolute URLs, in page order; those of comments left out."""
    for attributes in map(tree.attributes.__getitem__, tree.numbers_of("link")):
        is_feed = attributes.get("type", "").strip().lower() in _TYPES
        if not is_feed or "alternate" not in attributes.get("rel", "").lower().split():
            continue
        url = resolve(attributes.get("href", ""))
        if url and not _COMMENTS.search(f"{url} {attributes.get('title', '')}"):
            yield url
