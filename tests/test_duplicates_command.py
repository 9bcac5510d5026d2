"""`scrapy duplicates` as a user runs it."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from models.engine import open_database, writing
from models.items import Article, Block, BlockType, Page, PageKind
from pipelines.store import Store

RunScrapy = Callable[..., subprocess.CompletedProcess[str]]

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
TEXT = "岸桥的远程操作已经覆盖七个泊位，司机在办公楼里同时照看三台设备，无人集卡的车队今年扩大到四十辆。"
OTHER = "The ferry timetable of the islands changes in March, when the second boat returns from the yard. " * 3


def page(url: str, body: str, *, days: int = 0, **facts: str) -> Page:
    block = Block(type=BlockType.PARAGRAPH, text=body)
    article = Article(headline="港口的自动化改造", blocks=(block,), date_published=NOW + timedelta(days=days))
    return Page(
        url=url,
        canonical_url=url,
        fetched_at=NOW,
        status=200,
        kind=PageKind.ARTICLE,
        articles=(replace(article, **facts),),  # type: ignore[arg-type]  # texts only
    )


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """The database that `run_scrapy` uses, with a reprint over two sites and a copy on one."""
    opened = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    first = "https://news.harbour.example/1"
    Store(opened).write(
        [
            page("https://mirror.example/2", f"{TEXT}{TEXT}", days=2, source_url=first),
            page(first, f"{TEXT}{TEXT}", days=1),
            page("https://ferry.example/a", OTHER, days=3),
            page("https://ferry.example/b", OTHER, days=4),
        ]
    )
    yield opened
    opened.dispose()


@pytest.mark.usefixtures("engine")
def test_clusters_are_listed_with_the_oldest_copy_first_and_the_source_of_a_reprint(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("duplicates")

    assert done.returncode == 0
    assert done.stdout == (
        "2 copies on 2 sites: 港口的自动化改造\n"
        "  2026-11-24   0 https://news.harbour.example/1\n"
        "  2026-11-25   0 https://mirror.example/2\n"
        "                 reprint of https://news.harbour.example/1, named by a link\n"
        "\n"
        "2 copies on 1 site: 港口的自动化改造\n"
        "  2026-11-26   0 https://ferry.example/a\n"
        "  2026-11-27   0 https://ferry.example/b\n"
        "\n"
    )
    assert done.stderr == "4 articles in 2 clusters\n"


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("options", "count"),
    [
        ((), 2),
        (("--across",), 1),
        (("--site", "ferry.example"), 1),
        (("--site", "https://www.mirror.example/"), 1),
        (("--site", "ferry.example", "--across"), 0),
        (("--site", "unknown.example"), 0),
        (("--distance", "0"), 2),
    ],
)
def test_options_choose_clusters(options: tuple[str, ...], count: int, run_scrapy: RunScrapy) -> None:
    done = run_scrapy("duplicates", "--json", *options)

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == count


@pytest.mark.usefixtures("engine")
def test_json_has_every_fact_of_a_copy(run_scrapy: RunScrapy) -> None:
    record = json.loads(run_scrapy("duplicates", "--json", "--across").stdout)

    assert record["copies"][1] == {
        "url": "https://mirror.example/2",
        "site": "mirror.example",
        "headline": "港口的自动化改造",
        "at": "2026-11-25T08:30:00+00:00",
        "is_dated": True,
        "version": 1,
        "distance": 0,
        "is_gone": False,
        "source": None,
        "reprint_of": "https://news.harbour.example/1",
        "named_by": "link",
    }


def test_versions_without_a_hash_are_given_one_first(engine: Engine, run_scrapy: RunScrapy) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE article_version SET similarity = NULL"))

    assert run_scrapy("duplicates").stderr == "4 articles in 2 clusters\n"


def test_nothing_stored_is_said_with_what_to_do_and_makes_no_database(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    done = run_scrapy("duplicates")

    assert (done.returncode, done.stdout) == (0, "")
    assert "start with: scrapy crawl" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [("https://example.com/",), ("--distance", "17"), ("--distance", "-1")])
def test_wrong_call_ends_with_status_2(arguments: tuple[str, ...], run_scrapy: RunScrapy) -> None:
    assert run_scrapy("duplicates", *arguments).returncode == 2
