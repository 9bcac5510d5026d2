"""Single boxes whose labels a site's hints set right, whatever the rules make of the rest of the page."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from cssselect import SelectorError
from lxml.etree import _Element

from crawler.document import Document
from crawler.errors import LayoutChanged
from crawler.extractors.tree.outline import Outline
from crawler.site import LabelHint, Panel, Site
from models.items import BlockType


@dataclass(frozen=True, slots=True)
class LabelledList:
    """Boxes of one kind: those that were labelled one by one are the items of one list."""

    kind: str | None
    nodes: tuple[int, ...]
    anchors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """What the hints say of a page; empty for most."""

    body: frozenset[int] = frozenset()
    """Numbers of blocks that are body."""
    outside: frozenset[int] = frozenset()
    """Of those that are none."""
    types: Mapping[int, BlockType] = field(default_factory=dict)
    """Of blocks of the body."""
    anchors: Mapping[int, LabelHint] = field(default_factory=dict)
    """All links in the boxes, by number: no list of the rules has them."""
    boxes: tuple[tuple[int, LabelHint], ...] = ()
    """Nodes in page order."""

    def claims(self, claimed: AbstractSet[int]) -> frozenset[int]:
        """What other panels have taken, set right."""
        return frozenset(claimed | self.outside) - self.body

    def completed(self, body: frozenset[int]) -> frozenset[int]:
        return (body | self.body) - self.outside

    def lists(self, panel: Panel) -> list[LabelledList]:
        kinds = dict.fromkeys(label.kind for _, label in self.boxes if label.panel is panel)
        return [self._list(panel, kind) for kind in kinds]

    def _list(self, panel: Panel, kind: str | None) -> LabelledList:
        def is_meant(label: LabelHint) -> bool:
            return label.panel is panel and label.kind == kind

        nodes = tuple(node for node, label in self.boxes if is_meant(label))
        return LabelledList(kind, nodes, tuple(sorted(key for key, label in self.anchors.items() if is_meant(label))))


NOTHING = Labelled()


def labelled_boxes(document: Document, outline: Outline, site: Site) -> Labelled:
    """Raises LayoutChanged for what is no CSS selector."""
    if not site.labels:
        return NOTHING
    labels = [label for label in site.labels if label.url in (None, document.url)]
    found = [(node, label) for label in labels for node in outline.numbers(_elements(document, label, site))]
    boxes = tuple(sorted(found, key=lambda box: box[0]))  # an inner box has the higher number, and the say
    told: dict[int, LabelHint] = {}
    anchors: dict[int, LabelHint] = {}
    for node, label in boxes:
        told.update(dict.fromkeys(outline.blocks_of(node) or _block_around(outline, node), label))
        anchors.update(dict.fromkeys(outline.anchors_of(node), label))
    body = frozenset(number for number, label in told.items() if label.panel is Panel.BODY)
    types = {number: BlockType(kind) for number in body if (kind := told[number].kind)}
    return Labelled(body, frozenset(told) - body, types, anchors, boxes)


def _elements(document: Document, label: LabelHint, site: Site) -> list[_Element]:
    try:
        return [match.root for match in document.selector.css(label.css)]
    except SelectorError as error:
        message = f"expected a CSS selector, found {label.css!r}: {error}; mend crawler/sites/{site.name}.toml"
        raise LayoutChanged(message, url=document.url, field="labels") from error


def _block_around(outline: Outline, node: int) -> Iterable[int]:
    """Of an inline element, as a link, the block that begins with it."""
    blocks = (outline.anchors[number].block for number in outline.anchors_of(node))
    return tuple(block for block in blocks if block is not None)[:1]
