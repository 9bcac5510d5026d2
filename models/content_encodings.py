"""Content encodings of HTTP, undone in small pieces, so that a bomb is met before it is in memory. Pure."""

import sys
import zlib
from collections.abc import Callable, Iterator

import brotli  # as the next, brought along by Scrapy

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE_BYTES = 65_536
MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
"""How bodies of an encoding begin, where all do."""
DECODING_ERRORS = (zlib.error, brotli.error, zstd.ZstdError)
_GZIP = 31  # zlib's word for gzip's header and checksum; 15 is for zlib's own, -15 for none
_WINDOW = {int(zstd.DecompressionParameter.window_log_max): 23}  # 8 MB: more than that no sender may ask for (RFC 9659)


def pieces_of(encoding: str, body: bytes) -> Iterator[bytes]:
    """The decoded body. Raises EOFError at the end of one that is cut short, and DECODING_ERRORS; KeyError for an
    encoding that is not in DECODERS.

    What follows a whole body is left out, unless it is a further member of a gzip file.
    """
    return DECODERS[encoding](body)


def _inflate(body: bytes, wbits: int) -> Iterator[bytes]:
    view = memoryview(body)  # unpacking copies what it has not read yet: of all the rest, with a long body, too much
    decoder = zlib.decompressobj(wbits)
    place = 0
    while not decoder.eof:
        waiting = decoder.unconsumed_tail or view[place : place + PIECE_BYTES]
        if not decoder.unconsumed_tail:
            place += len(waiting)
        piece = decoder.decompress(waiting, PIECE_BYTES)
        if not piece and not decoder.eof and not len(waiting):
            raise EOFError
        yield piece
        if decoder.eof and wbits == _GZIP:
            place -= len(decoder.unused_data)
            if body[place : place + 2] == MAGIC["gzip"]:
                decoder = zlib.decompressobj(wbits)


def _gzip(body: bytes) -> Iterator[bytes]:
    return _inflate(body, _GZIP)


def _deflate(body: bytes) -> Iterator[bytes]:
    """With a zlib header, or with none: servers send either."""
    has_header = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0
    return _inflate(body, 15 if has_header else -15)


def _brotli(body: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    while not decoder.is_finished():
        piece = decoder.process(body, output_buffer_limit=PIECE_BYTES)
        body = b""
        if not piece and decoder.can_accept_more_data() and not decoder.is_finished():
            raise EOFError
        yield piece


def _zstd(body: bytes) -> Iterator[bytes]:
    decoder = zstd.ZstdDecompressor(options=_WINDOW)
    while not decoder.eof:
        piece = decoder.decompress(body, PIECE_BYTES)
        body = b""
        if not piece and decoder.needs_input and not decoder.eof:
            raise EOFError
        yield piece


DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
