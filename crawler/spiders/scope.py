"""Scope: which URLs of a page belong to this crawl."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.site import Site
from crawler.sites import site_of

MOST_LETTERS = 2083  # of a URL; what Internet Explorer took at most is what sites were made for
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
    r"(?i)(?:^|&)(?:replytocom|add-to-cart|share|print|action|login|logout|redirect(?:_to)?|return(?:_?url)?|sort|order(?:by)?|"
    r"s|q|query|keyword|search)="
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The hosts of one crawl, and what its site ignores."""

    hosts: frozenset[str]
    """Host and port of the start URLs, without "www."."""
    site: Site

    @classmethod
    def of(cls, urls: tuple[str, ...], site: Site) -> "Scope":
        hosts = {_host_and_port(url) for url in urls}
        return cls(frozenset(hosts | set(site.domains)), site)

    def holds(self, url: str) -> bool:
        """On a host of this crawl, or below a domain its site names."""
        return self._holds(_host_and_port(url))

    def follows(self, url: str) -> bool:
        """A page of this crawl that a visitor would open to read."""
        if len(url) > MOST_LETTERS:
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
        return host in self.hosts or any(host.endswith(f".{domain}") for domain in self.site.domains)


def is_asset(url: str) -> bool:
    """A picture, a script, a document and the like, by its name."""
    return _ASSET.search(urlsplit(url).path) is not None


@lru_cache(maxsize=8192)  # the pages of a site share most of their links
def _host_and_use(url: str) -> tuple[str, bool]:
    """Host and port, and whether a visitor would open it to read."""
    parts = urlsplit(url)
    is_page = not (is_asset(url) or _ACTION_PATH.search(parts.path) or _ACTION_QUERY.search(parts.query))
    return _host_and_port(url), is_page


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
