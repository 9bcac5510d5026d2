"""What makes two URLs, or two names, the same one: the keys under which they are stored, and shown once."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

HASH_BYTES = 16
"""Of SHA-256: a fixed-length key, because PostgreSQL refuses index rows over 2,704 bytes."""

HOST_LENGTH = 253
"""Characters of a name that the DNS can hold."""

URL_LENGTH = 2083
"""Characters of a URL that is asked for: what Internet Explorer took at most is what sites were made for."""

# Parameters that say where a visitor came from, never which page is meant.
_TRACKERS = re.compile(
    r"(?i)^(utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_[ce]id|_ga|_gl|_hsenc|"
    r"_hsmi|mkt_tok|oly_(anon|enc)_id|vero_id|wickedid|spm|scm|srsltid|share_token|sharefrom|share_from|from_source|"
    r"cmpid|ncid|ocid|ito|xtor|wt\.\w+|__twitter_impression|hss_channel|trk|tracking_id)$"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Most links of a page are spelt as `normalize_url` would spell them; seeing that costs a twentieth of parsing them.
_NORMAL = re.compile(r"https?://[a-z0-9-]++(?:\.[a-z0-9-]++)++(?:/(?!\.)[A-Za-z0-9._~-]*+)++")
# Second-level labels under which names are registered, as in com.cn or co.uk: enough to tell two sites apart.
_REGISTRY_LABELS = frozenset(
    {"com", "net", "org", "gov", "edu", "co", "ac", "or", "ne", "go", "gob", "gouv", "mil", "ltd", "plc", "me", "nom"}
)
# Zero-width and bidi controls: invisible, so two names that differ only by them are one.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def normalize_url(url: str) -> str:
    """One spelling for one page: no tracking parameters, fragment, default port or user; the query sorted.

    Idempotent. Raises ValueError for a URL that has no host.
    """
    if _NORMAL.fullmatch(url):
        return url
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


def page_url(url: str | None) -> str | None:
    """The normalised URL of the page that is meant; None where no page can be: broken, mailto, javascript."""
    if not url:
        return None
    # Cheaper than to look it up among thousands, which are in no cache of the processor.
    return url if len(url) <= HOST_LENGTH and _NORMAL.fullmatch(url) else _page_url(url)


@lru_cache(maxsize=8192)  # the links of a site's frame are on all of its pages
def _page_url(url: str) -> str | None:
    try:
        normal = normalize_url(url)
        parts = urlsplit(normal)
    except ValueError:
        return None
    is_page = parts.scheme in ("http", "https") and len(parts.hostname or "") <= HOST_LENGTH
    return normal if is_page else None


def registered_domain(host: str) -> str:
    """What the owner of a host registered: "news.example.com.cn" gives "example.com.cn"; an address is its own."""
    labels = host.lower().rstrip(".").split(".")
    if len(labels) <= 2 or labels[-1].isdigit() or ":" in host:
        return host.lower()
    keep = 3 if len(labels[-1]) == 2 and labels[-2] in _REGISTRY_LABELS else 2
    return ".".join(labels[-keep:])


def site_domain(url: str) -> str:
    """The site a normalised URL belongs to: its registered domain; an address or a bare name keeps its port."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    domain = registered_domain(host)
    if "." in domain and not domain.replace(".", "").isdigit():
        return domain
    return parts.netloc.rpartition("@")[2].lower()


def fold(text: str) -> str:
    """The form in which names are compared: NFKC, case folded, invisible characters and outer white space gone."""
    if text.isascii():
        return " ".join(text.split()).lower()
    normal = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(normal.split()).casefold()


def url_hash(url: str) -> bytes:
    """The key of a page. `url` is normalised."""
    return hashlib.sha256(url.encode()).digest()[:HASH_BYTES]


def name_hash(name: str) -> bytes:
    """The key of an author or a tag: one for all spellings that fold to the same."""
    return hashlib.sha256(fold(name).encode()).digest()[:HASH_BYTES]
