"""The elements of a page as flat lists, written down while the parser reads: no tree of objects is built."""

from crawler.markup.tree.nodes import Node
from crawler.markup.tree.page_tree import LINE_END, Attributes, PageTree
from crawler.markup.tree.reading import open_body, open_end, read_tree

__all__ = ["LINE_END", "Attributes", "Node", "PageTree", "open_body", "open_end", "read_tree"]
