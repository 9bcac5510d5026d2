"""What a page shows: blocks of text, links and images."""

from enum import IntEnum
from typing import NamedTuple


class Break(IntEnum):
    """What parts a block from the one before it."""

    BLOCK = 0  # a block-level element begins or ends
    LINE = 1  # one <br>
    PARAGRAPH = 2  # two or more <br>


class TextBlock(NamedTuple):
    """Visible text of one line or paragraph; never empty."""

    number: int
    node: int
    """The nearest block-level element around it."""
    tag: str
    """Tag of that element."""
    text: str
    """White space collapsed; kept in `pre`."""
    anchors: range
    """Indexes of the links inside the block, or around it."""
    linked: int
    """Characters of the text that are link text."""
    broken: Break


class Anchor(NamedTuple):
    """A link: an `a` element with an href."""

    number: int
    node: int
    href: str
    """As written, outer white space included."""
    text: str
    """All its text, white space collapsed; may span several blocks."""
    block: int | None
    """Index of the first block with its text; None for an image-only or empty link."""
    image: str | None
    """Source of the first image inside, as written."""
    alt: str
    """Alternative text of that image, collapsed; "" where it has none."""


class Image(NamedTuple):
    number: int
    node: int
    src: str
    """As written; the real source where the page loads it late."""
    alt: str
    block: int
    """Index of the first block that begins after it."""
    anchor: int | None
