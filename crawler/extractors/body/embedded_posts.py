"""Posts of social networks shown in a text: others' words, by the names their own widgets ask for."""

import re

from crawler.extractors.body.named_nodes import named_nodes
from crawler.extractors.tree.outline import Outline

_WIDGETS = re.compile(
    r"(?:^|\s)(?:twitter-(?:tweet|video)|instagram-media|text-post-media|tiktok-embed|fb-post|bluesky-embed|"
    r"mastodon-embed|reddit-(?:card|embed-bq))(?:\s|$)"
)
_STEMS = ("twitter-", "-media", "-embed", "fb-post", "reddit-")


def embedded_posts(outline: Outline) -> frozenset[int]:
    """Numbers of their blocks."""
    nodes = named_nodes(outline, _WIDGETS, stems=_STEMS)
    return frozenset(block for node in nodes for block in outline.blocks_of(node))
