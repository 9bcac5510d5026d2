"""A site whose layout changes in mid-life: one real crawl before, one after, and what is told without being asked."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from crawler.samplesite import serve
from tests.conftest import RunScrapy


@dataclass(frozen=True)
class Changed:
    base: str
    database: Path
    first: CompletedProcess[str]
    second: CompletedProcess[str]
    alarms: list[dict[str, object]]


@pytest.fixture(scope="module")
def changed(run_scrapy_once: RunScrapy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Changed]:
    folder = tmp_path_factory.mktemp("redesign")
    database, redesign = folder / "site.db", folder / "redesigned"
    with serve(redesign=redesign) as base:

        def run(*arguments: str) -> CompletedProcess[str]:
            return run_scrapy_once(*arguments, "-s", f"DATABASE_URL=sqlite:///{database}")

        first = run("crawl", "articles", "-a", f"url={base}/")
        before = run("alarms", "--json")
        assert (before.returncode, before.stdout) == (0, ""), before.stdout
        redesign.touch()
        second = run("crawl", "articles", "-a", f"url={base}/")
        with closing(sqlite3.connect(database)) as connection:
            # What is there before any command looks: the crawl's own end has told it.
            count = connection.execute("SELECT count(*) FROM alarm WHERE cleared_at IS NULL").fetchone()[0]
        listed = run("alarms", "--json")
        alarms = [json.loads(line) for line in listed.stdout.splitlines()]
        assert len(alarms) == count
        yield Changed(base, database, first, second, alarms)


def test_the_crawl_itself_succeeds(changed: Changed) -> None:
    assert (changed.first.returncode, changed.second.returncode) == (0, 0), changed.second.stderr


def test_the_change_is_told_by_rule_and_field(changed: Changed) -> None:
    told = {(alarm["rule"], alarm["subject"]) for alarm in changed.alarms}

    assert ("layout", "") in told
    assert {("field", name) for name in ("authors", "date_published", "tags", "related")} <= told
    # Headlines and texts are still found, and so nothing is said of them.
    assert told.isdisjoint({("field", "headline"), ("field", "article_body"), ("lost", "")})


def test_its_pages_are_those_of_the_site_before_and_after(changed: Changed) -> None:
    (authors,) = (alarm for alarm in changed.alarms if alarm["subject"] == "authors")
    pages = authors["pages"]

    assert isinstance(pages, list)
    assert {page["is_before"] for page in pages} == {True, False}
    assert all(page["url"].startswith(changed.base) for page in pages)
    assert {page["version"] for page in pages if not page["is_before"]} == {2}


def test_status_tells_it_and_its_exit_status_says_so(changed: Changed, run_scrapy_once: RunScrapy) -> None:
    told = run_scrapy_once("status", "-s", f"DATABASE_URL=sqlite:///{changed.database}")

    assert told.returncode == 1
    words = " ".join(told.stdout.split())  # lines are broken at 80 columns
    assert "authors fell from" in words
    assert "the layout has changed" in words
    assert max(map(len, told.stdout.splitlines())) <= 80
