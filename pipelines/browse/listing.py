"""Stored articles as a list: chosen, in order, and continued from a place rather than from a number of rows.

To skip rows costs as much as to read them; a place is found in the index at once, however far down the list it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, literal_column, or_, select

from models.items import PageKind
from models.tables import METADATA

ARTICLE, VERSION, PAGE, SITE = (METADATA.tables[name] for name in ("article", "article_version", "page", "site"))
TAG, ARTICLE_TAG = METADATA.tables["tag"], METADATA.tables["article_tag"]
AUTHOR, ARTICLE_AUTHOR = METADATA.tables["author"], METADATA.tables["article_author"]
_PLACE = (ARTICLE.c.id, ARTICLE.c.date_published)

LENGTH = 50
_NARROW = 20_000
"""Pages of a site or a kind, all of which can be looked at for each list."""
_WINDOW = 20_000
"""Articles that are looked through for one page of a list."""
_EXCERPT = 240
"""Characters of a body that has no description, as many as two lines show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which articles, and from where on."""

    site: str | None = None
    """A domain as `site.domain`."""
    kind: str | None = None
    """Of the page that an article stands on."""
    since: datetime | None = None
    until: datetime | None = None
    """Published on or after, and before. With either, articles without a date are left out."""
    by_date: bool = False
    """The last published first, without those that have no date; else the last stored first."""
    after: tuple[datetime | None, int] | None = None
    """Date and id of the last article of the page before."""

    @property
    def is_by_date(self) -> bool:
        return self.by_date or self.since is not None or self.until is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One article in a list."""

    facts: Mapping[Any, Any]
    """Columns of `article`, and page_id, url, kind, domain, excerpt."""
    authors: tuple[str, ...] = ()
    tags: tuple[tuple[int, str], ...] = field(default=())
    """Id and name."""


@dataclass(frozen=True, slots=True)
class Portion:
    """A page of a list."""

    listed: tuple[Listed, ...] = ()
    following: tuple[datetime | None, int] | None = None
    """Where the next page begins, as `Choice.after`; None at the end of the list."""


def parse_place(text: str) -> tuple[datetime | None, int] | None:
    """What `place_text` wrote; None for anything else."""
    moment, _, number = text.rpartition("_")
    try:
        return (datetime.fromisoformat(moment).astimezone(UTC) if moment else None), int(number)
    except (ValueError, OverflowError):
        return None


def place_text(place: tuple[datetime | None, int]) -> str:
    moment, number = place
    return f"{moment.isoformat() if moment else ''}_{number}"


def listed_articles(connection: Connection, choice: Choice, *, length: int = LENGTH) -> Portion:
    """In order, at most so many; fewer, or none at all, before the end too: where it goes on is said."""
    site_id = None
    if choice.site is not None:
        # Told apart from the rest: a planner that does not know which site it is takes any for a site of mean size.
        known = select(SITE.c.id).where(SITE.c.domain == choice.site)
        site_id = connection.execute(known).scalar_one_or_none()
        if site_id is None:
            return Portion()
    of_page = list(_page_conditions(choice, site_id))
    is_narrow = bool(of_page) and _is_narrow(connection, of_page)
    if not of_page:
        # Only then what is shown of them: joined at once, a planner may read all versions beside the articles.
        query = select(*_PLACE).where(*_article_conditions(choice)).order_by(*_order(choice, ARTICLE))
    else:
        query = _of_few_pages(choice, of_page) if is_narrow else _of_window(choice, of_page)
    rows = connection.execute(query.limit(length + 1)).all()
    listed = articles_in_order(connection, [row.id for row in rows[:length]])
    following = None
    if len(rows) > length:
        following = rows[length - 1]
    elif of_page and not is_narrow:
        following = connection.execute(_window(choice).offset(_WINDOW - 1).limit(1)).one_or_none()
    return Portion(listed, following and (following.date_published if choice.is_by_date else None, following.id))


def tagged_ids(connection: Connection, tag_id: int, *, before: int | None, length: int) -> Sequence[int]:
    """Of articles with the tag, the last stored first, that are older than the article of that number."""
    tagged = select(ARTICLE_TAG.c.article_id).where(ARTICLE_TAG.c.tag_id == tag_id).distinct()
    if before is not None:
        tagged = tagged.where(ARTICLE_TAG.c.article_id < before)
    return connection.execute(tagged.order_by(ARTICLE_TAG.c.article_id.desc()).limit(length)).scalars().all()


def articles_by_id(connection: Connection, ids: Sequence[int]) -> dict[int, Listed]:
    rows = connection.execute(_articles().where(ARTICLE.c.id.in_(ids))).all()
    return {listed.facts["id"]: listed for listed in _with_names(connection, rows)}


def articles_in_order(connection: Connection, ids: Sequence[int]) -> tuple[Listed, ...]:
    found = articles_by_id(connection, ids)
    return tuple(found[each] for each in ids if each in found)  # a run may take one away meanwhile


