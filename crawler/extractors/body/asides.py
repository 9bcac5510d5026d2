"""Boxes beside what a text tells, though they stand in it, by their names: facts in brief, its author, newsletters."""

import re

from crawler.extractors.body.named_nodes import named_nodes
from crawler.extractors.tree.outline import Outline


def _named(words: str) -> re.Pattern[str]:
    """Whole words of class names, and not those by which programs of blogs name posts."""
    return re.compile(rf"(?:^|[\s_-])(?<!tag-)(?<!category-)(?:{words})(?=$|[\s_-])")


_ASIDES = _named(
    r"disclaimer|saboxplugin|info(?:box|boks|kasten)|fact-?box|fakta-?(?:box|boks|ruta)|fakten-?(?:box|kasten)"
)
_STEMS = ("disclaimer", "sabox", "infob", "infok", "fact", "fakt")
_INVITATIONS = _named("newsletter")
_LONGEST_INVITATION = 400  # letters; the page of a newsletter's issue bears its name, too
_WHOLE = frozenset(("html", "body", "article", "main", "table"))
"""No boxes in a text; an encyclopedia's infobox is a table, and part of the article."""


def asides(outline: Outline) -> frozenset[int]:
    """Numbers of their blocks."""
    boxes = named_nodes(outline, _ASIDES, stems=_STEMS)
    invitations = named_nodes(outline, _INVITATIONS, stems=("newsletter",))
    boxes += [node for node in invitations if len(outline.text_of(node)) <= _LONGEST_INVITATION]
    return frozenset(block for node in boxes if outline.tags[node] not in _WHOLE for block in outline.blocks_of(node))
