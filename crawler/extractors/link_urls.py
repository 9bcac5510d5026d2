"""What the address of a link alone tells: whether it leads to an article of this site, to a section, or elsewhere."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from crawler.document import Document
from crawler.markup.links import absolute_url, registered_domain

# Path segments and parameters of pages that list articles, or are none.
_SECTION = re.compile(
    r"(?i)(?:^|[/?&=_.-])(?:tags?|tagged|article_tag|topics?|thema|themen|themes?|sujets?|temas?|etiquetas?|etiket|emne|stichwort|schlagworte?|labels?|"
    r"keywords?|categor(?:y|ies|ia|ie)|kategorien?|kategori|rubrik|rubriques?|sections?|ressort|channel|hub|dossiers?|series|"
    r"authors?|autor(?:en|es|i)?|auteurs?|by|profiles?|person|people|users?|members?|staff|journalist[a-z]*|space|u|"
    r"search|suche|arama|recherche|buscar|archives?|archiv|pages?|index|list|feed|rss|login|signin|signup|register|subscribe|"
    r"abo|account|newsletters?|shop|store|jobs?|careers?|events?|about|contact|kontakt|impressum|privacy|terms|legal|help|faq|share|sharer|"
    r"comments?|kommentare|print|special|zt|bbs|forum|apps?|downloads?|games?|podcasts?)(?=[/?&=_.-]|$)"
)
_TAG = re.compile(
    r"(?i)(?:^|[/?&_.])(?:tags?|tagged|article_tag|topics?|thema|themen|themes?|sujets?|temas?|etiquetas?|etiket|emner?|"
    r"stichwort|schlagworte?|labels?|keywords?|hub|subjects?|biaoqian|konu|argoment[io]|amne|person|people|country)[/=_][^/?&]"
    r"|(?:^|[/.])(?:search|suche|arama|recherche|buscar|sok|haku|zoeken)(?=[/?.]|$)|[?&](?:q|s|query|keywords?|param|tag|wd)="
)
_CATEGORY = re.compile(
    r"(?i)(?:^|[/?&_.])(?:categor(?:y|ies|ia|ias|ie)|kategorien?|kategori|cat|rubrik|rubriques?|sections?)[/=_][^/?&]"
)
_AUTHOR = re.compile(
    r"(?i)(?:^|[/?&_.])(?:authors?|autor(?:en|es|i)?|auteurs?|by|profiles?|profil|users?|members?|journalist[a-z]*|team|"
    r"staff|space)[/=_][^/?&]"
)
_DATED = re.compile(r"(?:19|20)\d\d[/_.-]?(?:0?[1-9]|1[0-2])(?:[/_.-]?(?:[0-2]?\d|3[01]))?(?!\d)")
_DIGITS = re.compile(r"\d+")
_SLUG_BREAK = re.compile(r"[-_+.,\s]+")
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp|ece|cms|article|amp)$", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp3|mp4|docx?|xlsx?|apk)$", re.IGNORECASE)
_UNFOLLOWED = ("#", "javascript:", "mailto:", "tel:", "data:", "whatsapp:", "JavaScript:", "about:")


@dataclass(frozen=True, slots=True)
class LinkUrl:
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
    extension: bool
    section: bool
    """A word for a page that lists articles, or is none, stands in the address."""
    tag: bool
    category: bool
    author: bool
    file: bool
    """Leads to an image or a document."""
    pattern: str
    """The path with runs of letters and digits replaced by one letter each: equal for pages of one kind."""

    @property
    def article(self) -> bool:
        """The address has the shape of an article's: a date, a long number or a slug of words."""
        if self.file or (self.depth == 0 and not self.digits):
            return False
        if self.section:
            return self.digits >= 6 or self.slug >= 5
        return self.dated or self.digits >= 5 or self.slug >= 3 or (self.digits > 0 and self.extension)


@lru_cache(maxsize=4096)
def _domain(host: str) -> str:
    return registered_domain(host)


@lru_cache(maxsize=4096)
def _segment_pattern(segment: str) -> str:
    if segment.isdigit():
        return "0" * min(len(segment), 8)
    kept = _EXTENSION.search(segment)
    stem = segment[: kept.start()] if kept else segment
    words = len(_SLUG_BREAK.split(stem))
    shape = "w" if words == 1 else "w-w" if words <= 2 else "w-w-w"
    return shape + ("0" if _DIGITS.search(stem) else "") + (kept.group().lower() if kept else "")


class LinkReader:
    """Reads the links of one page; each address once."""

    def __init__(self, document: Document) -> None:
        self._base = document.base_url
        page = urlsplit(document.url or "")
        self._host = page.netloc.lower()
        self._domain = _domain(page.hostname or "")
        self._page_key = self._key(self._host, _decoded(page.path), page.query) if document.url else None
        base = urlsplit(self._base or "")
        self._origin = f"{base.scheme}://{base.netloc}" if base.netloc else None
        self._read: dict[str, LinkUrl | None] = {}
        self.page = self.read(document.url) if document.url else None

    def read(self, href: str) -> LinkUrl | None:
        """None for a link that leads to no page. Where the page's URL is not known, relative links stay as written."""
        if href not in self._read:
            self._read[href] = self._parse(href)
        return self._read[href]

    def resolve(self, href: str) -> str | None:
        href = href.strip()
        if not href or href.startswith(_UNFOLLOWED):
            return None
        if self._origin and href.startswith("/") and not href.startswith("//") and "/." not in href:
            return self._origin + href  # nine of ten links; urljoin costs four times as much
        url = absolute_url(self._base, href)
        if url is None and self._base is None and ":" not in href.split("/", 1)[0] and not href.startswith("//"):
            return href
        return url

    def _parse(self, href: str) -> LinkUrl | None:
        url = self.resolve(href)
        if url is None:
            return None
        parts = urlsplit(url)
        host, path, query = parts.netloc.lower(), _decoded(parts.path), parts.query
        own = not host or (bool(self._host) and (host == self._host or _domain(host.split(":")[0]) == self._domain))
        segments = [segment for segment in path.split("/") if segment]
        target = f"{path}?{query}" if query else path
        key = self._key(host, path, query)
        return LinkUrl(
            url=url,
            key=key,
            own=own,
            same_host=host == self._host,
            self_link=key == self._page_key,
            home=not segments and not query,
            slug=_slug_words(max(segments, key=len, default="")),
            digits=max((len(run) for run in _DIGITS.findall(target)), default=0),
            dated=bool(_DATED.search(path)),
            depth=len(segments),
            extension=bool(_EXTENSION.search(path)),
            section=bool(_SECTION.search(target)),
            tag=bool(_TAG.search(target)),
            category=bool(_CATEGORY.search(path)),
            author=bool(_AUTHOR.search(path)),
            file=bool(_FILE.search(path)),
            pattern="/".join(_segment_pattern(segment) for segment in segments),
        )

    @staticmethod
    def _key(host: str, path: str, query: str) -> str:
        return f"{host}{path.rstrip('/')}{'?' if query else ''}{query}"


def _decoded(path: str) -> str:
    return unquote(path) if "%" in path else path


def _slug_words(segment: str) -> int:
    stem = _EXTENSION.sub("", segment)
    words = [word for word in _SLUG_BREAK.split(stem) if word and not word.isdigit()]
    if not stem.isascii() and len(words) <= 2 and len(stem) >= 8:
        return len(stem) // 2  # a headline in a script without spaces, as one segment
    return len(words)