def _with_names(connection: Connection, rows: Sequence[Row[Any]]) -> tuple[Listed, ...]:
    ids = [row.id for row in rows]
    authors = _named(connection, ARTICLE_AUTHOR, AUTHOR, ids)
    tags = _named(connection, ARTICLE_TAG, TAG, ids)
    return tuple(
        Listed(
            facts=row._mapping,
            authors=tuple(name for _, name in authors.get(row.id, ())),
            tags=tuple(tags.get(row.id, ())),
        )
        for row in rows
    )


def known_sites(connection: Connection, *, most: int = 500) -> Sequence[str]:
    """Domains of sites of which anything was fetched, by name."""
    fetched = select(PAGE.c.id).where(PAGE.c.site_id == SITE.c.id, PAGE.c.fetched_at.is_not(None)).exists()
    return connection.execute(select(SITE.c.domain).where(fetched).order_by(SITE.c.domain).limit(most)).scalars().all()


def _articles() -> Select[Any]:
    page = (PAGE.c.id.label("page_id"), PAGE.c.url, PAGE.c.kind, SITE.c.domain)
    begins = func.substr(VERSION.c.article_body, 1, _EXCERPT)
    excerpt = func.coalesce(func.substr(ARTICLE.c.description, 1, _EXCERPT), begins).label("excerpt")
    current = and_(VERSION.c.article_id == ARTICLE.c.id, VERSION.c.number == ARTICLE.c.version)
    columns = [column for column in ARTICLE.columns if column.name not in ("page_id", "content_hash")]
    return (
        select(*columns, *page, excerpt)
        .join(PAGE, PAGE.c.id == ARTICLE.c.page_id)
        .join(SITE, SITE.c.id == PAGE.c.site_id)
        .join(VERSION, current)
    )


def _order(choice: Choice, table: Any) -> list[Any]:
    return [table.c.date_published.desc(), table.c.id.desc()] if choice.is_by_date else [table.c.id.desc()]


def _is_narrow(connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> bool:
    pages = select(PAGE.c.id).where(*conditions).limit(_NARROW + 1).subquery()
    return connection.execute(select(func.count()).select_from(pages)).scalar_one() <= _NARROW


def _of_few_pages(choice: Choice, of_page: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """From the pages. A planner goes through all articles for them, from the last stored on: it takes them for spread
    evenly, and those of a site that is crawled no more are the first."""
    query = select(*_PLACE).join(PAGE, PAGE.c.id == ARTICLE.c.page_id).where(*of_page, *_article_conditions(choice))
    own = query.cte("own").prefix_with("MATERIALIZED", dialect="postgresql")
    return select(own).order_by(*_order(choice, own))


def _of_window(choice: Choice, of_page: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """From the next articles of any page. Of a million there may be none like that, and each has to be looked at."""
    near = _window(choice, ARTICLE.c.page_id).limit(_WINDOW).subquery("near")
    query = select(near.c.id, near.c.date_published).join(PAGE, PAGE.c.id == near.c.page_id)
    return query.where(*of_page).order_by(*_order(choice, near))


def _window(choice: Choice, *columns: Any) -> Select[Any]:
    return select(*_PLACE, *columns).where(*_article_conditions(choice)).order_by(*_order(choice, ARTICLE))


def _page_conditions(choice: Choice, site_id: int | None) -> Iterator[ColumnElement[bool]]:
    if site_id is not None:
        yield PAGE.c.site_id == site_id
    if choice.kind is not None:
        yield PAGE.c.kind == choice.kind
        if choice.kind != PageKind.ARTICLE:
            # As the partial index says it: a bound value proves nothing to a planner.
            yield PAGE.c.kind != literal_column("'article'")


def _article_conditions(choice: Choice) -> Iterator[ColumnElement[bool]]:
    if choice.is_by_date:
        yield ARTICLE.c.date_published.is_not(None)
    if choice.since is not None:
        yield ARTICLE.c.date_published >= choice.since
    if choice.until is not None:
        yield ARTICLE.c.date_published < choice.until
    if choice.after is not None:
        yield _comes_after(choice, *choice.after)


def _comes_after(choice: Choice, moment: datetime | None, number: int) -> ColumnElement[bool]:
    if not choice.is_by_date or moment is None:
        return ARTICLE.c.id < number
    date = ARTICLE.c.date_published
    # The first condition says nothing new: it is the one that the index on dates can begin at.
    return and_(date <= moment, or_(date < moment, ARTICLE.c.id < number))


def _named(connection: Connection, link: Any, named: Any, ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Ids and names of what hangs on the articles, by article, in page order."""
    pointer = link.c[f"{named.name}_id"]
    columns = (link.c.article_id, named.c.id, named.c.name)
    query = select(*columns).join(named, named.c.id == pointer).where(link.c.article_id.in_(ids))
    found: dict[int, list[tuple[int, str]]] = {}
    for row in connection.execute(query.order_by(link.c.article_id, link.c.position)):
        found.setdefault(row[0], []).append((row[1], row[2]))
    return found
