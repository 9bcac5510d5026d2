"""The blocks of a body as readers see them: paragraphs, headings, list items, quotes, code, tables, images."""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from crawler.extractors.tree.outline import Image, Outline, TextBlock
from crawler.extractors.tree.tables import holds_figures
from models.items import Block, BlockType

_TYPES = {
    "li": BlockType.LIST_ITEM,
    "dd": BlockType.LIST_ITEM,
    "dt": BlockType.LIST_ITEM,
    "blockquote": BlockType.QUOTE,
    "pre": BlockType.CODE,
    "listing": BlockType.CODE,
    "xmp": BlockType.CODE,
    "figcaption": BlockType.CAPTION,
    "table": BlockType.TABLE,
    **{f"h{level}": BlockType.HEADING for level in range(1, 7)},
}
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_USUAL_LEVEL = 2
"""Of a heading that the markup does not call one."""
_LISTS = frozenset({"ul", "ol", "dl", "menu", "dir"})
_LINE_NUMBERS = re.compile(r"\d+(?:\s+\d+)*\s*")
_ICON = 48  # pixels: smaller images are icons, faces and counters


def typed_blocks(
    outline: Outline,
    numbers: AbstractSet[int],
    *,
    container: int | None,
    texts: Mapping[int, str] | None = None,
    types: Mapping[int, BlockType] | None = None,
) -> tuple[Block, ...]:
    """The body's blocks in page order, with the images and captions that stand among them.

    `container` is the node whose images belong to the body, those between its blocks only where None. `texts` stand in
    place of the blocks' own, and `types` in place of what the markup says.
    """
    return _Typing(outline, numbers, texts or {}, told=types or {}).run(container)


class _Typing:
    def __init__(
        self, outline: Outline, numbers: AbstractSet[int], texts: Mapping[int, str], *, told: Mapping[int, BlockType]
    ) -> None:
        self.told = told
        self.outline = outline
        self.numbers = numbers
        self.texts = texts
        self.found: list[Block] = []
        self._types: dict[int, tuple[BlockType, int]] = {}
        self._tables: dict[int, bool] = {}
        self._depths: dict[int, int] = {}
        self._images: set[str] = set()
        self._row: tuple[int, int, int] | None = None  # table, row and cell of the block before

    def run(self, container: int | None) -> tuple[Block, ...]:
        if not self.numbers:
            return ()
        outline = self.outline
        first, last = min(self.numbers), max(self.numbers)
        around = range(first, last + 1) if container is None else outline.blocks_of(container)
        images = [image for image in outline.images if first <= image.block <= last or image.block in around]
        images = [image for image in images if container is None or self._inside(image.node, container)]
        images.reverse()
        for number in range(min(first, around.start), max(last + 1, around.stop)):
            while images and images[-1].block <= number:
                self._add_image(images.pop())
            block = outline.blocks[number]
            if number in self.numbers:
                self._add(block, self.texts.get(number, block.text))
            elif self._type(block.node)[0] is BlockType.CAPTION and self.found:
                self._add_text(BlockType.CAPTION, block.text)
        for image in reversed(images):
            self._add_image(image)
        return tuple(self.found)

    def _inside(self, node: int, container: int) -> bool:
        return container <= node < self.outline.ends[container]

    def _add(self, block: TextBlock, text: str) -> None:
        kind, node = self._type(block.node)
        kind = self.told.get(block.number, kind)
        if not text or (kind is BlockType.CODE and _LINE_NUMBERS.fullmatch(text)):
            return
        if kind is BlockType.TABLE:
            self._add_cell(block, node)
            return
        self._row = None
        level = None
        if kind is BlockType.HEADING:
            level = int(self.outline.tags[node][1]) if self.outline.tags[node] in _HEADINGS else _USUAL_LEVEL
        elif kind is BlockType.LIST_ITEM:
            level = max(1, self._lists_around(self.outline.parents[node]) + (self.outline.tags[node] in _LISTS))
        self.found.append(Block(type=kind, text=text, level=level))

    def _lists_around(self, parent: int) -> int:
        """That one included; counted once for all items in it."""
        if parent not in self._depths:
            lists = (self.outline.tags[ancestor] in _LISTS for ancestor in self.outline.ancestors(parent))
            self._depths[parent] = sum(lists)
        return self._depths[parent]

    def _add_text(self, kind: BlockType, text: str) -> None:
        self._row = None
        self.found.append(Block(type=kind, text=text))

    def _add_cell(self, block: TextBlock, table: int) -> None:
        tags, parents = self.outline.tags, self.outline.parents
        cell = block.node
        while tags[cell] not in ("td", "th", "table", "caption"):
            cell = parents[cell]
        row = parents[cell]
        before, self._row = self._row, (table, row, cell)
        if before is None or before[0] != table:
            self.found.append(Block(type=BlockType.TABLE, text=block.text))
            return
        separator = " " if before[2] == cell else "\t" if before[1] == row else "\n"
        self.found[-1] = Block(type=BlockType.TABLE, text=f"{self.found[-1].text}{separator}{block.text}")

    def _type(self, node: int) -> tuple[BlockType, int]:
        """The type of text whose block-level element is `node`, and the node that makes it so."""
        types = self._types
        if node in types:
            return types[node]
        path = []
        while node not in types:
            path.append(node)
            kind, parent = _TYPES.get(self.outline.tags[node]), self.outline.parents[node]
            if kind is BlockType.TABLE and not self._holds_figures(node):
                kind = BlockType.PARAGRAPH
            if kind is not None or parent < 0:
                types[node] = (kind or BlockType.PARAGRAPH, node)
            else:
                node = parent
        found = types[node]
        for each in path:
            types[each] = found
        return found

    def _holds_figures(self, table: int) -> bool:
        if table not in self._tables:
            self._tables[table] = holds_figures(self.outline, table)
        return self._tables[table]

    def _add_image(self, image: Image) -> None:
        if self._leads_away(image) or self._is_icon(image):
            return
        url = self.outline.document.resolver.resolve(image.src)
        if url is None or url in self._images:
            return
        self._images.add(url)
        self._row = None
        self.found.append(Block(type=BlockType.IMAGE, text=image.alt, url=url))

    def _leads_away(self, image: Image) -> bool:
        """The picture of a link to another page; a link to the picture itself enlarges it."""
        if image.anchor is None:
            return False
        href = self.outline.anchors[image.anchor].href.split("?")[0].lower()
        return not href.endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", "#", "javascript:;"))

    def _is_icon(self, image: Image) -> bool:
        attributes = self.outline.attributes[image.node]
        sizes = [attributes.get(name, "") for name in ("width", "height")]
        return any(size.isdigit() and int(size) < _ICON for size in sizes)
