"""Somebody else's WARC becomes pages, as if they had been crawled when they were fetched."""

import gzip
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from crawler.commands.import_run import ImportRun, ImportSums
from crawler.page_limits import USUAL
from models.engine import open_database, reading
from models.items import ArchivePlace, Page
from models.tables import METADATA
from pipelines.archive import read_at
from pipelines.queries import stored_page
from tests.conftest import RunScrapy
from tests.foreign_warcs import NOW, Foreign, Form, article, chunked, write_warc

FETCH, PAGE, CRAWL = (METADATA.tables[name] for name in ("fetch", "page", "crawl"))
BASE = "https://example.com"
LATER = NOW + timedelta(days=1)
REFERS_TO_DATE = f"WARC-Refers-To-Date: {NOW:%Y-%m-%dT%H:%M:%SZ}"
IDENTICAL = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"

BOTH = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)

Import = Callable[..., ImportSums]


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """SQLite, unless a test asks for another."""
    opened = open_database(request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url"))
    yield opened
    opened.dispose()


@pytest.fixture
def import_files(engine: Engine, tmp_path: Path) -> Import:
    def run(*files: Path, site: str | None = None, since: datetime | None = None) -> ImportSums:
        return ImportRun(engine, tmp_path / "archive", site=site, since=since).run(
            list(files), workers=1, most_parts=30, limits=USUAL
        )

    return run


def page(engine: Engine, path: str = "/a") -> Page:
    found = stored_page(engine, f"{BASE}{path}")
    assert found is not None
    return found


def fetches(engine: Engine) -> list[Any]:
    columns = (
        PAGE.c.url,
        FETCH.c.fetched_at,
        FETCH.c.outcome,
        FETCH.c.failure_class,
        *FETCH.c["archive_file", "archive_offset"],
    )
    with reading(engine) as connection:
        return list(connection.execute(select(*columns).join(PAGE, PAGE.c.id == FETCH.c.page_id).order_by(FETCH.c.id)))


@pytest.mark.parametrize("form", Form)
def test_responses_become_pages_with_their_times_once_however_often_imported(
    import_files: Import, engine: Engine, tmp_path: Path, form: Form
) -> None:
    warc = write_warc(
        tmp_path / "other.warc",
        [
            Foreign(url=f"{BASE}/a", body=article("First parcels")),
            Foreign(url=f"{BASE}/ship.png", body=b"\x89PNG", headers=("Content-Type: image/png",)),
            Foreign(url=f"{BASE}/style", body=b"p {}", headers=("Content-Type: text/css",)),
            Foreign(url=f"{BASE}/gone", status="404 Not Found", at=LATER),
            Foreign(url=f"{BASE}/old", status="301 Moved", headers=("Location: /a",)),
        ],
        form,
    )

    sums, again = import_files(warc), import_files(warc)

    assert sums.crawl == {"crawl_id": 1, "asked": 3, "stored": 1, "unchanged": 1, "failed": 1, "refused": 0}
    assert (sums.articles, sums.skipped["not_pages"], sums.skipped["damaged"]) == (1, 2, 0)
    assert (again.crawl["asked"], again.skipped["already_imported"]) == (0, 3)
    assert page(engine).articles[0].headline == "First parcels"
    assert page(engine).fetched_at == NOW
    assert page(engine, "/old").url == f"{BASE}/a"
    found = [(row.url, row.fetched_at, row.failure_class) for row in fetches(engine)]
    assert sorted(found) == [(f"{BASE}/a", NOW, None), (f"{BASE}/gone", LATER, "gone"), (f"{BASE}/old", NOW, None)]
    warc.unlink()
    for row in fetches(engine):
        kept = read_at(tmp_path / "archive", ArchivePlace(file=row.archive_file, offset=row.archive_offset))
        assert (kept.url, kept.fetched_at) == (row.url, row.fetched_at)


@BOTH
def test_captures_are_stored_in_order_of_time_and_an_older_one_replaces_nothing(
    import_files: Import, engine: Engine, tmp_path: Path
) -> None:
    captures = [
        Foreign(url=f"{BASE}/a", body=article(headline), at=NOW + timedelta(days=day))
        for day, headline in ((9, "Ninth"), (1, "First"), (5, "Fifth"), (0, "Zeroth"))
    ]
    later = write_warc(tmp_path / "later.warc", captures[:3], Form.PLAIN)
    earlier = write_warc(tmp_path / "earlier.warc", captures[3:])

    import_files(later)
    older = import_files(earlier)

    with reading(engine) as connection:
        versions = connection.execute(text("SELECT headline FROM article_version ORDER BY number")).scalars().all()
    assert versions == ["First", "Fifth", "Ninth"]
    assert page(engine).fetched_at == captures[0].at
    assert (older.crawl["unchanged"], len(fetches(engine))) == (1, 4)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param((), article("Parcels"), id="plain"),
        pytest.param(("Transfer-Encoding: chunked",), chunked(article("Parcels")), id="chunked"),
        pytest.param(("Content-Encoding: gzip",), gzip.compress(article("Parcels")), id="packed"),
        pytest.param(
            ("Content-Encoding: gzip", "Transfer-Encoding: chunked"),
            chunked(gzip.compress(article("Parcels"))),
            id="both",
        ),
    ],
)
def test_payloads_are_unpacked(
    import_files: Import, engine: Engine, tmp_path: Path, headers: tuple[str, ...], body: bytes
) -> None:
    record = Foreign(url=f"{BASE}/a", headers=("Content-Type: text/html", *headers), body=body)

    import_files(write_warc(tmp_path / "other.warc.gz", [record]))

    assert page(engine).articles[0].headline == "Parcels"


