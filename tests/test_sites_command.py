"""`scrapy sites` as a user runs it."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.engine import open_database
from models.items import Article, Block, BlockType, Page, PageKind
from pipelines.store import Store

RunScrapy = Callable[..., subprocess.CompletedProcess[str]]

SITE_FILE = '''"""A site for this test."""

from crawler.site import Site

SITE = Site(name="portnews", domains=("portnews.test", "cdn.portnews.test"), timezone="Asia/Shanghai", headline="h1")
'''


@pytest.fixture
def stored(tmp_path: Path) -> None:
    """Two articles of one site and one of another, in the database that `run_scrapy` uses."""
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    for url in ("https://www.portnews.test/1", "https://www.portnews.test/2", "https://other.test/1"):
        article = Article(headline=url, blocks=(Block(type=BlockType.PARAGRAPH, text=f"The text of {url}."),))
        fetched_at = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
        page = Page(url=url, canonical_url=url, fetched_at=fetched_at, kind=PageKind.ARTICLE, articles=(article,))
        Store(engine).write([page])
    engine.dispose()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own, with one site file."""
    folder = tmp_path / "project"
    folder.mkdir()
    root = Path(__file__).parents[1]
    for name in ("models", "pipelines", "scrapy.cfg"):
        (folder / name).symlink_to(root / name)
    (folder / "crawler").mkdir()
    for path in (root / "crawler").iterdir():
        if path.name not in ("sites", "__pycache__"):
            (folder / "crawler" / path.name).symlink_to(path)
    (folder / "crawler" / "sites").mkdir()
    (folder / "crawler" / "sites" / "__init__.py").symlink_to(root / "crawler" / "sites" / "__init__.py")
    (folder / "crawler" / "sites" / "portnews.py").write_text(SITE_FILE, encoding="utf-8")
    return folder


@pytest.mark.usefixtures("stored")
def test_stored_sites_are_listed_with_their_counts(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("sites")

    assert done.returncode == 0
    rows = [line.split() for line in done.stdout.splitlines() if ".test" in line]
    assert [(row[0], row[1], row[2]) for row in rows] == [("other.test", "1", "1"), ("portnews.test", "2", "2")]
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_site_files_are_listed_with_domains_and_hints(run_scrapy: RunScrapy, project: Path) -> None:
    done = run_scrapy("sites", cwd=project)

    assert done.returncode == 0
    assert ["portnews", "portnews.test,", "cdn.portnews.test", "timezone,", "headline"] in [
        line.split() for line in done.stdout.splitlines()
    ]
    assert "scrapy crawl articles" in done.stderr, "nothing is stored yet: what to do next"


@pytest.mark.usefixtures("stored")
def test_json_says_the_same_to_a_script(run_scrapy: RunScrapy, project: Path) -> None:
    done = run_scrapy("sites", "--json", cwd=project)

    record = json.loads(done.stdout)
    assert record["site_files"] == [
        {"name": "portnews", "domains": ["portnews.test", "cdn.portnews.test"], "hints": ["timezone", "headline"]}
    ]
    assert [site["articles"] for site in record["stored_sites"]] == [1, 2]
    assert record["stored_sites"][0]["last_fetched_at"] == "2026-03-01T08:30:00+00:00"


def test_looking_makes_no_database(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    run_scrapy("sites")

    assert list(tmp_path.iterdir()) == []


def test_arguments_are_refused(run_scrapy: RunScrapy) -> None:
    assert run_scrapy("sites", "portnews").returncode == 2
