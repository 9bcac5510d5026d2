"""DecodingMiddleware: a body is unpacked within limits, and whole, or it is no page."""

from collections.abc import Sequence
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response, TextResponse
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings

from models.content_encodings import DECODERS, DECODING_ERRORS, pieces_of
from models.items import FailureClass

MOST_ENCODINGS = 3
"""One is what servers send; a proxy may add its own."""
_SMALL_BYTES = 1024 * 1024  # of which no ratio is a bomb
_PARTIAL_CONTENT = 206
_ACCEPTED = "gzip, deflate, br, zstd"


class IncompleteBody(IgnoreRequest):
    """A part of a page. Stored, it would take the place of the whole one."""

    failure_class = FailureClass.INCOMPLETE


class BodyTooLarge(IgnoreRequest):
    failure_class = FailureClass.TOO_LARGE


class DecodingMiddleware:
    """In the place of Scrapy's HttpCompressionMiddleware, which takes a stream that is cut for a whole one.

    Settings: DECOMPRESSED_MAXSIZE, bytes; DECOMPRESSED_RATIO, to the bytes of the wire.
    """

    def __init__(self, settings: BaseSettings) -> None:
        self._most_bytes = settings.getint("DECOMPRESSED_MAXSIZE")
        self._most_ratio = settings.getint("DECOMPRESSED_RATIO")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings)

    def process_request(self, request: Request) -> None:
        request.headers.setdefault("Accept-Encoding", _ACCEPTED)

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status == _PARTIAL_CONTENT:
            raise IncompleteBody("the server sent a part of the page that was not asked for (206)")
        declared = response.headers.getlist("Content-Encoding")
        if not declared or request.method == "HEAD":
            return response
        to_decode, to_keep = _split(declared)
        if len(to_decode) > MOST_ENCODINGS:
            raise BodyTooLarge(f"encoded {len(to_decode)} times over: {MOST_ENCODINGS} at most are undone")
        is_cut = "download_stopped" in response.flags  # by ourselves, as no more of it is needed
        body = decoded(response.body, to_decode, most=self._most(len(response.body)), is_cut=is_cut)
        return _with_body(response, body, to_keep)

    def _most(self, wire_bytes: int) -> int:
        return min(self._most_bytes, max(_SMALL_BYTES, wire_bytes * self._most_ratio))


def _split(declared: Sequence[bytes]) -> tuple[list[str], list[str]]:
    """What can be undone, the outermost first, and what is below: from the first that nobody here knows."""
    left = [each.strip().lower() for each in b",".join(declared).decode("latin-1").split(",")]
    known: list[str] = []
    while left and left[-1] in DECODERS:
        known.append(left.pop())
    return known, left


def decoded(body: bytes, encodings: Sequence[str], *, most: int, is_cut: bool = False) -> bytes:
    """Of encodings of DECODERS, the outermost first. Raises IncompleteBody, and BodyTooLarge beyond `most` bytes."""
    for encoding in encodings:
        if not _is_plain(body):
            body = _unpacked(body, encoding, most, is_cut=is_cut)
    return body


def _is_plain(body: bytes) -> bool:
    """Some servers declare an encoding and send markup."""
    return body[:64].lstrip().startswith(b"<")


def _unpacked(body: bytes, encoding: str, most: int, *, is_cut: bool) -> bytes:
    found = bytearray()
    try:
        for piece in pieces_of(encoding, body):
            found += piece
            if len(found) > most:
                raise BodyTooLarge(
                    f"{len(body):,} bytes of {encoding} are more than {most:,} bytes of page: "
                    "DECOMPRESSED_MAXSIZE and DECOMPRESSED_RATIO bound them"
                )
    except EOFError:
        if not is_cut:
            raise IncompleteBody(
                f"the {encoding} stream ends before its end; it is fetched again at the next run"
            ) from None
    except DECODING_ERRORS as error:
        raise IncompleteBody(f"the body is no whole {encoding} stream, as its header says: {error}") from None
    return bytes(found)


def _with_body(response: Response, body: bytes, encodings: Sequence[str]) -> Response:
    """What is left in `encodings` is unknown to us, and stays declared."""
    headers = response.headers.copy()
    del headers["Content-Encoding"]
    if encodings:
        headers["Content-Encoding"] = ", ".join(encodings)
    kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
    if issubclass(kind, TextResponse):
        return response.replace(cls=kind, body=body, headers=headers, encoding=None)
    return response.replace(cls=kind, body=body, headers=headers)
