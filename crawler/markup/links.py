"""URLs: resolved, compared, and told apart."""

import re
from urllib.parse import urljoin, urlsplit

from models.identity import normalize_url, registered_domain  # one spelling for reading and storing

__all__ = ["absolute_url", "is_broken", "normalize_url", "registered_domain", "same_site"]


# Joined to a page of the same scheme, "http:///path" would become a path of that page's host; browsers ask for "path".
_HOSTLESS = re.compile(r"(?i)(?:https?:)?/{3}")


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
    if not re.match(r"(?i)https?:|//", href):
        return False
    return absolute_url(base or "http://unknown.invalid/", href) is None


def same_site(url: str, other: str) -> bool:
    """Both URLs lie under one registered domain, and, for an address or localhost, on one port."""
    try:
        first, second = urlsplit(url), urlsplit(other)
        if first.port != second.port and not registered_domain(first.hostname or "").count("."):
            return False
        if (first.hostname or "").replace(".", "").isdigit():
            return first.netloc == second.netloc
    except ValueError:
        return False
    return registered_domain(first.hostname or "") == registered_domain(second.hostname or "")
