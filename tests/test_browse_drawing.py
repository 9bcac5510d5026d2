"""Places of what is drawn: bars, lines, the graph."""

import pytest

pytest.importorskip("starlette", reason="the pages need the extra web: pip install 'triptych[web]'")

from pipelines.browse.drawing import columns, graph_of, sparkline, stacked
from pipelines.browse.neighbours import Link, Neighbourhood


def test_stacked_bars_fill_the_width_in_proportion() -> None:
    bars = stacked({"stored": 3, "failed": 0, "refused": 1}, width=100)

    assert [(bar.name, bar.x, bar.width) for bar in bars] == [("stored", 0, 75), ("refused", 75, 25)]


def test_nothing_is_no_bar() -> None:
    assert stacked({"stored": 0}, width=100) == ()
    assert columns([{"stored": 0}], width=100, height=10) == ()


def test_columns_stand_on_the_ground_and_the_highest_fills_the_height() -> None:
    bars = columns([{"stored": 1, "failed": 1}, {"stored": 4}], width=20, height=40)

    assert [(bar.y, bar.height) for bar in bars] == [(30, 10), (20, 10), (0, 40)]
    assert max(bar.x + bar.width for bar in bars) <= 20


def test_a_line_goes_on_over_what_is_not_known() -> None:
    assert sparkline([0.0, None, 1.0], width=10, height=4) == "0.0,4.0 10.0,0.0"


def test_a_page_that_links_both_ways_stands_on_one_side_only() -> None:
    around = Neighbourhood(
        1, {1: "one", 2: "two", 3: "三" * 40}, (Link(1, 2, "related"), Link(2, 1, "latest"), Link(3, 1, "x"))
    )

    graph = graph_of(around)

    assert {node.page_id: node.place for node in graph.nodes} == {3: "before", 1: "centre", 2: "after"}
    assert len(graph.edges) == 3
    assert all(node.y >= 0 and node.y + node.height <= graph.height for node in graph.nodes)
    assert [line for node in graph.nodes if node.page_id == 3 for line in node.lines] == ["三" * 18, "三" * 17 + "…"]
