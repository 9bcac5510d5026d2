"""What a run was asked to do: the spider's arguments, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crawler.errors import UsageError
from crawler.markup.links import absolute_url
from crawler.site import Site
from crawler.sites import site_named, site_of
from crawler.spiders.scope import Scope
from crawler.transport.typed import refuse_credentials, shown
from models.identity import page_url, site_domain

_NAMES = ("url", "site", "limit", "revisit", "follow", "hosts", "sites", "stays")


class Revisit(StrEnum):
    ALL = "all"
    """Each page that the run comes by, once."""
    DUE = "due"
    """What is new, and what its own history says it is time for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """All strings as they come from the command line:

    url: where to start, several separated by white space; or nothing, with `site` named
    site: name of a site file; found by each URL's host otherwise
    limit: stop after so many articles
    revisit: "all", the default, or "due"
    follow: "no" fetches the given URLs and nothing else, and takes a page without an article for a failure
    hosts: "any" follows links and redirects to all hosts, and works at what is due of other sites that are stored
    sites: "all" works at all sites that are stored, and takes no `url` and no `site`
    stays: "yes" waits for more when nothing is due
    """

    given: Mapping[str, str]
    urls: tuple[str, ...]
    site: Site | None
    """The named one."""
    scope: Scope | None
    """None where each site has its own."""
    domains: tuple[str, ...] | None
    """Of the sites whose pages are asked for; None for all."""
    limit: int | None
    revisit: Revisit
    follow: bool
    stays: bool

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Arguments":
        """Raises UsageError, with what to type, for what cannot be meant."""
        unknown = set(given) - set(_NAMES)
        if unknown:
            raise UsageError(f"the spider takes {', '.join(_NAMES)}; found {', '.join(sorted(unknown))}")
        site = site_named(given["site"]) if given.get("site") else None
        is_all = given.get("sites") == "all"
        urls = () if is_all else _start_urls(given.get("url", ""), site)
        is_open = _any_host(given.get("hosts"))
        return cls(
            given=dict(given),
            urls=urls,
            site=site,
            scope=None if is_all else Scope.of(urls, site or site_of(urls[0]), is_open=is_open),
            domains=None if is_all or is_open else _domains(urls, site or site_of(urls[0])),
            limit=_positive(given.get("limit")),
            revisit=_revisit(given.get("revisit", Revisit.DUE if is_all else Revisit.ALL)),
            follow=given.get("follow") != "no",
            stays=given.get("stays") == "yes",
        )


def _start_urls(urls: str, site: Site | None) -> tuple[str, ...]:
    """The URLs typed, or else those of the site."""
    given = tuple(urls.split()) or (site.start_urls if site else ())
    if not given:
        raise UsageError("no start URL; give one as in: scrapy crawl articles -a url=https://example.com/")
    refuse_credentials(given)
    for url in given:
        if absolute_url(None, url) is None or page_url(url) is None:
            raise UsageError(
                f"an http or https URL with a host expected, found {shown(url)!r}; as in https://example.com/news/"
            )
    return given


def _domains(urls: tuple[str, ...], site: Site) -> tuple[str, ...]:
    pages = (*urls, *(f"https://{domain}/" for domain in site.domains))
    return tuple(dict.fromkeys(site_domain(url) for page in pages if (url := page_url(page))))


def _positive(limit: str | None) -> int | None:
    if limit is None:
        return None
    if not limit.isdigit() or int(limit) < 1:
        raise UsageError(f"limit: a number of articles from 1 expected, found {limit!r}; as in -a limit=20")
    return int(limit)


def _any_host(hosts: str | None) -> bool:
    if hosts not in (None, "any"):
        raise UsageError(f"hosts: any expected, found {hosts!r}; without it, a crawl stays on the hosts of its URLs")
    return hosts == "any"


def _revisit(revisit: str) -> Revisit:
    try:
        return Revisit(revisit)
    except ValueError:
        raise UsageError(f"revisit: all or due expected, found {revisit!r}") from None
