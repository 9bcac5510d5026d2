"""The one walk over a page's tree: visible text cut into blocks, links and images numbered as they come.

Everything here runs once for each element of each page, so the state is plain lists and the tags are looked up once.
"""

import re
from enum import IntEnum
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element

from crawler.markup.text import collapse


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


INLINE, BOUNDARY, SKIPPED, LINE_BREAK, LINK, IMAGE, PREFORMATTED = range(7)
_BOUNDARY_TAGS = """
    html body address article aside blockquote button caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p search section summary
    table tbody td tfoot th thead tr ul amp-list amp-sidebar
"""
_SKIPPED_TAGS = """
    head script style template noscript svg math iframe object embed select option datalist textarea input canvas map
    noframes video audio amp-script amp-analytics amp-state
"""
TAG_KINDS: dict[str, int] = {
    **dict.fromkeys(_BOUNDARY_TAGS.split(), BOUNDARY),
    **dict.fromkeys(_SKIPPED_TAGS.split(), SKIPPED),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), PREFORMATTED),
    "br": LINE_BREAK,
    "a": LINK,
    "img": IMAGE,
    "amp-img": IMAGE,
}
# A line break inside these is white space: a headline set over two lines is one.
_UNBROKEN = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "caption", "th", "button"})
# Where pages that load images late keep the real source, the surest first.
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-url", "data-actualsrc", "src", "data-srcset", "srcset")
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Walk:
    """The lists that the walk fills, indexed by node number, and its state between two events."""

    def __init__(self) -> None:
        self.nodes: list[_Element] = []
        self.tags: list[str] = []
        self.parents: list[int] = []
        self.depths: list[int] = []
        self.ends: list[int] = []
        self.hidden: set[int] = set()
        self.block_starts: list[int] = []
        self.block_stops: list[int] = []
        self.anchor_starts: list[int] = []
        self.anchor_stops: list[int] = []
        self.image_starts: list[int] = []
        self.image_stops: list[int] = []
        self.blocks: list[TextBlock] = []
        self.anchors: list[Anchor] = []
        self.images: list[Image] = []
        self._parts: list[str] = []  # text since the last boundary, white space as written
        self._open: list[int] = []
        self._boundaries: list[int] = []  # open block-level nodes
        self._break = Break.BLOCK
        self._pre = 0
        self._first_anchor = 0  # the first that may belong to the next block
        self._linked = 0
        self._link: _Link | None = None

    def run(self, root: _Element) -> None:
        events = etree.iterwalk(root, events=("start", "end"))
        parts = self._parts
        for event, element in events:
            kind = TAG_KINDS.get(element.tag, INLINE)
            if event == "start":
                if kind == SKIPPED:
                    events.skip_subtree()
                else:
                    self._enter(element, kind)
                continue
            if kind != SKIPPED:
                self._leave(kind)
            if element.tail:
                parts.append(element.tail)
        self._flush()

    def _enter(self, element: _Element, kind: int) -> None:
        node = len(self.nodes)
        tag: str = element.tag
        if kind in (BOUNDARY, PREFORMATTED):
            self._end_block(preformatted=False)
            self._boundaries.append(node)
        self.nodes.append(element)
        self.tags.append(tag)
        self.parents.append(self._open[-1] if self._open else -1)
        self.depths.append(len(self._open))
        self.ends.append(node)
        self.block_starts.append(len(self.blocks))
        self.block_stops.append(0)
        self.anchor_starts.append(len(self.anchors) + (self._link is not None))
        self.anchor_stops.append(0)
        self.image_starts.append(len(self.images))
        self.image_stops.append(0)
        self._open.append(node)
        if kind > SKIPPED:
            self._enter_special(element, kind, node)
        style = element.get("style")
        if (style and _HIDING_STYLE.search(style)) or element.get("hidden") is not None:
            self.hidden.add(node)
        text = element.text
        if text:
            self._parts.append(text)

    def _enter_special(self, element: _Element, kind: int, node: int) -> None:
        if kind == LINE_BREAK:
            self._break_line()
        elif kind == IMAGE:
            self._add_image(element, node)
        elif kind == PREFORMATTED:
            self._pre += 1
        elif (href := element.get("href")) is not None:
            # Nested links are taken apart as in browsers: the outer ends where the inner begins.
            self._end_link()
            self._link = _Link(node, href, len(self._parts))
            self.anchor_starts[node] = len(self.anchors)

    def _leave(self, kind: int) -> None:
        node = self._open.pop()
        if self._link is not None and self._link.node == node:
            self._end_link()
        if kind in (BOUNDARY, PREFORMATTED):
            self._pre -= kind == PREFORMATTED
            self._end_block(preformatted=kind == PREFORMATTED)
            self._boundaries.pop()
        self.ends[node] = len(self.nodes)
        self.block_stops[node] = len(self.blocks)
        self.anchor_stops[node] = len(self.anchors)
        self.image_stops[node] = len(self.images)

    def _end_block(self, *, preformatted: bool) -> None:
        if self._pre:  # code set as a list or as one element a line is still one block
            if self._parts and not self._parts[-1].endswith("\n"):
                self._parts.append("\n")
            return
        self._flush(preformatted=preformatted)
        self._break = Break.BLOCK

    def _flush(self, *, preformatted: bool = False) -> None:
        if not self._parts:
            return
        link = self._link
        if link is not None:
            self._linked += link.take(self._parts, block=len(self.blocks))
        raw = "".join(self._parts)
        self._parts.clear()
        if "\u200b" in raw:  # Docusaurus and others end headings with an invisible link
            raw = raw.replace("\u200b", "")
        text = raw.strip("\r\n").rstrip() if preformatted else " ".join(raw.split())
        if text.strip():
            stop = len(self.anchors) + (link is not None)
            node = self._boundaries[-1] if self._boundaries else 0
            anchors = range(self._first_anchor, stop)
            self.blocks.append(
                TextBlock(len(self.blocks), node, self.tags[node], text, anchors, self._linked, self._break)
            )
            self._break = Break.BLOCK
        self._first_anchor = len(self.anchors)
        self._linked = 0

    def _break_line(self) -> None:
        boundary = self.tags[self._boundaries[-1]] if self._boundaries else ""
        if self._pre:
            self._parts.append("\n")
        elif boundary in _UNBROKEN:
            self._parts.append(" ")
        elif any(not part.isspace() for part in self._parts):
            self._flush()
            self._break = Break.LINE
        elif self._break == Break.LINE:
            self._break = Break.PARAGRAPH

    def _add_image(self, element: _Element, node: int) -> None:
        source = next((value for name in _SOURCES if (value := element.get(name)) and value[:5] != "data:"), None)
        if source is None:
            return
        alt = collapse(element.get("alt") or "")
        link = self._link
        if link is not None and link.image is None:
            link.image, link.alt = source, alt
        anchor = None if link is None else len(self.anchors)
        self.images.append(Image(len(self.images), node, source, alt, len(self.blocks), anchor))

    def _end_link(self) -> None:
        link = self._link
        if link is None:
            return
        self._linked += link.take(self._parts, block=len(self.blocks))
        text = " ".join(" ".join(link.texts).split())
        self.anchors.append(Anchor(len(self.anchors), link.node, link.href, text, link.block, link.image, link.alt))
        self._link = None


class _Link:
    """The link that is open."""

    __slots__ = ("alt", "block", "href", "image", "node", "start", "texts")

    def __init__(self, node: int, href: str, start: int) -> None:
        self.node = node
        self.href = href
        self.start = start  # of its text in the parts of the current block
        self.texts: list[str] = []
        self.block: int | None = None
        self.image: str | None = None
        self.alt = ""

    def take(self, parts: list[str], *, block: int) -> int:
        """Keep the link's share of a block that ends; its length."""
        text = " ".join("".join(parts[self.start :]).split())
        self.start = 0
        if text:
            self.texts.append(text)
            if self.block is None:
                self.block = block
        return len(text)
