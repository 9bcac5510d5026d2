"""Boxes under a heading that announces a list: their excerpts are running text, and still no body.

On portals the excerpts of ten related articles outweigh a short article, so the body cannot be found by mass of text
before such boxes are known.
"""

import numpy as np
from numpy.typing import NDArray

from crawler.extractors.lists.list_kinds import Announced, announced_by
from crawler.extractors.tree.outline import Outline, TextBlock
from crawler.markup.text import count_words

_LISTS = Announced.RELATED | Announced.POPULAR | Announced.LATEST | Announced.TAGS | Announced.HOT_TAGS
_LONGEST_HEADING, _LONGEST_LATIN = 8, 5  # words; a Han letter is one
_LONGEST_TEXT = 40  # characters
_SHORTEST_HEADLINE, _SHORTEST_EXCERPT = 6, 30  # characters
_FEWEST_ITEMS = 2
_LINES_OF_ITEM = 5  # headline, excerpt, time, mark, count
_MOST_LEVELS = 4  # from the heading up to its box


def headed_blocks(outline: Outline) -> frozenset[int]:
    """Numbers of the blocks in boxes that open with such a heading and hold little but headlines that are links."""
    linked, lengths = outline.columns.block_linked, outline.columns.block_lengths
    headlines = (linked >= _SHORTEST_HEADLINE) & (linked * 10 >= lengths * 9)
    if np.count_nonzero(headlines) < _FEWEST_ITEMS:
        return frozenset()
    excerpts = (linked == 0) & (lengths >= _SHORTEST_EXCERPT)
    # The words are dear to compare: looked at only where a headline and an excerpt follow.
    likely = (linked == 0) & (lengths <= _LONGEST_TEXT) & _follow(headlines) & _follow(excerpts)
    found: set[int] = set()
    for number in np.flatnonzero(likely).tolist():
        block = outline.blocks[number]
        if number not in found and _announces(block.text):
            box = _box(outline, block)
            if box is not None:
                found.update(outline.blocks_of(box))
    return frozenset(found)


def _follow(wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of each block whether a wanted one is among those that may be of the same item."""
    before = np.concatenate([[0], np.cumsum(wanted)])
    numbers = np.arange(1, len(wanted) + 1)
    following: NDArray[np.bool_] = before[np.minimum(numbers + _LINES_OF_ITEM, len(wanted))] > before[numbers]
    return following


def _is_link(block: TextBlock) -> bool:
    return block.linked * 10 >= len(block.text) * 9


def _announces(text: str) -> bool:
    if count_words(text) > (_LONGEST_LATIN if text.isascii() else _LONGEST_HEADING):
        return False
    return bool(announced_by(text) & _LISTS)


def _box(outline: Outline, heading: TextBlock) -> int | None:
    """The lowest node around the heading that holds items, as long as the heading is the first it shows."""
    node = heading.node
    for _ in range(_MOST_LEVELS):
        if node <= 0 or outline.blocks_of(node).start != heading.number:
            return None
        if _holds_items(outline, node):
            return node
        node = outline.parents[node]
    return None


def _holds_items(outline: Outline, node: int) -> bool:
    """Most lines belong to an item, and an item has a line that is all link."""
    blocks = [outline.blocks[number] for number in outline.blocks_of(node)[1:]]
    items = sum(map(_is_link, blocks))
    has_headline = any(block.tag == "h1" for block in blocks)
    return items >= _FEWEST_ITEMS and len(blocks) <= items * _LINES_OF_ITEM and not has_headline
