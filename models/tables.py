"""Tables at rest. Text stands beside every key and every parsed date, as the page shows it.

    site ── page ─┬─ article ─┬─ article_version
                  │           ├─ article_author ── author
                  │           ├─ article_tag ───── tag
                  │           └─ image
                  ├─ link_list ── link_item ── page
                  ├─ tag_list ─── tag_list_item ── tag
                  └─ outlink ── page
    crawl ── fetch, failure ── page        change: every row above that came, changed or went, in order
                                           webhook ── dead_letter: how far changes were posted, and what was refused
    schedule ── schedule_run ── crawl      what is crawled when
                                           lease, robots: which pages are asked for now, and what may be
    reading, alarm ── alarm_page           how each site does, run by run; what is not as it was
    sync_target                            how far other databases were when they last caught up

A page has one row for each of its URLs. What was read of it hangs on the canonical one; the others are aliases that
point to it. A link leads to the page row of its target, fetched or not: when the target is stored, the link has
resolved.

`change` names the roots only (site, page, article, author, tag, crawl, fetch, failure). The rows below a page (lists,
items, outlinks) and below an article (versions, authors, tags, images) are replaced with it, and travel with it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.alarms import Alarm, AlarmPage, Reading, SyncTarget
from models.columns import HASH, SMALL_ROWS, Hash, Key, Place, Table, points_to
from models.frontier import Lease, PageFrontier, Robots, SiteFrontier
from models.runs import Change, Crawl, Failure, Fetch
from models.schedules import Schedule, ScheduleRun
from models.webhooks import DeadLetter, Webhook

__all__ = [
    "METADATA", "Alarm", "AlarmPage", "Article", "ArticleAuthor", "ArticleTag", "ArticleVersion", "Author", "Change",
    "Crawl", "DeadLetter", "Failure", "Fetch", "Image", "Lease", "LinkItem", "LinkList", "Outlink", "Page", "Reading",
    "Robots", "Schedule", "ScheduleRun", "Site", "SyncTarget", "Tag", "TagList", "TagListItem", "Webhook",
]  # fmt: skip


_IS_RARE = text("kind <> 'article'")


class Site(SiteFrontier, Table):
    __tablename__ = "site"
    id: Mapped[Key]
    domain: Mapped[str] = mapped_column(unique=True)
    """The registered domain; an address with its port."""
    first_seen_at: Mapped[datetime]


class Page(PageFrontier, Table):
    """One URL. Seen in a link, fetched, or both."""

    __tablename__ = "page"
    # The frontier: what is due of a site, in the order in which it is asked for. Of one priority, that is one probe.
    __table_args__ = (
        Index(
            "ix_page_due",
            *("site_id", "priority", "due_at"),
            postgresql_where=text("due_at IS NOT NULL"),
            sqlite_where=text("due_at IS NOT NULL"),
        ),
        # Articles on pages of another kind are looked for by it. Nearly all pages are of that one, and cost nothing.
        Index("ix_page_kind", "kind", "site_id", postgresql_where=_IS_RARE, sqlite_where=_IS_RARE),
    )
    id: Mapped[Key]
    site_id: Mapped[int] = points_to("site.id", index=True, owned=False)
    url: Mapped[str]
    """Normalised: without tracking parameters and fragment."""
    url_hash: Mapped[Hash] = mapped_column(unique=True)
    canonical_page_id: Mapped[int | None] = points_to("page.id", index=True, owned=False)
    """The page that this URL is another name of; never itself an alias."""
    first_seen_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]
    """When this URL was last asked for and answered."""
    status: Mapped[int | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    read_at: Mapped[datetime | None]
    """When the columns and rows below were last read from this URL or an alias, or found as they were."""
    kind: Mapped[str | None]
    kind_reason: Mapped[str | None]
    title: Mapped[str | None]
    encoding: Mapped[str | None]
    errors: Mapped[list[Any] | None]
    """[field, message] of each part of the page that could not be read; null if there is none."""
    outlinks_hash: Mapped[bytes | None] = mapped_column(HASH)


class ArticleFacts:
    """What an article says of itself, beside its text."""

    content_hash: Mapped[Hash]
    """Of all that was extracted; `rows.content_hash` says what counts."""
    headline: Mapped[str | None]
    source: Mapped[str | None]
    date_published: Mapped[datetime | None]
    date_modified: Mapped[datetime | None]
    date_text: Mapped[str | None]
    in_language: Mapped[str | None]
    section: Mapped[str | None]
    description: Mapped[str | None]
    main_image: Mapped[str | None]


class Article(ArticleFacts, Table):
    """The article as it is now: the facts of its last version. Its text is there, where `number = version`."""

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("page_id", "position"),
        Index("ix_article_date_published", "date_published"),
    )
    id: Mapped[Key]
    page_id: Mapped[int] = points_to("page.id")
    """Always a canonical page."""
    position: Mapped[int]
    version: Mapped[int]
    first_seen_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    """When the page no longer had it; null while it has."""
    source_page_id: Mapped[int | None] = points_to("page.id", index=True, owned=False)
    """The page that this one, a reprint, names as its source: fetched or not, as the target of a link is."""


class ArticleVersion(ArticleFacts, Table):
    """The article as it was read at one time; written only when something had changed.

    Never updated, but for `similarity` of versions that are older than that column.
    """

    __tablename__ = "article_version"
    # Near ones are found among all at once, by the columns of this index alone: a body is never read for it. In the
    # order in which rows come, so that one more costs a write to the last leaf and not to any.
    __table_args__ = (Index("ix_article_version_similarity", "article_id", "number", "similarity"),)
    article_id: Mapped[int] = points_to("article.id", primary_key=True)
    number: Mapped[Place]
    """From 1. The first may be missing: `scrapy prune`."""
    seen_at: Mapped[datetime]
    authors: Mapped[list[Any]]
    """Names in page order, as they were then; `article_author` has those of now."""
    article_body: Mapped[str]
    blocks: Mapped[list[Any]]
    """The outline of `article_body`, in the form of `rows.outline`: offsets, so that the text is stored once.

    JSON, not rows: a block has no life of its own and is always read with its neighbours.
    """
    xpath: Mapped[str | None]
    confidence: Mapped[float | None]
    origins: Mapped[dict[str, Any]]
    source_url: Mapped[str | None]
    """Of what `article.source_page_id` points to, as the page writes it."""
    similarity: Mapped[int | None] = mapped_column(BigInteger)
    """64 bits of the body, signed, as `pipelines.similarity` makes them; 0 for one too short to compare.

    Null in versions of before there was this column, until `scrapy duplicates` has filled them.
    """


class Author(Table):
    __tablename__ = "author"
    id: Mapped[Key]
    name: Mapped[str]
    """As first seen; the hash is of its folded form."""
    name_hash: Mapped[Hash] = mapped_column(unique=True)
    first_seen_at: Mapped[datetime]


class ArticleAuthor(Table):
    __tablename__ = "article_author"
    __table_args__ = SMALL_ROWS
    article_id: Mapped[int] = points_to("article.id", primary_key=True)
    position: Mapped[Place]
    author_id: Mapped[int] = points_to("author.id", index=True, owned=False)


class Tag(Table):
    __tablename__ = "tag"
    id: Mapped[Key]
    name: Mapped[str]
    """As first seen; the hash is of its folded form."""
    name_hash: Mapped[Hash] = mapped_column(unique=True)
    first_seen_at: Mapped[datetime]


class ArticleTag(Table):
    """The keywords an article has now: those of its page's tag lists of kind article."""

    __tablename__ = "article_tag"
    __table_args__ = SMALL_ROWS
    article_id: Mapped[int] = points_to("article.id", primary_key=True)
    position: Mapped[Place]
    tag_id: Mapped[int] = points_to("tag.id", index=True, owned=False)


