"""64 bits of a text: near for texts that share most of their shingles, far for others, the same on every machine."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.similarity import BITS, CHARACTERS, LEAST_TOKENS, TOO_SHORT, distance, similarity_hash

WORDS = [f"word{number}" for number in range(4000)]
HAN = [chr(0x4E00 + number) for number in range(4000)]


def english(seed: int, count: int = 400) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=count))  # noqa: S311  # a text, no secret


def chinese(seed: int, count: int = 900) -> str:
    letters = random.Random(seed).choices(HAN, k=count)  # noqa: S311  # the same
    return "，".join("".join(letters[start : start + 12]) for start in range(0, count, 12))


TEXTS = [pytest.param(english, id="spaced"), pytest.param(chinese, id="unspaced")]


@given(st.text(max_size=300))
def test_any_text_has_a_hash_that_a_signed_column_takes(text: str) -> None:
    assert -(2**63) <= similarity_hash(text) < 2**63


def test_hash_is_the_same_on_every_machine_and_with_every_version() -> None:
    # Stored hashes are compared with new ones: another value here means that all have to be made anew.
    assert similarity_hash(english(1)) == 8330446283219447986
    assert similarity_hash(chinese(1)) == -7437066806505473260


@pytest.mark.parametrize("make", TEXTS)
def test_a_text_and_its_edited_copy_are_near(make: Callable[[int], str]) -> None:
    for seed in range(30):
        text = make(seed)
        copy = f"{text[:200]}{text[206:]} Read more of this on our site. 更多内容请关注本站公众号。"

        assert distance(similarity_hash(text), similarity_hash(copy)) <= 10


@pytest.mark.parametrize("make", TEXTS)
def test_unrelated_texts_are_far(make: Callable[[int], str]) -> None:
    hashes = [similarity_hash(make(seed)) for seed in range(60)]
    distances = [distance(first, second) for place, first in enumerate(hashes) for second in hashes[:place]]

    assert min(distances) > 10
    assert np.mean(distances) == pytest.approx(BITS / 2, abs=1)


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(lambda text: text.upper(), id="case"),
        pytest.param(lambda text: text.replace("，", "。\n"), id="punctuation"),
        pytest.param(lambda text: f"  {text}\n\n", id="space"),
        pytest.param(lambda text: text.replace(" ", "\u3000"), id="ideographic-space"),
    ],
)
def test_what_is_no_text_does_not_count(copy: Callable[[str], str]) -> None:
    for text in (english(1), chinese(1), f"{chinese(2)} {english(2)} Ünïcödé"):
        assert similarity_hash(copy(text)) == similarity_hash(text)


@pytest.mark.parametrize(("join", "unit"), [(" ", "word"), ("", "港")], ids=["words", "han"])
def test_a_text_too_short_to_compare_has_no_hash(join: str, unit: str) -> None:
    assert similarity_hash("") == TOO_SHORT
    assert similarity_hash(join.join([unit] * (LEAST_TOKENS - 1))) == TOO_SHORT
    assert similarity_hash(join.join([unit] * LEAST_TOKENS)) != TOO_SHORT


def test_words_in_another_order_are_another_text() -> None:
    words = english(1).split()

    assert distance(similarity_hash(" ".join(words)), similarity_hash(" ".join(sorted(words)))) > 15


def test_of_a_book_the_beginning_counts() -> None:
    book = "İ" + chinese(1, CHARACTERS + 1000)

    assert similarity_hash(book) == similarity_hash(book + chinese(2))


@pytest.mark.parametrize(("first", "second", "bits"), [(0, 0, 0), (0, -1, 64), (-(2**63), 2**63 - 1, 64), (5, -5, 63)])
def test_distance_counts_bits_of_signed_numbers(first: int, second: int, bits: int) -> None:
    assert distance(first, second) == distance(second, first) == bits
