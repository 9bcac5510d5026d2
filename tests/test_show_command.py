"""`scrapy show` as a user runs it: any name of a stored page leads to its three panels."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.pagejson import page_from_json
from models.engine import open_database
from models.items import (
    Article,
    Block,
    BlockType,
    LinkItem,
    LinkList,
    LinkListKind,
    Page,
    PageKind,
    TagItem,
    TagList,
    TagListKind,
)
from pipelines.store import Store

RunScrapy = Callable[..., subprocess.CompletedProcess[str]]

URL = "https://example.test/news/1.html"
PAGE = Page(
    url=f"{URL}?utm_source=letter",
    canonical_url=URL,
    fetched_at=datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
    status=200,
    kind=PageKind.ARTICLE,
    kind_reason="one headline over a body",
    articles=(
        Article(
            headline="港口的自动化改造进入第二年",
            authors=("王芳",),
            blocks=(
                Block(type=BlockType.PARAGRAPH, text="岸桥的远程操作已经覆盖七个泊位。"),
                Block(type=BlockType.HEADING, level=2, text="投资"),
            ),
        ),
    ),
    link_lists=(
        LinkList(
            kind=LinkListKind.RELATED,
            heading="相关文章",
            items=(LinkItem(url="https://example.test/news/2.html", headline="码头的第一台无人集卡"),),
        ),
    ),
    tag_lists=(TagList(kind=TagListKind.ARTICLE, heading="标签", items=(TagItem(name="港口"),)),),
)


@pytest.fixture
def stored(tmp_path: Path) -> None:
    """The page in the database that `run_scrapy` uses."""
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    Store(engine).write([PAGE])
    engine.dispose()


@pytest.mark.usefixtures("stored")
def test_three_panels_are_shown_with_what_page_it_is(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("show", URL)

    assert (done.returncode, done.stderr) == (0, "")
    shown = done.stdout
    assert shown.startswith(f"{URL}\narticle, as of 2026-03-01T08:30+00:00")
    for part in ("Body", "岸桥的远程操作", "h2", "Related lists", "相关文章  related, 1", "标签  article, 1", "王芳"):
        assert part in shown
    assert "\x1b" not in shown, "no colours in a pipe"


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    "url",
    [
        pytest.param(f"{URL}?utm_source=letter", id="as-fetched"),
        pytest.param(f"{URL}?fbclid=1#top", id="other-trackers"),
        pytest.param("HTTPS://EXAMPLE.test:443/news/1.html", id="other-spelling"),
    ],
)
def test_any_spelling_of_the_url_leads_to_the_page(url: str, run_scrapy: RunScrapy) -> None:
    done = run_scrapy("show", url)

    assert (done.returncode, done.stdout.splitlines()[0]) == (0, URL)


@pytest.mark.usefixtures("stored")
def test_json_has_the_shape_of_extract(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("show", URL, "--json")

    record = json.loads(done.stdout)
    assert record["id"] == record["url"] == URL
    page = page_from_json(record)
    assert page.articles[0].headline == PAGE.articles[0].headline
    assert page.articles[0].blocks == PAGE.articles[0].blocks
    assert page.link_lists == PAGE.link_lists
    assert page.tag_lists == PAGE.tag_lists


@pytest.mark.usefixtures("stored")
def test_page_that_is_not_stored_ends_with_status_1_and_the_command_to_fetch_it(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("show", "https://example.test/other")

    assert (done.returncode, done.stdout) == (1, "")
    assert "scrapy recrawl 'https://example.test/other'" in done.stderr


@pytest.mark.usefixtures("stored")
def test_page_seen_only_in_a_link_is_not_stored(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("show", "https://example.test/news/2.html")

    assert done.returncode == 1


def test_nothing_stored_at_all_makes_no_database(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    done = run_scrapy("show", URL)

    assert done.returncode == 1
    assert "scrapy recrawl" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_file_that_is_no_database_ends_with_status_3(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    (tmp_path / "test.db").write_text("notes, and no database at all " * 99, encoding="utf-8")

    done = run_scrapy("show", URL)

    assert (done.returncode, done.stdout) == (3, "")
    assert "test.db" in done.stderr.replace("\n", "")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [(), ("example.test/a",), (URL, URL), ("http://[",)])
def test_wrong_call_ends_with_status_2(arguments: tuple[str, ...], run_scrapy: RunScrapy) -> None:
    done = run_scrapy("show", *arguments)

    assert done.returncode == 2
    assert "one http or https URL expected" in done.stderr
