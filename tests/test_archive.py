"""The archive: what was fetched is in it as it came, a torn record at its end costs itself, others' files are read."""

import gzip
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.spiders import requests
from models.engine import open_database, reading
from models.identity import page_url
from models.items import ArchivePlace
from models.tables import METADATA
from pipelines.archive import ArchiveFault, ArchiveWriter, Exchange, extension, latest, mend_folder, read_at
from pipelines.archive.scanning import Scanned, scan
from pipelines.archive.scratch import scratch_folder
from tests.conftest import RunScrapy

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
FETCH, PAGE = METADATA.tables["fetch"], METADATA.tables["page"]


def exchange(number: int, *, status: int = 200, is_truncated: bool = False) -> Exchange:
    return Exchange(
        url=f"https://example.com/{number}?q=%E4%BB%93",
        method="GET",
        request_headers=[("Accept", "text/html")],
        status=status,
        headers=[("Content-Type", "text/html; charset=gb18030"), ("ETag", '"1"')],
        body=f"<p>第 {number} 篇</p>".encode("gb18030") * 200,
        fetched_at=NOW,
        is_truncated=is_truncated,
    )


def scanned(path: Path) -> Iterator[Scanned]:
    for each in scan(path, path.parent):
        assert isinstance(each, Scanned), each.reason
        yield each


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[ArchiveWriter]:
    writer = ArchiveWriter(tmp_path / "archive")
    yield writer
    writer.close()


def test_a_response_is_read_back_from_its_place_while_the_file_is_open_and_after(
    writer: ArchiveWriter, tmp_path: Path
) -> None:
    places = [writer.write(exchange(number)) for number in range(3)]
    while_open = read_at(tmp_path / "archive", places[1])
    writer.close()

    found = read_at(tmp_path / "archive", places[1])

    assert found == while_open
    assert (found.url, found.body, found.etag) == (exchange(1).url, exchange(1).body, '"1"')
    assert (found.status, found.content_type) == (200, "text/html; charset=gb18030")
    assert (found.fetched_at, found.place) == (NOW, places[1])


def test_files_are_those_of_web_archives(writer: ArchiveWriter, tmp_path: Path) -> None:
    writer.write(exchange(1, is_truncated=True))
    writer.write(exchange(2, status=304))
    writer.close()
    (file,) = (tmp_path / "archive").glob("*.warc.gz")

    checked = subprocess.run([sys.executable, "-m", "warcio.cli", "check", file], capture_output=True, check=False)

    assert checked.returncode == 0, checked.stdout
    text = gzip.decompress(file.read_bytes())
    assert text.count(b"WARC-Type: response") == text.count(b"WARC-Type: revisit") == 1
    assert text.count(b"WARC-Type: request") == text.count(b"WARC-Concurrent-To") == 2
    assert b"WARC-Truncated: disconnect" in text
    places = [ArchivePlace(file=file.name, offset=each.offset) for each in scanned(file)]
    assert [read_at(file.parent, place).is_truncated for place in places if place.offset == 0] == [True]


def test_a_file_of_full_size_is_followed_by_another(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, roll_bytes=1)

    places = [writer.write(exchange(number)) for number in range(3)]
    writer.close()

    assert len({place.file for place in places}) == len(list(tmp_path.glob("*.warc.gz"))) == 3


@pytest.mark.parametrize("cut", [1, 5, 100])
def test_a_torn_last_record_is_cut_off_and_the_others_stay(tmp_path: Path, cut: int) -> None:
    writer = ArchiveWriter(tmp_path)
    places = [writer.write(exchange(number)) for number in range(3)]
    (path,) = tmp_path.glob("*.open")
    torn = tmp_path / f"dead-{path.name}"  # as a killed process leaves it: open, and without its lock
    torn.write_bytes(path.read_bytes()[:-cut])

    (mended,) = mend_folder(tmp_path)

    assert mended.bytes_cut > 0
    assert mended.records == 5  # three responses, two requests
    name = torn.name.removesuffix(".open")
    responses = [each for each in scanned(tmp_path / name) if each.fields["warc-type"] == "response"]
    assert [each.fields["warc-target-uri"] for each in responses] == [exchange(number).url for number in range(3)]
    assert read_at(tmp_path, ArchivePlace(file=name, offset=places[2].offset)).body == exchange(2).body
    assert path.exists()  # it is being written, and left alone
    writer.close()


def test_the_folder_of_an_import_goes_with_it_and_those_of_killed_ones_with_the_next(tmp_path: Path) -> None:
    killed = tmp_path / ".import-killed"
    killed.mkdir()
    (killed / "unpacked.warc").touch()

    with scratch_folder(tmp_path) as first, scratch_folder(tmp_path) as second:
        assert first.is_dir()
        assert second.is_dir()
        assert not killed.exists()

    assert list(tmp_path.iterdir()) == []


