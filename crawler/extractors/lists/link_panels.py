"""The links of a page told apart: read once, asked by the extractors of link lists and of tag lists."""

from functools import cached_property

from crawler.extractors.lists.adjacent import find_adjacent
from crawler.extractors.lists.judged_links import JudgedLinks
from crawler.extractors.lists.tag_evidence import TagGroup
from crawler.extractors.lists.tag_groups import find_tag_groups
from crawler.extractors.tree.outline import Anchor


class LinkPanels(JudgedLinks):
    """What is claimed by one panel is left out of the others."""

    @cached_property
    def tag_groups(self) -> dict[int, TagGroup]:
        """By number of the group."""
        return find_tag_groups(self)

    @cached_property
    def adjacent(self) -> list[Anchor]:
        """The links to the previous and the next article, in page order."""
        return find_adjacent(self)

    @cached_property
    def tag_blocks(self) -> frozenset[int]:
        """Blocks that belong to tags, their headings included; among them labels inside the cards of a list."""
        groups = [each.group for each in self.tag_groups.values()]
        labels = {anchor.block for group in groups for anchor in group.anchors if anchor.block is not None}
        headings = {group.heading.block.number for group in groups if group.heading and self.heads(group)}
        return frozenset(labels | headings)
