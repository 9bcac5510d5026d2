"""URLs: resolved, compared, and told apart."""

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Parameters that say where a visitor came from, never which page is meant.
_TRACKERS = re.compile(
    r"(?i)^(utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_[ce]id|_ga|_gl|_hsenc|"
    r"_hsmi|mkt_tok|oly_(anon|enc)_id|vero_id|wickedid|spm|scm|srsltid|share_token|sharefrom|share_from|from_source|"
    r"cmpid|ncid|ocid|ito|xtor|wt\.\w+|__twitter_impression|hss_channel|trk|tracking_id)$"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Second-level labels under which names are registered, as in com.cn or co.uk: enough to tell two sites apart.
_REGISTRY_LABELS = frozenset(
    {"com", "net", "org", "gov", "edu", "co", "ac", "or", "ne", "go", "gob", "gouv", "mil", "ltd", "plc", "me", "nom"}
)


def absolute_url(base: str | None, href: str) -> str | None:
    """The URL a browser would follow; None for one that cannot be followed: broken, mailto, javascript, data.

    Without a base only an absolute href has one. Nothing but outer white space is changed.
    """
    href = href.strip()
    if not href or href.startswith("#"):
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
    return absolute_url(base, href) is None


def normalize_url(url: str) -> str:
    """One spelling for one page: no tracking parameters, fragment, default port or user; the query sorted.

    Idempotent. Raises ValueError for a URL that has no host.
    """
    parts = urlsplit(url)
    if not parts.hostname:
        raise ValueError(f"a URL with scheme and host expected, found {url!r}")
    scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    if ":" in host:
        host = f"[{host}]"
    if port and port != _DEFAULT_PORTS.get(scheme):
        host = f"{host}:{port}"
    query = parts.query
    if query:
        pairs = parse_qsl(query, keep_blank_values=True)
        kept = [pair for pair in pairs if not _TRACKERS.match(pair[0])]
        query = urlencode(kept) if len(kept) != len(pairs) else query
    return canonicalize_url(urlunsplit((scheme, host, parts.path or "/", query, "")), keep_blank_values=True)


def registered_domain(host: str) -> str:
    """What the owner of a host registered: "news.example.com.cn" gives "example.com.cn"; an address is its own."""
    labels = host.lower().rstrip(".").split(".")
    if len(labels) <= 2 or labels[-1].isdigit() or ":" in host:
        return host.lower()
    keep = 3 if len(labels[-1]) == 2 and labels[-2] in _REGISTRY_LABELS else 2
    return ".".join(labels[-keep:])


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
