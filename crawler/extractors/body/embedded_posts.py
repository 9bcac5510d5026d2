"""Posts of social networks shown in a text: others' words, by the names their own widgets ask for."""

import re

import numpy as np

from crawler.extractors.tree.outline import Outline

_WIDGETS = re.compile(
    r"(?:^|\s)(?:twitter-(?:tweet|video)|instagram-media|text-post-media|tiktok-embed|fb-post|bluesky-embed|"
    r"mastodon-embed|reddit-(?:card|embed-bq))(?:\s|$)"
)
_STEMS = ("twitter-", "-media", "-embed", "fb-post", "reddit-")
"""One is in each of them; most pages have none."""


def embedded_posts(outline: Outline) -> frozenset[int]:
    """Numbers of their blocks."""
    names = outline.names
    written = "\n".join(names.classes)
    stems = [stem for stem in _STEMS if stem in written]
    if not stems:
        return frozenset()
    classes = enumerate(names.classes)
    found = [number for number, name in classes if any(stem in name for stem in stems) and _WIDGETS.search(name)]
    nodes = np.isin(names.classes_and_ids[0], found).nonzero()[0].tolist()
    return frozenset(block for node in nodes for block in outline.blocks_of(node))