@pytest.mark.parametrize(
    "cut",
    [
        pytest.param(
            Foreign(url=f"{BASE}/a", body=article("Cut"), at=LATER, fields=("WARC-Truncated: length",)), id="said"
        ),
        pytest.param(
            Foreign(
                url=f"{BASE}/a",
                headers=("Content-Type: text/html", "Content-Encoding: gzip"),
                body=gzip.compress(article("Cut"))[:-9],
                at=LATER,
            ),
            id="seen",
        ),
    ],
)
def test_a_response_that_was_cut_short_is_a_failure_and_replaces_nothing(
    import_files: Import, engine: Engine, tmp_path: Path, cut: Foreign
) -> None:
    whole = Foreign(url=f"{BASE}/a", body=article("Whole"))

    sums = import_files(write_warc(tmp_path / "other.warc.gz", [whole, cut]))

    assert page(engine).articles[0].headline == "Whole"
    assert [row.failure_class for row in fetches(engine)] == [None, "incomplete"]
    assert sums.crawl["failed"] == 1


def revisit(at: datetime, *fields: str, url: str = f"{BASE}/a") -> Foreign:
    # wget marks the body that a revisit leaves out as truncated.
    return Foreign(url=url, at=at, kind="revisit", fields=(IDENTICAL, "WARC-Truncated: length", *fields))


ORIGINAL = Foreign(
    url=f"{BASE}/a", body=article("Parcels"), fields=("WARC-Payload-Digest: sha1:AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH",)
)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param((f"WARC-Refers-To: <urn:uuid:{ORIGINAL.name}>",), id="by-record"),
        pytest.param(
            (f"WARC-Refers-To-Target-URI: {BASE}/a", f"WARC-Refers-To-Date: {NOW:%FT%TZ}"), id="by-url-and-time"
        ),
        pytest.param(("WARC-Payload-Digest: sha1:AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH",), id="by-digest"),
    ],
)
def test_a_revisit_has_the_payload_of_its_original(
    import_files: Import, engine: Engine, tmp_path: Path, said: tuple[str, ...]
) -> None:
    mirrored = revisit(LATER, *said, url=f"{BASE}/b")

    sums = import_files(write_warc(tmp_path / "other.warc.gz", [revisit(LATER, *said), mirrored, ORIGINAL]))

    assert (sums.crawl["stored"], sums.crawl["unchanged"], sums.skipped.total()) == (2, 1, 0)
    assert page(engine).fetched_at == LATER
    assert page(engine, "/b").articles[0].headline == "Parcels"
    bodies = {
        read_at(tmp_path / "archive", ArchivePlace(file=row.archive_file, offset=row.archive_offset)).body
        for row in fetches(engine)
    }
    assert bodies == {ORIGINAL.body}


