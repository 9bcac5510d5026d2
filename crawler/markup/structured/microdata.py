"""Microdata: itemprop attributes of the page's article, not of its comments or of the articles it lists."""

from collections.abc import Iterator
from typing import cast

from lxml.etree import XPath, _Element

from crawler.markup.structured.records import Candidate, Declared
from crawler.markup.text import collapse

_PROPERTIES = {
    "headline": "headlines",
    "author": "authors",
    "creator": "authors",
    "datepublished": "dates_published",
    "datecreated": "dates_published",
    "datemodified": "dates_modified",
    "dateupdate": "dates_modified",
    "articlesection": "sections",
    "articlebody": "article_bodies",
    "keywords": "keywords",
    "inlanguage": "languages",
    "publisher": "publishers",
}
_FOREIGN = (
    "comment",
    "itemlist",
    "breadcrumb",
    "product",
    "offer",
    "person",
    "organization",
    "wpsidebar",
    "answer",
    "event",
)
_HAS_PROPERTY = XPath("/*/body/descendant::*[@itemprop]")
_MOST = 400
_LONGEST_VALUE = 1000


def read_microdata(root: _Element) -> dict[str, list[Candidate]]:
    """Field to candidates in page order; of nested or following articles only what the first one lacks."""
    found: dict[str, list[Candidate]] = {}
    first_scope: dict[str, _Element | None] = {}
    elements = cast(list[_Element], _HAS_PROPERTY(root))
    for element in elements[:_MOST]:
        names = str(element.get("itemprop"))
        fields = [_PROPERTIES[name] for name in names.lower().split() if name in _PROPERTIES]
        if not fields:
            continue
        scope = _scope(element)
        if scope is not None and any(word in (scope.get("itemtype") or "").lower() for word in _FOREIGN):
            continue
        for field in fields:
            if first_scope.setdefault(field, scope) is not scope:
                continue
            values = _bodies(element) if field == "article_bodies" else _values(element)
            found.setdefault(field, []).extend(Candidate(v, Declared.MICRODATA, names) for v in values)
    return found


def _scope(element: _Element) -> _Element | None:
    return next((node for node in element.iterancestors() if "itemscope" in node.attrib), None)


def _values(element: _Element) -> Iterator[str]:
    names = [element]
    if "itemscope" in element.attrib:
        names = [node for node in element.iter("*") if "name" in node.get("itemprop", "").split()] or [element]
    for node in names:
        declared = node.get("content") or node.get("datetime")
        value = collapse(declared if declared else "".join(map(str, node.itertext())))
        if value and len(value) <= _LONGEST_VALUE:
            yield value


def _bodies(element: _Element) -> Iterator[str]:
    """Only a body that is a value: one that is markup is for the body's own rules."""
    content = element.get("content")
    if content and content.strip():
        yield content
