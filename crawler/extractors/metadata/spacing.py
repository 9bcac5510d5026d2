"""Texts of elements set side by side without a space between them: "By" "Jane Roe", "Mar 27, 2024" "5 min read"."""

import re
from itertools import islice

from crawler.extractors.tree.outline import Outline, TextBlock
from crawler.markup.text import collapse
from crawler.markup.tree import Node

_LONGEST = 600
_LONGEST_LABEL = 60
_MOST_PIECES = 20
# A capital inside a word, or more or fewer digits than years and days have.
_MAY_TOUCH = re.compile(r"[^\W_][A-ZÀ-ÞĀ-ſΑ-ΫА-Я]|(?<!\d)(?:\d{3}|\d{5,})(?!\d)")
_PARTED = re.compile(r"(?![年月])[\u3400-\u9fff]{2}|\d{2}")
_BY_WORD = re.compile(r"(?i)(?:^|\s)(?:by|von|par|por|di|door|and|und|et|y|e|&|with|,)\s*$")


def spaced_text(outline: Outline, block: TextBlock) -> str:
    """A block's text with a bar where two elements touch: "VonJane RoeJohn Doe" is "Von Jane Roe | John Doe"."""
    element = outline.nodes[block.node]
    if len(element) == 0 or len(block.text) > _LONGEST or not _MAY_TOUCH.search(block.text):
        return block.text
    return spaced(element) if len(outline.blocks_of(block.node)) == 1 else block.text


def parted_text(outline: Outline, block: TextBlock) -> str:
    """A block's text with a bar where letters or digits of two elements touch: 王小明某某笔记 is 王小明 | 某某笔记."""
    element = outline.nodes[block.node]
    if len(element) == 0 or len(outline.blocks_of(block.node)) != 1:
        return block.text
    text = ""
    for piece in filter(None, element.itertext()):
        # Of a date each part may be an element.
        text += f" | {piece}" if text and _PARTED.fullmatch(text[-1] + piece[0]) else piece
    return collapse(text)


def spaced(element: Node) -> str:
    """The same for any element; cut short where it is no line."""
    text = ""
    for piece in element.itertext():
        touching = bool(text and piece) and _touch(text[-1], piece[0])
        text += (" " if touching and _BY_WORD.search(text[-8:]) else " | " if touching else "") + piece
        if len(text) > _LONGEST:
            break
    return collapse(text)


def end_of_link(outline: Outline, block: TextBlock, before: str) -> int:
    """Where the last link in these words of a block ends: a headline that is linked labels no date behind it."""
    if not before or not block.anchors:
        return 0
    texts = [outline.anchors[number].text for number in block.anchors]
    return max((before.rfind(text) + len(text) for text in texts if text and text in before), default=0)


def text_before(element: Node) -> str:
    """The last of the text right before an element, inside its parent or its parent's parent; "" for none."""
    for _ in range(2):
        previous, parent = element.getprevious(), element.getparent()
        if previous is not None:
            # A label is short: a sibling with more pieces than this is none, however long.
            text = "".join(islice(previous.itertext(), _MOST_PIECES)) + previous.tail
        else:
            text = parent.text if parent is not None else ""
        if text.strip():
            return text.strip()[-_LONGEST_LABEL:]
        if parent is None:
            return ""
        element = parent
    return ""


def _touch(left: str, right: str) -> bool:
    return (left.isalnum() and right.isupper()) or (left.isdecimal() and right.isdecimal())
