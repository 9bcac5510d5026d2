"""What the address of a link alone tells: whether it leads to an article of this site, to a section, or elsewhere."""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from crawler.document import Document
from crawler.markup.links import absolute_url, registered_domain
from crawler.markup.text import letter_table

# Words of addresses of pages that list articles, or are none.
_SECTION_WORDS = frozenset(
    """
    abo about account app apps archiv archive archives author authors autor autoren autores bbs by categoria category
    categories channel comments contact dossier dossiers download downloads event events faq feed forum game games help
    hub impressum index job jobs journalist kategori kategorie kategorien kommentare kontakt legal list login member
    members newsletter newsletters page pages people person podcast podcasts print privacy profile profiles register
    ressort rss rubrik rubrique rubriques search section sections series share sharer shop signin signup space special
    staff store subscribe suche terms u user users zt
    """.split()
)
_TAG_WORDS = frozenset(
    """
    amne argomenti argomento article_tag biaoqian country emne emner etiket etiqueta etiquetas hub keyword keywords konu
    label labels people person schlagwort schlagworte stichwort subject subjects sujet sujets tag tagged tags tema temas
    thema theme themen themes topic topics
    """.split()
)
_SEARCH_WORDS = frozenset("arama buscar haku recherche search sok suche zoeken".split())
_SEARCH_PARAMETERS = frozenset("q s query keyword keywords param tag tags wd".split())
_CATEGORY_WORDS = frozenset(
    """
    cat categoria categorias categorie categories category kat kategori kategorie kategorien kategoriya rubrik rubrique
    rubriques section sections
    """.split()
)
_AUTHOR_WORDS = frozenset(
    """
    auteur auteurs author authors autor autoren autores by journalist journalists member members profil profile profiles
    space staff team user users
    """.split()
)
_KIND_WORDS = frozenset(
    part
    for word in _TAG_WORDS | _CATEGORY_WORDS | _AUTHOR_WORDS | _SEARCH_WORDS | _SEARCH_PARAMETERS
    for part in word.split("_")
)
_OFFER_WORDS = frozenset(
    """
    abo abonnement advertorial anzeige campaign coupon coupons course courses deals event events job jobs notice notices
    offer offers partner partners poll polls pr product products promo promotion quiz shop sponsored store subscribe
    subscription survey training vote voting webinar webinars whitepaper whitepapers
    """.split()
)
_WORD_BREAK = letter_table("/?&=_.-", " ")
_SLUG_BREAK = letter_table("-_+.,", " ")
_DATED = re.compile(r"(?:19|20)\d\d[/_.-]?(?:0?[1-9]|1[0-2])(?:[/_.-]?(?:[0-2]?\d|3[01]))?(?!\d)")
_DIGITS = re.compile(r"\d+")
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp|ece|cms|article|amp)$", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp3|mp4|docx?|xlsx?|apk)$", re.IGNORECASE)
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


class _Target(NamedTuple):
    """What path and query tell: the fields of LinkUrl of the same names."""

    slug: int
    digits: int
    dated: bool
    depth: int
    section: bool
    tag: bool
    category: bool
    author: bool
    file: bool
    pattern: str
    article: bool
    measures: tuple[float, ...]


