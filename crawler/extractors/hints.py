"""What a site's CSS hints say about a page. Strict: a hint that no longer fits raises LayoutChanged."""

from cssselect import SelectorError
from lxml.etree import _Element

from crawler.document import Document
from crawler.errors import LayoutChanged
from crawler.extractors.tree.outline import Outline
from crawler.site import Site


def select_hinted(document: Document, css: str, *, field: str, site: Site) -> list[_Element]:
    """The nodes of a selector, in page order; at least one."""
    found = _select(document, css, field=field, site=site)
    if not found:
        raise LayoutChanged(
            _mend(f"expected at least 1 node for {css!r}, found none", site), url=document.url, field=field
        )
    return found


def select_hinted_one(document: Document, css: str, *, field: str, site: Site) -> _Element:
    found = _select(document, css, field=field, site=site)
    if len(found) != 1:
        message = _mend(f"expected 1 node for {css!r}, found {len(found)}", site)
        raise LayoutChanged(message, url=document.url, field=field)
    return found[0]


def hinted_body(document: Document, outline: Outline, site: Site) -> tuple[frozenset[int], tuple[int, ...]] | None:
    """Numbers of the blocks and of the nodes that the site's file calls the body; None where it does not say.

    `not_body` boxes are taken out, and need not be there.
    """
    if site.article_body is None:
        return None
    elements = select_hinted(document, site.article_body, field="article_body", site=site)
    nodes = tuple(sorted(outline.numbers(elements)))
    blocks = {number for node in nodes for number in outline.blocks_of(node)} - hinted_boxes(document, outline, site)
    if not blocks:
        message = _mend(f"expected text in {site.article_body!r}, found none", site)
        raise LayoutChanged(message, url=document.url, field="article_body")
    return frozenset(blocks), nodes


def hinted_boxes(document: Document, outline: Outline, site: Site) -> frozenset[int]:
    """Blocks of the boxes that are no body, whichever way the body is found."""
    elements = [e for css in site.not_body for e in _select(document, css, field="not_body", site=site)]
    return frozenset(number for node in outline.numbers(elements) for number in outline.blocks_of(node))


def _select(document: Document, css: str, *, field: str, site: Site) -> list[_Element]:
    try:
        return [match.root for match in document.selector.css(css)]
    except SelectorError as error:
        message = _mend(f"expected a CSS selector, found {css!r}: {error}", site)
        raise LayoutChanged(message, url=document.url, field=field) from error


def _mend(message: str, site: Site) -> str:
    return f"{message}; mend crawler/sites/{site.name}.py"
