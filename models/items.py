"""Items in flight: what a page says, as frozen records in schema.org terms.

`None` means the page does not say; an empty tuple means it says none. Times are aware; the text they were read from
stands beside them. URLs are absolute, or as written where the page's own URL is not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.pickling import pickle_by_values, pickle_in_columns
from models.terms import (
    BlockType,
    FailureClass,
    LinkListKind,
    Origin,
    OutlinkKind,
    PageKind,
    Priority,
    TagListKind,
)

__all__ = [
    "BODY_TYPES", "ArchivePlace", "Article", "Block", "BlockType", "Discovery", "Failure", "FailureClass", "Item",
    "LinkItem", "LinkList", "LinkListKind", "NotModified", "Origin", "Outlink", "OutlinkKind", "Page", "PageError",
    "PageKind", "PagePart", "Priority", "TagItem", "TagList", "TagListKind",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of an article's body, in page order."""

    type: BlockType
    text: str
    """White space collapsed, except in code; the cells of a table row are separated by a tab, rows by a line feed."""
    level: int | None = None
    """1 to 6 of a heading, nesting depth from 1 of a list item; None for others."""
    url: str | None = None
    """The source of an image; None for others."""
    part: int = 1
    """Which page of an article over several pages it stands on, from 1."""


BODY_TYPES = frozenset(BlockType) - {BlockType.IMAGE, BlockType.CAPTION}
"""Block types whose text is part of `article_body`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article of a page. A page can hold more than one."""

    position: int = 0
    """Place on the page, from 0."""
    headline: str | None = None
    blocks: tuple[Block, ...] = ()
    authors: tuple[str, ...] = ()
    """Names only, without "By" or 记者, in page order."""
    source: str | None = None
    """来源: the publisher a reprint names, or the news agency."""
    source_url: str | None = None
    """The page that a reprint names as the one it was taken from, on another site."""
    date_published: datetime | None = None
    date_modified: datetime | None = None
    date_text: str | None = None
    """The publication date as the page shows it."""
    in_language: str | None = None
    """BCP 47 tag, as "zh-CN"."""
    section: str | None = None
    description: str | None = None
    main_image: str | None = None
    """URL."""
    xpath: str | None = None
    """Block of the body. More than one node is a union, "a | b"; None where the body is not in the markup."""
    confidence: float | None = None
    """0 to 1: how sure the extractor is of the body."""
    origins: Mapping[str, Origin] = field(default_factory=dict)
    """Field name to where its value came from."""

    @property
    def article_body(self) -> str:
        """Text of the body blocks, a line each; images and their captions left out."""
        return "\n".join(block.text for block in self.blocks if block.type in BODY_TYPES and block.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkItem:
    """One entry of a related-article list."""

    url: str | None
    """None where the list shows a headline without a link, as in a plain-text dump."""
    headline: str | None = None
    """Without kicker, rank, badge, duration or comment count; None where only "next" or "previous" is shown."""
    description: str | None = None
    date_published: datetime | None = None
    date_text: str | None = None
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkList:
    """A list of other articles offered to the reader of this page."""

    kind: LinkListKind
    items: tuple[LinkItem, ...]
    """In page order, a URL once; never the page itself."""
    heading: str | None = None
    xpath: str | None = None
    confidence: float | None = None
    origin: Origin = Origin.GENERIC


@dataclass(frozen=True, slots=True, kw_only=True)
class TagItem:
    name: str
    """As shown, case kept, separators dropped."""
    url: str | None = None
    date_published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagList:
    """Keywords of this article, or the site's hot tags."""

    kind: TagListKind
    items: tuple[TagItem, ...]
    heading: str | None = None
    xpath: str | None = None
    confidence: float | None = None
    origin: Origin = Origin.GENERIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlink:
    """A link of the page, each URL once, in page order."""

    url: str
    text: str | None
    kind: OutlinkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class PageError:
    """Something on the page that could not be read, and cost nothing but itself."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePart:
    """Which part of an article over several pages a page is."""

    number: int
    """From 1."""
    first_url: str
    """Of part 1, under which the whole is stored; the page's own on part 1."""
    urls: Mapping[int, str]
    """Number to URL of the other parts that the page links to."""

    @property
    def next_url(self) -> str | None:
        """None on the last part."""
        return self.urls.get(self.number + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePlace:
    """Where in the archive a response lies."""

    file: str
    """Its name in the folder of the archive."""
    offset: int
    """Bytes from the beginning of the file to the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """A URL that belongs to this crawl: to be asked for, if that has not been done."""

    url: str
    priority: Priority = Priority.NEW
    depth: int = 0
    """Links from the page where the crawl began."""
    modified_at: datetime | None = None
    """When it was last changed, as the sitemap or feed says that led to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A fetched page, split."""

    url: str | None
    """As fetched, after redirects; None for a saved page whose URL is not known."""
    canonical_url: str | None = None
    """The page's own name for itself, checked; else `url` without tracking parameters."""
    requested_url: str | None = None
    """As asked for, where a redirect led elsewhere; None otherwise."""
    fetched_at: datetime | None = None
    status: int | None = None
    kind: PageKind = PageKind.OTHER
    kind_reason: str | None = None
    """Why the page is judged an article, or none, in a few words."""
    title: str | None = None
    """The `<title>` as it stands."""
    encoding: str | None = None
    articles: tuple[Article, ...] = ()
    link_lists: tuple[LinkList, ...] = ()
    tag_lists: tuple[TagList, ...] = ()
    outlinks: tuple[Outlink, ...] = ()
    errors: tuple[PageError, ...] = ()
    part: PagePart | None = None
    """None where the page is no article, or a whole one; the spider joins the parts of the others to one page."""
    etag: str | None = None
    last_modified: str | None = None
    discovered: tuple[Discovery, ...] = ()
    """URLs of this crawl that it leads to."""
    archived: ArchivePlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The page is as it was (304), or is only another name of a page that this run fetches anyway."""

    url: str
    fetched_at: datetime
    target_url: str | None = None
    """Where a redirect leads, if that page is asked for by itself; None after a 304."""
    discovered: tuple[Discovery, ...] = ()
    archived: ArchivePlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A request that ended without a page."""

    url: str
    failure_class: FailureClass
    message: str
    """What was expected, what was found, what to do next."""
    occurred_at: datetime
    stage: str
    """Where it ended: request, download, parse, extract, validate, store."""
    status: int | None = None
    attempts: int = 1
    retry_at: datetime | None = None
    """Not to be asked for again before then, as the server says (Retry-After)."""
    archived: ArchivePlace | None = None


Item = Page | NotModified | Failure

# A page is read in one process and stored in another.
pickle_by_values(Block, LinkItem, TagItem, Outlink, Discovery, PagePart, ArchivePlace)
pickle_in_columns(Article, "blocks")
pickle_in_columns(LinkList, "items")
pickle_in_columns(TagList, "items")
pickle_in_columns(Page, "outlinks", "discovered")
