"""Blocks of an archived page that a click chooses, without a script: each has an empty link over all of it."""

from typing import Any

from lxml import etree

PICK = "data-pick"
_INLINE = set(
    "a abbr acronym b bdi bdo big br cite code del dfn em font i img ins kbd label mark nobr q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr".split()
)
_NO_PLACE = {"table", "tbody", "thead", "tfoot", "tr", "colgroup", "col", "select", "option", "head", "html"}
"""Elements that a link cannot stand in."""
_UNSEEN = {"script", "style", "noscript", "template", "iframe", "object", "svg", "math", "textarea", "title"}


def picked_blocks(root: Any) -> list[tuple[int, Any]]:
    """The elements that text stands in, lines within a line left out; with their numbers in document order."""
    found: dict[Any, int] = {}
    numbers = {element: number for number, element in enumerate(root.iter())}
    for element in numbers:
        if element.text and not element.text.isspace():
            _pick(element, numbers, found)
        if element.tail and not element.tail.isspace() and element.getparent() is not None:
            _pick(element.getparent(), numbers, found)
    return [(number, element) for element, number in found.items()]


def _pick(element: Any, numbers: dict[Any, int], found: dict[Any, int]) -> None:
    while element.tag in _INLINE and element.getparent() is not None:
        element = element.getparent()
    if element.tag not in _NO_PLACE and element.tag not in _UNSEEN:
        found[element] = numbers[element]


def make_pickable(node: Any, address: str) -> None:
    """An empty link over all of the block: the first in it, so that those of the blocks inside lie above it."""
    node.set(PICK, "")
    link = etree.Element("a", {"href": address, "target": "_top", "aria-label": "Label this block"})
    link.tail, node.text = node.text, None
    node.insert(0, link)
