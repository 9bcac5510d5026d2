"""Sitemaps and feeds: the pages a site announces by itself."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lxml import etree

from crawler.errors import UnparsablePage
from crawler.markup.dates import Precision, parse_date
from crawler.markup.links import absolute_url
from crawler.markup.text import collapse
from crawler.page_limits import USUAL, PageLimits

_CHUNK = 65_536


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
    """lastmod, publication_date, pubDate, updated: the first, as written."""
    modified_text: str | None = None
    """lastmod, updated, modified, as written; `date_text` where there is none of them."""

    def modified_at(self, *, now: datetime, timezone: str | None = None) -> datetime | None:
        """When the page was last changed, as the entry says; None where it does not, or in words that nobody knows.

        A mere day is its end once it is over, else its beginning: what changes in the afternoon is then looked for the
        day after, and a site that calls every page changed today is not asked for all of them each time. `timezone` is
        the site's, for texts that show none.
        """
        text = self.modified_text or ""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None:
            return moment
        parsed = parse_date(text, timezone=timezone, in_any_words=False)
        if parsed is None:
            return None
        end = parsed.moment + timedelta(days=1)
        return end if parsed.precision is Precision.DAY and end <= now else parsed.moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    format: FeedFormat
    entries: tuple[FeedEntry, ...]
    is_cut: bool = False
    """More entries or bytes than are read, or XML that breaks off: what was read is kept."""


_ROOTS = {
    "urlset": FeedFormat.SITEMAP,
    "sitemapindex": FeedFormat.SITEMAP_INDEX,
    "rss": FeedFormat.FEED,
    "feed": FeedFormat.FEED,
    "RDF": FeedFormat.FEED,
}
_ENTRY_TAGS = frozenset({"url", "sitemap", "item", "entry"})
_CHANGE_TAGS = frozenset({"lastmod", "updated", "modified"})
_DATE_TAGS = _CHANGE_TAGS | {"publication_date", "pubDate", "published", "date"}
_READ_TAGS = _DATE_TAGS | {"loc", "link", "title", "guid"}


def looks_like_feed(body: bytes) -> bool:
    """The root element is a sitemap's or a feed's; gzip is unpacked to see."""
    head = next(_Unpacked(body[:4096], _CHUNK).chunks(), b"")[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(b"<"):
        return False
    return any(f"<{name}".encode() in head or f":{name}".encode() in head for name in _ROOTS) and b"<html" not in head


def parse_feed(body: bytes, *, url: str, limits: PageLimits = USUAL) -> Feed | None:
    """A sitemap, a sitemap index, RSS, Atom or RDF; None for anything else.

    Entries are absolute and in order. Entities are not resolved; raises UnparsablePage for a feed that has a DOCTYPE,
    by which it could define some.
    """
    unpacked = _Unpacked(body, limits.sitemap_bytes)
    elements = _iterate(unpacked)
    root = next(elements, None)
    feed_format = None if root is None else _ROOTS.get(_local_name(root))
    if root is None or feed_format is None:
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnparsablePage("a feed or sitemap without DOCTYPE expected, found one", url=url)
    entries: list[FeedEntry] = []
    is_cut = False
    for element in elements:
        try:
            entry = _read_entry(element, url)
        except UnicodeDecodeError:  # as in _local_name
            entry, is_cut = None, True
        if entry:
            entries.append(entry)
        _forget(element)
        if len(entries) > limits.sitemap_entries:
            entries.pop()
            is_cut = True
            break
    return Feed(format=feed_format, entries=tuple(entries), is_cut=is_cut or unpacked.is_cut)


class _Unpacked:
    """A body in pieces, out of its gzip if it has one, so that a bomb is never held whole."""

    def __init__(self, body: bytes, most: int) -> None:
        self._body = body
        self._most = most
        self.is_cut = False
        """So far: there is more than `most`, or the stream is torn."""

    def chunks(self) -> Iterator[bytes]:
        left = self._most
        for chunk in self._gunzipped() if self._body.startswith(b"\x1f\x8b") else self._sliced():
            if len(chunk) > left:
                self.is_cut = True
                yield chunk[:left]
                return
            yield chunk
            left -= len(chunk)

    def _sliced(self) -> Iterator[bytes]:
        for start in range(0, len(self._body), _CHUNK):
            yield self._body[start : start + _CHUNK]

    def _gunzipped(self) -> Iterator[bytes]:
        unpacking = zlib.decompressobj(wbits=31)
        for body_slice in self._sliced():
            packed = body_slice
            while packed:
                try:
                    chunk = unpacking.decompress(packed, _CHUNK)
                except zlib.error:
                    self.is_cut = True
                    return
                if chunk:
                    yield chunk
                if unpacking.eof:
                    return
                packed = unpacking.unconsumed_tail
        self.is_cut = True


def _iterate(unpacked: _Unpacked) -> Iterator[etree._Element]:
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
    for number, chunk in enumerate(unpacked.chunks()):
        try:
            parser.feed(chunk if number else chunk.lstrip())
        except etree.XMLSyntaxError:
            unpacked.is_cut = True
            return
        for event, element in parser.read_events():
            if not isinstance(element, etree._Element):  # namespaces and comments, which were not asked for
                continue
            if is_root:
                is_root = False
                yield element
            elif event == "end" and _local_name(element) in _ENTRY_TAGS:
                yield element


def _read_entry(element: etree._Element, base: str) -> FeedEntry | None:
    found: dict[str, str] = {}
    for child in element.iter():
        name = _local_name(child)
        text = collapse(child.text or "")
        if name in ("loc", "link"):
            text = _link_of(child, text) or ""
        if text and name in _READ_TAGS:
            found.setdefault(name, text)
    href = found.get("loc") or found.get("link") or _permanent(element, found)
    url = absolute_url(base, href) if href else None
    dates = [(name, text) for name, text in found.items() if name in _DATE_TAGS]
    date_text = next((text for _, text in dates), None)
    modified_text = next((text for name, text in dates if name in _CHANGE_TAGS), date_text)
    if url is None:
        return None
    return FeedEntry(url=url, title=found.get("title"), date_text=date_text, modified_text=modified_text)


def _permanent(element: etree._Element, found: dict[str, str]) -> str | None:
    """The guid of an RSS item without a link is its URL, unless it says that it is none."""
    guid = found.get("guid", "")
    is_link = all(child.get("isPermaLink") != "false" for child in element if _local_name(child) == "guid")
    return guid if is_link and guid.startswith(("http://", "https://")) else None


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
    """Empty for a name that is no text: libxml2 takes over bytes that UTF-8 has not, as half of a surrogate pair."""
    try:
        tag = element.tag
    except UnicodeDecodeError:
        return ""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
