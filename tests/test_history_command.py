"""`scrapy history` as a user runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

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

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
URL = "https://example.test/news/1.html"
BODIES = (
    ("岸桥的远程操作已经覆盖七个泊位。", "投资由两家企业分担。", "下一步是堆场。"),
    ("岸桥的远程操作已经覆盖九个泊位。", "投资由两家企业分担。", "下一步是堆场。"),
    ("下一步是堆场。", "岸桥的远程操作已经覆盖九个泊位。", "投资由两家企业分担。"),
)


def page(number: int) -> Page:
    """The page at its reading `number`, from 0."""
    article = Article(
        headline=f"港口的自动化改造进入第{'一二三'[number]}年",
        authors=("王芳",) if number else (),
        blocks=tuple(Block(type=BlockType.PARAGRAPH, text=text) for text in BODIES[number]),
    )
    item = LinkItem(url=f"https://example.test/news/{number}.html", headline=f"相关{number}")
    return Page(
        url=URL,
        canonical_url=URL,
        fetched_at=NOW + timedelta(days=number),
        status=200,
        kind=PageKind.ARTICLE,
        articles=(article,),
        link_lists=(LinkList(kind=LinkListKind.RELATED, items=(item,)),),
        tag_lists=(TagList(kind=TagListKind.ARTICLE, items=(TagItem(name="港口"),)),),
    )


@pytest.fixture
def stored(tmp_path: Path) -> None:
    """Three versions in the database that `run_scrapy` uses."""
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    for number in range(3):
        Store(engine).write([page(number)])
    engine.dispose()


@pytest.mark.usefixtures("stored")
def test_versions_and_changes_are_shown_in_80_columns_without_colours_in_a_pipe(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("history", f"{URL}?utm_source=letter")

    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    assert lines[:8] == [
        URL,
        "1 article, first read 2026-03-01 08:30 UTC, last read 2026-03-03 08:30 UTC",
        "",
        "article 1 of 1: 港口的自动化改造进入第三年",
        "version  seen                  what changed",
        "      1  2026-03-01 08:30 UTC  first seen",
        "      2  2026-03-02 08:30 UTC  headline, body: 1 word gone, 1 added, authors",
        "      3  2026-03-03 08:30 UTC  headline, 1 block moved",
    ]
    for line in (
        "    港口的自动化改造进入第[-一-]{+二+}年",
        "    岸桥的远程操作已经覆盖[-七-]{+九+}个泊位。",
        "    … 2 blocks as before",
        "    + 王芳",
        "    moved from block 3 to 1: 下一步是堆场。",
        "2026-03-02 08:30 UTC link_lists related",
        "    - 相关0 https://example.test/news/0.html",
        "    + 相关1 https://example.test/news/1.html",
    ):
        assert line in lines
    assert "\x1b" not in done.stdout
    assert max(map(len, lines)) <= 80
    assert "tag_lists" not in done.stdout, "they stayed"


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("options", "shown", "not_shown"),
    [
        (("--version", "2"), "[-七-]{+九+}", "moved"),
        (("--version", "3"), "moved", "[-七-]"),
        (("--version", "1", "3"), "进入第[-一-]{+三+}年", "进入第[-一-]{+二+}年"),
        (("--version", "3", "--version", "1"), "进入第[-一-]{+三+}年", "进入第[-一-]{+二+}年"),
    ],
)
def test_named_versions_are_compared(
    options: tuple[str, ...], shown: str, not_shown: str, run_scrapy: RunScrapy
) -> None:
    done = run_scrapy("history", URL, *options)

    assert done.returncode == 0
    assert shown in done.stdout
    assert not_shown not in done.stdout


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("number", ["1", "4"])
def test_version_that_nothing_came_before_or_that_is_not_there_ends_with_status_1(
    number: str, run_scrapy: RunScrapy
) -> None:
    done = run_scrapy("history", URL, "--version", number)

    assert (done.returncode, done.stdout) == (1, "")
    assert "versions stored: 1 to 3" in done.stderr


@pytest.mark.usefixtures("stored")
def test_versions_that_were_pruned_are_told(run_scrapy: RunScrapy) -> None:
    run_scrapy("prune", "--keep-versions", "2", "--yes")

    shown = run_scrapy("history", URL).stdout

    assert "      2  2026-03-02 08:30 UTC  those before it were pruned" in shown
    assert "      3  2026-03-03 08:30 UTC  headline, 1 block moved" in shown


@pytest.mark.usefixtures("stored")
def test_json_has_versions_changes_and_lists_in_full(run_scrapy: RunScrapy) -> None:
    record = json.loads(run_scrapy("history", URL, "--json").stdout)

    (article,) = record["articles"]
    assert [version["article"]["headline"] for version in article["versions"]] == [
        page(number).articles[0].headline for number in range(3)
    ]
    first, second = article["changes"]
    assert (first["before"], first["after"]) == (1, 2)
    assert ["gone", "七"] in first["body"][0]["pieces"]
    assert first["facts"] == [{"field": "authors", "gone": [], "added": ["王芳"]}]
    assert second["body"][0] == {"kind": "moved", "text": "下一步是堆场。", "old_place": 2, "new_place": 0}
    assert [change["at"] for change in record["list_changes"]] == [
        "2026-03-02T08:30:00+00:00",
        "2026-03-03T08:30:00+00:00",
    ]
    assert len(record["lists"]) == 4


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(("no_color", "has_marks"), [("", False), ("1", True)])
def test_a_terminal_gets_colours_and_with_no_color_it_gets_marks(
    tmp_path: Path, no_color: str, has_marks: bool
) -> None:
    environment = os.environ | {
        "TRIPTYCH_DATABASE_URL": f"sqlite:///{tmp_path / 'test.db'}",
        "TERM": "xterm-256color",
        "COLUMNS": "80",
        "FORCE_COLOR": "1",
        "NO_COLOR": no_color,
    }

    command = [sys.executable, "-m", "scrapy", "history", URL]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert ("\x1b[9;31m七" in shown) is not has_marks
    assert ("[-七-]{+九+}" in shown.replace("\x1b[9m", "").replace("\x1b[0m", "")) is has_marks


@pytest.mark.usefixtures("stored")
def test_page_that_is_not_stored_ends_with_status_1_and_the_command_to_fetch_it(run_scrapy: RunScrapy) -> None:
    done = run_scrapy("history", "https://example.test/other")

    assert (done.returncode, done.stdout) == (1, "")
    assert "scrapy recrawl 'https://example.test/other'" in done.stderr


def test_nothing_stored_at_all_makes_no_database(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    done = run_scrapy("history", URL)

    assert done.returncode == 1
    assert "scrapy recrawl" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_control_characters_of_a_page_reach_no_terminal(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    for number, end in enumerate(("a", "\u202eb")):
        article = Article(headline="h", blocks=(Block(type=BlockType.PARAGRAPH, text=f"text {end}"),))
        Store(engine).write([replace(page(number), articles=(article,))])
    engine.dispose()

    done = run_scrapy("history", URL)

    assert "{+\ufffdb+}" in done.stdout


@pytest.mark.parametrize(
    "arguments", [(), ("example.test/a",), (URL, URL), ("http://[",), (URL, "--version", "1", "2", "3")]
)
def test_wrong_call_ends_with_status_2(arguments: tuple[str, ...], run_scrapy: RunScrapy) -> None:
    assert run_scrapy("history", *arguments).returncode == 2
