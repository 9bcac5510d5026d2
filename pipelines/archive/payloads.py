"""What a response says, out of the bytes of the wire: chunks joined, encodings undone, never cut in silence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.content_encodings import DECODERS, DECODING_ERRORS, MAGIC, pieces_of
from pipelines.archive.records import HttpHead

_CHUNK_HEAD = re.compile(rb"\s*([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r?\n")


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
        if encoding in DECODERS and body.startswith(MAGIC.get(encoding, b"")):
            body, ended = _decoded(body, pieces_of(encoding, body), most)
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


def _decoded(body: bytes, pieces: Iterator[bytes], most: int) -> tuple[bytes, bool]:
    """In small steps, so that a bomb is met before it is in memory."""
    found: list[bytes] = []
    size = 0
    try:
        for piece in pieces:
            found.append(piece)
            size += len(piece)
            if size > most:
                break
    except DECODING_ERRORS:
        # Some servers declare an encoding and send plain text.
        return (b"".join(found), False) if size else (body, True)
    except EOFError:
        return b"".join(found), False
    return b"".join(found), True
