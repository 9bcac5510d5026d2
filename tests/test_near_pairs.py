"""All near pairs are found, each once, and nothing else: as comparing each with each finds them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.near_pairs import Hashes, near_pairs

BITS = st.sets(st.integers(0, 63), max_size=9)


def flipped(value: int, places: set[int]) -> int:
    for place in places:
        value ^= 1 << place
    return value


def pairs_of(hashes: Hashes, most: int) -> set[tuple[int, int]]:
    first, second = near_pairs(hashes, most)
    assert len(set(zip(first, second, strict=True))) == len(first), "each once"
    return set(zip(first.tolist(), second.tolist(), strict=True))


def by_comparing_all(hashes: Hashes, most: int) -> set[tuple[int, int]]:
    values = hashes.tolist()
    return {
        (first, second)
        for second in range(len(values))
        for first in range(second)
        if (values[first] ^ values[second]).bit_count() <= most
    }


@given(
    st.lists(st.integers(0, 2**64 - 1), max_size=12), st.lists(st.tuples(st.integers(0, 11), BITS)), st.integers(0, 9)
)
def test_pairs_are_those_that_comparing_each_with_each_finds(
    seeds: list[int], copies: list[tuple[int, set[int]]], most: int
) -> None:
    near = [flipped(seeds[place], places) for place, places in copies if place < len(seeds)]
    hashes = np.array(sorted({*seeds, *near}), dtype=np.uint64)

    assert pairs_of(hashes, most) == by_comparing_all(hashes, most)


@pytest.mark.parametrize("count", [3_000, 30_000])
@pytest.mark.parametrize("most", [3, 6, 10])
def test_planted_pairs_are_found_among_many(count: int, most: int) -> None:
    random = np.random.default_rng(1)
    hashes = random.integers(0, 2**64, size=count, dtype=np.uint64)
    for place in range(0, 200, 2):
        bits = random.choice(64, size=most, replace=False).tolist()
        hashes[place + 1] = flipped(int(hashes[place]), set(bits))

    found = pairs_of(hashes, most)

    assert {(place, place + 1) for place in range(0, 200, 2)} <= found
    assert all(int(hashes[one] ^ hashes[other]).bit_count() <= most for one, other in found)
