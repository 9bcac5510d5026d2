"""Tables that hold figures, told from those that only lay out a page."""

from crawler.extractors.tree.outline import Outline

_CELL = 300  # letters in a cell beyond which a table lays out a page
_FEWEST_ROWS = 2


def holds_figures(outline: Outline, table: int) -> bool:
    """False for a table with one column, with a table, code or a headline inside, or with long text in a cell."""
    cells: dict[int, int] = {}
    for node in range(table + 1, outline.ends[table]):
        tag = outline.tags[node]
        if tag in ("table", "pre", "h1"):
            return False
        if tag in ("td", "th"):
            cells[outline.parents[node]] = cells.get(outline.parents[node], 0) + 1
            if sum(len(outline.blocks[number].text) for number in outline.blocks_of(node)) > _CELL:
                return False
    return sum(count > 1 for count in cells.values()) >= _FEWEST_ROWS
