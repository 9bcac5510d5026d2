"""Where the facts about an article stand: around its headline, above its body, and just below it."""

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from crawler.extractors.tree.outline import Outline, TextBlock
from crawler.markup.text import is_cjk

_TABLE = frozenset(("table",))
_ABOVE_HEADLINE = 8
_BELOW_HEADLINE = 24
_BELOW_BODY = 8
_LEAD = 6
"""Blocks at either end of the body that may be date and byline taken for text."""
_BOX = 14
"""Blocks below the body in which a box about the author may stand."""
_FARTHEST = 60
_MOST_NODES = 800
_TALK_WORDS = frozenset("comment comments commentlist disqus respond reply replies".split())
# "comments-link", "no-comments": what tells of the comments stands with the facts about the article.
_OF_TALK_WORDS = frozenset("link links count counts number no open closed meta popup button".split())
_SHORT_LINES = 9


@dataclass(frozen=True, slots=True)
class Region:
    """Blocks and nodes near one article's headline and body."""

    above: tuple[TextBlock, ...]
    """From a few blocks above the headline to the first of the body."""
    lead: tuple[TextBlock, ...]
    """The first blocks of the body."""
    below: tuple[TextBlock, ...]
    """The last blocks of the body, and those that follow."""
    nodes: range
    """Nodes of `above` and `lead`."""
    below_nodes: tuple[int, ...]
    """Nodes of what follows the body, in their order."""
    headline: int | None
    """Node of the headline."""
    body: range
    """Nodes from the first of the body to the last."""

    def __iter__(self) -> Iterator[TextBlock]:
        yield from self.above
        yield from self.lead
        yield from self.below

    def trust(self, node: int) -> float:
        """How surely a date or name at a node is the article's: most between headline and body, least below it."""
        if self.headline is not None and node < self.headline:
            return 1.6
        if node < self.body.start:
            return 2.5
        return 1.5 if node < self.body.stop else 1.2


def find_region(outline: Outline, body: Collection[int], headline: Collection[int]) -> Region:
    blocks = outline.blocks
    first, last = _ends_of_text(outline, _behind_headline(sorted(body), headline))
    numbers = _numbers_above(first, min(headline, default=first))
    last = _end_of_table(outline, last)
    lead_end = min(first + _LEAD, last + 1, len(blocks))
    below_start = max(lead_end, last + 1 - _LEAD)
    behind = [block for block in blocks[last + 1 : last + 1 + _BOX] if not _is_talk(outline, block, last=last)]
    near = [block for block in behind if block.number <= last + _BELOW_BODY]
    above, lead = tuple(blocks[number] for number in numbers), tuple(blocks[first:lead_end])
    return Region(
        above,
        lead,
        (*blocks[below_start : last + 1], *near),
        nodes=_nodes(outline, [*above, *lead]),
        below_nodes=_nodes_of_parts(outline, behind),
        headline=blocks[min(headline)].node if headline else None,
        body=range(blocks[first].node, outline.ends[blocks[last].node]) if first < len(blocks) else range(0),
    )


def _behind_headline(body: list[int], headline: Collection[int]) -> list[int]:
    """The body without its headline, and without what little of it stands above that."""
    last = max(headline, default=-1)
    behind = body[bisect_right(body, last) :]
    return behind if len(behind) * 2 >= len(body) else body


def _ends_of_text(outline: Outline, body: list[int]) -> tuple[int, int]:
    """The first and the last paragraph; the number of blocks, twice, for a page without body.

    Headline, byline and date may be taken for body before they are known, and so may a line of the footer. A standfirst
    is body, but the byline that parts it from the rest of the text is above that.
    """
    blocks = outline.blocks
    if not body:
        return len(blocks), len(blocks)
    first = next((number for number in body[:_SHORT_LINES] if _is_running(blocks[number])), body[0])
    known = set(body)
    others = [number for number in range(first, min(first + _SHORT_LINES, len(blocks))) if number not in known]
    if others:
        first = next((n for n in body if others[-1] < n <= others[-1] + 3 and _is_running(blocks[n])), first)
    last = next((number for number in body[: -_SHORT_LINES - 1 : -1] if _is_running(blocks[number])), body[-1])
    return first, max(first, last)


def _is_running(block: TextBlock) -> bool:
    length = len(block.text)
    return block.linked * 2 < length and (length >= 60 or (length >= 24 and is_cjk(block.text)))


def _nodes(outline: Outline, blocks: list[TextBlock]) -> range:
    """From the first block to the end of the last; cut where a page has more markup than text."""
    if not blocks:
        return range(0)
    start = blocks[0].node
    return range(start, min(outline.ends[blocks[-1].node], start + _MOST_NODES))


def _nodes_of_parts(outline: Outline, blocks: list[TextBlock]) -> tuple[int, ...]:
    """Those of the blocks that stand together, each part from its first block to the end of its last."""
    parts: list[list[TextBlock]] = []
    for block in blocks:
        if parts and parts[-1][-1].number == block.number - 1:
            parts[-1].append(block)
        else:
            parts.append([block])
    return tuple([node for part in parts for node in _nodes(outline, part)])


def _is_talk(outline: Outline, block: TextBlock, *, last: int) -> bool:
    """One of the comments, whose dates and names are no article's; `last` is the last block of the text."""
    for node in outline.ancestors(block.node):
        if node <= outline.blocks[last].node:  # around the text too
            return False
        words = outline.words(node)
        if not _TALK_WORDS.isdisjoint(words) and _OF_TALK_WORDS.isdisjoint(words):
            return True
    return False


def _end_of_table(outline: Outline, last: int) -> int:
    """The last block of a table right below the text, which ends it and need not be known for part of it."""
    if last + 1 >= len(outline.blocks):
        return last
    table = outline.closest(outline.blocks[last + 1].node, _TABLE)
    if table is None or table < outline.blocks[last].node:
        return last
    return max(last, outline.blocks_of(table).stop - 1)


def _numbers_above(first: int, headline: int) -> Collection[int]:
    """Blocks from above the headline to the body; where a table of contents lies between, those near either end."""
    near = range(max(0, first - _ABOVE_HEADLINE), first)
    if headline > first:
        return near
    start = max(0, headline - _ABOVE_HEADLINE)
    if first - start <= _FARTHEST:
        return range(start, first)
    return (*range(start, headline + _BELOW_HEADLINE), *near)
