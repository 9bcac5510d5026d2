"""What a response says: chunks joined, encodings undone, and what is not whole is told."""

import gzip
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from pipelines.archive.payloads import decode
from pipelines.archive.records import HttpHead
from tests.foreign_warcs import chunked

TEXT = b"<p>Nobody complained about the second harbour.</p>" * 40
MOST = 1_000_000
RAW_DEFLATE = zlib.compressobj(wbits=-15)
PACKED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT),
    "zstd": zstd.compress(TEXT),
    "gzip, br": brotli.compress(gzip.compress(TEXT)),
}


def head(**headers: str) -> HttpHead:
    return HttpHead(200, [(name.replace("_", "-"), value) for name, value in headers.items()], 0)


@pytest.mark.parametrize("encoding", PACKED)
def test_an_encoded_body_is_read(encoding: str) -> None:
    body = PACKED[encoding]

    plain = decode(body, head(Content_Encoding=encoding), most=MOST)
    in_chunks = decode(chunked(body), head(Content_Encoding=encoding, Transfer_Encoding="chunked"), most=MOST)

    assert (plain.content, plain.is_whole) == (in_chunks.content, in_chunks.is_whole) == (TEXT, True)


def test_a_raw_deflate_stream_is_read() -> None:
    body = RAW_DEFLATE.compress(TEXT) + RAW_DEFLATE.flush()

    assert decode(body, head(Content_Encoding="deflate"), most=MOST).content == TEXT


@pytest.mark.parametrize("encoding", PACKED)
def test_a_body_that_is_cut_is_not_whole(encoding: str) -> None:
    found = decode(PACKED[encoding][:-3], head(Content_Encoding=encoding), most=MOST)

    assert not found.is_whole
    assert TEXT.startswith(found.content)


@pytest.mark.parametrize(
    ("body", "headers", "is_whole"),
    [
        pytest.param(TEXT, {"Content_Encoding": "gzip", "Content_Length": "99"}, True, id="unpacked-by-the-tool"),
        pytest.param(TEXT, {"Transfer_Encoding": "chunked"}, True, id="chunks-joined-by-the-tool"),
        pytest.param(TEXT, {"Content_Encoding": "br"}, True, id="declared-and-never-packed"),
        pytest.param(TEXT, {"Content_Length": "99999"}, False, id="shorter-than-declared"),
        pytest.param(TEXT, {"Content_Length": "many"}, True, id="a-length-that-is-none"),
        pytest.param(TEXT, {}, True, id="nothing-declared"),
    ],
)
def test_headers_that_do_not_fit_do_no_harm(body: bytes, headers: dict[str, str], is_whole: bool) -> None:
    found = decode(body, head(**headers), most=MOST)

    assert (found.content, found.is_whole) == (TEXT, is_whole)


def test_chunks_without_the_last_are_not_whole() -> None:
    body = chunked(TEXT).removesuffix(b"0\r\n\r\n")

    found = decode(body, head(Transfer_Encoding="chunked"), most=MOST)

    assert (found.content, found.is_whole) == (TEXT, False)


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress, zstd.compress, zlib.compress])
def test_a_bomb_is_stopped_and_is_not_whole(pack: object) -> None:
    encodings = {gzip.compress: "gzip", brotli.compress: "br", zstd.compress: "zstd", zlib.compress: "deflate"}
    body = pack(bytes(30_000_000))  # type: ignore[operator]  # a function of each module

    found = decode(body, head(Content_Encoding=encodings[pack]), most=MOST)

    assert (len(found.content), found.is_whole) == (MOST, False)


@given(st.binary(max_size=300), st.sampled_from([*PACKED, "identity"]), st.booleans())
def test_any_bytes_give_a_payload(body: bytes, encoding: str, is_chunked: bool) -> None:
    headers = {"Content_Encoding": encoding} | ({"Transfer_Encoding": "chunked"} if is_chunked else {})

    assert len(decode(body, head(**headers), most=100).content) <= 100
