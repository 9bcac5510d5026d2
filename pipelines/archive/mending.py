"""Files that a killed process left open: ended after their last whole record."""

import fcntl
import logging
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipelines.archive.members import GZIP, OPEN

_CHUNK = 1 << 20

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mended:
    file: str
    """As it is called now."""
    records: int
    """gzip members that are whole."""
    bytes_cut: int
    """Of the torn record at the end; 0 where it was whole."""


def mend_folder(folder: Path) -> list[Mended]:
    """Ends the open files that no process writes. An empty one goes, and is not in the list."""
    mended = []
    for path in sorted(folder.glob(f"*{OPEN}")):
        with os.fdopen(os.open(path, os.O_RDWR | os.O_NOFOLLOW), "r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # somebody writes it
            end, records = _last_whole_record(file)
            cut = os.fstat(file.fileno()).st_size - end
            file.truncate(end)
            if not records:
                path.unlink()
                continue
            path.rename(path.with_name(path.name.removesuffix(OPEN)))
        mended.append(Mended(path.name.removesuffix(OPEN), records, cut))
        logger.warning("%s was left open by a process that died: %d records kept, %d bytes cut", *_told(mended[-1]))
    return mended


def _told(mended: Mended) -> tuple[str, int, int]:
    return mended.file, mended.records, mended.bytes_cut


def _last_whole_record(file: BinaryIO) -> tuple[int, int]:
    """Where the last whole gzip member ends, and how many there are."""
    file.seek(0)
    end, records, rest = 0, 0, b""
    while True:
        member = zlib.decompressobj(GZIP)
        length = 0
        while not member.eof:
            chunk = rest or file.read(_CHUNK)
            if not chunk:
                return end, records
            try:
                member.decompress(chunk)
            except zlib.error:
                return end, records
            length += len(chunk)
            rest = member.unused_data
        end += length - len(rest)
        records += 1
