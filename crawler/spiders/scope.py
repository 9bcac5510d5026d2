"""Scope: which URLs of a page belong to this crawl."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.site import Site
from crawler.sites import site_of
from models.identity import URL_LENGTH

# Files that are no pages. A feed or sitemap (.xml, .xml.gz, .rss) may be one.
_ASSET = re.compile(
    r"(?i)\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|mp[34]|m4[av]|webm|ogg|wav|flac|avi|mov|wmv|pdf|docx?|xlsx?|pptx?|"
    r"odt|epub|zip|rar|7z|tar|tgz|bz2|xz|dmg|exe|apk|iso|css|js|mjs|map|json|woff2?|ttf|eot|webmanifest|ics)$"
    r"|/(?:robots|humans|security|ads|app-ads|llms|llms-full)\.txt$"
)
# Actions of common site engines: they change something, ask for a login, or repeat a page in another form.
_ACTION_PATH = re.compile(
    r"(?i)/(?:wp-login\.php|wp-admin|wp-json|xmlrpc\.php|cgi-bin|login|logout|signin|signup|register|account|cart|checkout|"
    r"search)(?:/|$)"
)
_ACTION_QUERY = re.compile(
    r"(?i)(?:^|&)(?:replytocom|add-to-cart|share|print|action|login|logout|redirect(?:_to)?|return(?:_?url)?|sort|order(?:by)?)="
)
_SEARCH_QUERY = re.compile(r"(?i)(?:^|&)(?:s|q|query|keyword|search)=")
# A name of three words is that of a page, which a search has led to; what searches is called by a word or none.
_SLUG = re.compile(r"/[^/]+[-_][^/]+[-_][^/]+$")
_MOST_REPEATED = 3  # folders of one name: more come of relative links that lead ever deeper


@dataclass(frozen=True, slots=True)
class Scope:
    """The hosts of one crawl, and what its site ignores."""

    hosts: frozenset[str]
    """Host and port of the start URLs, without "www."."""
    site: Site
    is_open: bool = False
    """All other hosts belong to it as well."""

    @classmethod
    def of(cls, urls: tuple[str, ...], site: Site, *, is_open: bool = False) -> "Scope":
        hosts = {_host_and_port(url) for url in urls}
        return cls(frozenset(hosts | set(site.domains)), site, is_open)

    def holds(self, url: str) -> bool:
        """On a host of this crawl, or below a domain its site names."""
        return self._holds(_host_and_port(url))

    def follows(self, url: str) -> bool:
        """A page of this crawl that a visitor would open to read."""
        if len(url) > URL_LENGTH:
            return False
        host, is_page = _host_and_use(url)
        if not is_page or not self._holds(host):
            return False
        ignored = self.site.ignored_url
        if not ignored:
            return True
        parts = urlsplit(url)
        return not re.search(ignored, f"{parts.path}?{parts.query}")

    def _holds(self, host: str) -> bool:
        return self.is_open or host in self.hosts or any(host.endswith(f".{domain}") for domain in self.site.domains)


def is_asset(url: str) -> bool:
    """A picture, a script, a document and the like, by its name."""
    return _ASSET.search(urlsplit(url).path) is not None


@lru_cache(maxsize=8192)  # the pages of a site share most of their links
def _host_and_use(url: str) -> tuple[str, bool]:
    """Host and port, and whether a visitor would open it to read."""
    parts = urlsplit(url)
    is_action = _ACTION_PATH.search(parts.path) or _ACTION_QUERY.search(parts.query)
    is_search = _SEARCH_QUERY.search(parts.query) and not _SLUG.search(parts.path)
    return _host_and_port(url), not (is_asset(url) or is_action or is_search or _goes_in_circles(parts.path))


def _goes_in_circles(path: str) -> bool:
    if path.count("/") <= _MOST_REPEATED:
        return False
    return Counter(filter(None, path.split("/"))).most_common(1)[0][1] > _MOST_REPEATED


def scope_around(url: str) -> Scope:
    """Where no crawl has drawn it: the host of the page, and what the file of its site names."""
    parts = urlsplit(url)
    return _scope_of_origin(f"{parts.scheme}://{parts.netloc}/")


@lru_cache(maxsize=1024)  # one worker has the pages of a few sites at a time
def _scope_of_origin(origin: str) -> Scope:
    return Scope.of((origin,), site_of(origin))


def _host_and_port(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}:{parts.port}" if parts.port and parts.port not in (80, 443) else host