@BOTH
def test_a_revisit_of_what_was_imported_before_is_resolved_and_one_of_nothing_is_counted(
    import_files: Import, engine: Engine, tmp_path: Path
) -> None:
    import_files(write_warc(tmp_path / "first.warc", [ORIGINAL], Form.PLAIN))
    known = revisit(LATER, f"WARC-Refers-To-Target-URI: {BASE}/a", f"WARC-Refers-To-Date: {NOW:%FT%TZ}")
    unknown = revisit(
        LATER, f"WARC-Refers-To-Target-URI: {BASE}/x", f"WARC-Refers-To-Date: {NOW:%FT%TZ}", url=f"{BASE}/x"
    )

    sums = import_files(write_warc(tmp_path / "second.warc", [known, unknown], Form.PLAIN))

    assert (sums.crawl["unchanged"], sums.skipped["unresolved_revisits"]) == (1, 1)
    assert page(engine).fetched_at == LATER


def test_a_damaged_record_is_told_and_costs_itself(
    import_files: Import, engine: Engine, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    records = [Foreign(url=f"{BASE}/{name}", body=article(f"Parcels of {name}")) for name in "abc"]
    damaged = records[1].packed().replace(b"parcels that", b"parsels that", 1)

    sums = import_files(write_warc(tmp_path / "other.warc.gz", [records[0], damaged, records[2]]))

    assert (sums.articles, sums.skipped["damaged"]) == (2, 1)
    assert "other.warc.gz, record at" in capfd.readouterr().err
    assert page(engine, "/c").articles


def test_parts_of_an_article_are_joined(import_files: Import, engine: Engine, tmp_path: Path) -> None:
    def part(number: int, word: str) -> Foreign:
        links = " ".join(
            f"<b>{each}</b>" if each == number else f'<a href="/ferry{f"/{each}" if each > 1 else ""}">{each}</a>'
            for each in (1, 2)
        )
        path = f"/ferry/{number}" if number > 1 else "/ferry"
        pager = f'<div class="page-links">Pages: {links}</div>'
        return Foreign(url=f"{BASE}{path}", body=article("The ferry", pager=pager, text=word))

    sums = import_files(write_warc(tmp_path / "other.warc.gz", [part(2, "lighthouse"), part(1, "harbour")]))

    (found,) = page(engine, "/ferry").articles
    assert {block.part for block in found.blocks} == {1, 2}
    assert "lighthouse office" in found.article_body
    assert (sums.articles, sums.crawl["unchanged"]) == (1, 1)
    assert page(engine, "/ferry/2").url == f"{BASE}/ferry"


def test_only_what_is_chosen_is_imported(import_files: Import, tmp_path: Path) -> None:
    records = [
        Foreign(url=f"{BASE}/a", body=article("Parcels"), at=LATER),
        Foreign(url=f"{BASE}/early", body=article("Parcels")),
        Foreign(url="https://other.example.net/a", body=article("Parcels"), at=LATER),
    ]

    sums = import_files(write_warc(tmp_path / "a.warc", records, Form.PLAIN), site="example.com", since=LATER)

    assert (sums.crawl["asked"], sums.skipped["not_chosen"]) == (1, 2)


def test_what_a_crawl_has_archived_is_imported_as_the_same_articles(
    run_scrapy: RunScrapy, import_files: Import, engine: Engine, sample_site: str, tmp_path: Path
) -> None:
    other = f"ARCHIVE_FOLDER={tmp_path / 'other'}"
    run_scrapy("crawl", "articles", "-a", f"url={sample_site}", "-a", "limit=6", "-s", other)
    crawled = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    query = text("SELECT url, position, content_hash FROM article JOIN page ON page.id = page_id ORDER BY 1, 2")

    sums = import_files(*(tmp_path / "other").glob("*.warc.gz"))

    with reading(crawled) as theirs, reading(engine) as ours:
        articles = set(map(tuple, theirs.execute(query)))
        # What came after the limit was archived, and not stored.
        assert articles <= set(map(tuple, ours.execute(query)))
    crawled.dispose()
    assert sums.articles >= len(articles) >= 5
