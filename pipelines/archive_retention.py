"""Files of the archive in which nothing is needed any more: shown, and deleted.

Needed are the responses that were fetched since a moment; of every page, the last one that was read, so that
`reextract` and the parts of articles stay whole; and the originals of all revisit records in files that stay.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, func, or_, select, update

from models.engine import reading, writing
from models.tables import METADATA
from pipelines.archive.reading import ORIGINAL_FILE
from pipelines.archive.scanning import Scanned, scan
from pipelines.store.bulk import bulk_of
from pipelines.store.changes import Changes

FETCH = METADATA.tables["fetch"]
_ROWS = 2000  # in one transaction
_READ = ("stored", "unchanged")


@dataclass(frozen=True, slots=True)
class OldFile:
    name: str
    size_bytes: int


def old_files(engine: Engine, folder: Path, before: datetime, *, scratch: Path) -> tuple[OldFile, ...]:
    """Those that may go, by name. Files that are being written, and those younger than `before`, stay."""
    needed = _named_by_fetches(engine, before)
    files = sorted(folder.glob("*.warc.gz"))
    old = {path for path in files if path.name not in needed and path.stat().st_mtime < before.timestamp()}
    kept = [path for path in (*files, *folder.glob("*.warc.gz.open")) if path not in old]
    while old and kept:  # what a kept file needs is kept, and may need others itself
        originals = {name for path in kept for name in _originals_of(path, scratch)}
        kept = [path for path in old if path.name in originals]
        old.difference_update(kept)
    return tuple(OldFile(path.name, path.stat().st_size) for path in sorted(old))


def delete_files(engine: Engine, folder: Path, files: tuple[OldFile, ...]) -> Iterator[OldFile]:
    """Each that has gone. Its fetches point nowhere first, so it may be stopped at any moment and run again."""
    for file in files:
        while _forget(engine, file.name):
            pass
        (folder / file.name).unlink(missing_ok=True)
        yield file


def _named_by_fetches(engine: Engine, before: datetime) -> set[str]:
    is_archived = FETCH.c.archive_file.is_not(None)
    last = select(func.max(FETCH.c.id)).where(is_archived, FETCH.c.outcome.in_(_READ)).group_by(FETCH.c.page_id)
    statement = select(FETCH.c.archive_file).distinct().where(or_(FETCH.c.fetched_at >= before, FETCH.c.id.in_(last)))
    with reading(engine) as connection:
        return {name for name in connection.execute(statement).scalars() if name}


def _originals_of(path: Path, scratch: Path) -> Iterator[str]:
    for each in scan(path, scratch):
        if isinstance(each, Scanned) and ORIGINAL_FILE in each.fields:
            yield each.fields[ORIGINAL_FILE]


def _forget(engine: Engine, name: str) -> int:
    """Rows that named the file, some of them at once."""
    with writing(engine) as connection:
        chosen = select(FETCH.c.id).where(FETCH.c.archive_file == name).order_by(FETCH.c.id).limit(_ROWS)
        ids = connection.execute(chosen).scalars().all()
        connection.execute(update(FETCH).where(FETCH.c.id.in_(ids)).values(archive_file=None, archive_offset=None))
        _record(connection, ids)
    return len(ids)


def _record(connection: Connection, ids: Sequence[int]) -> None:
    changes = Changes()
    changes.add("fetch", ids, "update")
    changes.write(bulk_of(connection), datetime.now(UTC))
