"""`scrapy reextract` as its user runs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from models.engine import open_database, reading, writing
from models.tables import METADATA
from tests.conftest import RunScrapy

ARTICLE, VERSION, FETCH, CRAWL = (METADATA.tables[name] for name in ("article", "article_version", "fetch", "crawl"))


@pytest.fixture
def engine(run_scrapy: RunScrapy, sample_site: str, tmp_path: Path) -> Iterator[Engine]:
    """The database of a small crawl."""
    run_scrapy("crawl", "articles", "-a", f"url={sample_site}", "-a", "limit=8")
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
