"""What of somebody else's archive is stored already, and the run that an import goes on with."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from models.engine import reading
from models.identity import url_hash
from models.items import ArchivePlace
from models.tables import METADATA

SPIDER = "archive import"
"""What `crawl.spider` says of such a run."""
CRAWL, FETCH, PAGE = (METADATA.tables[name] for name in ("crawl", "fetch", "page"))


def stored_fetches(
    engine: Engine, keys: Collection[tuple[str, datetime]]
) -> dict[tuple[str, datetime], ArchivePlace | None]:
    """Of these normalised URLs and times those that have a fetch already, and where its response lies."""
    urls = {url_hash(url): url for url, _ in keys}
    statement = (
        select(PAGE.c.url_hash, FETCH.c.fetched_at, FETCH.c.archive_file, FETCH.c.archive_offset)
        .join(FETCH, FETCH.c.page_id == PAGE.c.id)
        .where(PAGE.c.url_hash.in_(urls), FETCH.c.fetched_at.in_({at for _, at in keys}))
    )
    with reading(engine) as connection:
        return {
            (urls[row.url_hash], row.fetched_at): ArchivePlace(file=row.archive_file, offset=row.archive_offset)
            if row.archive_file
            else None
            for row in connection.execute(statement)
        }


def stopped_import(engine: Engine, arguments: Mapping[str, Any]) -> int | None:
    """The last import, if it was of the same files and did not come to its end."""
    statement = select(CRAWL).where(CRAWL.c.spider == SPIDER).order_by(CRAWL.c.id.desc()).limit(1)
    with reading(engine) as connection:
        row = connection.execute(statement).mappings().one_or_none()
    if row is None or row["ended_at"] is not None or dict(row["arguments"]) != dict(arguments):
        return None
    found: int = row["id"]
    return found
