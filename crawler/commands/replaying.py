"""Stored pages read again out of the archive, in other processes. No command itself."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from crawler.page_limits import PageLimits
    from models.items import Page
    from pipelines.archive import Archived
    from pipelines.reextraction import ArchivedPage


class Replayed(NamedTuple):
    archived: "ArchivedPage"
    page: "Page | None"
    """None for a feed or a sitemap too."""
    reason: str | None
    """Why there is no page."""


def replay(
    pages: "Iterable[ArchivedPage]", folder: Path, *, workers: int, most_parts: int, limits: "PageLimits"
) -> Iterator[Replayed]:
    """One for each page, in their order. A page that kills its process costs only itself."""
    from crawler.ordered_work import work_in_order

    work = partial(replay_one, folder=folder, most_parts=most_parts, limits=limits)
    return work_in_order(pages, work, workers=workers, died=_died)


def _died(page: "ArchivedPage", reason: str) -> Replayed:
    return Replayed(page, None, reason)


def replay_one(page: "ArchivedPage", *, folder: Path, most_parts: int, limits: "PageLimits") -> Replayed:
    """Never raises."""
    from crawler.commands.archived_pages import read_archived
    from crawler.errors import PageError
    from models.identity import page_url
    from models.items import PageKind
    from pipelines.archive import ArchiveFault, read_at

    def find_part(url: str) -> "Archived":
        place = page.others.get(page_url(url) or "")
        if place is None:
            # The article would lose what is stored of it.
            raise ArchiveFault("not all parts of the article are in the archive; recrawl it")
        return read_at(folder, place)

    try:
        found = read_archived(read_at(folder, page.place), find_part, most_parts=most_parts, limits=limits)
    except (ArchiveFault, PageError) as error:
        return Replayed(page, None, str(error))
    if found.part is not None:
        return Replayed(page, None, "the first part of the article is not in the archive; recrawl it")
    return Replayed(page, None if found.kind in (PageKind.FEED, PageKind.SITEMAP) else found, None)
