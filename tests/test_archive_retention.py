"""What may go of the archive: files in which nothing is needed, and no other."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from models.engine import open_database, reading
from models.items import Article, Page, PageKind
from models.tables import METADATA
from pipelines.archive import ArchiveWriter, Exchange
from pipelines.archive_retention import delete_files, old_files
from pipelines.store import Store
from tests.conftest import RunScrapy

FETCH, CHANGE = METADATA.tables["fetch"], METADATA.tables["change"]
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
URL = "https://example.com/a"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    yield opened
    opened.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def fetch(engine: Engine, folder: Path, text: str, *, days: int, url: str = URL) -> str:
    """A page fetched so many days ago, in a file of its own: the name of that."""
    at = NOW - timedelta(days=days)
    body = f"<p>{text}</p>".encode()
    exchange = Exchange(url=url, method="GET", request_headers=[], status=200, headers=[], body=body, fetched_at=at)
    writer = ArchiveWriter(folder)
    place = writer.write(exchange)
    writer.close()
    os.utime(folder / place.file, (at.timestamp(), at.timestamp()))
    article = Article(headline=text)
    page = Page(url=url, fetched_at=at, status=200, kind=PageKind.ARTICLE, articles=(article,), archived=place)
    Store(engine).write([page, replace(page, fetched_at=at)])
    return place.file


def old(engine: Engine, folder: Path, *, days: int) -> list[str]:
    return [file.name for file in old_files(engine, folder, NOW - timedelta(days=days), scratch=folder)]


def test_old_readings_go_and_the_last_of_a_page_stays(engine: Engine, folder: Path) -> None:
    first, second = (fetch(engine, folder, text, days=days) for text, days in (("First", 90), ("Second", 60)))
    other = fetch(engine, folder, "Other", days=80, url=f"{URL}/other")

    assert old(engine, folder, days=30) == [first]
    assert old(engine, folder, days=91) == []
    assert {second, other}.isdisjoint(old(engine, folder, days=1))


def test_the_original_of_a_revisit_stays(engine: Engine, folder: Path) -> None:
    original = fetch(engine, folder, "Same", days=90)
    between = fetch(engine, folder, "Another", days=80, url=f"{URL}/between")
    fetch(engine, folder, "Newer", days=60, url=f"{URL}/between")
    revisit = fetch(engine, folder, "Same", days=50)

    files = old_files(engine, folder, NOW - timedelta(days=30), scratch=folder)
    gone = [file.name for file in delete_files(engine, folder, files)]

    assert gone == [between]
    assert {path.name for path in folder.glob("*.warc.gz")} > {original, revisit}
    with reading(engine) as connection:
        places = connection.execute(select(FETCH.c.archive_file).where(FETCH.c.page_id == 1)).scalars().all()
        updated = connection.execute(
            select(CHANGE.c.row_id).where(CHANGE.c.table_name == "fetch", CHANGE.c.op == "update")
        )
        assert len(updated.all()) == 2
    assert between not in places


def test_a_page_is_read_from_what_is_left(run_scrapy: RunScrapy, engine: Engine, folder: Path) -> None:
    fetch(engine, folder, "First", days=90)
    fetch(engine, folder, "Second", days=60)

    shown = run_scrapy("archive", "prune", "--older-than", "30d")
    done = run_scrapy("archive", "prune", "--older-than", "30d", "--yes")
    again = run_scrapy("archive", "prune", "--older-than", "30d", "--yes")

    assert "1 file of 0.0 MB would go" in shown.stderr
    assert "1 file of 0.0 MB deleted" in done.stderr
    assert "0 files" in again.stderr
    (left,) = folder.glob("*.warc.gz")
    with reading(engine) as connection:
        named = connection.execute(select(FETCH.c.archive_file).where(FETCH.c.archive_file.is_not(None))).scalars()
        assert set(named) == {left.name}


def test_an_age_is_wanted(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("archive", "prune")

    assert done.returncode == 2
    assert "say what is too old" in done.stderr
