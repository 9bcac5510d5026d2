"""Responses out of WARC files: ours by their place, and those of any other tool one after the other."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from models.items import ArchivePlace
from pipelines.archive.writer import OPEN

MAX_BYTES = 25 * 1024 * 1024
"""Of a body, unpacked: as much as a crawl would fetch."""


class ArchiveFault(Exception):
    """A file or a record that is not there, torn, or no WARC; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A response as it came, its transfer and content encodings undone."""

    url: str
    status: int
    content_type: str | None
    etag: str | None
    last_modified: str | None
    body: bytes
    fetched_at: datetime
    place: ArchivePlace
    is_truncated: bool = False


def read_at(folder: Path, place: ArchivePlace) -> Archived:
    """Raises ArchiveFault."""
    if os.sep in place.file or place.file.startswith("."):
        raise ArchiveFault(f"a file of the archive expected, found {place.file!r}")
    path = folder / place.file
    for candidate in (path, path.with_name(path.name + OPEN)):
        if candidate.is_file():
            found = next(_responses(candidate, offset=place.offset), None)
            if found is None:
                raise ArchiveFault(f"no response at {place.offset} of {candidate.name}")
            return found
    raise ArchiveFault(f"no file {place.file} in {folder}")


def read_all(path: Path) -> Iterator[Archived]:
    """Every response with a body, in the order of the file. Raises ArchiveFault where the file is torn or no WARC."""
    return _responses(path, offset=0)


def _responses(path: Path, *, offset: int) -> Iterator[Archived]:
    name = path.name.removesuffix(OPEN)
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            file.seek(offset)
            records = ArchiveIterator(file)
            for record in records:
                if record.rec_type == "response" and record.http_headers:
                    yield _archived(record, ArchivePlace(file=name, offset=records.offset))
    except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
        raise ArchiveFault(f"{path.name}: {error}") from error


def _archived(record: Any, place: ArchivePlace) -> Archived:
    headers = record.http_headers
    body = record.content_stream().read(MAX_BYTES)
    return Archived(
        url=record.rec_headers.get_header("WARC-Target-URI").strip("<>"),
        status=int(headers.get_statuscode()),
        content_type=headers.get_header("Content-Type"),
        etag=headers.get_header("ETag"),
        last_modified=headers.get_header("Last-Modified"),
        body=body,
        fetched_at=_moment(record.rec_headers.get_header("WARC-Date")),
        place=place,
        is_truncated=record.rec_headers.get_header("WARC-Truncated") is not None,
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
