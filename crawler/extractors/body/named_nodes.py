"""Nodes by their class names, which most pages have none of."""

import re
from collections.abc import Sequence

import numpy as np

from crawler.extractors.tree.outline import Outline


def named_nodes(outline: Outline, pattern: re.Pattern[str], *, stems: Sequence[str]) -> list[int]:
    """Of which the class attribute, in small letters, is found by the pattern. One of the `stems` is in each."""
    written = "\n".join(outline.names.classes).lower()
    shown = [stem for stem in stems if stem in written]
    if not shown:
        return []
    names = enumerate(map(str.lower, outline.names.classes))
    found = [number for number, name in names if any(stem in name for stem in shown) and pattern.search(name)]
    nodes: list[int] = np.isin(outline.names.classes_and_ids[0], found).nonzero()[0].tolist()
    return nodes
