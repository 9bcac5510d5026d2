"""Every record of a WARC file of any tool: packed one by one, all in one, or not at all; what is damaged is told."""

import uuid
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipelines.archive.members import FIELDS_BYTES, GZIP, PIECE, open_file
from pipelines.archive.records import RecordFault, parse_fields

_START = 2 * FIELDS_BYTES  # the fields of a record and the head of its response
_AFTER = 16  # empty lines after a record: two, and some tools write more
_MAGIC = b"\x1f\x8b\x08"
_SEARCHED = 1 << 20


@dataclass(frozen=True, slots=True)
class Scanned:
    """A record that is there as a whole; its digest was not looked at."""

    path: Path
    """The file, or one that was made of it by unpacking."""
    offset: int
    length: int
    """Bytes from there on: of the gzip member, or of the record as it is, without the empty lines after it."""
    is_packed: bool
    fields: Mapping[str, str]
    start: bytes
    """The first of its block: more than the head of a response."""
    scanned_bytes: int
    """Of the file, up to the end of this record."""


@dataclass(frozen=True, slots=True)
class Damaged:
    offset: int
    reason: str


def scan(path: Path, scratch: Path) -> Iterator[Scanned | Damaged]:
    """In the order of the file. One gzip member of many records is unpacked into the folder `scratch`.

    After a damaged record it goes on with the next one that is found. Raises OSError.
    """
    with open_file(path) as file:
        is_packed = file.read(3) == _MAGIC
        yield from _scan_packed(file, path, scratch) if is_packed else _scan_plain(file, path)


def _scan_plain(file: BinaryIO, path: Path) -> Iterator[Scanned | Damaged]:
    size, offset = file.seek(0, 2), 0
    while offset < size:
        file.seek(offset)
        start = file.read(_START)
        begin = start.lstrip(b"\r\n")
        offset += len(start) - len(begin)
        if not begin:
            continue
        try:
            fields, head = parse_fields(begin)
            end = offset + head + int(fields["content-length"])
            _check_end(file, end, size)
        except RecordFault as fault:
            yield Damaged(offset, str(fault))
            offset = _find(file, b"\nWARC/1.", after=offset) + 1 or size
            continue
        yield Scanned(path, offset, end - offset, False, fields, begin[head : end - offset], end)
        offset = end


def _check_end(file: BinaryIO, end: int, size: int) -> None:
    if end > size:
        raise RecordFault("the file ends within the record")
    file.seek(end)
    if file.read(_AFTER).lstrip(b"\r\n")[:5] not in (b"", b"WARC/"):
        raise RecordFault("its Content-Length is not where it ends")


@dataclass(frozen=True, slots=True)
class _Member:
    """A gzip member, unpacked and forgotten."""

    start: bytes
    length: int
    end: int
    """Where the next one begins."""
    fault: str | None


def _scan_packed(file: BinaryIO, path: Path, scratch: Path) -> Iterator[Scanned | Damaged]:
    size, offset = file.seek(0, 2), 0
    while offset < size:
        member = _walk(file, offset)
        try:
            fields, head = parse_fields(member.start)
        except RecordFault as fault:
            yield Damaged(offset, member.fault or str(fault))
        else:
            length = int(fields["content-length"])
            rest = member.length - head - length
            if rest > _AFTER:
                yield from _scan_many(file, path.name, offset, scratch)
            elif rest < 0 or member.fault:
                yield Damaged(offset, member.fault or "its Content-Length is not where it ends")
            else:
                start = member.start[head : head + length]
                yield Scanned(path, offset, member.end - offset, True, fields, start, member.end)
        offset = _next_member(file, offset) if member.fault else member.end


def _walk(file: BinaryIO, offset: int) -> _Member:
    file.seek(offset)
    member, start, length, piece = zlib.decompressobj(GZIP), b"", 0, b""
    while not member.eof:
        piece = member.unconsumed_tail or file.read(PIECE)
        if not piece:
            return _Member(start, length, file.tell(), "the file ends within the record")
        try:
            content = member.decompress(piece, PIECE)
        except zlib.error as error:
            return _Member(start, length, file.tell(), f"a damaged gzip member: {error}")
        length += len(content)
        if len(start) < _START:
            start += content
    return _Member(start, length, file.tell() - len(member.unused_data), None)


def _scan_many(file: BinaryIO, name: str, offset: int, scratch: Path) -> Iterator[Scanned | Damaged]:
    """The records of one member, from a file of its own: they cannot be found in the packed one again."""
    path = scratch / f"{name}-{offset}-{uuid.uuid4().hex[:8]}.warc"  # two files may have one name
    file.seek(offset)
    member = zlib.decompressobj(GZIP)
    with path.open("xb") as out:
        while not member.eof and (piece := member.unconsumed_tail or file.read(PIECE)):
            try:
                out.write(member.decompress(piece, PIECE))
            except zlib.error:
                break  # what follows is missing: the last record says so
    with open_file(path) as unpacked:
        yield from _scan_plain(unpacked, path)


def _next_member(file: BinaryIO, offset: int) -> int:
    """Where a member that begins as a record does follows; the end of the file where none does."""
    while (offset := _find(file, _MAGIC, after=offset)) >= 0:
        file.seek(offset)
        try:
            if zlib.decompressobj(GZIP).decompress(file.read(PIECE), 5) == b"WARC/":
                return offset
        except zlib.error:
            continue
    return file.seek(0, 2)


def _find(file: BinaryIO, words: bytes, *, after: int) -> int:
    """The next place of these bytes; -1 where there is none."""
    place = after + 1
    while True:
        file.seek(place)
        searched = file.read(_SEARCHED)
        found = searched.find(words)
        if found >= 0:
            return place + found
        if len(searched) < _SEARCHED:
            return -1
        place += len(searched) - len(words) + 1
