"""One file a site, found by itself: each module of this package has a constant SITE, and may have labels beside it."""

import importlib
import pkgutil
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from crawler.errors import UnknownSite, UsageError
from crawler.label_file import NAME, add_label, read_label_files, with_labels
from crawler.site import GENERIC, LabelHint, Site

_FOLDER = Path(__file__).parent


@cache
def known_sites() -> dict[str, Site]:
    """Site name to site, in alphabetical order."""
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    sites: list[Site] = [module.SITE for module in modules]
    return with_labels(sites, read_label_files(_FOLDER))


def site_named(name: str) -> Site:
    """Raises UnknownSite with the names there are."""
    if name == GENERIC.name:
        return GENERIC
    sites = known_sites()
    if name not in sites:
        known = ", ".join(sites) or "none yet"
        raise UnknownSite(f"no site {name!r}; known: {known}; add crawler/sites/{name}.py")
    return sites[name]


def site_of(url: str) -> Site:
    """The site whose domains hold the URL's host; GENERIC for all others."""
    host = urlsplit(url).hostname or ""
    for site in known_sites().values():
        if any(host == domain or host.endswith(f".{domain}") for domain in site.domains):
            return site
    return GENERIC


def site_file(name: str) -> Path:
    """Where the site's module is, or would be. Raises UsageError for a name that is none."""
    if not NAME.fullmatch(name):
        raise UsageError(f"letters, digits, - and _ expected in the name of a site, found {name!r}")
    return _FOLDER / f"{name}.py"


def save_label(url: str, hint: LabelHint) -> Path:
    """A label for the site of the URL, which need not have a file yet. Holds at once in this process.

    Raises UsageError for a URL without a host.
    """
    site = site_of(url)
    if site is GENERIC:
        host = urlsplit(url).hostname or ""
        site = Site(name=re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-"), domains=(host,))
    path = add_label(_FOLDER, site, hint)
    known_sites.cache_clear()
    return path
