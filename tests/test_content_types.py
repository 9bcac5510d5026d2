"""What is no page is told by its first bytes, whatever its header says."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.document import Document
from crawler.errors import UnexpectedContentType
from crawler.markup.content_types import foreign_type

NOISE = random.Random(1).randbytes(3000)  # noqa: S311  # no secret


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        pytest.param(b"%PDF-1.4\n" + NOISE, "application/pdf", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + NOISE, "image/png", id="png"),
        pytest.param(b"\0\0\0\x18ftypmp42", "video/mp4", id="mp4"),
        pytest.param(b"PK\3\4" + NOISE, "application/zip", id="zip"),
        pytest.param(b'{"a": {"b": "<p>text</p>"}}', "application/json", id="object"),
        pytest.param(b' \n[ {"a": 1}]', "application/json", id="array"),
        pytest.param(b'{"a":' * 50_000, "application/json", id="unfinished-object"),
        pytest.param(NOISE, "application/octet-stream", id="no-signature"),
    ],
)
def test_what_is_no_page_is_refused_by_its_first_bytes(body: bytes, media_type: str) -> None:
    with pytest.raises(UnexpectedContentType, match=f"found {media_type} by its first bytes"):
        Document.parse(body, content_type="text/html; charset=utf-8")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<!doctype html><p>a", id="markup"),
        pytest.param(b"[Translated] Parcels {and} more", id="text-in-brackets"),
        pytest.param(b'{% "a": %}<html>', id="template-left-over"),
        pytest.param(b"RIFFE lists\x01 the sites".replace(b"RIFF", b"Riff"), id="a-control-character"),
        pytest.param("<p>Портовая контора".encode("utf-16"), id="utf-16"),
        pytest.param(f"<html><head></head><body><p>{'Портовая контора ' * 200}".encode("utf-16-le"), id="utf-16-le"),
        pytest.param(("<p>" + "東京で新しい図書館" * 99).encode("iso-2022-jp"), id="iso-2022-jp"),
        pytest.param(b"\0" * 5000, id="nul"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_may_be_a_page_is_tried(body: bytes) -> None:
    assert foreign_type(body) is None


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_no_text_behind_a_tag_is_foreign(text: str) -> None:
    assert foreign_type(f"<p>{text}".encode()) is None
