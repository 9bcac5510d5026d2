"""Words of labels: those found for a whole page at once are those of each text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.body.block_words import LabelWords, label_words
from crawler.extractors.tree.block_text import Letters

# Characters beyond the basic plane are pictures and rare letters, which LabelWords does not read.
COMMON = st.sampled_from("aAbZ éß ΣİΩЖ 港口新機かな한 12٣４² _-.,/©| \n\t'")
LETTERS = COMMON | st.characters(max_codepoint=0xFFFE, exclude_categories=["Cs"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Read more", ("read", "more"), id="lower-case"),
        pytest.param("阅读全文", ("阅读", "读全", "全文"), id="pairs-where-words-are-not-parted"),
        pytest.param("2026-11-23 08:30", ("0000", "00", "00", "00", "00"), id="numbers-by-their-length"),
        pytest.param("© 1234567", ("©", "0000"), id="signs-and-long-numbers"),
        pytest.param("a b c d e f g h i j", tuple("abcdefgh"), id="the-first-eight"),
        pytest.param("x" * 161, (), id="long-texts-are-no-labels"),
    ],
)
def test_words_of_a_label(text: str, words: tuple[str, ...]) -> None:
    assert label_words(text) == words


@given(st.lists(st.text(LETTERS, min_size=1, max_size=200), min_size=1, max_size=8))
def test_words_found_at_once_are_those_of_each_text(texts: list[str]) -> None:
    known = sorted({word for text in texts for word in label_words(text)})

    rows, owners = LabelWords(known).find(Letters(texts))

    found = [(owner, known[row]) for row, owner in zip(rows.tolist(), owners.tolist(), strict=True)]
    assert found == [(number, word) for number, text in enumerate(texts) for word in label_words(text)]


def test_unknown_words_are_not_found() -> None:
    rows, owners = LabelWords(["port", "crane"]).find(Letters(["A crane", "ports", "港口"]))

    assert rows.tolist() == [1]
    assert owners.tolist() == [0]


def test_nothing_is_found_without_known_words() -> None:
    rows, _ = LabelWords([]).find(Letters(["A crane"]))

    assert rows.tolist() == []
