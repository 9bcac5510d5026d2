"""Copies of a text on its own page."""

import pytest

from crawler.extractors.body.copies import without_copies

LONG = [
    "The harbour opened a new crane on Monday, and the operator said so there.",
    "It lifts forty tonnes, twice what",
]
ONCE = ["Cranes", LONG[0], "Strength", LONG[1], "Price"]


def kept(texts: list[str], chosen: list[int] | None = None) -> list[int]:
    chosen = list(range(len(texts))) if chosen is None else chosen
    return without_copies(texts, chosen, long=[texts[number] in LONG for number in chosen])


@pytest.mark.parametrize("times", [2, 3, 5])
def test_copies_of_a_text_go_with_their_sub_headings(times: int) -> None:
    assert kept(ONCE * times) == list(range(len(ONCE)))


def test_what_stands_between_copies_stays() -> None:
    texts = [*ONCE, "Jobs", *ONCE, "Jobs", "Ships"]

    assert [texts[number] for number in kept(texts)] == [*ONCE, "Jobs", "Ships"]


def test_short_lines_are_said_again() -> None:
    assert kept(["Pros", "Strong", "Cons", "Dear", "Pros", "Quick", "Cons", "Dear"]) == list(range(8))


def test_a_long_line_alone_takes_no_short_ones_with_it() -> None:
    texts = ["Pros", LONG[0], "Cons", "Pros", LONG[0], "Cons"]

    assert kept(texts) == [0, 1, 2, 3, 5]


def test_a_copy_of_what_is_no_body_stays() -> None:
    second = [5, 6, 7, 8, 9]

    assert kept(ONCE * 2, second) == second
    assert kept(ONCE * 2, [1, 3, *second]) == [1, 3, 5, 7, 9]
