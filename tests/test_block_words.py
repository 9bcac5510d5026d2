"""Words of labels and names: those found for a whole page at once are those of each text."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.extractors.body.block_words import label_words, name_words
from crawler.extractors.tree.names import Names
from crawler.extractors.tree.outline import split_words
from crawler.extractors.tree.word_hashes import KnownWords, WordHashes, label_hashes, name_hashes

# Characters beyond the basic plane are pictures and rare letters, which are not read.
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


def found(known: list[str], words: WordHashes) -> list[tuple[int, str]]:
    numbers, texts = KnownWords(known).find(words)
    return [(text, known[number]) for number, text in zip(numbers.tolist(), texts.tolist(), strict=True)]


@given(st.lists(st.text(LETTERS, min_size=1, max_size=200), min_size=1, max_size=8))
def test_words_of_labels_found_at_once_are_those_of_each(texts: list[str]) -> None:
    words = [(number, word) for number, text in enumerate(texts) for word in label_words(text)]

    assert found(sorted({word for _, word in words}), label_hashes(texts)) == words


@given(st.lists(st.text(st.sampled_from("abAB-_ 12é港\n"), max_size=40), max_size=8))
def test_words_of_names_found_at_once_are_those_of_each(names: list[str]) -> None:
    words = [(number, word) for number, name in enumerate(names) for word in name_words(name)]

    assert found(sorted({word for _, word in words}), name_hashes(names)) == words


def test_unknown_words_are_not_found() -> None:
    assert found(["port", "crane"], name_hashes(["craneBox", "", "ports"])) == [(0, "crane")]


def test_nothing_is_found_without_known_words() -> None:
    assert found([], name_hashes(["crane"])) == []


def test_each_of_many_known_words_is_found() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [*letters, *(first + second for first in letters for second in letters)]

    numbers, texts = KnownWords(words).find(name_hashes(words))

    assert numbers.tolist() == texts.tolist() == list(range(len(words)))


@given(st.lists(st.tuples(st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=12)), min_size=1, max_size=8))
@example([("", "İ")])
def test_bits_of_nodes_are_those_of_the_words_of_class_and_id(nodes: list[tuple[str, str]]) -> None:
    known = sorted({word for names in nodes for name in names for word in name_words(name)})[:60]
    bits = {word: 1 << place for place, word in enumerate(known)}

    classes, ids = Names(*zip(*nodes, strict=True)).bits(
        KnownWords(known), np.array(list(bits.values()), dtype=np.int64)
    )

    told = [[sum({bits.get(word, 0) for word in split_words(name)}) for name in names] for names in nodes]
    assert [list(pair) for pair in zip(classes.tolist(), ids.tolist(), strict=True)] == told


def test_what_is_written_alike_has_one_number() -> None:
    names = Names(["card", "", "card", "menu"], ["top", "card", "", ""])

    assert names.classes_and_ids.tolist() == [[1, 0, 1, 2], [3, 1, 0, 0]]
    assert names.classes == ["", "card", "menu"]
