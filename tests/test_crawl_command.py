"""`scrapy crawl articles` as a user runs it, on the sample site."""

import json
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.samplesite import SampleSite, serve
from models.engine import open_database
from pipelines.digest import database_digest

RunScrapy = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class Crawled:
    """A first crawl of the sample site that others look at."""

    site: str
    database: Path
    done: subprocess.CompletedProcess[str]
    asked_for: Counter[str]
    """Path to how often, in the first crawl."""


@pytest.fixture(scope="module")
def crawled(run_scrapy_once: RunScrapy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    database = tmp_path_factory.mktemp("crawl") / "test.db"
    asked_for: Counter[str] = Counter()
    with serve(on_request=lambda path, _: asked_for.update([path])) as site:
        done = crawl(run_scrapy_once, site, database, "-s", "AUTOTHROTTLE_ENABLED=True")  # as by default
        yield Crawled(site, database, done, asked_for.copy())


def crawl(run_scrapy: RunScrapy, site: str, database: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return run_scrapy("crawl", "articles", "-a", f"url={site}/", "-s", f"DATABASE_URL=sqlite:///{database}", *more)


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def test_every_article_of_a_site_is_stored_once(crawled: Crawled) -> None:
    stored = rows(
        crawled.database, "SELECT page.url, count(*) FROM article JOIN page ON page.id = page_id GROUP BY page.url"
    )

    assert crawled.done.returncode == 0, crawled.done.stderr
    assert "look at one: scrapy show http" in crawled.done.stderr
    truth = SampleSite(crawled.site).truth()
    assert {url for url, _ in stored} == set(truth)
    assert all(count == len(truth[str(url)].articles) for url, count in stored)


def test_each_url_is_asked_for_once_and_no_forbidden_one(crawled: Crawled) -> None:
    robots = SampleSite(crawled.site).pages()["/robots.txt"].body.decode()
    forbidden = tuple(line.split()[1] for line in robots.splitlines() if line.startswith("Disallow:"))

    assert forbidden
    assert not [path for path in crawled.asked_for if path.startswith(forbidden)]
    assert not [path for path, count in crawled.asked_for.items() if count > 1]
    assert not [path for path in crawled.asked_for if "utm_" in path]


def test_the_sums_of_a_run_add_up(crawled: Crawled) -> None:
    [(asked, stored, unchanged, failed, refused, fetches, failures)] = rows(
        crawled.database,
        "SELECT asked, stored, unchanged, failed, refused, (SELECT count(*) FROM fetch WHERE crawl_id = crawl.id),"
        " (SELECT count(*) FROM failure WHERE crawl_id = crawl.id) FROM crawl WHERE id = 1 AND ended_at IS NOT NULL",
    )

    assert asked == stored + unchanged + failed + refused == fetches  # type: ignore[operator]
    assert failed + refused == failures  # type: ignore[operator]


def test_a_second_crawl_changes_no_article(run_scrapy: RunScrapy, crawled: Crawled) -> None:
    articles = "SELECT * FROM article ORDER BY page_id, position"
    versions = "SELECT * FROM article_version ORDER BY article_id, number"
    before = rows(crawled.database, articles), rows(crawled.database, versions)

    done = crawl(run_scrapy, crawled.site, crawled.database)

    assert done.returncode == 0, done.stderr
    assert (rows(crawled.database, articles), rows(crawled.database, versions)) == before
    assert rows(crawled.database, "SELECT stored FROM crawl WHERE id = 2") == [(0,)]


def test_the_same_crawl_gives_equal_rows_in_both_databases(
    run_scrapy: RunScrapy, crawled: Crawled, postgresql_url: str
) -> None:
    done = run_scrapy("crawl", "articles", "-a", f"url={crawled.site}/", "-s", f"DATABASE_URL={postgresql_url}")

    assert done.returncode == 0, done.stderr
    digests = []
    for url in (f"sqlite:///{crawled.database}", postgresql_url):
        engine = open_database(url)
        digests.append(database_digest(engine))
        engine.dispose()
    assert digests[0]["article"].rows > 40
    assert digests[0] == digests[1]


def test_limit_stops_after_so_many_articles(run_scrapy: RunScrapy, sample_site: str, tmp_path: Path) -> None:
    database = tmp_path / "test.db"

    done = crawl(run_scrapy, sample_site, database, "-a", "limit=5")

    assert done.returncode == 0, done.stderr
    assert rows(database, "SELECT count(DISTINCT page_id) FROM article") == [(5,)]
    assert rows(database, "SELECT asked - stored - unchanged - failed - refused FROM crawl") == [(0,)]


def test_a_site_that_does_not_answer_is_a_failure(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    database = tmp_path / "test.db"

    done = run_scrapy("crawl", "articles", "-a", "url=http://site.invalid/", "-s", f"DATABASE_URL=sqlite:///{database}")

    assert done.returncode == 1
    assert rows(database, "SELECT failure_class, url FROM failure") == [("unreachable", "http://site.invalid/")]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("crawl", "articles"), "-a url=https://example.com/", id="no-url"),
        pytest.param(("crawl", "articles", "-a", "url=example.com"), "found 'example.com'", id="no-scheme"),
        pytest.param(("crawl", "articles", "-a", "url=ftp://example.com/"), "http or https", id="ftp"),
        pytest.param(("crawl", "articles", "-a", "site=nowhere"), "crawler/sites/nowhere.py", id="unknown-site"),
        pytest.param(("crawl", "articles", "-a", "url=http://e.com/", "-a", "limit=0"), "limit=20", id="limit-0"),
        pytest.param(("crawl", "articles", "-a", "uri=http://e.com/"), "url, site, limit and revisit", id="misspelt"),
        pytest.param(("crawl", "other"), "called articles", id="other-spider"),
    ],
)
def test_a_wrong_call_says_what_to_type(run_scrapy: RunScrapy, arguments: tuple[str, ...], words: str) -> None:
    done = run_scrapy(*arguments)

    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_jobdir_is_refused_with_the_reason(run_scrapy: RunScrapy, sample_site: str, tmp_path: Path) -> None:
    done = crawl(run_scrapy, sample_site, tmp_path / "test.db", "-s", f"JOBDIR={tmp_path / 'job'}")

    assert done.returncode == 2
    assert "JOBDIR is refused" in done.stderr