@lru_cache(maxsize=16384)
def _read_target(path: str, query: str) -> _Target:
    segments = [segment for segment in path.split("/") if segment]
    last = segments[-1] if segments else ""
    target = f"{path}?{query}" if query else path
    lowered = target.lower()
    words = lowered.translate(_WORD_BREAK).split()
    boxes = () if _KIND_WORDS.isdisjoint(words) else _box_words(lowered)
    runs = _DIGITS.findall(target)
    digits, depth = max(map(len, runs)) if runs else 0, len(segments)
    slug = _slug_words(max(segments, key=len, default=""))
    ended = _EXTENSION.search(last) is not None if "." in last else False
    dated = digits >= 4 and ("20" in path or "19" in path) and bool(_DATED.search(path))
    section = not _SECTION_WORDS.isdisjoint(words)
    tag = bool(boxes) and (not _TAG_WORDS.isdisjoint(boxes) or _is_search(lowered))
    category, author = not _CATEGORY_WORDS.isdisjoint(boxes), not _AUTHOR_WORDS.isdisjoint(boxes)
    file = not ended and "." in last and bool(_FILE.search(last))
    if file or (depth == 0 and not digits):
        article = False
    elif author or tag:
        article = digits >= 6  # "/author/four-names-in-a-row" has the slug of an article
    elif section:
        article = digits >= 6 or slug >= 5
    else:
        # "formula-1/drivers.html" is no article: the last segment or the query holds the number.
        numbered = ended and digits > 0 and bool(_DIGITS.search(query) or _DIGITS.search(last))
        article = dated or digits >= 5 or slug >= 3 or numbered
    pattern = "/".join(map(_segment_pattern, segments))
    kinds = (section, tag, category, author, file)
    offer = not _OFFER_WORDS.isdisjoint(words)
    measures = (article, min(slug, 10), min(digits, 12), dated, ended, min(depth, 8), *kinds, offer)
    return _Target(slug, digits, dated, depth, *kinds, pattern, article, measures)


@lru_cache(maxsize=16384)
def _segment_pattern(segment: str) -> str:
    if segment.isdigit():
        return "0" * min(len(segment), 8)
    kept = _EXTENSION.search(segment) if "." in segment else None
    stem = segment[: kept.start()] if kept else segment
    words = len(stem.translate(_SLUG_BREAK).split())
    shape = "w" if words <= 1 else "w-w" if words == 2 else "w-w-w"
    return shape + ("0" if _DIGITS.search(stem) else "") + (kept.group().lower() if kept else "")


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
        url = absolute_url(self._base, href)
        if url is None and self._base is None and ":" not in href.split("/", 1)[0] and not href.startswith("//"):
            return href
        return url

    def _is_page_with_query(self, host: str, path: str, query: str) -> bool:
        """The page itself, to be shared, printed or answered: "?share=x" behind an address that has no query."""
        return bool(query) and len(path) > 1 and f"{host}{path.rstrip('/')}" == self._page_key

    def _is_like_page(self, target: _Target, key: str) -> bool:
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
        target = _read_target(path, query)
        same_host = host == self._host
        own = same_host or not host or (bool(self._host) and _domain(host.split(":")[0]) == self._domain)
        self_link = key == self._page_key or self._is_page_with_query(host, path, query)
        home = not target.depth and not query
        if same_host and not target.article and self._is_like_page(target, key):
            target = target._replace(article=True, measures=(True, *target.measures[1:]))
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


def _box_words(lowered: str) -> list[str]:
    """Where words for kinds of pages stand: segments that something follows, and first words, as in "tag_57"."""
    path, _, query = lowered.partition("?")
    *boxes, last = path.strip("/").split("/")
    for segment in (*boxes, last):
        word, mark, rest = segment.partition("_")
        if mark and rest:
            boxes.append(word)
    boxes.extend(parameter.partition("=")[0] for parameter in query.split("&") if query)
    return boxes


def names_kind(href: str) -> bool:
    """A word for tags, categories, authors or a search stands somewhere in the address."""
    return not _KIND_WORDS.isdisjoint(href.lower().translate(_WORD_BREAK).split())


def _is_search(lowered: str) -> bool:
    path, _, query = lowered.partition("?")
    if not _SEARCH_WORDS.isdisjoint(path.split("/")):
        return True
    return bool(query) and any(part.partition("=")[0] in _SEARCH_PARAMETERS for part in query.split("&"))


def _decoded(path: str) -> str:
    return unquote(path) if "%" in path else path


def _slug_words(segment: str) -> int:
    stem = _EXTENSION.sub("", segment) if "." in segment else segment
    words = [word for word in stem.translate(_SLUG_BREAK).split() if not word.isdigit()]
    if len(words) <= 2 and not stem.isascii() and len(stem) >= 8:
        return len(stem) // 2  # a headline in a script without spaces, as one segment
    return len(words)
