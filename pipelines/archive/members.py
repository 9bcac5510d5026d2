"""Records where they stand in files: as gzip members of their own, or as they are."""

import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipelines.archive.records import RecordFault, check_digest, parse_fields

OPEN = ".open"
"""Ending of a file that is being written."""
MAX_BYTES = 25 * 1024 * 1024
"""Of a body, unpacked: as much as a crawl would fetch."""
GZIP = 31
"""wbits of zlib for a gzip member."""
FIELDS_BYTES = 64 * 1024
"""Of the fields of a record: one with more is none."""
PIECE = 64 * 1024
_MAX_RECORD = MAX_BYTES + 1024 * 1024


@dataclass(frozen=True, slots=True)
class Record:
    fields: Mapping[str, str]
    """By name in small letters, the first of each."""
    block: bytes
    is_cut: bool
    """The record has more than was read."""


def read_record(path: Path, offset: int) -> Record:
    """Raises OSError, and RecordFault for what is no whole and sound record."""
    with open_file(path) as file:
        file.seek(offset)
        pieces = unpacked(file)
        fields, start = _read_fields(pieces)
        length = int(fields["content-length"])
        wanted = min(length, _MAX_RECORD)
        found, size = [start], len(start)
        while size < wanted and (piece := next(pieces, b"")):
            found.append(piece)
            size += len(piece)
    block = b"".join(found)[:wanted]
    if len(block) < wanted:
        raise RecordFault(f"{wanted:,} bytes expected, found {len(block):,}: the file ends within the record")
    if wanted == length:
        check_digest(block, fields.get("warc-block-digest"))
    return Record(fields, block, is_cut=wanted < length)


def read_fields(path: Path, offset: int) -> Mapping[str, str]:
    """Those alone. Raises as `read_record` does."""
    with open_file(path) as file:
        file.seek(offset)
        return _read_fields(unpacked(file))[0]


def open_file(path: Path) -> BinaryIO:
    """For reading; never a link to elsewhere. Raises OSError."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb")


def unpacked(file: BinaryIO) -> Iterator[bytes]:
    """From its position to the end of the gzip member there, in pieces; to the end of the file where there is none.

    Raises RecordFault where the member is damaged.
    """
    piece = file.read(PIECE)
    if not piece.startswith(b"\x1f\x8b"):
        while piece:
            yield piece
            piece = file.read(PIECE)
        return
    member = zlib.decompressobj(GZIP)
    try:
        while piece and not member.eof:
            yield member.decompress(piece, PIECE)
            piece = member.unconsumed_tail or file.read(PIECE)
    except zlib.error as error:
        raise RecordFault(f"a damaged gzip member: {error}") from error


def _read_fields(pieces: Iterator[bytes]) -> tuple[Mapping[str, str], bytes]:
    """The fields, and what was read of the block."""
    start = b""
    while b"\r\n\r\n" not in start and len(start) < FIELDS_BYTES:
        piece = next(pieces, None)
        if piece is None:
            break
        start += piece
    fields, length = parse_fields(start)
    return fields, start[length:]
