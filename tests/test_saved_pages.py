"""Saved pages: whatever a file holds, it is read or refused by class; a manifest's lines are checked."""

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import UsageError
from crawler.saved_pages import MAX_BYTES, NoPage, SavedPage, read_manifest
from models.items import FailureClass


@pytest.mark.parametrize(
    ("content", "failure_class"),
    [
        pytest.param(b"", FailureClass.UNPARSABLE, id="empty"),
        pytest.param(b" \r\n\t", FailureClass.UNPARSABLE, id="white-space"),
        pytest.param(b"%PDF-1.7 text", FailureClass.CONTENT_TYPE, id="pdf"),
        pytest.param(b"\x1f\x8b\x08packed", FailureClass.CONTENT_TYPE, id="gzip"),
        pytest.param(bytes(range(256)) * 20, FailureClass.CONTENT_TYPE, id="any-bytes"),
        pytest.param(b"a" * (MAX_BYTES + 1), FailureClass.TOO_LARGE, id="too-large"),
    ],
)
def test_file_that_holds_no_page_is_refused(content: bytes, failure_class: FailureClass, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(content)

    with pytest.raises(NoPage) as refused:
        SavedPage(id="x", path=tmp_path / "page.html").read()

    assert refused.value.failure_class is failure_class


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"plain text without a tag", id="dump"),
        pytest.param("<p>港口\0的改\0造</p>".encode() * 9, id="stray-nul"),
        pytest.param("<p>港口的改造</p>".encode("utf-16"), id="utf-16"),
        pytest.param("<p>港の自動化</p>".encode("iso-2022-jp"), id="iso-2022-jp"),
        pytest.param("<p>港口的改造</p>".encode("gb18030") * 900, id="gb18030"),
    ],
)
def test_file_in_any_encoding_is_read_as_it_is(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(content)

    assert SavedPage(id="x", path=tmp_path / "page.html").read() == content


@pytest.mark.parametrize("name", ["none.html", "a\0b.html", "n" * 300])
def test_name_that_leads_to_no_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(NoPage):
        SavedPage(id="x", path=tmp_path / name).read()


def test_failed_fetch_is_told_again() -> None:
    page = SavedPage(id="x", path=Path(), failure_class=FailureClass.TIMEOUT, failure_message="30 s")

    with pytest.raises(NoPage, match="30 s") as refused:
        page.read()

    assert refused.value.failure_class is FailureClass.TIMEOUT


def written(tmp_path: Path, *entries: Any) -> Path:
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries), encoding="utf-8")
    return manifest


def test_manifest_names_files_from_its_own_folder(tmp_path: Path) -> None:
    absolute = str(tmp_path / "elsewhere.html")
    manifest = written(
        tmp_path,
        {"id": "one", "file": "a/b.html", "url": "https://example.test/"},
        {"id": 7, "file": absolute, "url": None},
        {"file": "c.html"},
    )

    assert list(read_manifest(manifest)) == [
        SavedPage(id="one", path=tmp_path / "a" / "b.html", url="https://example.test/"),
        SavedPage(id="7", path=Path(absolute)),
        SavedPage(id="c.html", path=tmp_path / "c.html"),
    ]


def test_manifest_may_begin_with_a_byte_order_mark_and_hold_empty_lines(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_bytes(b'\xef\xbb\xbf{"file": "a.html"}\r\n\r\n')

    assert [page.id for page in read_manifest(manifest)] == ["a.html"]


@pytest.mark.parametrize("entry", ["<html>", [], {"id": "a"}, {"file": 1}, {"file": "a.html", "url": 7}])
def test_wrong_line_of_a_manifest_is_named(entry: Any, tmp_path: Path) -> None:
    manifest = written(tmp_path, {"file": "good.html"}, entry)

    with pytest.raises(UsageError, match="line 2"):
        list(read_manifest(manifest))
