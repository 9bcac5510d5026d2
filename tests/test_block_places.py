"""Groups and bounds of the numbers of a page's blocks."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.body.block_places import bounded, grouped

_KEYS = st.lists(st.integers(-5, 5) | st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=30)


@given(_KEYS)
def test_keys_are_numbered_by_their_order(keys: list[int]) -> None:
    groups = grouped(np.array(keys, dtype=np.int64))

    different = sorted(set(keys))
    assert groups.tolist() == [different.index(key) for key in keys]


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_numbers_are_held_within_bounds(numbers: list[float]) -> None:
    assert bounded(np.array(numbers), -1, 2).tolist() == [min(max(number, -1), 2) for number in numbers]
