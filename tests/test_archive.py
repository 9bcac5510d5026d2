"""The archive: what was fetched is in it as it came, a torn record at its end costs itself, others' files are read."""

import gzip
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.spiders import requests
from models.engine import open_database, reading
from models.identity import page_url
from models.items import ArchivePlace
from models.tables import METADATA
from pipelines.archive import ArchiveFault, ArchiveWriter, Exchange, extension, mend_folder, read_all, read_at
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
    (file,) = (tmp_path / "archive").iterdir()

    checked = subprocess.run([sys.executable, "-m", "warcio.cli", "check", file], capture_output=True, check=False)

    assert checked.returncode == 0, checked.stdout
    text = gzip.decompress(file.read_bytes())
    assert text.count(b"WARC-Type: response") == text.count(b"WARC-Type: revisit") == 1
    assert text.count(b"WARC-Type: request") == text.count(b"WARC-Concurrent-To") == 2
    assert b"WARC-Truncated: disconnect" in text
    assert [found.is_truncated for found in read_all(file)] == [True]


def test_a_file_of_full_size_is_followed_by_another(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, roll_bytes=1)

    places = [writer.write(exchange(number)) for number in range(3)]
    writer.close()

    assert len({place.file for place in places}) == len(list(tmp_path.glob("*.warc.gz"))) == 3


@pytest.mark.parametrize("cut", [1, 5, 100])
def test_a_torn_last_record_is_cut_off_and_the_others_stay(tmp_path: Path, cut: int) -> None:
    writer = ArchiveWriter(tmp_path)
    places = [writer.write(exchange(number)) for number in range(3)]
    (path,) = tmp_path.iterdir()
    torn = tmp_path / f"dead-{path.name}"  # as a killed process leaves it: open, and without its lock
    torn.write_bytes(path.read_bytes()[:-cut])

    (mended,) = mend_folder(tmp_path)

    assert mended.bytes_cut > 0
    assert mended.records == 5  # three responses, two requests
    name = torn.name.removesuffix(".open")
    assert [found.url for found in read_all(tmp_path / name)] == [exchange(number).url for number in range(3)]
    assert read_at(tmp_path, ArchivePlace(file=name, offset=places[2].offset)).body == exchange(2).body
    assert path.exists()  # it is being written, and left alone
    writer.close()


def test_a_file_left_empty_goes(tmp_path: Path) -> None:
    (tmp_path / "dead.warc.gz.open").touch()

    assert mend_folder(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_tool_is_read(tmp_path: Path) -> None:
    file = tmp_path / "other.warc.gz"
    with file.open("wb") as out:
        foreign = WARCWriter(out, gzip=True)
        head = StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html"), ("Content-Encoding", "gzip")], protocol="HTTP/1.0"
        )
        body = gzip.compress(b"<p>packed</p>")
        foreign.write_record(foreign.create_warcinfo_record("other", {"software": "another"}))
        foreign.write_record(
            foreign.create_warc_record("http://example.org/", "response", BytesIO(body), len(body), http_headers=head)
        )

    assert [(found.url, found.body) for found in read_all(file)] == [("http://example.org/", b"<p>packed</p>")]


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
