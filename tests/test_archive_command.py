"""`scrapy archive` as its user runs it, on files that wget, warcio and others have written."""

import json
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from models.engine import open_database, reading
from models.tables import METADATA
from tests.conftest import RunScrapy
from tests.foreign_warcs import NOW, Foreign, article, write_warc

FETCH = METADATA.tables["fetch"]
BASE = "https://example.com"


def fetched_pages(engine: Engine) -> list[int]:
    with reading(engine) as connection:
        return list(connection.execute(select(FETCH.c.page_id)).scalars())


def test_a_file_written_by_warcio_is_imported_by_the_command(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    file = tmp_path / "warcio.warc.gz"
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.0")
        body = article("Parcels")
        writer.write_record(writer.create_warcinfo_record("other", {"software": "another"}))
        for path in "abc":
            record = writer.create_warc_record(
                f"{BASE}/{path}", "response", BytesIO(body), len(body), http_headers=head
            )
            writer.write_record(record)

    done = run_scrapy("archive", "import", file, "--json")
    shown = run_scrapy("show", f"{BASE}/b")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["articles"] == 3
    assert "Parcels" in shown.stdout


@pytest.mark.skipif(shutil.which("wget") is None, reason="wget is not installed")
def test_a_file_written_by_wget_is_imported_and_is_what_a_crawl_stores(
    run_scrapy: RunScrapy, sample_site: str, tmp_path: Path
) -> None:
    url = f"{sample_site}/dianshang/8801.shtml"
    command = ["wget", "--quiet", "--page-requisites", "--warc-file=site", url]
    subprocess.run(command, cwd=tmp_path, check=False, timeout=60)

    imported = run_scrapy("archive", "import", tmp_path / "site.warc.gz", "--json")
    again = run_scrapy("recrawl", url)

    assert imported.returncode == 0, imported.stderr
    assert json.loads(imported.stdout)["articles"] == 2
    assert again.stdout.startswith("unchanged")


def test_an_import_that_was_killed_goes_on_and_stores_nothing_twice(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    records = [Foreign(url=f"{BASE}/{number}", body=article(f"Parcel {number}")) for number in range(400)]
    warc = write_warc(tmp_path / "many.warc.gz", records)
    database, archive = tmp_path / "test.db", tmp_path / "archive"
    settings = ["-s", f"DATABASE_URL=sqlite:///{database}", "-s", f"ARCHIVE_FOLDER={archive}"]
    command = [sys.executable, "-m", "scrapy", "archive", "import", str(warc), "--workers", "1", *settings]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[1], stderr=subprocess.DEVNULL)
    engine = open_database(f"sqlite:///{database}")
    while process.poll() is None and len(fetched_pages(engine)) < 50:
        time.sleep(0.05)

    process.send_signal(signal.SIGKILL)
    process.wait()
    before = len(fetched_pages(engine))
    done = run_scrapy("archive", "import", warc, "--json", "--workers", "1")

    assert 50 <= before < 400
    assert "going on where the last import was stopped" in done.stderr
    sums = json.loads(done.stdout)
    assert (sums["asked"], sums["stored"], sums["skipped"]["already_imported"]) == (400, 400, before)
    assert len(set(fetched_pages(engine))) == len(fetched_pages(engine)) == 400
    engine.dispose()


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("import",), 2, "no file; name one"),
        (("import", "none.warc.gz"), 2, "no such file"),
        (("burn",), 2, "import FILE …, list, check"),
    ],
)
def test_a_wrong_call_is_told(run_scrapy: RunScrapy, arguments: tuple[str, ...], status: int, words: str) -> None:
    done = run_scrapy("archive", *arguments)

    assert done.returncode == status
    assert words in done.stderr


def test_a_file_that_is_no_warc_is_told(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<p>no archive</p>")

    done = run_scrapy("archive", "import", file)

    assert done.returncode == 1
    assert "1 record skipped: damaged" in done.stderr


def test_the_archive_is_listed_and_checked(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    original = Foreign(url=f"{BASE}/a", body=article("Parcels"))
    profile = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    fields = (profile, f"WARC-Refers-To: <urn:uuid:{original.name}>")
    again = Foreign(url=f"{BASE}/a", at=NOW + timedelta(days=1), kind="revisit", fields=fields)
    run_scrapy("archive", "import", write_warc(tmp_path / "a.warc", [original, again]))

    listed, checked = run_scrapy("archive", "list"), run_scrapy("archive", "check")
    (file,) = (tmp_path / "archive").glob("*.warc.gz")
    file.write_bytes(file.read_bytes()[:-40])
    torn = run_scrapy("archive", "check")

    assert file.name in listed.stdout
    assert checked.returncode == 0, checked.stderr
    assert torn.returncode == 1
    assert "1 file checked, 1 damaged record" in torn.stderr
