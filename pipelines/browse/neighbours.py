"""The articles around an article: those its lists lead to, and those whose lists lead to it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from models.tables import METADATA

TABLES = METADATA.tables
PAGE, ARTICLE, LINK_LIST, LINK_ITEM = (TABLES[name] for name in ("page", "article", "link_list", "link_item"))
_READ = 400
"""Links of one page that are looked at: a list of the whole site's latest articles is on each of its pages."""


@dataclass(frozen=True, slots=True, order=True)
class Link:
    source: int
    """Page ids, both canonical."""
    target: int
    kind: str
    """Of the list it stands in."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    centre: int
    headlines: dict[int, str]
    """Of each page by id, the centre's too: only pages that have an article."""
    links: tuple[Link, ...]
    """Between any two of these pages, each pair once in each direction."""

    def linked_from(self) -> list[int]:
        return [link.source for link in self.links if link.target == self.centre]

    def linked_to(self) -> list[int]:
        return [link.target for link in self.links if link.source == self.centre]


def neighbourhood(connection: Connection, page_id: int, *, most: int = 12) -> Neighbourhood:
    """At most so many pages on either side, in page order and in order of age."""
    outgoing = _first(_links(connection, _shown_links().where(LINK_LIST.c.page_id == page_id)))
    names = select(PAGE.c.id).where((PAGE.c.id == page_id) | (PAGE.c.canonical_page_id == page_id))
    # Any of them, where there are more: to find the first of a hundred thousand takes reading them all.
    keys = select(LINK_ITEM.c.link_list_id, LINK_ITEM.c.position).where(LINK_ITEM.c.target_page_id.in_(names))
    some = keys.limit(_READ).cte("some").prefix_with("MATERIALIZED", dialect="postgresql")
    is_one = (some.c.link_list_id == LINK_ITEM.c.link_list_id) & (some.c.position == LINK_ITEM.c.position)
    incoming = _first(_links(connection, _shown_links().join(some, is_one)))
    headlines = _headlines(
        connection, {page_id, *(link.target for link in outgoing), *(link.source for link in incoming)}
    )
    after = [link.target for link in outgoing if link.target in headlines and link.target != page_id][:most]
    before = [link.source for link in incoming if link.source in headlines and link.source not in (page_id, *after)]
    kept = {page_id, *after, *before[:most]}
    among = _shown_links().where(LINK_LIST.c.page_id.in_(kept), _target().in_(kept)).limit(None)
    links = _first(link for link in _links(connection, among) if link.source != link.target)
    return Neighbourhood(page_id, {number: headlines.get(number, "") for number in kept}, tuple(sorted(links)))


def _shown_links() -> Select[Any]:
    """Source, target and kind of the links in lists that their pages show now."""
    return (
        select(LINK_LIST.c.page_id, _target().label("target"), LINK_LIST.c.kind)
        .join(LINK_ITEM, LINK_ITEM.c.link_list_id == LINK_LIST.c.id)
        .join(PAGE, PAGE.c.id == LINK_ITEM.c.target_page_id)
        .where(LINK_LIST.c.last_seen_at.is_(None))
        .order_by(LINK_LIST.c.id, LINK_ITEM.c.position)
        .limit(_READ)
    )


def _target() -> Any:
    return func.coalesce(PAGE.c.canonical_page_id, PAGE.c.id)


def _links(connection: Connection, query: Select[Any]) -> list[Link]:
    return [Link(source, target, kind) for source, target, kind in connection.execute(query)]


def _first(links: Iterable[Link]) -> list[Link]:
    """One link from a page to another, though several lists have it."""
    return list({(link.source, link.target): link for link in reversed(list(links))}.values())[::-1]


def _headlines(connection: Connection, pages: Collection[int]) -> dict[int, str]:
    query = select(ARTICLE.c.page_id, ARTICLE.c.headline).where(ARTICLE.c.page_id.in_(pages))
    found: dict[int, str] = {}
    for number, headline in connection.execute(query.order_by(ARTICLE.c.page_id, ARTICLE.c.position)):
        found.setdefault(number, headline or "")
    return found
