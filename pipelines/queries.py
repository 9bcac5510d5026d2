"""What is stored, read back for people and commands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, func, select

from models.engine import reading
from models.identity import page_url, url_hash
from models.items import LinkList, Page, PageError, PageKind, TagList
from models.tables import METADATA
from pipelines.rows import article_of, link_list_of, outlink_of, tag_list_of

SITE, PAGE, ARTICLE = METADATA.tables["site"], METADATA.tables["page"], METADATA.tables["article"]
VERSION, OUTLINK, CRAWL = METADATA.tables["article_version"], METADATA.tables["outlink"], METADATA.tables["crawl"]
LINK_LIST, LINK_ITEM = METADATA.tables["link_list"], METADATA.tables["link_item"]
TAG_LIST, TAG_LIST_ITEM = METADATA.tables["tag_list"], METADATA.tables["tag_list_item"]
FAILURE = METADATA.tables["failure"]
_TARGET = PAGE.alias("target")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCounts:
    """One known site: any of whose URLs was fetched."""

    domain: str
    pages: int
    """URLs fetched, whatever they were."""
    articles: int
    """That their pages still have."""
    versions: int
    link_items: int
    """Entries of the related lists and such that its pages show now."""
    resolved_items: int
    """Those whose article is stored too."""
    tags: int
    """Different keywords of its articles."""
    failures: int
    last_fetched_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSummary:
    """One run, with its failures counted by class."""

    crawl: Mapping[str, Any]
    """The columns of `crawl`."""
    failures: Mapping[str, int]


def stored_page(engine: Engine, url: str) -> Page | None:
    """What is stored of the URL, or of the page that it is another name of; None if it was never read.

    The articles, lists and links that the page has now, as they were handed in; `url` is the canonical one and
    `fetched_at` the time at which all this was last found there.
    """
    with reading(engine) as connection:
        row = canonical_row(connection, url)
        if row is None or row["read_at"] is None:
            return None
        return Page(
            url=row["url"],
            canonical_url=row["url"],
            fetched_at=row["read_at"],
            kind=PageKind(row["kind"]) if row["kind"] else PageKind.OTHER,
            articles=tuple(map(article_of, connection.execute(_articles_of(row["id"])).mappings())),
            link_lists=_link_lists(connection, row["id"]),
            tag_lists=_tag_lists(connection, row["id"]),
            outlinks=tuple(map(outlink_of, connection.execute(_outlinks_of(row["id"])).mappings())),
            errors=tuple(PageError(field=field, message=message) for field, message in row["errors"] or ()),
            **{name: row[name] for name in ("status", "kind_reason", "title", "encoding", "etag", "last_modified")},
        )


def site_counts(engine: Engine) -> tuple[SiteCounts, ...]:
    """The known sites, by domain."""
    with reading(engine) as connection:
        pages = {row["id"]: row for row in connection.execute(_site_pages()).mappings()}
        counts = {name: _pairs(connection, query) for name, query in _site_queries().items()}
    return tuple(
        SiteCounts(
            domain=row["domain"],
            pages=row["pages"],
            last_fetched_at=row["last_fetched_at"],
            **{name: found.get(id_, 0) for name, found in counts.items()},
        )
        for id_, row in pages.items()
    )


def crawl_summary(engine: Engine, crawl_id: int) -> CrawlSummary | None:
    """None where there is no such run."""
    by_class = select(FAILURE.c.failure_class, func.count()).where(FAILURE.c.crawl_id == crawl_id)
    with reading(engine) as connection:
        row = connection.execute(select(CRAWL).where(CRAWL.c.id == crawl_id)).mappings().one_or_none()
        failures = _pairs(connection, by_class.group_by(FAILURE.c.failure_class).order_by(FAILURE.c.failure_class))
        return CrawlSummary(crawl=dict(row), failures=failures) if row else None


def canonical_row(connection: Connection, url: str) -> RowMapping | None:
    """The row of the page on which the content hangs; None where the URL is not known."""
    normal = page_url(url)
    if normal is None:
        return None
    row = connection.execute(select(PAGE).where(PAGE.c.url_hash == url_hash(normal))).mappings().one_or_none()
    if row is None or row["canonical_page_id"] is None:
        return row
    return connection.execute(select(PAGE).where(PAGE.c.id == row["canonical_page_id"])).mappings().one_or_none()


def _articles_of(page_id: int) -> Select[Any]:
    """The current version of each article that the page still has."""
    version = (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version)
    return (
        select(ARTICLE.c.position, *VERSION.columns)
        .join(VERSION, version)
        .where(ARTICLE.c.page_id == page_id, ARTICLE.c.gone_at.is_(None))
        .order_by(ARTICLE.c.position)
    )


def _link_lists(connection: Connection, page_id: int) -> tuple[LinkList, ...]:
    items = (
        select(LINK_ITEM, _TARGET.c.url.label("target_url"))
        .join(LINK_LIST, LINK_LIST.c.id == LINK_ITEM.c.link_list_id)
        .outerjoin(_TARGET, _TARGET.c.id == LINK_ITEM.c.target_page_id)
        .where(LINK_LIST.c.page_id == page_id, LINK_LIST.c.last_seen_at.is_(None))
        .order_by(LINK_ITEM.c.position)
    )
    by_list = _by(connection, items, "link_list_id")
    shown = connection.execute(_shown(LINK_LIST, page_id)).mappings()
    return tuple(link_list_of(row, by_list.get(row["id"], ())) for row in shown)


def _tag_lists(connection: Connection, page_id: int) -> tuple[TagList, ...]:
    items = (
        select(TAG_LIST_ITEM)
        .join(TAG_LIST, TAG_LIST.c.id == TAG_LIST_ITEM.c.tag_list_id)
        .where(TAG_LIST.c.page_id == page_id, TAG_LIST.c.last_seen_at.is_(None))
        .order_by(TAG_LIST_ITEM.c.position)
    )
    by_list = _by(connection, items, "tag_list_id")
    shown = connection.execute(_shown(TAG_LIST, page_id)).mappings()
    return tuple(tag_list_of(row, by_list.get(row["id"], ())) for row in shown)


def _outlinks_of(page_id: int) -> Select[Any]:
    return (
        select(OUTLINK, _TARGET.c.url.label("target_url"))
        .outerjoin(_TARGET, _TARGET.c.id == OUTLINK.c.target_page_id)
        .where(OUTLINK.c.page_id == page_id)
        .order_by(OUTLINK.c.position)
    )


def _shown(table: Any, page_id: int) -> Select[Any]:
    shown = (table.c.page_id == page_id, table.c.last_seen_at.is_(None))
    return select(table).where(*shown).order_by(table.c.position, table.c.id)


def _by(connection: Connection, query: Select[Any], key: str) -> dict[int, list[RowMapping]]:
    found: dict[int, list[RowMapping]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row[key], []).append(row)
    return found


def _pairs(connection: Connection, query: Select[Any]) -> dict[Any, int]:
    return {row[0]: row[1] for row in connection.execute(query)}


def _site_pages() -> Select[Any]:
    fetched = func.count().label("pages"), func.max(PAGE.c.fetched_at).label("last_fetched_at")
    return (
        select(SITE.c.id, SITE.c.domain, *fetched)
        .join(PAGE, PAGE.c.site_id == SITE.c.id)
        .where(PAGE.c.fetched_at.is_not(None))
        .group_by(SITE.c.id, SITE.c.domain)
        .order_by(SITE.c.domain)
    )


def _site_queries() -> dict[str, Select[Any]]:
    """Each gives site id and count; named as the fields of SiteCounts."""
    tag = METADATA.tables["article_tag"]
    of_site = select(PAGE.c.site_id).group_by(PAGE.c.site_id)
    articles = of_site.join(ARTICLE, ARTICLE.c.page_id == PAGE.c.id)
    items = of_site.join(LINK_LIST, (LINK_LIST.c.page_id == PAGE.c.id) & LINK_LIST.c.last_seen_at.is_(None))
    items = items.join(LINK_ITEM, LINK_ITEM.c.link_list_id == LINK_LIST.c.id)
    # A link to an alias has resolved when the page it is an alias of has an article.
    target = func.coalesce(_TARGET.c.canonical_page_id, _TARGET.c.id)
    resolved = items.join(_TARGET, _TARGET.c.id == LINK_ITEM.c.target_page_id).where(
        select(ARTICLE.c.id).where(ARTICLE.c.page_id == target).exists()
    )
    return {
        "articles": articles.where(ARTICLE.c.gone_at.is_(None)).add_columns(func.count()),
        "versions": articles.join(VERSION, VERSION.c.article_id == ARTICLE.c.id).add_columns(func.count()),
        "link_items": items.add_columns(func.count()),
        "resolved_items": resolved.add_columns(func.count()),
        "tags": articles.join(tag, tag.c.article_id == ARTICLE.c.id).add_columns(func.count(tag.c.tag_id.distinct())),
        "failures": of_site.join(FAILURE, FAILURE.c.page_id == PAGE.c.id).add_columns(func.count()),
    }
