"""A page's own name for itself, believed only where it can be true."""

from urllib.parse import urlsplit

from crawler.document import Document
from crawler.markup.links import normalize_url, same_site

_NAMING = ("canonical", "og:url")


def canonical_url(document: Document) -> str | None:
    """The declared canonical URL, normalised; else the page's URL without tracking parameters; None where neither is.

    Sites declare their home page on every page, another host left over from a move, a URL without its host: such
    words are passed over.
    """
    for candidate in document.structured.urls:
        if candidate.name in _NAMING:
            url = document.resolver.resolve(candidate.value)
            if url is not None and _can_be(url, document.url):
                return normalize_url(url)
    if document.url is None:
        return None
    try:
        return normalize_url(document.url)
    except ValueError:
        return None


def _can_be(url: str, own: str | None) -> bool:
    if own is None:
        return _is_deep(url)
    if not same_site(url, own):
        return False
    return _is_deep(url) or not _is_deep(own)


def _is_deep(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path.strip("/") not in ("", "index.html", "index.htm", "index.php") or bool(parts.query)
