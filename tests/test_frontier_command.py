"""`scrapy frontier`: what is due, and what is in quarantine."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from crawler.commands.stored import tell_quarantined
from models.engine import open_database, writing
from models.items import Discovery
from models.tables import METADATA
from pipelines.frontier import LEASE_SECONDS, Frontier
from tests.conftest import RunScrapy

LEASE = METADATA.tables["lease"]
URLS = ("https://example.com/a", "https://example.com/b", "https://example.org/c")


def push(url: str) -> None:
    engine = open_database(url)
    Frontier(engine, holder="test").push([Discovery(url=each) for each in URLS], at_once=True)
    engine.dispose()


def kill_workers(url: str, times: int) -> None:
    """Each leases what is due of example.com, and is never heard of again."""
    engine = open_database(url)
    for number in range(times):
        worker = Frontier(engine, holder=f"worker {number}")
        for site in worker.lease_sites(1, sites=["example.com"]):
            worker.lease_pages(site.site_id, 1)
            with writing(engine) as connection:
                ago = worker.now() - timedelta(seconds=2 * LEASE_SECONDS)
                for table in (LEASE, METADATA.tables["site"]):
                    connection.execute(update(table).values(leased_until=ago))
    engine.dispose()


def test_sites_are_shown_with_what_is_due(run_scrapy: RunScrapy, sqlite_url: str) -> None:
    push(sqlite_url)

    done = run_scrapy("frontier", "--json", "-s", f"DATABASE_URL={sqlite_url}")
    shown = run_scrapy("frontier", "-s", f"DATABASE_URL={sqlite_url}")

    sites = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(site["domain"], site["due"], site["new"]) for site in sites] == [
        ("example.com", 2, 2),
        ("example.org", 1, 1),
    ]
    assert "example.org" in shown.stdout


def test_a_page_that_killed_its_workers_is_listed(run_scrapy: RunScrapy, sqlite_url: str) -> None:
    push(sqlite_url)
    kill_workers(sqlite_url, 20)

    done = run_scrapy("frontier", "--quarantined", "--json", "-s", f"DATABASE_URL={sqlite_url}")
    shown = run_scrapy("frontier", "--quarantined", "-s", f"DATABASE_URL={sqlite_url}")

    listed = [json.loads(line)["url"] for line in done.stdout.splitlines()]
    assert sorted(listed) == sorted(URLS[:2])
    assert "died" in shown.stdout
    assert "scrapy recrawl URL" in shown.stderr


def test_the_end_of_a_run_tells_of_pages_in_quarantine(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    push(sqlite_url)
    tell_quarantined(sqlite_url)
    kill_workers(sqlite_url, 20)

    tell_quarantined(sqlite_url)

    assert capsys.readouterr().err.startswith("2 pages in quarantine")


def test_an_empty_frontier_says_what_to_do(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("frontier")

    assert done.returncode == 0
    assert "a crawl makes a site known" in done.stderr
