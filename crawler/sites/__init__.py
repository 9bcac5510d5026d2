"""One file a site, found by itself: each module of this package has a constant SITE."""

import importlib
import pkgutil
from functools import cache
from urllib.parse import urlsplit

from crawler.errors import UnknownSite
from crawler.site import GENERIC, Site


@cache
def known_sites() -> dict[str, Site]:
    """Site name to site, in alphabetical order."""
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    sites: list[Site] = [module.SITE for module in modules]
    return {site.name: site for site in sorted(sites, key=lambda site: site.name)}


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
