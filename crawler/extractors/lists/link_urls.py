"""What the address of a link alone tells: whether it leads to an article of this site, to a section, or elsewhere."""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from crawler.document import Document
from crawler.extractors.lists.link_targets import OFFER_HOSTS, Target, read_target
from crawler.markup.links import absolute_url, registered_domain

_UNFOLLOWED = ("#", "javascript:", "mailto:", "tel:", "data:", "whatsapp:", "JavaScript:", "about:")
_NAMELESS = re.compile(r"w(?:\.\w+)?")  # the pattern of one word without digits, as sections have
_PLAIN = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?(?:/[!-~]*)?\Z")


class LinkUrl(NamedTuple):
    """A resolved link, read from its address alone."""

    url: str
    key: str
    """Host, path and query without scheme, trailing slash and fragment: equal for one page."""
    own: bool
    """On this page's site, sub-domains included; True where the page's URL is not known and the link is relative."""
    same_host: bool
    self_link: bool
    home: bool
    """Leads to the first page of a site."""
    slug: int
    """Words of the longest path segment."""
    digits: int
    """Length of the longest number in the path or query."""
    dated: bool
    depth: int
    """Path segments."""
    section: bool
    """A word for a page that lists articles, or is none, stands in the address."""
    offer: bool
    """In a folder or on a host of what is offered beside articles: of events, of a shop, of advertisements."""
    tag: bool
    category: bool
    author: bool
    file: bool
    """Leads to an image or a document."""
    pattern: str
    """The path with runs of letters and digits replaced by one letter each: equal for pages of one kind."""
    article: bool
    """The address has the shape of an article's: a date, a long number or a slug of words."""
    measures: tuple[float, ...]
    """For the model: article, slug, digits, dated, extension, depth, then the kinds of pages."""


NO_MEASURES = (0.0,) * 12


@lru_cache(maxsize=4096)
def _domain(host: str) -> str:
    return registered_domain(host)


class LinkReader:
    """Reads the links of one page; each address once."""

    def __init__(self, document: Document, *, page_url: str | None = None) -> None:
        """`page_url` is the page's own name for itself, for a page whose URL is not known."""
        own_url = document.url or page_url
        self._base = document.base_url
        page = urlsplit(own_url or "")
        self._host = page.netloc.lower() or _usual_host(document)
        self._domain = _domain(self._host.split(":")[0])
        self._page_key = _key(self._host, _decoded(page.path), page.query) if own_url else None
        base = urlsplit(self._base or "")
        self._origin = f"{base.scheme}://{base.netloc}" if base.netloc else None
        self._read: dict[str, LinkUrl | None] = {}
        self.page: LinkUrl | None = None
        self.page = self.read(own_url) if own_url else None

    def read(self, href: str) -> LinkUrl | None:
        """None for a link that leads to no page. Where the page's URL is not known, relative links stay as written."""
        if href not in self._read:
            self._read[href] = self._parse(href)
        return self._read[href]

    def resolve(self, href: str) -> str | None:
        href = href.strip()
        if not href or href.startswith(_UNFOLLOWED):
            return None
        # Nine of ten links are rooted, or absolute and plain; urljoin costs four times as much.
        if self._origin and href[0] == "/" and href[:2] != "//" and "/." not in href:
            return self._origin + href
        if _PLAIN.match(href):
            return href
        if " " in href and "/" not in href:
            return None  # a headline where its address should be
        url = absolute_url(self._base, href)
        if url is None and self._base is None and ":" not in href.split("/", 1)[0] and not href.startswith("//"):
            return href
        return url

    def _is_page_with_query(self, host: str, path: str, query: str) -> bool:
        """The page itself, to be shared, printed or answered: "?share=x" behind an address that has no query."""
        return bool(query) and len(path) > 1 and f"{host}{path.rstrip('/')}" == self._page_key

    def _is_like_page(self, target: Target, key: str) -> bool:
        """Beside the page in one folder, and named alike by words or numbers: "/archives/post-7/" and "post-12"."""
        page = self.page
        if page is None or page.pattern != target.pattern or target.depth < 2:
            return False
        is_named = not _NAMELESS.fullmatch(target.pattern.rpartition("/")[2])
        is_other_kind = target.tag or target.category or target.author or target.file
        return is_named and not is_other_kind and _folder(page.key) == _folder(key)

    def _parse(self, href: str) -> LinkUrl | None:
        url = self.resolve(href)
        if url is None:
            return None
        host, path, query = _split(url)
        key = _key(host, path, query)
        target = read_target(path, query)
        same_host = host == self._host
        own = same_host or not host or (bool(self._host) and _domain(host.split(":")[0]) == self._domain)
        self_link = key == self._page_key or self._is_page_with_query(host, path, query)
        home = not target.depth and not query
        if same_host and not target.article and self._is_like_page(target, key):
            target = target._replace(article=True, measures=(True, *target.measures[1:]))
        if not target.offer and not OFFER_HOSTS.isdisjoint(host.split(".")[:-2]):
            target = target._replace(offer=True, measures=(*target.measures[:-1], True))
        return LinkUrl(url, key, own, same_host, self_link, home, *target)


def _folder(key: str) -> str:
    return key.partition("?")[0].rpartition("/")[0]


def _usual_host(document: Document) -> str:
    """The host that most links of a page of unknown URL lead to, if its first page is among them; else ""."""
    tree = document.tree
    hrefs = (tree.attributes[number].get("href", "").strip() for number in tree.numbers_of("a"))
    links = [_split(href) for href in hrefs if _PLAIN.match(href)]
    homes = {host for host, path, query in links if path in ("", "/") and not query}
    hosts = Counter(host for host, _, _ in links if host in homes)
    return hosts.most_common(1)[0][0] if hosts else ""


def _key(host: str, path: str, query: str) -> str:
    return f"{host}{path.rstrip('/')}?{query}" if query else host + path.rstrip("/")


def _split(url: str) -> tuple[str, str, str]:
    """Lower-case host with port, decoded path, query; the host is "" where the link is relative."""
    url = url.partition("#")[0]
    head, mark, query = url.partition("?")
    scheme, colon, rest = head.partition("://")
    host, slash, path = rest.partition("/") if colon else ("", "", scheme)
    return host.lower(), _decoded(slash + path), query if mark else ""


def _decoded(path: str) -> str:
    return unquote(path) if "%" in path else path
