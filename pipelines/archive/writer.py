"""Requests and responses into WARC files, each record a gzip member of its own.

A file carries the ending `.open` while it is written, and a lock of the process that writes it; one that is open and
has no lock was left behind by a process that died, and `mending` ends it.
"""

import fcntl
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from models.items import ArchivePlace

OPEN = ".open"
ROLL_BYTES = 1_000_000_000
"""As the WARC guidelines have it: a file of a gigabyte is moved and checked in one piece."""
_NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
_MODE = 0o600  # a page may have been served to the credentials of this crawler
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its response, as they went over the wire."""

    url: str
    method: str
    request_headers: Headers
    status: int
    headers: Headers
    body: bytes
    fetched_at: datetime
    is_truncated: bool = False


class ArchiveWriter:
    """Appends to a file of its own in the folder; a second one beside it writes another. Not for two threads."""

    def __init__(self, folder: Path, *, roll_bytes: int = ROLL_BYTES) -> None:
        """The folder is made. Raises OSError where it cannot be written."""
        self._folder = folder
        self._roll_bytes = roll_bytes
        self._file: BinaryIO | None = None
        self._name = ""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def write(self, exchange: Exchange) -> ArchivePlace:
        """Where the response stands. Raises OSError, as on a full disk; nothing of the exchange is left behind then."""
        file = self._opened(exchange.fetched_at)
        start = file.tell()
        try:
            offset = self._write(file, exchange)
            file.flush()  # a killed process loses nothing that the system has
        except OSError:
            os.ftruncate(file.fileno(), start)
            file.seek(start)
            raise
        return ArchivePlace(file=self._name, offset=offset)

    def close(self) -> None:
        """The file gets its name; an empty one goes."""
        if self._file is None:
            return
        path = self._folder / (self._name + OPEN)
        is_empty = self._file.tell() == 0
        os.fsync(self._file.fileno())
        if is_empty:
            path.unlink()
        else:
            path.rename(self._folder / self._name)
        self._file.close()
        self._file = None

    def _opened(self, now: datetime) -> BinaryIO:
        if self._file is not None and self._file.tell() >= self._roll_bytes:
            self.close()
        if self._file is None:
            # Never a name made of a URL; and never the file of another process.
            self._name = f"{now:%Y%m%d%H%M%S}-{uuid.uuid4().hex[:12]}.warc.gz"
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW
            self._file = os.fdopen(os.open(self._folder / (self._name + OPEN), flags, _MODE), "wb")
            fcntl.flock(self._file, fcntl.LOCK_EX)
        return self._file

    def _write(self, file: BinaryIO, exchange: Exchange) -> int:
        writer = WARCWriter(file, gzip=True)
        named = {"WARC-Date": exchange.fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        if exchange.is_truncated:
            named["WARC-Truncated"] = "disconnect"
        status = f"{exchange.status} {_phrase(exchange.status)}"
        answer = StatusAndHeaders(status, list(exchange.headers), protocol="HTTP/1.1")
        is_revisit = exchange.status == HTTPStatus.NOT_MODIFIED
        if is_revisit:
            named["WARC-Profile"] = _NOT_MODIFIED
        body = BytesIO(b"" if is_revisit else exchange.body)
        response = writer.create_warc_record(
            exchange.url,
            "revisit" if is_revisit else "response",
            payload=body,
            length=len(body.getvalue()),
            http_headers=answer,
            warc_headers_dict=named,
        )
        line = f"{exchange.method} {exchange.url} HTTP/1.1"
        asked = StatusAndHeaders(line, list(exchange.request_headers), is_http_request=True)
        request = writer.create_warc_record(
            exchange.url, "request", payload=BytesIO(), length=0, http_headers=asked, warc_headers_dict=dict(named)
        )
        request.rec_headers.add_header("WARC-Concurrent-To", response.rec_headers.get_header("WARC-Record-ID"))
        offset = file.tell()
        writer.write_record(response)
        writer.write_record(request)
        return offset


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # 520 and the like
        return "Unknown"
