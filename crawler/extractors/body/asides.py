"""Boxes beside what a text tells, though they stand in it, by their names: facts in brief, disclaimers, its author."""

import re

import numpy as np

from crawler.extractors.tree.outline import Outline

_ASIDES = re.compile(
    r"(?:^|[\s_-])(?<!tag-)(?<!category-)"  # by which programs of blogs name posts
    r"(?:disclaimer|saboxplugin|info(?:box|boks|kasten)|fact-?box|fakta-?(?:box|boks|ruta)|fakten-?(?:box|kasten))"
    r"(?=$|[\s_-])",
)
_STEMS = ("disclaimer", "sabox", "infob", "infok", "fact", "fakt")
"""One is in each of them; most pages have none."""
_WHOLE = frozenset(("html", "body", "article", "main", "table"))
"""No boxes in a text; an encyclopedia's infobox is a table, and part of the article."""


def asides(outline: Outline) -> frozenset[int]:
    """Numbers of their blocks."""
    names = outline.names
    written = "\n".join(names.classes).lower()
    stems = [stem for stem in _STEMS if stem in written]
    if not stems:
        return frozenset()
    lowered = enumerate(map(str.lower, names.classes))
    found = [number for number, name in lowered if any(stem in name for stem in stems) and _ASIDES.search(name)]
    nodes = np.isin(names.classes_and_ids[0], found).nonzero()[0].tolist()
    return frozenset(block for node in nodes if outline.tags[node] not in _WHOLE for block in outline.blocks_of(node))
