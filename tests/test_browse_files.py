"""Lists of `triptych browse` as files: the same rows, whole, and no formula for a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import html

pytest.importorskip("starlette", reason="the pages need the extra web: pip install 'triptych[web]'")

from tests.browsing import HOSTILE, Browsed, browsing_on


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def browsed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browsed]:
    """One database of each dialect for all that is only read."""
    with browsing_on(request.param, request, tmp_path_factory.mktemp("files")) as running:
        yield running


@pytest.mark.parametrize(
    ("query", "count"),
    [
        pytest.param("site=example.com", 9, id="site"),
        pytest.param("site=hostile.example", 1, id="other-site"),
        pytest.param("kind=article", 10, id="kind"),
        pytest.param("kind=listing", 0, id="other-kind"),
        pytest.param("since=2026-11-22", 5, id="since"),
        pytest.param("until=2026-11-20", 2, id="until"),
        pytest.param("q=%E4%BB%93%E5%BA%93&kind=listing", 0, id="words-and-kind"),
        pytest.param("q=edition+1", 1, id="words"),
        pytest.param("q=edition&until=2026-11-20", 2, id="words-and-date"),
        pytest.param("since=nonsense&after=nonsense&page=-3&kind=nonsense", 10, id="nonsense"),
    ],
)
def test_the_list_and_its_files_hold_what_was_asked_for(browsed: Browsed, query: str, count: int) -> None:
    tree: Any = html.fromstring(browsed.get(f"/articles?{query}").text)
    listed = tree.xpath("//li[@class='entry']")
    lines = browsed.get(f"/articles.jsonl?{query}").text.splitlines()
    rows = list(csv.reader(io.StringIO(browsed.get(f"/articles.csv?{query}").text)))

    assert (len(listed), len(lines), len(rows) - 1) == (count, count, count)


def test_a_file_for_spreadsheets_holds_no_formula(browsed: Browsed) -> None:
    rows = list(
        csv.DictReader(io.StringIO(browsed.get("/articles.csv?site=hostile.example").text.removeprefix("\ufeff")))
    )
    records = [json.loads(line) for line in browsed.get("/articles.jsonl?site=hostile.example").text.splitlines()]

    assert rows[0]["source"] == HOSTILE
    assert records[0]["tags"] == [f"tag {HOSTILE}"]


@pytest.mark.parametrize(
    ("path", "records", "known"),
    [
        pytest.param("/sites", 2, {"domain": "example.com", "articles": 9}, id="sites"),
        pytest.param("/tags", None, {"name": "tag 1"}, id="tags"),
        pytest.param("/tags?q=tag+1", 1, {"name": "tag 1"}, id="some-tags"),
        pytest.param("/tags/1", None, {"version": 1}, id="articles-of-a-tag"),
        pytest.param("/runs", None, {"spider": "articles"}, id="runs"),
        pytest.param("/failures", None, {"failure_class": "gone"}, id="failures"),
        pytest.param("/failures?class=timeout", 0, {}, id="failures-of-a-class"),
        pytest.param("/schedules", 0, {}, id="schedules"),
        pytest.param("/alarms", 0, {}, id="alarms"),
    ],
)
def test_every_list_is_a_file_too(browsed: Browsed, path: str, records: int | None, known: dict[str, Any]) -> None:
    name, _, query = path.partition("?")
    lines = [json.loads(line) for line in browsed.get(f"{name}.jsonl?{query}").text.splitlines()]
    rows = list(csv.reader(io.StringIO(browsed.get(f"{name}.csv?{query}").text.removeprefix("\ufeff"))))

    assert len(rows) == len(lines) + 1
    assert records in (None, len(lines))
    assert all(list(line) == rows[0] for line in lines)
    assert not known or any(known.items() <= line.items() for line in lines)


def test_a_long_list_is_written_whole_and_once(browsed: Browsed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.browse.records.LENGTH", 1)
    monkeypatch.setattr("pipelines.browse.downloads._EACH", 1)

    runs = [json.loads(line)["id"] for line in browsed.get("/runs.jsonl").text.splitlines()]
    tagged = [json.loads(line)["url"] for line in browsed.get("/tags/1.jsonl").text.splitlines()]

    assert runs == [3, 2, 1]
    assert len(tagged) == len(set(tagged)) == 1
