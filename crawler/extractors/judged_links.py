"""The links of a page in groups, each with the likelihood that it is a list of articles."""

from collections.abc import Set as AbstractSet
from functools import cached_property

from crawler.document import Document
from crawler.extractors.link_features import GroupReader
from crawler.extractors.link_groups import Grouping, LinkGroup
from crawler.extractors.link_model import link_model
from crawler.extractors.link_urls import LinkReader
from crawler.extractors.outline import Anchor, Outline

_BODY_BEFORE = 160  # letters of plain text between a heading and its first link: the heading is of that text


class JudgedLinks:
    """The groups of one page; `body` are the numbers of the blocks that are, roughly, the article's text."""

    def __init__(self, document: Document, outline: Outline, body: AbstractSet[int]) -> None:
        self.document = document
        self.outline = outline
        self.body = body
        self.reader = LinkReader(document)
        self._measured = GroupReader(Grouping(outline, self.reader), body)
        self.groups: list[LinkGroup] = self._measured.groups

    @cached_property
    def probabilities(self) -> list[float]:
        """How likely each group is a list of articles; a link inside a sentence never is one."""
        probabilities = [0.0] * len(self.groups)
        asked = [number for number, group in enumerate(self.groups) if self.may_be_list(group)]
        if asked:
            likely = link_model().probabilities(self._measured.rows(asked))
            for number, probability in zip(asked, likely.tolist(), strict=True):
                probabilities[number] = probability
        return probabilities

    def may_be_list(self, group: LinkGroup) -> bool:
        """The links stand by themselves, and lead to other pages."""
        links = (self.reader.read(anchor.href) for anchor in group.anchors)
        return not group.in_sentence and any(link is not None and not link.self_link for link in links)

    @cached_property
    def body_node(self) -> int:
        """The lowest node around the body; 0 for a page without one."""
        if not self.body:
            return 0
        blocks = self.outline.blocks
        return self.outline.common_ancestor(blocks[min(self.body)].node, blocks[max(self.body)].node)

    def block_of(self, anchor: Anchor) -> int:
        """The block of a link; of an image-only one the next."""
        return self._measured.block_of(anchor)

    def mask(self, node: int) -> int:
        return self._measured.mask(node)

    def heads(self, group: LinkGroup) -> bool:
        """The heading stands right above its links, not above a text that links follow."""
        heading = group.heading
        if heading is None:
            return False
        opening = self.block_of(self.outline.anchors[heading.first])
        between = self.outline.blocks[heading.block.number + 1 : opening]
        return sum(len(block.text) - block.linked for block in between) <= _BODY_BEFORE
