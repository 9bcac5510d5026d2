"""`scrapy reextract` as its user runs it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from models.engine import open_database, reading, writing
from models.tables import METADATA
from tests.conftest import RunScrapy
from tests.foreign_warcs import Foreign, article, write_warc

ARTICLE, VERSION, FETCH, CRAWL = (METADATA.tables[name] for name in ("article", "article_version", "fetch", "crawl"))
PAGE, SITE = METADATA.tables["page"], METADATA.tables["site"]


@pytest.fixture(scope="module")
def crawled(run_scrapy_once: RunScrapy, sample_site: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database and the archive of a small crawl."""
    folder = tmp_path_factory.mktemp("crawled")
    own = ("-s", f"DATABASE_URL=sqlite:///{folder / 'test.db'}", "-s", f"ARCHIVE_FOLDER={folder / 'archive'}")
    run_scrapy_once("crawl", "articles", "-a", f"url={sample_site}", "-a", "limit=8", *own)
    return folder


@pytest.fixture
def engine(crawled: Path, tmp_path: Path) -> Iterator[Engine]:
    """A copy of it, of the test's own."""
    shutil.copytree(crawled, tmp_path, dirs_exist_ok=True)
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    yield engine
    engine.dispose()


def _forget_a_headline(engine: Engine) -> int:
    """As if an earlier extractor had read another one: the article's id."""
    with writing(engine) as connection:
        article_id: int = connection.execute(select(ARTICLE.c.id).order_by(ARTICLE.c.id).limit(1)).scalar_one()
        wrong = {"headline": "A wrong headline", "content_hash": b"0" * 16}
        connection.execute(update(ARTICLE).where(ARTICLE.c.id == article_id).values(wrong))
        connection.execute(update(VERSION).where(VERSION.c.article_id == article_id).values(wrong))
    return article_id


def test_with_the_same_rules_nothing_changes(run_scrapy: RunScrapy, engine: Engine) -> None:
    done = run_scrapy("reextract", "--dry-run", "--workers", "1")

    assert done.returncode == 0, done.stderr
    assert ", 0 would change" in done.stderr
    assert done.stdout == ""
    assert engine.url.database


def test_a_dry_run_tells_what_would_change_and_the_run_stores_it_without_fetching(
    run_scrapy: RunScrapy, engine: Engine
) -> None:
    article_id = _forget_a_headline(engine)
    with reading(engine) as connection:
        fetches = len(connection.execute(select(FETCH.c.id)).all())

    dry = run_scrapy("reextract", "--dry-run")
    wet = run_scrapy("reextract")
    again = run_scrapy("reextract")

    assert (dry.returncode, wet.returncode, again.returncode) == (0, 0, 0), wet.stderr
    assert "headline" in dry.stdout
    assert ", 1 would change" in dry.stderr
    assert ", 1 changed" in wet.stderr
    assert ", 0 changed" in again.stderr
    with reading(engine) as connection:
        headlines = (
            connection.execute(
                select(VERSION.c.headline).where(VERSION.c.article_id == article_id).order_by(VERSION.c.number)
            )
            .scalars()
            .all()
        )
        assert headlines[0] == "A wrong headline"
        assert len(headlines) == 2
        assert len(connection.execute(select(FETCH.c.id)).all()) == fetches


def test_limits_of_pages_are_those_of_the_settings(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    """However a saved page is read: at an import, again out of the archive, or without a database."""
    body = article("Four hundred parcels")
    warc = write_warc(tmp_path / "site.warc", [Foreign(url="https://one.example.com/1", body=body)])
    (tmp_path / "page.html").write_bytes(body)
    few = ("-s", "PAGE_TEXTS=7", "--workers", "1")

    run_scrapy("archive", "import", warc, *few)
    imported = stored_body(tmp_path)
    run_scrapy("reextract", "--workers", "1")
    whole = stored_body(tmp_path)
    run_scrapy("reextract", *few)
    again = stored_body(tmp_path)
    extracted = json.loads(run_scrapy("extract", tmp_path / "page.html", *few).stdout)

    assert whole.count("\n") == 5
    assert imported == again == "\n".join(whole.splitlines()[: imported.count("\n") + 1]) != whole
    assert extracted["articles"][0]["article_body"] == imported


def stored_body(folder: Path) -> str:
    engine = open_database(f"sqlite:///{folder / 'test.db'}")
    with reading(engine) as connection:
        last = select(VERSION.c.article_body).order_by(VERSION.c.number.desc()).limit(1)
        body: str = connection.execute(last).scalar_one()
    engine.dispose()
    return body


def test_the_report_counts_pages_by_site_and_field(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    """Stored by rules that read no dates on one site, and bodies in capitals on the other."""
    urls = [f"https://{host}/{number}" for host in ("one.example.com", "two.example.net") for number in range(3)]
    warc = write_warc(tmp_path / "sites.warc", [Foreign(url=url, body=article(f"About {url}")) for url in urls])
    run_scrapy("archive", "import", warc)
    stored = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    on_site = select(ARTICLE.c.id).join(PAGE, PAGE.c.id == ARTICLE.c.page_id).join(SITE, SITE.c.id == PAGE.c.site_id)
    undated = on_site.where(SITE.c.domain == "example.com")
    shouted = on_site.where(SITE.c.domain == "example.net")
    with writing(stored) as connection:
        other = {"content_hash": b"0" * 16}
        connection.execute(update(ARTICLE).where(ARTICLE.c.id.in_(undated)).values(date_published=None, **other))
        dateless = {"date_published": None, "date_text": None, **other}
        connection.execute(update(VERSION).where(VERSION.c.article_id.in_(undated)).values(dateless))
        loud = {"article_body": func.upper(VERSION.c.article_body), **other}
        connection.execute(update(VERSION).where(VERSION.c.article_id.in_(shouted)).values(loud))
    stored.dispose()

    done = run_scrapy("reextract", "--dry-run", "--workers", "2")

    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["example.com", "date_published", "3", "https://one.example.com/0"] in rows, done.stdout + done.stderr
    assert ["example.net", "article_body", "3", "https://two.example.net/0"] in rows
    assert ", 6 would change" in done.stderr


def test_a_stopped_run_goes_on_where_it_was(run_scrapy: RunScrapy, engine: Engine) -> None:
    with writing(engine) as connection:
        last = connection.execute(select(FETCH.c.id).order_by(FETCH.c.id.desc())).scalars().first()
        stopped = {"spider": "reextract", "arguments": {"site": None, "since": None, "position": last}}
        started_at = connection.execute(select(CRAWL.c.started_at)).scalars().first()
        connection.execute(CRAWL.insert().values({**stopped, "started_at": started_at}))

    done = run_scrapy("reextract")

    assert "going on where the last run was stopped" in done.stderr
    assert "0 pages read again" in done.stderr


def test_a_missing_archive_is_told_and_costs_nothing(run_scrapy: RunScrapy, engine: Engine, tmp_path: Path) -> None:
    for file in (tmp_path / "archive").iterdir():
        file.unlink()

    done = run_scrapy("reextract", "--workers", "1")

    assert done.returncode == 1
    assert "left as stored: no file" in done.stderr
    with reading(engine) as connection:
        assert connection.execute(select(ARTICLE.c.id)).all()
