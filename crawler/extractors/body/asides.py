"""Boxes beside what a text tells, though they stand in it, by their names: facts in brief, its author, newsletters."""

import re

import numpy as np

from crawler.extractors.tree.outline import Outline

_ASIDES = re.compile(
    r"(?:^|[\s_-])(?<!tag-)(?<!category-)"  # by which programs of blogs name posts
    r"(?:disclaimer|saboxplugin|info(?:box|boks|kasten)|fact-?box|fakta-?(?:box|boks|ruta)|fakten-?(?:box|kasten))"
    r"(?=$|[\s_-])",
)
_INVITATIONS = re.compile(r"(?:^|[\s_-])(?<!tag-)(?<!category-)newsletter(?=$|[\s_-])")
_LONGEST_INVITATION = 400  # letters; the page of a newsletter's issue bears its name, too
_STEMS = ("disclaimer", "sabox", "infob", "infok", "fact", "fakt", "newsletter")
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
    lowered = [(number, name.lower()) for number, name in enumerate(names.classes)]
    likely = [(number, name) for number, name in lowered if any(stem in name for stem in stems)]
    boxes = _named(outline, [number for number, name in likely if _ASIDES.search(name)])
    invitations = _named(outline, [number for number, name in likely if _INVITATIONS.search(name)])
    boxes += [node for node in invitations if len(outline.text_of(node)) <= _LONGEST_INVITATION]
    return frozenset(block for node in boxes for block in outline.blocks_of(node))


def _named(outline: Outline, classes: list[int]) -> list[int]:
    """Nodes of these class names, by their numbers."""
    nodes = np.isin(outline.names.classes_and_ids[0], classes).nonzero()[0].tolist() if classes else []
    return [node for node in nodes if outline.tags[node] not in _WHOLE]
