"""The short fixed lists of words that items and tables are made of."""

from enum import IntEnum, StrEnum


class Origin(StrEnum):
    """Where a field's value came from."""

    STRUCTURED = "structured"  # JSON-LD, microdata, OpenGraph, meta elements
    HINT = "hint"  # the site's own file
    GENERIC = "generic"  # rules and labels that know no site


class PageKind(StrEnum):
    ARTICLE = "article"
    LISTING = "listing"
    FEED = "feed"
    SITEMAP = "sitemap"
    OTHER = "other"


class BlockType(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"
    IMAGE = "image"
    CAPTION = "caption"


class LinkListKind(StrEnum):
    RELATED = "related"
    POPULAR = "popular"
    LATEST = "latest"
    INLINE = "inline"
    ADJACENT = "adjacent"
    PROMOTION = "promotion"


class TagListKind(StrEnum):
    ARTICLE = "article"  # keywords of this article
    HOT = "hot"  # tag cloud or trending topics of the whole site


class OutlinkKind(StrEnum):
    INTERNAL = "internal"  # same site
    EXTERNAL = "external"
    PAGINATION = "pagination"  # next or previous page of this listing or article
    BROKEN = "broken"  # kept as written, never requested


class FailureClass(StrEnum):
    """The short fixed list: why a request ended without a page. `refused` ones were never or only partly fetched."""

    UNREACHABLE = "unreachable"  # the host name does not resolve, or nothing answers there
    CONNECTION_LOST = "connection_lost"
    TLS = "tls"
    TIMEOUT = "timeout"
    INCOMPLETE = "incomplete"  # body cut short: never stored as whole
    TOO_LARGE = "too_large"
    GONE = "gone"  # 404, 410
    RATE_LIMITED = "rate_limited"  # 429
    CLIENT_ERROR = "client_error"  # other 4xx
    SERVER_ERROR = "server_error"  # 5xx
    REDIRECT = "redirect"  # a loop, too many hops, or a target that may not be fetched
    CONTENT_TYPE = "content_type"  # neither a page, nor a feed, nor a sitemap
    UNPARSABLE = "unparsable"
    NOT_ARTICLE = "not_article"  # an article was asked for and the page is none
    LAYOUT_CHANGED = "layout_changed"  # a site's hint no longer fits its page
    EXTRACTION = "extraction"  # a fault of the extractor itself
    INVALID_ITEM = "invalid_item"
    STORAGE = "storage"
    QUARANTINED = "quarantined"  # its worker died with it time after time: not asked for again by itself
    REFUSED_ROBOTS = "refused_robots"
    REFUSED_SCHEME = "refused_scheme"
    REFUSED_OFFSITE = "refused_offsite"
    REFUSED_ADDRESS = "refused_address"  # not of the public internet, or a port that is none of the web
    REFUSED_LIMIT = "refused_limit"

    @property
    def is_refusal(self) -> bool:
        return self.value.startswith("refused_")


class AlarmRule(StrEnum):
    """What an alarm is about. Each is told by the watched thing's own history."""

    FIELD = "field"  # fewer articles have this field
    LENGTH = "length"  # bodies are shorter
    LAYOUT = "layout"  # bodies stand where none stood before
    LOST = "lost"  # pages that held an article hold none
    SILENT = "silent"  # no new article, though the site is asked
    FAILURES = "failures"  # more requests end in this class
    SYNC = "sync"  # a target is further behind than it ever was


class Priority(IntEnum):
    """Which of a site's due pages are asked for first: those of the lowest number, and among them the longest due."""

    URGENT = 0  # somebody waits for it
    LIST = 1  # start pages, listings, feeds, sitemaps: what shows new pages
    NEW = 2  # never asked for
    REVISIT = 3
