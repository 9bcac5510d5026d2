"""A look at a site that nobody has crawled: a list page, its feeds, its sitemaps, and a few of its articles."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from crawler.document import Document
from crawler.errors import PageError
from crawler.markup.feed_links import feed_links
from crawler.markup.feeds import Feed, FeedFormat
from crawler.markup.scripted import script_built
from crawler.saved_pages import SavedPage
from crawler.site import GENERIC
from crawler.spiders.reading import Read, read_page
from crawler.spiders.requests import ResponseFacts
from crawler.spiders.scope import Scope
from models.identity import page_url
from models.items import Outlink, OutlinkKind, Page, PageKind

_MOST_PAGES = 12
"""Asked for in search of articles; a site that shows none among these needs a better start."""
_MOST_REQUESTS = 24
_MOST_FEEDS = 3
_MOST_SITEMAPS = 3


@dataclass(frozen=True, slots=True)
class Looked:
    """A page that was read."""

    saved: SavedPage
    page: Page


@dataclass(frozen=True, slots=True)
class Announcement:
    """A feed or a sitemap."""

    url: str
    format: FeedFormat
    entries: int
    """Pages, or further sitemaps of an index."""
    is_known: bool
    """Crawls find what it has without it: robots.txt or an index leads there, or another feed has the same pages."""


@dataclass(slots=True)
class SiteLook:
    """Told of each page as it comes, it says what is asked for next: one URL at a time, until it has enough articles.

    What a feed, the list page and a sitemap lead to takes turns, so that articles differ in age and section.
    """

    url: str
    wanted: int = 3
    """Articles."""
    front: Looked | None = None
    """The first page that is no article."""
    articles: list[Looked] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)
    others: list[Looked] = field(default_factory=list)
    """Pages that were tried and are no articles."""
    failed: list[SavedPage] = field(default_factory=list)
    _scope: Scope = field(init=False)
    _found: dict[FeedFormat | None, deque[str]] = field(default_factory=dict)
    """Pages that may be articles, by what leads there: None for links."""
    _feeds: deque[str] = field(default_factory=deque)
    _sitemaps: deque[str] = field(default_factory=deque)
    _known: set[str] = field(default_factory=set)
    """What a crawl finds by itself: what robots.txt, feeds and sitemaps name, and the feeds of the list page."""
    _asked: set[str] = field(default_factory=set)
    _guessed: str | None = None
    """A sitemap that nothing names; many sites have one there."""
    _tried: int = 0

    def __post_init__(self) -> None:
        self._scope = Scope.of((self.url,), GENERIC)
        self._asked.add(self.url)

    @property
    def is_scripted(self) -> bool:
        """The list page is built by scripts, so that there is little to see without a browser."""
        return self.front is not None and script_built(self.front.saved.path.read_bytes()) is not None

    def follow(self, saved: SavedPage, sitemaps: Sequence[str]) -> Iterable[str]:
        """What to ask for next. `sitemaps` are those that robots.txt names."""
        self._announced(sitemaps)
        if saved.failure_class is None:
            self._take(saved)
        elif saved.id != self._guessed:
            self.failed.append(saved)
        if saved.id == self.url and self.failed:
            return ()
        following = next(self._candidates(), None)
        if following is None:
            return ()
        self._asked.add(following)
        return (following,)

    def _announced(self, sitemaps: Sequence[str]) -> None:
        self._known.update(sitemaps)
        self._sitemaps.extend(url for url in sitemaps if url not in self._sitemaps)

    def _take(self, saved: SavedPage) -> None:
        if saved.url and not self._scope.holds(saved.url):  # it has moved, as to another host
            self._scope = Scope.of((self.url, saved.url), GENERIC)
        try:
            read = _read(saved)
        except PageError:
            self.failed.append(saved)
            return
        if read.feed:
            self._take_feed(saved, read.feed)
        elif read.page.kind is PageKind.ARTICLE and read.page.articles:
            self.articles.append(Looked(saved, read.page))
            self._keep_links(read.page.outlinks)
        else:
            self._take_other(Looked(saved, read.page))

    def _take_other(self, looked: Looked) -> None:
        if self.front is None:
            self.front = looked
            if not self._known:
                self._guessed = urljoin(looked.saved.url or self.url, "/sitemap.xml")
                self._sitemaps.append(self._guessed)
            feeds = tuple(_feed_links(looked.saved))
            self._feeds.extend(feeds)
            self._known.update({link.url for link in looked.page.outlinks}.intersection(feeds))
        else:
            self.others.append(looked)
        self._keep_links(looked.page.outlinks)

    def _take_feed(self, saved: SavedPage, feed: Feed) -> None:
        urls = [url for entry in feed.entries if (url := page_url(entry.url))]
        is_known = saved.id in self._known or self._known.issuperset(urls)
        if feed.format is FeedFormat.SITEMAP_INDEX:
            # The last part of an index is as a rule the newest; the first may be of pages about the site.
            self._sitemaps.extend(url for url in (*urls[:1], *reversed(urls[1:])) if self._scope.holds(url))
        else:
            self._found.setdefault(feed.format, deque()).extend(filter(self._scope.follows, urls))
        self._known.update(urls)
        self.announcements.append(Announcement(saved.url or saved.id, feed.format, len(feed.entries), is_known))

    def _keep_links(self, links: Iterable[Outlink]) -> None:
        """Longest text first: headlines are longer than the words of a menu."""
        own = [link for link in links if link.kind is OutlinkKind.INTERNAL and self._scope.follows(link.url)]
        own.sort(key=lambda link: len(link.text or ""), reverse=True)
        self._found.setdefault(None, deque()).extend(link.url for link in own)

    def _candidates(self) -> Iterator[str]:
        """In the order in which they are to be asked for; none once all is seen."""
        if len(self._asked) >= _MOST_REQUESTS:
            return
        if self.front is None and self._asked == {self.url} and urlsplit(self.url).path not in ("", "/"):
            yield urljoin(self.url, "/")
        feeds = sum(each.format is FeedFormat.FEED for each in self.announcements)
        if feeds < _MOST_FEEDS:
            yield from self._new(self._feeds)
        if len(self.announcements) - feeds < _MOST_SITEMAPS:
            yield from self._new(self._sitemaps)
        if len(self.articles) < self.wanted and self._tried < _MOST_PAGES:
            self._tried += 1
            yield from self._new(self._in_turns())

    def _new(self, urls: Iterable[str]) -> Iterator[str]:
        return (url for url in urls if url not in self._asked)

    def _in_turns(self) -> Iterator[str]:
        """Of the sources, the one from which the fewest were taken comes first: it goes behind the others."""
        for source in list(self._found):
            waiting = self._found.pop(source)
            self._found[source] = waiting
            while waiting:
                yield waiting.popleft()


def _read(saved: SavedPage) -> Read:
    """Raises PageError."""
    facts = ResponseFacts(
        url=saved.url or saved.id,
        requested_url=saved.id,
        status=saved.status or 200,
        content_type=saved.content_type,
        etag=None,
        last_modified=None,
        fetched_at=saved.fetched_at or datetime.now(UTC),
        archived=None,
    )
    return read_page(saved.path.read_bytes(), facts, GENERIC)


def _feed_links(saved: SavedPage) -> Iterator[str]:
    document = Document.parse(saved.path.read_bytes(), url=saved.url, content_type=saved.content_type)
    return feed_links(document.tree, document.resolver.resolve)
