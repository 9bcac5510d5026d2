"""Sitemaps and feeds: the pages a site announces by itself."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from crawler.markup.links import absolute_url
from crawler.markup.text import collapse

# Limits of the sitemap protocol (sitemaps.org): 50,000 entries and 50 MB unpacked a file.
MAX_ENTRIES = 50_000
MAX_BYTES = 50 * 1024 * 1024


class FeedFormat(StrEnum):
    SITEMAP = "sitemap"
    SITEMAP_INDEX = "sitemap_index"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One page, or one further sitemap of an index."""

    url: str
    title: str | None = None
    date_text: str | None = None
    """lastmod, publication_date, pubDate, updated: as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    format: FeedFormat
    entries: tuple[FeedEntry, ...]
    is_cut: bool = False
    """More entries than MAX_ENTRIES, or XML that breaks off: what was read is kept."""


_ROOTS = {
    "urlset": FeedFormat.SITEMAP,
    "sitemapindex": FeedFormat.SITEMAP_INDEX,
    "rss": FeedFormat.FEED,
    "feed": FeedFormat.FEED,
    "RDF": FeedFormat.FEED,
}
_ENTRY_TAGS = frozenset({"url", "sitemap", "item", "entry"})
_DATE_TAGS = frozenset({"lastmod", "publication_date", "pubDate", "published", "updated", "date"})


def gunzip(body: bytes) -> bytes:
    """Unpacks gzip up to MAX_BYTES; other bytes come back as they are. A torn stream gives what could be read."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MAX_BYTES)
    except zlib.error:
        return b""


def looks_like_feed(body: bytes) -> bool:
    """The root element is a sitemap's or a feed's; gzip is unpacked to see."""
    head = gunzip(body[:4096])[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(b"<"):
        return False
    return any(f"<{name}".encode() in head or f":{name}".encode() in head for name in _ROOTS) and b"<html" not in head


def parse_feed(body: bytes, *, url: str) -> Feed | None:
    """A sitemap, a sitemap index, RSS, Atom or RDF; None for anything else.

    Entries are absolute and in order. Entities are not resolved, and a document with a DOCTYPE is none.
    """
    body = gunzip(body).lstrip()
    if b"<!DOCTYPE" in body[:2048]:
        return None
    elements = _iterate(body)
    try:
        root = next(elements)
    except (StopIteration, etree.XMLSyntaxError):
        return None
    feed_format = _ROOTS.get(_local_name(root))
    if feed_format is None:
        return None
    entries: list[FeedEntry] = []
    is_cut = False
    try:
        for element in elements:
            entry = _read_entry(element, url)
            if entry:
                entries.append(entry)
            _forget(element)
            if len(entries) >= MAX_ENTRIES:
                is_cut = True
                break
    except etree.XMLSyntaxError:
        is_cut = True
    return Feed(format=feed_format, entries=tuple(entries), is_cut=is_cut)


def _iterate(body: bytes) -> Iterator[etree._Element]:
    """The root as it opens, then each entry as it closes."""
    parser = etree.XMLPullParser(
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    is_root = True
    for start in range(0, len(body), 65536):
        parser.feed(body[start : start + 65536])
        for event, element in parser.read_events():
            if not isinstance(element, etree._Element):  # namespaces and comments, which were not asked for
                continue
            if is_root:
                is_root = False
                yield element
            elif event == "end" and _local_name(element) in _ENTRY_TAGS:
                yield element


def _read_entry(element: etree._Element, base: str) -> FeedEntry | None:
    href = title = date_text = None
    for child in element.iter():
        name = _local_name(child)
        text = collapse(child.text or "")
        if name in ("loc", "link") and href is None:
            href = _link_of(child, text)
        elif name == "title" and title is None:
            title = text or None
        elif name in _DATE_TAGS and date_text is None:
            date_text = text or None
    url = absolute_url(base, href) if href else None
    return FeedEntry(url=url, title=title, date_text=date_text) if url else None


def _link_of(element: etree._Element, text: str) -> str | None:
    """RSS and sitemaps hold the URL as text, Atom in an attribute, beside links to comments and enclosures."""
    if element.get("rel", "alternate") != "alternate":
        return None
    return text or element.get("href")


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _local_name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
