"""The scores that the benchmarks print."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from models.items import LinkItem, LinkList, LinkListKind, Page, TagItem, TagList, TagListKind
from tests.benchmarks.listed import score_lists
from tests.benchmarks.scores import four_gram_f1, names_f1, same_day, same_words, score_body

SCORER = Path(__file__).parents[2] / "shared" / "kit" / "score" / "score_bodies.py"
BODIES = [
    ("one two three four five", "one two three four five"),
    ("one two three four five", "one two three four six seven"),
    ("第一段文字。\n第二段文字更长一些。", "第一段文字。\n别的话\n第二段文字更长一些。"),
    ("A line.\nAnother line, longer than that.", "Another line, longer than that!"),
    ("only wanted", ""),
    ("two words", "Two Words"),
]


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    if not SCORER.is_file():
        pytest.skip("the scorer to compare with is not beside the project")
    spec = importlib.util.spec_from_file_location("score_bodies", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("wanted", "found"), BODIES)
def test_a_body_scores_as_with_the_scorer_beside_the_project(scorer: ModuleType, wanted: str, found: str) -> None:
    theirs = scorer.page_scores(wanted, found, "cjk")

    ours = score_body(wanted, found)

    assert (ours.word_f1, ours.paragraph_f1) == pytest.approx((theirs["wf"], theirs["pf"]))
    assert [ours.precision, ours.recall] == [
        None if value != value else pytest.approx(value)  # noqa: PLR0124  # NaN differs from itself
        for value in (theirs["aeb_p"], theirs["aeb_r"])
    ]


def test_four_gram_f1_is_of_the_means_and_an_empty_reading_costs_recall() -> None:
    whole, empty = score_body("a b c d", "a b c d"), score_body("a b c d", "")

    assert four_gram_f1([whole]) == 1.0
    assert four_gram_f1([whole, empty]) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        ("“Quoted” – twice", '"Quoted" - twice', True),
        ("One headline", "One headline | Site", False),
        ("One", None, False),
    ],
)
def test_headlines_are_compared_by_their_words(wanted: str, found: str | None, same: bool) -> None:
    assert same_words(wanted, found) is same


@pytest.mark.parametrize(
    ("found", "same"),
    [("2026-03-09T23:00:00+08:00", True), ("2026年3月9日", True), ("2026-03-10", False), (None, False)],
)
def test_days_are_compared_as_written(found: str | None, same: bool) -> None:
    assert same_day("2026-03-09", found) is same


def test_names_are_a_set_without_what_introduces_them() -> None:
    assert names_f1("By Ann Lee and Bo Chen", ["Bo Chen", "ann lee"]) == 1.0
    assert names_f1(["Ann Lee"], ["Ann Lee", "Bo Chen"]) == pytest.approx(2 / 3)


def test_lists_leave_out_the_page_itself_and_what_is_optional() -> None:
    here = "https://example.com/a"
    row = {
        "url": here,
        "related": [
            {"kind": "related", "items": [{"url": "https://example.com/b", "title": "B"}]},
            {"kind": "latest", "optional": True, "items": [{"url": "https://example.com/c", "title": "C"}]},
        ],
        "tags": [{"kind": "article", "items": [{"label": "Ports", "url": None}]}],
    }
    items = tuple(LinkItem(url=f"https://example.com/{name}/", headline=name.upper()) for name in "abcd")
    page = Page(
        url=here,
        link_lists=(LinkList(kind=LinkListKind.RELATED, items=items),),
        tag_lists=(TagList(kind=TagListKind.ARTICLE, items=(TagItem(name="#ports"),)),),
    )

    score = score_lists(row, page)

    assert (score.union.both, score.union.extra, score.union.missed) == (1, 1, 0)
    assert score.related.f1 == pytest.approx(2 / 3)
    assert (score.tags.f1, score.kinds_right, score.headlines_right) == (1.0, 1, 1)
