"""Requests and responses into WARC files, each record a gzip member of its own.

A file carries the ending `.open` while it is written, and a lock of the process that writes it; one that is open and
has no lock was left behind by a process that died, and `mending` ends it.
"""

import fcntl
import os
import uuid
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from models.identity import url_hash
from models.items import ArchivePlace
from pipelines.archive.latest import Latest
from pipelines.archive.members import OPEN
from pipelines.archive.reading import find_twin
from pipelines.archive.records import (
    IDENTICAL,
    NOT_MODIFIED,
    REQUEST_TYPE,
    RESPONSE,
    RESPONSE_TYPE,
    Headers,
    digest_of,
    new_id,
    pack,
    show_date,
)

ROLL_BYTES = 1_000_000_000
"""As the WARC guidelines have it: a file of a gigabyte is moved and checked in one piece."""
_MODE = 0o600  # a page may have been served to the credentials of this crawler

_Unpacked = tuple[list[tuple[str, str]], bytes]
"""Fields and block of a record."""


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
    is_rendered: bool = False
    """The body is what a browser made of the page, and not what the server sent: kept as a `conversion`."""
    rendered_from: ArchivePlace | None = None
    """Where the page stands as it was served."""


class ArchiveWriter:
    """Appends to a file of its own in the folder; a second one beside it writes another. Not for two threads."""

    def __init__(self, folder: Path, *, roll_bytes: int = ROLL_BYTES) -> None:
        """The folder is made. Raises OSError where it cannot be written."""
        self._folder = folder
        self._roll_bytes = roll_bytes
        self._file: BinaryIO | None = None
        self._name = ""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._latest = Latest(folder)

    def write(self, exchange: Exchange) -> ArchivePlace:
        """Where the response stands. Raises OSError, as on a full disk; nothing of the exchange is left behind then.

        A payload that is the same as in the last response of the URL is not written again: a revisit record points to
        it, and is read as if it stood there.
        """
        at = exchange.fetched_at
        if exchange.status != HTTPStatus.OK or exchange.is_truncated or exchange.is_rendered or not exchange.body:
            return self.append(_pair(exchange, self._single(exchange)), at=at)
        key, digest = url_hash(exchange.url), digest_of(exchange.body)
        known = self._latest.find(key, digest)
        twin = find_twin(self._folder, known, digest) if known else None
        place = self.append(
            _pair(exchange, _revisit(exchange, twin, digest) if twin else _response(exchange, digest)), at=at
        )
        if twin is None:
            self._latest.note(key, digest, place)
        return place

    def write_revisit(self, exchange: Exchange, original: ArchivePlace) -> ArchivePlace:
        """The payload is that of a response in this archive, which is not looked at. Raises OSError."""
        twin = find_twin(self._folder, original)
        if twin is None:
            return self.write(exchange)
        record = _revisit(exchange, twin, digest_of(exchange.body))
        return self.append(pack(*record), at=exchange.fetched_at)

    def append(self, members: bytes, *, at: datetime) -> ArchivePlace:
        """Records that are gzip members already; the place of the first. Raises OSError, as `write` does."""
        file = self._opened(at)
        start = file.tell()
        try:
            file.write(members)
            file.flush()  # a killed process loses nothing that the system has
        except OSError:
            os.ftruncate(file.fileno(), start)
            file.seek(start)
            raise
        return ArchivePlace(file=self._name, offset=start)

    def _single(self, exchange: Exchange) -> _Unpacked:
        """One that no other stands for."""
        if exchange.status == HTTPStatus.NOT_MODIFIED:
            return [*_named("revisit", exchange, RESPONSE_TYPE), ("WARC-Profile", NOT_MODIFIED)], _head(exchange)
        if exchange.is_rendered and exchange.status == HTTPStatus.OK:
            served = find_twin(self._folder, exchange.rendered_from) if exchange.rendered_from else None
            return [*_named("conversion", exchange, _content_type(exchange)), *(served or ())[:1]], exchange.body
        fields, block = _response(exchange, digest_of(exchange.body))
        return [*fields, ("WARC-Truncated", "disconnect")] if exchange.is_truncated else fields, block

    def close(self) -> None:
        """The file gets its name; an empty one goes."""
        self._latest.close()
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


def _pair(exchange: Exchange, response: _Unpacked) -> bytes:
    """The response, and the request it came to."""
    line = f"{exchange.method} {exchange.url} HTTP/1.1"
    asked = _http((line, *(f"{name}: {value}" for name, value in exchange.request_headers)))
    id_ = next(value for name, value in response[0] if name == "WARC-Record-ID")
    fields = [*_named("request", exchange, REQUEST_TYPE), ("WARC-Concurrent-To", id_)]
    return pack(*response) + pack(fields, asked)


def _response(exchange: Exchange, digest: str) -> _Unpacked:
    fields = [*_named(RESPONSE, exchange, RESPONSE_TYPE), ("WARC-Payload-Digest", digest)]
    return fields, _head(exchange) + exchange.body


def _revisit(exchange: Exchange, original: Headers, digest: str) -> _Unpacked:
    profile = [("WARC-Profile", IDENTICAL), ("WARC-Payload-Digest", digest)]
    return [*_named("revisit", exchange, RESPONSE_TYPE), *profile, *original], _head(exchange)


def _named(kind: str, exchange: Exchange, content_type: str) -> list[tuple[str, str]]:
    return [
        ("WARC-Type", kind),
        ("WARC-Record-ID", new_id()),
        ("WARC-Date", show_date(exchange.fetched_at)),
        ("WARC-Target-URI", exchange.url),
        ("Content-Type", content_type),
    ]


def _head(exchange: Exchange) -> bytes:
    status = f"HTTP/1.1 {exchange.status} {_phrase(exchange.status)}"
    return _http((status, *(f"{name}: {value}" for name, value in exchange.headers)))


def _http(lines: tuple[str, ...]) -> bytes:
    # A line feed in a value would begin another header.
    clean = (line.replace("\r", " ").replace("\n", " ") for line in lines)
    return "\r\n".join((*clean, "", "")).encode("latin-1", "replace")


def _content_type(exchange: Exchange) -> str:
    return next((value for name, value in exchange.headers if name.lower() == "content-type"), "text/html")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # 520 and the like
        return "Unknown"
