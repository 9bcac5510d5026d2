"""What a response says, out of the bytes of the wire: chunks joined, encodings undone, never cut in silence."""

import re
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli  # as the next, brought along by Scrapy

from pipelines.archive.records import HttpHead

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_PIECE = 65_536
_CHUNK_HEAD = re.compile(rb"\s*([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r?\n")
_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


@dataclass(frozen=True, slots=True)
class Payload:
    content: bytes
    is_whole: bool
    """False where bytes are missing, or more than were asked for are there."""


def decode(body: bytes, head: HttpHead, *, most: int) -> Payload:
    """`body` as it stands in the record, decoded to at most `most` bytes. Never raises: what cannot be read is missing.

    Many tools store a body whose chunks they have joined, or that they have unpacked, and leave the headers as they
    were: what does not look encoded is taken as it is.
    """
    is_whole = True
    if "chunked" in (head.get("transfer-encoding") or "").lower():
        if _CHUNK_HEAD.match(body):
            body, is_whole = _joined(body)
    else:
        declared = head.get("content-length") or ""
        # A shorter one only: a tool that unpacked the body has kept the length of the packed one.
        is_whole = not declared.isdigit() or len(body) >= int(declared)
    for encoding in reversed((head.get("content-encoding") or "").lower().replace(" ", "").split(",")):
        pieces = _DECODERS.get(encoding)
        if pieces is not None and body.startswith(_MAGIC.get(encoding, b"")):
            body, ended = _decoded(body, pieces, most)
            is_whole = is_whole and ended
    return Payload(body[:most], is_whole and len(body) <= most)


def _joined(body: bytes) -> tuple[bytes, bool]:
    """The chunks; and whether the last one is there."""
    chunks: list[bytes] = []
    place = 0
    while found := _CHUNK_HEAD.match(body, place):
        size = int(found[1], 16)
        if size == 0:
            return b"".join(chunks), True
        chunk = body[found.end() : found.end() + size]
        chunks.append(chunk)
        if len(chunk) < size:
            break
        place = found.end() + size
    return b"".join(chunks), False


def _decoded(body: bytes, pieces: Callable[[bytes], Iterator[bytes]], most: int) -> tuple[bytes, bool]:
    """In small steps, so that a bomb is met before it is in memory."""
    found: list[bytes] = []
    size = 0
    try:
        for piece in pieces(body):
            found.append(piece)
            size += len(piece)
            if size > most:
                break
    except (zlib.error, brotli.error, zstd.ZstdError):
        # Some servers declare an encoding and send plain text.
        return (b"".join(found), False) if size else (body, True)
    except EOFError:
        return b"".join(found), False
    return b"".join(found), True


def _inflate(body: bytes, wbits: int) -> Iterator[bytes]:
    """Raises EOFError at the end of what is cut short, as the others do."""
    decoder = zlib.decompressobj(wbits)
    while not decoder.eof:
        piece = decoder.decompress(body, _PIECE)
        body = decoder.unconsumed_tail
        if not piece and not body and not decoder.eof:
            raise EOFError
        yield piece


def _gzip(body: bytes) -> Iterator[bytes]:
    return _inflate(body, 31)


def _deflate(body: bytes) -> Iterator[bytes]:
    """With a zlib header, or with none: servers send either."""
    has_header = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0
    return _inflate(body, 15 if has_header else -15)


def _brotli(body: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    while not decoder.is_finished():
        piece = decoder.process(body, output_buffer_limit=_PIECE)
        body = b""
        if not piece and decoder.can_accept_more_data() and not decoder.is_finished():
            raise EOFError
        yield piece


def _zstd(body: bytes) -> Iterator[bytes]:
    decoder = zstd.ZstdDecompressor()
    while not decoder.eof:
        piece = decoder.decompress(body, _PIECE)
        body = b""
        if not piece and decoder.needs_input and not decoder.eof:
            raise EOFError
        yield piece


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
