"""Which archived responses are to be read again, and how far a run over them has come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, case, func, select, update

from models.engine import reading, writing
from models.items import ArchivePlace
from models.tables import METADATA

SPIDER = "reextract"
"""What `crawl.spider` says of such a run."""
CRAWL, FETCH, PAGE, SITE = (METADATA.tables[name] for name in ("crawl", "fetch", "page", "site"))
_READ = ("stored", "unchanged")
_PLACE = (FETCH.c.archive_file, FETCH.c.archive_offset)
_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPage:
    """The last archived response of a page whose content is stored."""

    fetch_id: int
    url: str
    """The page's own, under which its content is stored."""
    site: str
    place: ArchivePlace
    others: Mapping[str, ArchivePlace]
    """By URL, the last archived responses of its other names: the further parts of an article are among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    site: str | None = None
    since: datetime | None = None
    """Fetched since then."""

    @property
    def arguments(self) -> dict[str, Any]:
        return {"site": self.site, "since": self.since.isoformat() if self.since else None}


def count_archived(engine: Engine, selection: Selection, *, after: int = 0) -> int:
    with reading(engine) as connection:
        chosen = _last_fetches(selection, after=after).subquery()
        return connection.execute(select(func.count()).select_from(chosen)).scalar_one()


def archived_pages(engine: Engine, selection: Selection, *, after: int = 0) -> Iterator[ArchivedPage]:
    """In the order of their fetches, those with a larger id than `after`; in constant memory."""
    while rows := _rows(engine, selection, after):
        yield from rows
        after = rows[-1].fetch_id


def _rows(engine: Engine, selection: Selection, after: int) -> list[ArchivedPage]:
    last = _last_fetches(selection, after=after).limit(_ROWS).subquery()
    content = PAGE.alias("content")
    statement = (
        select(FETCH.c.id, *_PLACE, content.c.id.label("content_id"), content.c.url, SITE.c.domain)
        .select_from(
            last.join(FETCH, FETCH.c.id == last.c.fetch_id)
            .join(content, content.c.id == last.c.content_id)
            .join(SITE, SITE.c.id == content.c.site_id)
        )
        .order_by(FETCH.c.id)
    )
    with reading(engine) as connection:
        rows = connection.execute(statement).all()
        others = _others(connection, [row.content_id for row in rows])
    return [
        ArchivedPage(
            fetch_id=row.id,
            url=row.url,
            site=row.domain,
            place=_place_of(row),
            others=others.get(row.content_id, {}),
        )
        for row in rows
    ]


def _others(connection: Connection, content_ids: Sequence[int]) -> dict[int, dict[str, ArchivePlace]]:
    """Of each page that has other names."""
    statement = (
        select(PAGE.c.canonical_page_id, PAGE.c.url, *_PLACE)
        .join(FETCH, FETCH.c.page_id == PAGE.c.id)
        .where(PAGE.c.canonical_page_id.in_(content_ids), FETCH.c.archive_file.is_not(None), FETCH.c.outcome.in_(_READ))
        .order_by(FETCH.c.id)  # so that the last one stays
    )
    found: dict[int, dict[str, ArchivePlace]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.canonical_page_id, {})[row.url] = _place_of(row)
    return found


def _place_of(row: Any) -> ArchivePlace:
    return ArchivePlace(file=row.archive_file, offset=row.archive_offset)


def _last_fetches(selection: Selection, *, after: int) -> Select[Any]:
    """Of each page the last fetch that has a response in the archive.

    That of an alias only if the page was never fetched by its own name: else the store has passed over the alias.
    """
    content_id = func.coalesce(PAGE.c.canonical_page_id, PAGE.c.id)
    own = func.max(case((PAGE.c.canonical_page_id.is_(None), FETCH.c.id)))
    last = func.coalesce(own, func.max(FETCH.c.id))
    statement = (
        select(content_id.label("content_id"), last.label("fetch_id"))
        .select_from(FETCH.join(PAGE, PAGE.c.id == FETCH.c.page_id))
        .where(FETCH.c.archive_file.is_not(None), FETCH.c.outcome.in_(_READ), FETCH.c.status == 200)
        .group_by(content_id)
        .having(last > after)
        .order_by(last)
    )
    if selection.since:
        statement = statement.where(FETCH.c.fetched_at >= selection.since)
    if selection.site:
        statement = statement.join(SITE, SITE.c.id == PAGE.c.site_id).where(SITE.c.domain == selection.site)
    return statement


def stopped_run(engine: Engine, selection: Selection) -> tuple[int, int] | None:
    """Id and position of the last run of this selection, if it did not come to its end."""
    statement = select(CRAWL).where(CRAWL.c.spider == SPIDER).order_by(CRAWL.c.id.desc()).limit(1)
    with reading(engine) as connection:
        row = connection.execute(statement).mappings().one_or_none()
    if row is None or row["ended_at"] is not None:
        return None
    arguments = dict(row["arguments"])
    position = int(arguments.pop("position", 0))
    return (row["id"], position) if arguments == selection.arguments else None


def note_position(engine: Engine, crawl_id: int, selection: Selection, position: int) -> None:
    """All archived fetches up to this one are done."""
    arguments = {**selection.arguments, "position": position}
    with writing(engine) as connection:
        connection.execute(update(CRAWL).where(CRAWL.c.id == crawl_id).values(arguments=arguments))
