"""A word diff gives both texts back, keeps what stayed, and reads long texts in time that grows as they do."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.word_diff import Op, Piece, count_words, matching_runs, tokens_of, word_diff

TEXTS = st.lists(st.sampled_from(["港口", "harbour", " ", "，", "\n", "a", "的", "2026", "."]), max_size=40).map(
    "".join
)


def joined(pieces: tuple[Piece, ...], *without: Op) -> str:
    return "".join(piece.text for piece in pieces if piece.op not in without)


def marked(old: str, new: str) -> str:
    signs = {Op.SAME: "{}", Op.GONE: "[-{}-]", Op.ADDED: "{{+{}+}}"}
    return "".join(signs[piece.op].format(piece.text) for piece in word_diff(old, new))


@given(TEXTS, TEXTS)
def test_pieces_give_both_texts_back(old: str, new: str) -> None:
    pieces = word_diff(old, new)

    assert joined(pieces, Op.ADDED) == old
    assert joined(pieces, Op.GONE) == new
    assert all(piece.text for piece in pieces)
    assert all(first.op is not second.op for first, second in pairwise(pieces))


@given(st.lists(st.integers(0, 9), max_size=40), st.lists(st.integers(0, 9), max_size=40), st.integers(1, 3))
def test_runs_are_equal_in_order_and_do_not_overlap(old: list[int], new: list[int], anchor: int) -> None:
    last = (0, 0)
    for run in matching_runs(old, new, anchor):
        assert run.length > 0
        assert old[run.old : run.old + run.length] == new[run.new : run.new + run.length]
        assert (run.old, run.new) >= last
        last = (run.old + run.length, run.new + run.length)


@given(st.text(max_size=200))
def test_tokens_give_the_text_back(text: str) -> None:
    assert "".join(tokens_of(text)) == text


CHANGES = [
    pytest.param("the old harbour", "the new harbour", "the [-old-]{+new+} harbour", id="word"),
    pytest.param(
        "the old small harbour", "the new big harbour", "the [-old small-]{+new big+} harbour", id="two-words"
    ),
    pytest.param("港口覆盖七个泊位。", "港口覆盖九个泊位。", "港口覆盖[-七-]{+九+}个泊位。", id="han-letter"),
    pytest.param("港口改造", "港口改造完成", "港口改造{+完成+}", id="added-at-the-end"),
    pytest.param("前言\n港口改造", "港口改造", "[-前言\n-]港口改造", id="gone-at-the-beginning"),
    pytest.param("a\nb\nc", "a\nc", "a\n[-b\n-]c", id="line"),
    pytest.param("one.\nthree.", "one.\ntwo.\nthree.", "one.\n{+two.\n+}three.", id="line-in-the-middle"),
    pytest.param("one.", "one.\ntwo.", "one.{+\ntwo.+}", id="line-at-the-end"),
    pytest.param("one.\ntwo.", "one.", "one.[-\ntwo.-]", id="line-gone-at-the-end"),
    pytest.param("harbour", "harbours", "[-harbour-]{+harbours+}", id="words-are-whole"),
    pytest.param("same", "same", "same", id="nothing"),
    pytest.param("", "all", "{+all+}", id="from-nothing"),
    pytest.param("all", "", "[-all-]", id="to-nothing"),
]


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES)
def test_changes_are_shown_as_a_reader_would_mark_them(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


@pytest.mark.parametrize(
    "unit",
    [pytest.param("第{}个泊位的岸桥由远程司机操作，", id="han"), pytest.param("crane {} of the berth, ", id="latin")],
)
def test_edits_all_over_a_book_are_found_one_by_one(unit: str) -> None:
    numbers = range(20_000)
    old = "".join(unit.format(number) for number in numbers)
    new = "".join(unit.format(f"new{number}" if number % 500 == 250 else number) for number in numbers)

    pieces = word_diff(old, new)

    assert len([piece for piece in pieces if piece.op is Op.ADDED]) == 40
    assert count_words(pieces, Op.GONE) == count_words(pieces, Op.ADDED) == 40


def test_a_long_text_written_anew_is_replaced_as_a_whole() -> None:
    old, new = "港口" * 50_000, "harbour " * 50_000

    assert [piece.op for piece in word_diff(old, new)] == [Op.GONE, Op.ADDED]
