"""An archived page made inert: its text and structure with the three panels outlined, and nothing that acts or loads.

The outlines are found by the XPaths that are stored, in the tree that the extractor read. What is left of the page then
passes nh3, with an allow-list of elements and next to no attributes: no script, no style, no address.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import nh3
from lxml import etree

from pipelines.browse.panels import StoredPage
from pipelines.browse.picking import PICK, make_pickable, picked_blocks

_STYLE = (Path(__file__).parent / "static" / "archived.css").read_text("utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
PICKING = "allow-same-origin allow-top-navigation-by-user-activation"
"""What the sandbox of a page whose blocks are links lets through. They are the only links, and there are no scripts;
of another origin they would be followed without the cookie of who has logged in."""


def frame_policy(*, is_picked: bool) -> str:
    """Of the framed document, beside the sandbox of the frame itself."""
    sandbox = f"sandbox {PICKING}" if is_picked else "sandbox"
    rest = "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; {sandbox}; {rest}"


_DOCUMENT = (
    '<!doctype html><html lang="und"><head><meta charset="utf-8"><title>{title}</title><style>{style}</style></head>'
    "<body>{body}</body></html>"
)

_TAGS = set(
    "a abbr address article aside b blockquote br caption center cite code dd del dfn div dl dt em figcaption "
    "figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i ins kbd li main mark nav ol p pre q rp rt ruby s samp "
    "section small span strong sub sup table tbody td tfoot th thead time tr u ul var".split()
)
_DROPPED = set(
    "script style noscript template iframe object embed applet svg math canvas audio video select datalist title "
    "textarea frameset noembed noframes".split()
)
_MARK, _LABEL = "data-panel", "data-label"
_SPANS = {"colspan", "rowspan"}
_ATTRIBUTES = {
    "*": {"id", _MARK, _LABEL, PICK, "dir"},
    **{"td": _SPANS, "th": _SPANS, "a": {"href", "target", "aria-label"}},
}
_OURS = ("id", "href", "target", "aria-label", _MARK, _LABEL, PICK)
"""Of these a page's own go: links lead nowhere, and no name can be taken for ours."""


@dataclass(frozen=True, slots=True)
class Outlined:
    """A part of the page that is one of the panels."""

    anchor: str
    panel: str
    """body, links or tags: its colour."""
    label: str
    xpath: str


def outlines_of(page: StoredPage) -> Iterator[Outlined]:
    """What the page's rows say where they were found; a panel that was not in the markup has no outline."""
    for shown in page.articles:
        number = f" {shown.article.position + 1}" if len(page.articles) > 1 else ""
        if shown.article.xpath:
            yield Outlined(f"body-{shown.article.position + 1}", "body", f"body{number}", shown.article.xpath)
    for word, panels in (("links", page.link_lists), ("tags", page.tag_lists)):
        for panel in panels:
            if panel.facts["xpath"]:
                yield Outlined(panel.anchor, word, f"{word}: {panel.facts['kind']}", panel.facts["xpath"])


def inert_document(
    markup: bytes, *, encoding: str | None, outlines: Iterable[Outlined], title: str, picked: str | None = None
) -> str:
    """A whole HTML document. An XPath that finds nothing any more leaves no outline.

    With `picked`, an address, each block leads there and to its element's number in document order.
    """
    root = _tree(_text(markup, encoding))
    body = "" if root is None else _serialised(root, list(outlines), picked=picked)
    return _DOCUMENT.format(title=escape(title), style=_STYLE, body=body)


def _text(markup: bytes, encoding: str | None) -> str:
    """`page.encoding` is a name of Python's; a page whose encoding is not known is read as most are."""
    try:
        text = markup.decode(encoding or "utf-8", "replace")
    except LookupError:
        text = markup.decode("utf-8", "replace")
    return text.replace("\0", "")


def _tree(text: str) -> Any:
    """As the extractor's tree is made: the XPaths count its elements. None for a page without any."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    source = text.encode("utf-8", "replace")
    return etree.fromstring(source, parser=parser) if source.strip() else None


def _serialised(root: Any, outlines: list[Outlined], *, picked: str | None) -> str:
    marks = [(outlined, node) for outlined in outlines for node in _nodes(root, outlined.xpath)]
    blocks = picked_blocks(root) if picked else []
    for element in root.iter(etree.Element):
        _make_plain(element)
        if picked and element.tag == "a":  # a link within a link would end it
            element.tag = "u"
    anchored = set()
    for outlined, node in marks:
        if node.tag not in _TAGS:  # the whole page, or an element of the page's own making
            node.tag = "div"
        node.set(_MARK, outlined.panel)
        if outlined.anchor not in anchored:
            _anchor(node, outlined)
            anchored.add(outlined.anchor)
    for number, node in blocks:
        if node.tag not in _TAGS:
            node.tag = "div"
        make_pickable(node, f"{picked}/{number}")
    html = etree.tostring(root, method="html", encoding="unicode")
    cleaned: str = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        link_rel=None,
    )
    return cleaned


def _anchor(node: Any, outlined: Outlined) -> None:
    """Two articles that run together, or two lists, may have one element."""
    others = node.get(_LABEL)
    node.set(_LABEL, f"{others}, {outlined.label}" if others else outlined.label)
    if not others:
        node.set("id", outlined.anchor)
        return
    place = etree.Element("span", id=outlined.anchor)
    place.tail, node.text = node.text, None
    node.insert(0, place)


def _nodes(root: Any, xpath: str) -> list[Any]:
    try:
        found = root.getroottree().xpath(xpath)
    except etree.XPathError:
        return []
    return [node for node in found if isinstance(node, etree._Element)] if isinstance(found, list) else []


def _make_plain(element: Any) -> None:
    """No names that could be taken for ours; and what an image or a field says, as text."""
    for name in _OURS:
        element.attrib.pop(name, None)
    if element.tag == "img":
        alternative = " ".join((element.get("alt") or "").split())
        element.tag = "small"
        element.text = f"[image: {alternative}]" if alternative else "[image]"
