"""`scrapy search` as a user runs it: what is found, where, and in 80 columns."""

import json
from pathlib import Path

import pytest

from models.engine import open_database
from pipelines.store import Store
from tests.conftest import RunScrapy
from tests.test_search import BODIES, WAREHOUSE, article_page


@pytest.fixture
def stored(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    Store(engine).write([article_page(number, *item) for number, item in enumerate(BODIES.items())])
    engine.dispose()


@pytest.mark.usefixtures("stored")
def test_hits_are_shown_with_date_headline_url_and_excerpt(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("search", "电商", "仓库")

    assert done.returncode == 0, done.stderr
    assert [line.rstrip() for line in done.stdout.splitlines()] == [
        f"2026-11-23 {WAREHOUSE}",
        "  https://example.com/0",
        "  跨境电商把仓库搬到口岸。生成式AI应用在分拣里,物流成本降低。",
    ]


@pytest.mark.usefixtures("stored")
def test_json_has_a_line_an_article(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("search", "口", "--json")

    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert {record["headline"] for record in records} == {"仓库与物流", "港口自动化"}
    assert records[0].keys() == {
        *("url", "site", "headline", "date_published", "first_seen_at", "gone_at", "excerpt", "score")
    }


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("没有的词",), 1, "no stored article has all of these words"),
        ((), 2, "expected words to find"),
        (('"',), 2, "expected words to find"),
        (("口", "--limit", "0"), 2, "--limit of 1 or more"),
        (("口", "--index"), 2, "or --index alone"),
        (("--index",), 0, "the search index is made"),
        (("口", "--limit", "1"), 0, "the best 1 article"),
    ],
)
def test_status_and_message(run_scrapy: RunScrapy, *, arguments: tuple[str, ...], status: int, message: str) -> None:
    done = run_scrapy("search", *arguments)

    assert done.returncode == status
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_stored_yet(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("search", "口")

    assert done.returncode == 1
    assert "nothing is stored yet" in done.stderr
