"""Site: a frozen record of hints about one site. GENERIC has none, and is enough for most."""

from dataclasses import dataclass
from enum import StrEnum

from models.pickling import pickle_by_values


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkListHint:
    """Where a related-article list stands, on a site where the generic rules miss it. No match raises LayoutChanged."""

    kind: str
    """A value of LinkListKind."""
    css: str
    """Selects the container; its links are the items."""
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TagListHint:
    kind: str
    """A value of TagListKind."""
    css: str
    required: bool = True


class Panel(StrEnum):
    """What a box of a page is part of."""

    BODY = "body"
    LINKS = "links"
    TAGS = "tags"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelHint:
    """A box that the generic rules take for something else. All other boxes stay with the rules, and no match is fine.

    `triptych browse` saves such hints; the innermost box around a block has the say.
    """

    css: str
    panel: Panel
    kind: str | None = None
    """A value of BlockType, LinkListKind or TagListKind, as the panel is; None leaves it to the rules."""
    url: str | None = None
    """The one page it holds for; None for all of the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Hints that override the generic extractor. An empty hint leaves the field to the generic rules."""

    name: str
    domains: tuple[str, ...] = ()
    """Hosts of the site, without port; sub-domains belong to it too."""
    start_urls: tuple[str, ...] = ()
    schedule: str | None = None
    """A cron expression: when `scrapy schedule add` has the site crawled if it is told nothing else."""
    delay_seconds: float = 0.0
    """The least time between two requests, if its robots.txt and DOWNLOAD_DELAY do not ask for more."""
    timezone: str | None = None
    """IANA name for times the page shows without a zone, as "Asia/Shanghai"."""
    languages: tuple[str, ...] = ()
    """BCP 47 tags tried for dates in words."""
    encoding: str | None = None
    """Overrides what the pages declare."""
    article_url: str | None = None
    """Regular expression, searched in the path and query: pages to be stored as articles."""
    listing_url: str | None = None
    """Regular expression: pages followed for links and never stored as articles."""
    ignored_url: str | None = None
    """Regular expression: never requested."""
    browser: bool | None = None
    """With BROWSER_ENABLED: whether its pages are built by scripts; None leaves that to the signs of each page."""
    browser_hosts: tuple[str, ...] = ()
    """Other hosts that the scripts and data of its pages come from."""
    headline: str | None = None
    """CSS selector of exactly one node."""
    article_body: str | None = None
    """CSS selector of the body's containers, in page order."""
    not_body: tuple[str, ...] = ()
    """CSS selectors of boxes inside the body that are none of it."""
    date_published: str | None = None
    authors: str | None = None
    source: str | None = None
    link_lists: tuple[LinkListHint, ...] | None = None
    """Replaces the generic lists as a whole; None leaves them."""
    tag_lists: tuple[TagListHint, ...] | None = None
    labels: tuple[LabelHint, ...] = ()
    """Single boxes set right, on top of the generic rules and of the other hints."""


GENERIC = Site(name="generic")

# It goes with each page to the process that reads it.
pickle_by_values(LinkListHint, TagListHint, LabelHint, Site)
