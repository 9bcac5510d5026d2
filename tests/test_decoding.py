"""Bodies are unpacked within limits and whole, or they are no pages."""

import gzip
import zlib
from hashlib import sha256

import brotli
import pytest
from backports import zstd
from scrapy.http import HtmlResponse, Request, Response
from scrapy.settings import Settings

from crawler.transport.decoding import BodyTooLarge, DecodingMiddleware, IncompleteBody

TEXT = b"<html><p>" + b"".join(sha256(bytes([each])).hexdigest().encode() for each in range(100)) + b"</p></html>"
PACK = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}
LIMITS = {"DECOMPRESSED_MAXSIZE": 4_000_000, "DECOMPRESSED_RATIO": 200}


def received(body: bytes, *, encoding: str, status: int = 200, limits: dict[str, int] | None = None) -> Response:
    """What the rest of the crawler sees of a response that came so."""
    request = Request("https://example.com/a")
    headers = {"Content-Type": "text/html"} | ({"Content-Encoding": encoding} if encoding else {})
    response = Response(request.url, status=status, body=body, headers=headers)
    return DecodingMiddleware(Settings(limits or LIMITS)).process_response(request, response)


@pytest.mark.parametrize("encoding", PACK)
def test_a_whole_body_is_unpacked(encoding: str) -> None:
    response = received(PACK[encoding](TEXT), encoding=encoding)

    assert (response.body, type(response)) == (TEXT, HtmlResponse)
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize("encoding", PACK)
def test_a_body_that_is_cut_is_no_page(encoding: str) -> None:
    body = PACK[encoding](TEXT)

    with pytest.raises(IncompleteBody):
        received(body[: len(body) // 2], encoding=encoding)


@pytest.mark.parametrize("encoding", PACK)
def test_a_body_beyond_the_most_bytes_is_refused(encoding: str) -> None:
    with pytest.raises(BodyTooLarge, match="4,000,000 bytes of page"):
        received(PACK[encoding](TEXT * 700), encoding=encoding, limits=LIMITS | {"DECOMPRESSED_RATIO": 10**6})


@pytest.mark.parametrize("encoding", PACK)
def test_a_body_beyond_the_ratio_is_refused(encoding: str) -> None:
    with pytest.raises(BodyTooLarge):
        received(PACK[encoding](bytes(3_000_000)), encoding=encoding)


def test_a_bomb_within_a_bomb_is_refused() -> None:
    with pytest.raises(BodyTooLarge):
        received(gzip.compress(gzip.compress(bytes(30_000_000))), encoding="gzip, gzip")


def test_a_body_that_is_encoded_many_times_over_is_refused() -> None:
    with pytest.raises(BodyTooLarge, match="4 times over"):
        received(TEXT, encoding="gzip, gzip, gzip, gzip")


def test_several_members_of_gzip_are_one_body() -> None:
    response = received(gzip.compress(TEXT[:90]) + gzip.compress(TEXT[90:]), encoding="gzip")

    assert response.body == TEXT


@pytest.mark.parametrize("body", [TEXT, b"\n " + TEXT])
def test_markup_that_is_only_declared_to_be_packed_is_taken(body: bytes) -> None:
    assert received(body, encoding="gzip").body == body


def test_an_encoding_nobody_knows_stays_declared() -> None:
    response = received(gzip.compress(TEXT), encoding="secret, gzip")

    assert (response.body, response.headers["Content-Encoding"]) == (TEXT, b"secret")


def test_a_part_of_a_page_that_was_not_asked_for_is_no_page() -> None:
    with pytest.raises(IncompleteBody, match="206"):
        received(TEXT, encoding="", status=206)
