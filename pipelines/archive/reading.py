"""Responses out of the archive, by their places: payloads decoded, and taken from elsewhere where a record says so."""

import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from models.items import ArchivePlace
from pipelines.archive.members import MAX_BYTES, OPEN, Record, read_fields, read_record
from pipelines.archive.payloads import decode
from pipelines.archive.records import RESPONSE, Headers, RecordFault, parse_date, parse_http, target_of

ORIGINAL_FILE, ORIGINAL_OFFSET = "warc-refers-to-filename", "warc-refers-to-file-offset"
"""Fields of a revisit record, beside those of the standard: where in this archive the payload stands."""


class ArchiveFault(Exception):
    """A file or a record that is not there, torn, or no WARC; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A response as it came, its transfer and content encodings undone."""

    url: str
    status: int
    content_type: str | None
    etag: str | None = None
    last_modified: str | None = None
    location: str | None = None
    """Where a redirect leads, as it stands in the header."""
    body: bytes
    fetched_at: datetime
    place: ArchivePlace
    is_truncated: bool = False
    """Bytes are missing: who wrote it says so, or the payload itself does; or there are more than MAX_BYTES."""
    is_rendered: bool = False
    """The body is what a browser made of the page."""


def read_at(folder: Path, place: ArchivePlace) -> Archived:
    """Raises ArchiveFault."""
    try:
        record = read_record(_path_of(folder, place), place.offset)
        original = _original_of(record)
        if original is None:
            return archived_of(record, place)
        return revisited(record, archived_of(read_record(_path_of(folder, original), original.offset), original), place)
    except (RecordFault, OSError) as error:
        raise ArchiveFault(f"{place.file}, at {place.offset}: {error}") from error


def archived_of(record: Record, place: ArchivePlace) -> Archived:
    """Of a response, or of what was made of one. Raises RecordFault."""
    fields = record.fields
    known: dict[str, Any] = {
        "url": target_of(fields),
        "fetched_at": parse_date(fields.get("warc-date")),
        "place": place,
    }
    kind = fields.get("warc-type")
    if kind == "conversion":
        return Archived(
            **known,
            status=200,
            content_type=fields.get("content-type"),
            body=record.block[:MAX_BYTES],
            is_truncated=record.is_cut,
            is_rendered=True,
        )
    if kind != RESPONSE:
        raise RecordFault(f"a response expected, found a record of type {kind}")
    head = parse_http(record.block)
    payload = decode(record.block[head.length :], head, most=MAX_BYTES)
    return Archived(
        **known,
        status=head.status,
        content_type=head.get("content-type"),
        etag=head.get("etag"),
        last_modified=head.get("last-modified"),
        location=head.get("location"),
        body=payload.content,
        is_truncated=record.is_cut or "warc-truncated" in fields or not payload.is_whole,
    )


def revisited(record: Record, original: Archived, place: ArchivePlace) -> Archived:
    """What was fetched again, with the payload of the original, of which it was found to be the same."""
    found = replace(
        original, url=target_of(record.fields), fetched_at=parse_date(record.fields.get("warc-date")), place=place
    )
    if not record.block.strip():  # the headers may be left out
        return found
    head = parse_http(record.block)
    return replace(found, etag=head.get("etag"), last_modified=head.get("last-modified"))


def find_twin(folder: Path, place: ArchivePlace, digest: str | None = None) -> Headers | None:
    """How a revisit record names the response there; None where none stands there, or none with this payload."""
    try:
        fields = read_fields(_path_of(folder, place), place.offset)
    except (ArchiveFault, RecordFault, OSError):
        return None
    if fields.get("warc-type") != RESPONSE or digest not in (None, fields.get("warc-payload-digest")):
        return None
    return [
        ("WARC-Refers-To", fields.get("warc-record-id", "")),
        ("WARC-Refers-To-Target-URI", target_of(fields)),
        ("WARC-Refers-To-Date", fields.get("warc-date", "")),
        ("WARC-Refers-To-Filename", place.file),
        ("WARC-Refers-To-File-Offset", str(place.offset)),
    ]


def _original_of(record: Record) -> ArchivePlace | None:
    file, offset = record.fields.get(ORIGINAL_FILE, ""), record.fields.get(ORIGINAL_OFFSET, "")
    if record.fields.get("warc-type") != "revisit" or not offset.isdigit():
        return None
    return ArchivePlace(file=file, offset=int(offset))


def _path_of(folder: Path, place: ArchivePlace) -> Path:
    if os.sep in place.file or place.file.startswith("."):
        raise ArchiveFault(f"a file of the archive expected, found {place.file!r}")
    path = folder / place.file
    for candidate in (path, path.with_name(path.name + OPEN)):
        if candidate.is_file():
            return candidate
    raise ArchiveFault(f"no file {place.file} in {folder}")
