"""Blocks that the page declares: in the body of its structured data, as its description, or marked as body.

A hint and no more: a third of the declared bodies are cut or teasers.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from crawler.extractors.tree.block_text import Floats
from crawler.extractors.tree.outline import Outline
from crawler.markup.text import collapse, squeeze

_TAG = re.compile(r"<[^<>]{1,400}>")
_SHORTEST_BODY = 300
_MOST_READ = 40_000  # characters of a declared body: a live blog's has 840,000
_BODY_LINE, _READ_OF_LINE = 8, 80  # characters
_SHORTEST_DESCRIPTION = 25
_STANDFIRST, _READ_OF_STANDFIRST = 20, 50
_MARKS = ('itemprop="articleBody"', "itemprop='articleBody'", "itemprop=articleBody")


def declared_rows(outline: Outline) -> Iterator[Floats]:
    """Of each block: whether a body is declared, whether it stands in that, in a description, in a marked node."""
    structured = outline.document.structured
    texts = outline.texts
    bodies = "".join(squeeze(_TAG.sub("", c.value[:_MOST_READ])) for c in structured.article_bodies)
    bodies = bodies[:_MOST_READ] if len(bodies) > _SHORTEST_BODY else ""
    yield np.full(len(texts), float(bool(bodies)))
    if bodies:
        yield _found(_beginnings(texts), bodies)
    else:
        yield np.zeros(len(texts))
    described = [collapse(candidate.value) for candidate in structured.descriptions]
    descriptions = "\n".join(text for text in described if len(text) > _SHORTEST_DESCRIPTION)
    if descriptions:
        told = [len(text) > _STANDFIRST and text[:_READ_OF_STANDFIRST] in descriptions for text in texts]
        yield np.array(told, dtype=np.float64)
    else:
        yield np.zeros(len(texts))
    yield _marked(outline)


def _marked(outline: Outline) -> Floats:
    marked = np.zeros(len(outline.blocks))
    tree = outline.document.tree
    # Looked for among the attributes first: long pages are read through for nothing.
    named = [tree.attributes[element]["itemprop"].lower() for element in tree.having("itemprop")]
    if any("articlebody" in name for name in named) and any(mark in outline.document.text for mark in _MARKS):
        for node, attributes in enumerate(outline.attributes):
            if "articlebody" in attributes.get("itemprop", "").lower():
                blocks = outline.blocks_of(node)
                marked[blocks.start : blocks.stop] = 1
    return marked


def _found(texts: list[str], declared: str) -> Floats:
    return np.array([bool(text) and text in declared for text in texts], dtype=np.float64)


def _beginnings(texts: Sequence[str]) -> list[str]:
    """What of each is looked for, squeezed; "" for a short one. NUL, which no page has, keeps them apart."""
    read = "\0".join([text[: 5 * _READ_OF_LINE] if len(text) > _BODY_LINE else "" for text in texts])
    return [line[:_READ_OF_LINE] for line in squeeze(read).split("\0")]
