"""WARC files as other tools write them, made by hand after ISO 28500: none of our own code has a part in them."""

import base64
import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

NOW = datetime(2025, 3, 13, 8, 30, tzinfo=UTC)


class Form(StrEnum):
    PLAIN = "plain"
    EACH = "a member each"
    ALL = "one member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """One record, as wget and Heritrix write them."""

    url: str
    body: bytes = b""
    at: datetime = NOW
    status: str = "200 OK"
    headers: tuple[str, ...] = ("Content-Type: text/html; charset=utf-8",)
    kind: str = "response"
    fields: tuple[str, ...] = ()
    version: str = "WARC/1.0"

    def packed(self) -> bytes:
        head = "\r\n".join((f"HTTP/1.1 {self.status}", *self.headers, "", "")).encode()
        block = head + self.body
        digest = base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()
        lines = (
            self.version,
            f"WARC-Type: {self.kind}",
            f"WARC-Record-ID: <urn:uuid:{self.name}>",
            f"WARC-Date: {self.at:%Y-%m-%dT%H:%M:%SZ}",
            f"WARC-Target-URI: <{self.url}>",
            f"WARC-Block-Digest: sha1:{digest}",
            "Content-Type: application/http;msgtype=response",
            *self.fields,
            f"Content-Length: {len(block)}",
        )
        return "\r\n".join((*lines, "", "")).encode() + block + b"\r\n\r\n"

    @property
    def name(self) -> str:
        """Its record id."""
        return hashlib.md5(f"{self.kind} {self.url} {self.at}".encode(), usedforsecurity=False).hexdigest()


WARCINFO = b"\r\n".join(
    (
        *(b"WARC/1.0", b"WARC-Type: warcinfo", b"WARC-Date: 2025-03-13T08:00:00Z", b"Content-Length: 11"),
        *(b"", b"software: x", b"", b""),
    )
)


def write_warc(path: Path, records: Iterable[Foreign | bytes], form: Form = Form.EACH) -> Path:
    """Bytes are records as they stand."""
    texts = [WARCINFO, *(each if isinstance(each, bytes) else each.packed() for each in records)]
    if form is Form.EACH:
        path.write_bytes(b"".join(gzip.compress(text) for text in texts))
    else:
        path.write_bytes(gzip.compress(b"".join(texts)) if form is Form.ALL else b"".join(texts))
    return path


def chunked(body: bytes, size: int = 100) -> bytes:
    chunks = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def article(headline: str, *, pager: str = "", text: str = "harbour") -> bytes:
    """A page that any extractor takes for an article."""
    lines = "".join(
        f"<p>The {text} office counted {number} hundred parcels that morning, and nobody had an answer for the others "
        f"that waited outside in the rain for the whole of day {number}.</p>"
        for number in range(2, 8)
    )
    return (
        f'<!doctype html><html lang="en"><head><title>{headline} - Quay News</title>'
        f'<meta property="og:type" content="article"></head><body><article><h1>{headline}</h1>'
        f'<p class="date">2025-03-13</p><div class="text">{lines}{pager}</div></article></body></html>'
    ).encode()