class Image(Table):
    """The images an article has now, in page order."""

    __tablename__ = "image"
    __table_args__ = SMALL_ROWS
    article_id: Mapped[int] = points_to("article.id", primary_key=True)
    position: Mapped[Place]
    url: Mapped[str]
    caption: Mapped[str | None]


class ShownList:
    """A list that a page showed, unchanged, from `first_seen_at` to `last_seen_at`."""

    id: Mapped[Key]
    position: Mapped[int]
    """Among the page's lists of its sort, from 0, when first seen."""
    kind: Mapped[str]
    heading: Mapped[str | None]
    xpath: Mapped[str | None]
    confidence: Mapped[float | None]
    origin: Mapped[str]
    items_hash: Mapped[Hash]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    """Null while the page shows it: then it was last seen at `page.read_at`."""


class LinkList(ShownList, Table):
    __tablename__ = "link_list"
    page_id: Mapped[int] = points_to("page.id", index=True)


class LinkItem(Table):
    __tablename__ = "link_item"
    __table_args__ = SMALL_ROWS
    link_list_id: Mapped[int] = points_to("link_list.id", primary_key=True)
    position: Mapped[Place]
    target_page_id: Mapped[int | None] = points_to("page.id", index=True, owned=False)
    """Null where there is no link, or a broken one."""
    url_text: Mapped[str | None]
    """As the page writes it, where that is not the target's `page.url`."""
    headline: Mapped[str | None]
    description: Mapped[str | None]
    date_published: Mapped[datetime | None]
    date_text: Mapped[str | None]
    image: Mapped[str | None]


class TagList(ShownList, Table):
    __tablename__ = "tag_list"
    page_id: Mapped[int] = points_to("page.id", index=True)


class TagListItem(Table):
    __tablename__ = "tag_list_item"
    __table_args__ = SMALL_ROWS
    tag_list_id: Mapped[int] = points_to("tag_list.id", primary_key=True)
    position: Mapped[Place]
    tag_id: Mapped[int] = points_to("tag.id", index=True, owned=False)
    name_text: Mapped[str]
    """The name as this page shows it."""
    url: Mapped[str | None]
    date_published: Mapped[datetime | None]


class Outlink(Table):
    """The links a page has now, each once."""

    __tablename__ = "outlink"
    __table_args__ = SMALL_ROWS
    page_id: Mapped[int] = points_to("page.id", primary_key=True)
    position: Mapped[Place]
    target_page_id: Mapped[int | None] = points_to("page.id", index=True, owned=False)
    """Null for a broken link."""
    url_text: Mapped[str | None]
    """As the page writes it, where that is not the target's `page.url`."""
    text: Mapped[str | None]
    kind: Mapped[str]


METADATA = Table.metadata
