"""One stored page: its articles, and its lists with what is known of each link's target."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select

from models.items import ArchivePlace, Article
from models.tables import METADATA
from pipelines.rows import article_of

TABLES = METADATA.tables
PAGE, SITE, ARTICLE, VERSION = (TABLES[name] for name in ("page", "site", "article", "article_version"))
LINK_LIST, LINK_ITEM = TABLES["link_list"], TABLES["link_item"]
TAG_LIST, TAG_LIST_ITEM, FETCH = TABLES["tag_list"], TABLES["tag_list_item"], TABLES["fetch"]


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article that its page has now."""

    id: int
    versions: int
    """The number of the current one; earlier ones may have been pruned."""
    article: Article


@dataclass(frozen=True, slots=True)
class Panel:
    """A list that the page shows."""

    anchor: str
    """Its name in the address of a page: "links-1"."""
    facts: Mapping[Any, Any]
    """Columns of `link_list` or `tag_list`."""
    items: Sequence[RowMapping]
    """Columns of its items. Of a link `target_url`, `target_id` (the canonical page's), `article` (the headline that is
    stored of it, or ""), and None where there is none."""


@dataclass(frozen=True, slots=True)
class StoredPage:
    facts: Mapping[Any, Any]
    """Columns of `page`, and `domain`."""
    articles: tuple[ShownArticle, ...]
    link_lists: tuple[Panel, ...]
    tag_lists: tuple[Panel, ...]


def page_facts(connection: Connection, page_id: int) -> RowMapping | None:
    """The page of that number, or the one it is an alias of."""
    query = select(PAGE, SITE.c.domain).join(SITE, SITE.c.id == PAGE.c.site_id)
    row = connection.execute(query.where(PAGE.c.id == page_id)).mappings().one_or_none()
    if row is None or row["canonical_page_id"] is None:
        return row
    return connection.execute(query.where(PAGE.c.id == row["canonical_page_id"])).mappings().one_or_none()


def stored_panels(connection: Connection, facts: RowMapping) -> StoredPage:
    page_id: int = facts["id"]
    return StoredPage(
        facts=facts,
        articles=tuple(_shown_articles(connection, page_id)),
        link_lists=_panels(connection, LINK_LIST, _link_items(page_id), page_id=page_id),
        tag_lists=_panels(connection, TAG_LIST, _tag_items(page_id), page_id=page_id),
    )


def archived_place(connection: Connection, page_id: int) -> ArchivePlace | None:
    """Of the last whole response for the page or an alias of it."""
    own = select(PAGE.c.id).where((PAGE.c.id == page_id) | (PAGE.c.canonical_page_id == page_id))
    query = select(FETCH.c.archive_file, FETCH.c.archive_offset).where(
        FETCH.c.page_id.in_(own), FETCH.c.archive_file.is_not(None), FETCH.c.status == 200
    )
    row = connection.execute(query.order_by(FETCH.c.id.desc()).limit(1)).one_or_none()
    return ArchivePlace(file=row.archive_file, offset=row.archive_offset) if row else None


def _shown_articles(connection: Connection, page_id: int) -> Iterable[ShownArticle]:
    current = (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version)
    query = select(ARTICLE.c.position, *VERSION.columns).join(VERSION, current)
    query = query.where(ARTICLE.c.page_id == page_id, ARTICLE.c.gone_at.is_(None)).order_by(ARTICLE.c.position)
    for row in connection.execute(query).mappings():
        yield ShownArticle(row["article_id"], row["number"], article_of(row))


def _panels(connection: Connection, table: Any, items: Select[Any], *, page_id: int) -> tuple[Panel, ...]:
    owner = f"{table.name}_id"
    by_list: dict[int, list[RowMapping]] = {}
    for row in connection.execute(items).mappings():
        by_list.setdefault(row[owner], []).append(row)
    shown = select(table).where(table.c.page_id == page_id, table.c.last_seen_at.is_(None))
    rows = connection.execute(shown.order_by(table.c.position, table.c.id)).mappings()
    word = "links" if table is LINK_LIST else "tags"
    return tuple(Panel(f"{word}-{place}", row, by_list.get(row["id"], [])) for place, row in enumerate(rows, 1))


def _link_items(page_id: int) -> Select[Any]:
    named, target = PAGE.alias("named"), PAGE.alias("target")
    headline = (
        select(func.coalesce(ARTICLE.c.headline, ""))
        .where(ARTICLE.c.page_id == target.c.id)
        .order_by(ARTICLE.c.position)
        .limit(1)
        .scalar_subquery()
    )
    told = (named.c.url.label("target_url"), target.c.id.label("target_id"), target.c.status.label("target_status"))
    return (
        select(LINK_ITEM, *told, headline.label("article"))
        .join(LINK_LIST, LINK_LIST.c.id == LINK_ITEM.c.link_list_id)
        .outerjoin(named, named.c.id == LINK_ITEM.c.target_page_id)
        .outerjoin(target, target.c.id == func.coalesce(named.c.canonical_page_id, named.c.id))
        .where(LINK_LIST.c.page_id == page_id, LINK_LIST.c.last_seen_at.is_(None))
        .order_by(LINK_ITEM.c.position)
    )


def _tag_items(page_id: int) -> Select[Any]:
    return (
        select(TAG_LIST_ITEM)
        .join(TAG_LIST, TAG_LIST.c.id == TAG_LIST_ITEM.c.tag_list_id)
        .where(TAG_LIST.c.page_id == page_id, TAG_LIST.c.last_seen_at.is_(None))
        .order_by(TAG_LIST_ITEM.c.position)
    )
