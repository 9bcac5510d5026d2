"""What a crawl of a site without end, or of one that goes ever deeper, ends at; each limit is said and recorded."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.benchmarks.crawl_kills import ChangingSite, served
from tests.conftest import RunScrapy

Rows = Callable[[str], list[tuple[object, ...]]]


class EndlessSite(ChangingSite):
    """Two articles, a list page that leads to eight new ones, a path that goes deeper, and an index of an index."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[str] = []

    def asked_under(self, start: str) -> int:
        return sum(path.startswith(start) for path in self.paths)

    def page(self, path: str) -> str | None:
        self.paths.append(path)
        if path == "/robots.txt":
            return f"User-agent: *\nAllow: /\nSitemap: {self.url}index-1.xml\n"
        if path.startswith("/index-"):
            number = int(path.removeprefix("/index-").removesuffix(".xml"))
            return f"<sitemapindex><sitemap><loc>{self.url}index-{number + 1}.xml</loc></sitemap></sitemapindex>"
        if path.startswith("/2026/"):
            return article(path.rpartition("-")[2].strip("/").lower())
        return self._list(path)

    def _list(self, path: str) -> str:
        number = len(self.paths)
        targets = ["/2026/report-spring", "/2026/Report-Spring", "/2026/report-autumn/"]
        targets += [f"/days?at={number}-{step}" for step in range(8)] if path.startswith("/days") else ["/days?at=1"]
        targets += [f"{path}{'abcdefgh'[path.count('/') - 1]}/"] if not path.startswith("/days") else []
        return "<title>Days</title>" + "".join(f"<p><a href='{target}'>{target}</a></p>" for target in targets)

    url = ""


def article(season: str) -> str:
    title = f"The harbour opens its gates in {season}"
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    paragraphs = "".join(
        f"<p>On {day} of a week in {season}, the harbour office counted its {day} parcels; each was weighed, and "
        f"{len(day)} of them went back to where they had come from, since their papers were those of another week.</p>"
        for day in days
    )
    return f"<html><title>{title}</title><body><article><h1>{title}</h1>{paragraphs}</article></body></html>"


@pytest.fixture
def site() -> Iterator[EndlessSite]:
    endless = EndlessSite()
    with served(endless) as url:
        endless.url = url
        yield endless


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    """Of the database that `run_scrapy` uses."""

    def select(query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(tmp_path / "test.db")) as connection:
            return connection.execute(query).fetchall()

    return select


def crawl(run_scrapy: RunScrapy, site: EndlessSite, **limits: int) -> str:
    """What is said to the user."""
    given = [option for name, value in limits.items() for option in ("-s", f"{name}={value}")]
    done = run_scrapy("crawl", "articles", "-a", f"url={site.url}", "-s", "AUTOTHROTTLE_ENABLED=False", *given)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_pages_of_one_prefix_that_bring_no_article_are_refused_at_the_limit(
    run_scrapy: RunScrapy, site: EndlessSite, rows: Rows
) -> None:
    crawl(run_scrapy, site, PAGES_PER_PREFIX=5, PAGES_PER_RUN=60)

    assert site.asked_under("/days") == 5
    refused = rows("SELECT failure_class, count(*) FROM failure WHERE url LIKE '%/days%' GROUP BY failure_class")
    assert refused == [("refused_limit", 5 * 8 + 1 - 5)]
    [(asked, accounted_for, is_refused)] = rows(
        "SELECT asked, stored + unchanged + failed + refused, refused = 36 FROM crawl"
    )
    assert asked == accounted_for
    assert is_refused
    assert rows("SELECT count(*) FROM article") == [(2,)]


def test_a_run_ends_at_so_many_pages_and_the_next_goes_on(run_scrapy: RunScrapy, site: EndlessSite, rows: Rows) -> None:
    said = crawl(run_scrapy, site, PAGES_PER_RUN=4)
    asked_first = len(site.paths)
    crawl(run_scrapy, site, PAGES_PER_RUN=6)

    assert "stopped after PAGES_PER_RUN pages; the same command goes on from there" in said
    assert rows("SELECT asked, finish_reason FROM crawl") == [(4, "pages_per_run"), (6, "pages_per_run")]
    assert not set(site.paths[asked_first:]) & set(site.paths[:asked_first]) - {"/robots.txt"}


def test_a_run_ends_after_so_many_seconds(run_scrapy: RunScrapy, site: EndlessSite, rows: Rows) -> None:
    crawl(run_scrapy, site, PAGES_PER_RUN=4)

    said = crawl(run_scrapy, site, SECONDS_PER_RUN=0)

    assert "stopped after SECONDS_PER_RUN seconds; the same command goes on from there" in said
    assert rows("SELECT asked, finish_reason FROM crawl WHERE id = 2") == [(0, "seconds_per_run")]


def test_indexes_of_indexes_and_pages_are_followed_so_deep(
    run_scrapy: RunScrapy, site: EndlessSite, rows: Rows
) -> None:
    crawl(run_scrapy, site, PAGES_PER_PREFIX=2, DEPTH_LIMIT=3, SITEMAP_NESTING=2)

    assert [path for path in site.paths if "index" in path] == ["/index-1.xml", "/index-2.xml", "/index-3.xml"]
    [(errors,)] = rows("SELECT errors FROM page WHERE url LIKE '%index-3.xml'")
    assert "deeper than SITEMAP_NESTING" in str(errors)
    assert max(site.paths, key=lambda path: path.count("/")) == "/a/b/c/"


def test_one_article_under_two_spellings_of_its_address_is_stored_once(
    run_scrapy: RunScrapy, site: EndlessSite, rows: Rows
) -> None:
    crawl(run_scrapy, site, PAGES_PER_PREFIX=2, DEPTH_LIMIT=1)

    assert site.asked_under("/2026/") == 3
    assert rows("SELECT lower(url) FROM article JOIN page ON page.id = page_id ORDER BY 1") == [
        (f"{site.url}2026/report-autumn/",),
        (f"{site.url}2026/report-spring",),
    ]


def test_the_limits_of_a_page_are_those_of_the_settings(run_scrapy: RunScrapy, site: EndlessSite, rows: Rows) -> None:
    crawl(run_scrapy, site, PAGE_LINKS=2, PAGES_PER_RUN=3)

    [(errors,)] = rows("SELECT errors FROM page WHERE url LIKE '%:%/' AND errors IS NOT NULL")
    assert "link" in str(errors)


class OnePageSite(EndlessSite):
    """Shows one page under all addresses, and has seven sitemaps without an entry."""

    def page(self, path: str) -> str | None:
        self.paths.append(path)
        if path == "/robots.txt":
            return "".join(f"Sitemap: {self.url}sitemap-{number}.xml\n" for number in range(7))
        if path.startswith("/sitemap-"):
            return "<urlset></urlset>"
        return "<title>Days</title>" + "".join(f"<p><a href='/days?at={step}'>{step}</a></p>" for step in range(30))


def test_one_page_at_all_addresses_is_asked_for_a_few_times(run_scrapy: RunScrapy, rows: Rows) -> None:
    site = OnePageSite()
    with served(site) as url:
        site.url = url
        crawl(run_scrapy, site, SAME_PAGES_PER_PREFIX=3, CONCURRENT_REQUESTS_PER_DOMAIN=1)

    assert 3 <= site.asked_under("/days") < 10
    assert site.asked_under("/sitemap-") == 7
    assert rows("SELECT failure_class, count(*) FROM failure GROUP BY failure_class") == [
        ("refused_limit", 30 - site.asked_under("/days"))
    ]
