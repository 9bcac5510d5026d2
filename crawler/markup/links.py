"""URLs: resolved, compared, and told apart."""

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from models.identity import normalize_url, registered_domain  # one spelling for reading and storing

__all__ = ["UrlResolver", "absolute_url", "is_broken", "normalize_url", "registered_domain", "same_site"]


# Joined to a page of the same scheme, "http:///path" would become a path of that page's host; browsers ask for "path".
_HOSTLESS = re.compile(r"(?i)(?:https?:)?/{3}")
_MEANT = re.compile(r"(?i)https?:|//")


# Most hrefs, which joining would leave as they are, or only put behind the page's host or folder: no white space, dot
# segment, backslash or parameter in them, and no "?" or "#" with nothing behind. To see that costs a tenth of a join.
_LETTERS = r"[\w~!$&'()*+,=:@%-]"
_SEGMENT = rf"{_LETTERS}*+(?:\.(?![./?#]|\Z){_LETTERS}*+)*+"
_BEHIND = r"(?:\?[^\s#\\]+)?(?:#[^\s\\]+)?"
_ABSOLUTE = re.compile(rf"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/{_SEGMENT})*{_BEHIND}")
_FROM_ROOT = re.compile(rf"(?!//)(?:/{_SEGMENT})+{_BEHIND}")
_FROM_FOLDER = re.compile(rf"[\w~-](?![^/?#\s\\]*:){_SEGMENT}(?:/(?!/){_SEGMENT})*{_BEHIND}")
_BASE = re.compile(rf"(https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?:/(?!/){_SEGMENT})+{_BEHIND}")


class UrlResolver:
    """Resolves the links of one page, as `absolute_url` does; each href once."""

    __slots__ = ("_base", "_folder", "_known", "_origin")

    def __init__(self, base: str | None) -> None:
        self._base = base
        self._known: dict[str, str | None] = {}
        plain = _BASE.fullmatch(base) if base else None
        self._origin = plain[1] if plain else None
        path = plain[0].partition("#")[0].partition("?")[0] if plain else ""
        self._folder = path.rpartition("/")[0] + "/" if path else None

    def resolve(self, href: str) -> str | None:
        known = self._known
        if href not in known:
            known[href] = self._resolve(href)
        return known[href]

    def _resolve(self, href: str) -> str | None:
        if _ABSOLUTE.fullmatch(href):
            return href
        if self._origin and self._folder:
            if href[:2] == "//" and _ABSOLUTE.fullmatch(url := self._origin.partition("//")[0] + href):
                return url
            if _FROM_ROOT.fullmatch(href):
                return self._origin + href
            if _FROM_FOLDER.fullmatch(href):
                return self._folder + href
        return absolute_url(self._base, href)


def absolute_url(base: str | None, href: str) -> str | None:
    """The URL a browser would follow; None for one that cannot be followed: broken, mailto, javascript, data.

    Without a base only an absolute href has one. Nothing but outer white space is changed.
    """
    href = href.strip()
    if not href or href.startswith("#") or _HOSTLESS.match(href):
        return None
    try:
        url = urljoin(base, href) if base else href
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # "http://[" and ports that are no number
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    return url


def is_broken(base: str | None, href: str) -> bool:
    """An href that means to lead to a page and cannot: "http:///path", "http://[", "http://:80"."""
    href = href.strip()
    if not _MEANT.match(href):
        return False
    return absolute_url(base or "http://unknown.invalid/", href) is None


def same_site(url: str, other: str) -> bool:
    """Both URLs lie under one registered domain, and, for an address or localhost, on one port."""
    return _are_of_one_site(_origin(url), _origin(other))


def _origin(url: str) -> str:
    """All up to the path of a URL that names a host."""
    return "/".join(url.split("/", 3)[:3])


@lru_cache(maxsize=4096)  # the links of a page lead to few hosts
def _are_of_one_site(url: str, other: str) -> bool:
    try:
        first, second = urlsplit(url), urlsplit(other)
        if first.port != second.port and not registered_domain(first.hostname or "").count("."):
            return False
        if (first.hostname or "").replace(".", "").isdigit():
            return first.netloc == second.netloc
    except ValueError:
        return False
    return registered_domain(first.hostname or "") == registered_domain(second.hostname or "")
