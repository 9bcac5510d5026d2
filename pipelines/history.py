"""How a page came to be as it is: the versions of its articles, and which list it showed when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Table, select

from models.engine import reading
from models.items import Article, LinkList, TagList
from models.tables import METADATA
from pipelines.body_changes import BodyPart, body_changes
from pipelines.differences import Difference, article_differences, difference_of, entries_of
from pipelines.queries import canonical_row
from pipelines.rows import article_of, link_list_of, tag_list_of
from pipelines.word_diff import Piece, word_diff

TABLES = METADATA.tables
PAGE, ARTICLE, VERSION = TABLES["page"], TABLES["article"], TABLES["article_version"]
_BY_WORDS = ("headline", "article_body")


@dataclass(frozen=True, slots=True)
class StoredVersion:
    number: int
    seen_at: datetime
    article: Article


@dataclass(frozen=True, slots=True)
class ArticleHistory:
    position: int
    gone_at: datetime | None
    """When the page no longer had it; None while it has."""
    versions: tuple[StoredVersion, ...]
    """The oldest first."""


@dataclass(frozen=True, slots=True)
class ShownList:
    """One list, and when the page showed it."""

    field: str
    """As in differences: "link_lists related"."""
    entries: tuple[str, ...]
    first_seen_at: datetime
    last_seen_at: datetime | None
    """None while the page shows it."""

    def is_shown(self, at: datetime) -> bool:
        return self.first_seen_at <= at and (self.last_seen_at is None or at <= self.last_seen_at)


@dataclass(frozen=True, slots=True)
class PageHistory:
    url: str
    """The canonical one."""
    first_read_at: datetime
    read_at: datetime
    """When all this was last found on the page."""
    articles: tuple[ArticleHistory, ...]
    lists: tuple[ShownList, ...]
    """In page order."""


@dataclass(frozen=True, slots=True)
class VersionChange:
    """What an article says in one version and not in the other."""

    before: StoredVersion
    after: StoredVersion
    headline: tuple[Piece, ...]
    """Empty where it is the same."""
    body: tuple[BodyPart, ...]
    facts: tuple[Difference, ...]
    """All other fields."""


@dataclass(frozen=True, slots=True)
class ListChange:
    at: datetime
    """When the page was first seen to show the lists so."""
    difference: Difference


def page_history(engine: Engine, url: str) -> PageHistory | None:
    """Of the URL, or of the page that it is another name of; None if it was never read."""
    with reading(engine) as connection:
        page = canonical_row(connection, url)
        if page is None or page["read_at"] is None:
            return None
        articles = tuple(_articles(connection, page["id"]))
        lists = (*_link_lists(connection, page["id"]), *_tag_lists(connection, page["id"]))
    seen = [article.versions[0].seen_at for article in articles] + [shown.first_seen_at for shown in lists]
    return PageHistory(page["url"], min(seen, default=page["read_at"]), page["read_at"], articles, lists)


def version_change(before: StoredVersion, after: StoredVersion) -> VersionChange:
    old, new = before.article, after.article
    headline = word_diff(old.headline or "", new.headline or "") if old.headline != new.headline else ()
    facts = tuple(found for found in article_differences(old, new) if found.field not in _BY_WORDS)
    return VersionChange(before, after, headline, body_changes(old.blocks, new.blocks), facts)


def list_changes(history: PageHistory) -> tuple[ListChange, ...]:
    """In order of time. What the page showed when it was first read is no change.

    A list that went without another one coming is missed at the next time of which anything is known.
    """
    versions = (version for article in history.articles for version in article.versions)
    known = {history.first_read_at, history.read_at, *(version.seen_at for version in versions)}
    moments = sorted(known | {shown.first_seen_at for shown in history.lists})
    return tuple(
        ListChange(after, difference)
        for before, after in pairwise(moments)
        for difference in lists_between(history.lists, before, after)
    )


def lists_between(lists: Sequence[ShownList], before: datetime, after: datetime) -> tuple[Difference, ...]:
    """What the page's lists of each kind showed at the one time and not at the other."""
    fields = dict.fromkeys(shown.field for shown in lists)
    return tuple(
        difference
        for field in fields
        for difference in difference_of(field, _entries(lists, field, before), _entries(lists, field, after))
    )


def _entries(lists: Iterable[ShownList], field: str, at: datetime) -> list[str]:
    return [entry for shown in lists if shown.field == field and shown.is_shown(at) for entry in shown.entries]


def _articles(connection: Connection, page_id: int) -> Iterator[ArticleHistory]:
    columns = [ARTICLE.c.position, ARTICLE.c.gone_at, *VERSION.columns]
    query = select(*columns).join(VERSION, VERSION.c.article_id == ARTICLE.c.id).where(ARTICLE.c.page_id == page_id)
    rows = connection.execute(query.order_by(ARTICLE.c.position, VERSION.c.number)).mappings()
    for (position, gone_at), versions in _grouped(rows, "position", "gone_at"):
        stored = (StoredVersion(row["number"], row["seen_at"], article_of(row)) for row in versions)
        yield ArticleHistory(position, gone_at, tuple(stored))


def _link_lists(connection: Connection, page_id: int) -> Iterator[ShownList]:
    item = TABLES["link_item"]
    target = item.outerjoin(PAGE, PAGE.c.id == item.c.target_page_id)
    query = select(item, PAGE.c.url.label("target_url")).select_from(target)
    for row, items in _lists(connection, TABLES["link_list"], page_id, items=query.order_by(item.c.position)):
        yield _shown(row, "link_lists", link_list_of(row, items))


def _tag_lists(connection: Connection, page_id: int) -> Iterator[ShownList]:
    item = TABLES["tag_list_item"]
    for row, items in _lists(connection, TABLES["tag_list"], page_id, items=select(item).order_by(item.c.position)):
        yield _shown(row, "tag_lists", tag_list_of(row, items))


def _lists(
    connection: Connection, table: Table, page_id: int, *, items: Any
) -> Iterator[tuple[RowMapping, list[RowMapping]]]:
    """Each list that the page ever showed, with its items."""
    owner = f"{table.name}_id"
    own = select(table.c.id).where(table.c.page_id == page_id)
    by_list: dict[int, list[RowMapping]] = {}
    for row in connection.execute(items.where(items.selected_columns[owner].in_(own))).mappings():
        by_list.setdefault(row[owner], []).append(row)
    lists = select(table).where(table.c.page_id == page_id).order_by(table.c.position, table.c.id)
    for row in connection.execute(lists).mappings():
        yield row, by_list.get(row["id"], [])


def _shown(row: RowMapping, name: str, shown: LinkList | TagList) -> ShownList:
    return ShownList(f"{name} {shown.kind.value}", entries_of(shown), row["first_seen_at"], row["last_seen_at"])


def _grouped(rows: Iterable[RowMapping], *names: str) -> Iterator[tuple[tuple[Any, ...], list[RowMapping]]]:
    found: dict[tuple[Any, ...], list[RowMapping]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    yield from found.items()