def test_an_unusable_database_stops_the_crawl_before_the_first_request(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    database = tmp_path / "not.db"
    database.write_text("this is no database, but text of some length")
    asked_for: Counter[str] = Counter()

    with serve(on_request=lambda path, _: asked_for.update([path])) as site:
        done = crawl(run_scrapy, site, database)

    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert not asked_for


def test_the_demonstration_prints_sums_panels_and_what_to_type_next(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    database = tmp_path / "test.db"

    done = run_scrapy("demo", "-s", f"DATABASE_URL=sqlite:///{database}")

    assert done.returncode == 0, done.stderr
    for words in ("asked", "articles", "Body, article 1 of 2", "热门标签", "相关文章"):
        assert words in done.stdout
    assert "scrapy recrawl" in done.stderr
    assert rows(database, "SELECT count(*) > 40 FROM article") == [(1,)]


def test_the_sums_can_be_read_by_a_script(run_scrapy: RunScrapy, sample_site: str) -> None:
    done = run_scrapy("crawl", "articles", "-a", f"url={sample_site}/", "-a", "limit=3", "--json")

    sums = json.loads(done.stdout)
    ended = sum(sums[name] for name in ("stored", "unchanged", "failed", "refused"))
    assert (done.returncode, sums["asked"]) == (0, ended)
    assert (sums["articles"] >= 3, sums["storage_errors"]) == (True, 0)
