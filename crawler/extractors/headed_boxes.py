"""Boxes under a heading that announces a list: their excerpts are running text, and still no body.

On portals the excerpts of ten related articles outweigh a short article, so the body cannot be found by mass of text
before such boxes are known.
"""

from crawler.extractors.list_kinds import Announced, announced_by
from crawler.extractors.outline import Outline
from crawler.markup.text import count_words

_LISTS = Announced.RELATED | Announced.POPULAR | Announced.LATEST | Announced.TAGS | Announced.HOT_TAGS
_LONGEST_HEADING, _LONGEST_LATIN = 8, 5  # words; a Han letter is one
_FEWEST_ITEMS = 2
_LINES_OF_ITEM = 5  # headline, excerpt, time, mark, count
_MOST_LEVELS = 4  # from the heading up to its box


def headed_blocks(outline: Outline) -> frozenset[int]:
    """Numbers of the blocks in boxes that open with such a heading and hold little but headlines that are links."""
    found: set[int] = set()
    for block in outline.blocks:
        if block.number in found or block.linked or not _announces(block.text):
            continue
        box = _box(outline, block.number, block.node)
        if box is not None:
            found.update(outline.blocks_of(box))
    return frozenset(found)


def _announces(text: str) -> bool:
    if len(text) > 40 or count_words(text) > (_LONGEST_LATIN if text.isascii() else _LONGEST_HEADING):
        return False
    return bool(announced_by(text) & _LISTS)


def _box(outline: Outline, number: int, node: int) -> int | None:
    """The lowest node around the heading that holds items, as long as the heading is the first it shows."""
    for _ in range(_MOST_LEVELS):
        if node <= 0 or outline.blocks_of(node).start != number:
            return None
        if _holds_items(outline, node):
            return node
        node = outline.parents[node]
    return None


def _holds_items(outline: Outline, node: int) -> bool:
    """Most lines belong to an item, and an item has a line that is all link."""
    span = outline.blocks_of(node)
    blocks = [outline.blocks[number] for number in span[1:]]
    items = sum(block.linked * 10 >= len(block.text) * 9 for block in blocks)
    has_headline = any(block.tag == "h1" for block in blocks)
    return items >= _FEWEST_ITEMS and len(blocks) <= items * _LINES_OF_ITEM and not has_headline