def test_a_file_left_empty_goes(tmp_path: Path) -> None:
    (tmp_path / "dead.warc.gz.open").touch()

    assert mend_folder(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_the_same_payload_is_written_once_and_read_from_each_place(tmp_path: Path) -> None:
    first, second = ArchiveWriter(tmp_path), ArchiveWriter(tmp_path)
    original = first.write(exchange(1))
    again = replace(exchange(1), fetched_at=NOW + timedelta(days=1), headers=[("ETag", '"2"')])
    other = replace(again, url="https://example.com/elsewhere")

    first.close()
    places = [second.write(again), second.write(other)]
    second.close()

    found = [read_at(tmp_path, place) for place in places]
    assert [(each.body, each.etag) for each in found] == [(again.body, '"2"'), (other.body, '"2"')]
    assert [each.fetched_at for each in found] == [again.fetched_at, again.fetched_at]
    (revisit, _, response, _) = [each.fields for each in scanned(tmp_path / places[0].file)]
    assert (revisit["warc-type"], response["warc-type"]) == ("revisit", "response")
    assert revisit["warc-profile"] == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert revisit["warc-refers-to-target-uri"] == again.url
    assert datetime.fromisoformat(revisit["warc-refers-to-date"]) == NOW
    assert (revisit["warc-refers-to-filename"], revisit["warc-refers-to-file-offset"]) == (original.file, "0")


@pytest.mark.parametrize("loss", ["the original's file", "the index", "the index, half of it"])
def test_what_the_original_was_in_is_lost_and_the_payload_is_written_anew(tmp_path: Path, loss: str) -> None:
    writer = ArchiveWriter(tmp_path)
    original = writer.write(exchange(1))
    writer.close()
    index = tmp_path / latest.NAME
    if loss == "the original's file":
        (tmp_path / original.file).unlink()
    else:
        index.write_bytes(b"" if loss == "the index" else index.read_bytes()[:100] + b"no database" * 1000)

    writer = ArchiveWriter(tmp_path)
    place = writer.write(exchange(1))
    writer.close()

    assert read_at(tmp_path, place).body == exchange(1).body
    assert next(scanned(tmp_path / place.file)).fields["warc-type"] == "response"


def test_a_page_of_a_browser_is_marked_as_such(writer: ArchiveWriter, tmp_path: Path) -> None:
    rendered = replace(exchange(1), is_rendered=True)

    place = writer.write(rendered)

    found = read_at(tmp_path / "archive", place)
    assert (found.is_rendered, found.body, found.url) == (True, rendered.body, rendered.url)
    writer.close()
    assert next(scanned(tmp_path / "archive" / place.file)).fields["warc-type"] == "conversion"


def test_a_damaged_record_is_not_read(writer: ArchiveWriter, tmp_path: Path) -> None:
    place = writer.write(exchange(1))
    writer.close()
    path = tmp_path / "archive" / place.file
    text = gzip.decompress(path.read_bytes()).replace(b"<p>", b"<q>", 1)
    path.write_bytes(gzip.compress(text))

    with pytest.raises(ArchiveFault, match="its digest is not"):
        read_at(tmp_path / "archive", place)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (ArchivePlace(file="none.warc.gz", offset=0), "no file none.warc.gz"),
        (ArchivePlace(file="../secret", offset=0), "a file of the archive expected"),
        (ArchivePlace(file="text.warc.gz", offset=0), "text.warc.gz"),
    ],
)
def test_what_is_not_there_is_named(tmp_path: Path, place: ArchivePlace, words: str) -> None:
    (tmp_path / "text.warc.gz").write_text("no archive at all")

    with pytest.raises(ArchiveFault, match=words):
        read_at(tmp_path, place)


def test_each_fetch_of_a_crawl_names_its_place_in_the_archive(
    run_scrapy: RunScrapy, sample_site: str, tmp_path: Path
) -> None:
    run_scrapy("crawl", "articles", "-a", f"url={sample_site}", "-a", "limit=3")

    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    joined = FETCH.join(PAGE, FETCH.c.page_id == PAGE.c.id)
    statement = select(PAGE.c.url, FETCH.c.archive_file, FETCH.c.archive_offset).select_from(joined)
    with reading(engine) as connection:
        fetches = connection.execute(statement.where(FETCH.c.outcome == "stored")).all()
    engine.dispose()
    found = [read_at(tmp_path / "archive", ArchivePlace(file=file, offset=offset)) for _, file, offset in fetches]
    assert len(fetches) > 3
    assert [page_url(archived.url) for archived in found] == [url for url, _, _ in fetches]


def test_spider_and_archive_mean_the_same_key() -> None:
    assert requests.ARCHIVED == extension.ARCHIVED
