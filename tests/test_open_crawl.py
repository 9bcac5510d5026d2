"""A crawl of all hosts that its pages link to: the guard alone says which of them are reached."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.benchmarks.crawl_kills import ChangingSite, served
from tests.conftest import RunScrapy
from tests.test_crawl_limits import article


class LinkingSite(ChangingSite):
    """A start page that leads to others, all of whose addresses show an article."""

    def __init__(self, *targets: str) -> None:
        super().__init__()
        self.targets = targets
        self.paths: list[str] = []

    def page(self, path: str) -> str | None:
        self.paths.append(path)
        if path == "/robots.txt":
            return None
        if path != "/":
            return article("spring")
        return "<title>Days</title>" + "".join(f"<p><a href='{target}'>{target}</a></p>" for target in self.targets)


def test_an_open_crawl_goes_to_other_hosts_and_to_none_inside(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    outside, inside = LinkingSite(), LinkingSite()
    with served(outside) as there, served(inside) as here, served(LinkingSite(f"{there}a", f"{here}b")) as start:
        allowed = ("-s", f"ADDRESSES_ALLOWED={there.removeprefix('http://').strip('/')}")
        options = ("-s", "AUTOTHROTTLE_ENABLED=False", *allowed)
        run_scrapy("crawl", "articles", "-a", f"url={start}", *options)
        asked_before = [*outside.paths, *inside.paths]
        run_scrapy("crawl", "articles", "-a", f"url={start}", "-a", "hosts=any", *options)

    with closing(sqlite3.connect(tmp_path / "test.db")) as connection:
        articles = connection.execute("SELECT url FROM article JOIN page ON page.id = page_id").fetchall()
        failures = connection.execute("SELECT url, failure_class FROM failure").fetchall()
    assert asked_before == []
    assert articles == [(f"{there}a",)]
    assert inside.paths == []
    assert failures == [(f"{here}b", "refused_address")]


def test_a_word_that_hosts_does_not_take_is_told(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("crawl", "articles", "-a", "url=http://127.0.0.1:9/", "-a", "hosts=all")

    assert done.returncode == 2
    assert "hosts: any expected, found 'all'" in done.stderr
