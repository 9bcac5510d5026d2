"""Microdata: itemprop attributes of the page's article, not of its comments or of the articles it lists."""

from collections.abc import Iterator
from itertools import islice

from crawler.markup.structured.records import Candidate, Declared
from crawler.markup.text import collapse
from crawler.markup.tree import PageTree

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
_MOST = 400
_LONGEST_VALUE = 1000


def read_microdata(tree: PageTree) -> dict[str, list[Candidate]]:
    """Field to candidates in page order; of nested or following articles only what the first one lacks."""
    found: dict[str, list[Candidate]] = {}
    first_scope: dict[str, int | None] = {}
    for number in islice(_with_property(tree), _MOST):
        names = tree.attributes[number]["itemprop"]
        fields = [_PROPERTIES[name] for name in names.lower().split() if name in _PROPERTIES]
        if not fields:
            continue
        scope = _scope(tree, number)
        kind = "" if scope is None else tree.attributes[scope].get("itemtype", "").lower()
        if any(word in kind for word in _FOREIGN):
            continue
        for field in fields:
            if first_scope.setdefault(field, scope) != scope:
                continue
            values = _bodies(tree, number) if field == "article_bodies" else _values(tree, number)
            found.setdefault(field, []).extend(Candidate(v, Declared.MICRODATA, names) for v in values)
    return found


def _with_property(tree: PageTree) -> Iterator[int]:
    named = tree.having("itemprop")
    for body in tree.children(0) if named else ():
        if tree.tags[body] == "body":
            yield from [each for each in named if body < each < tree.end_list[body]]


def _scope(tree: PageTree, number: int) -> int | None:
    while (number := tree.parent_list[number]) >= 0:
        if "itemscope" in tree.attributes[number]:
            return number
    return None


def _values(tree: PageTree, number: int) -> Iterator[str]:
    names = [number]
    if "itemscope" in tree.attributes[number]:
        inside = range(number, tree.end_list[number])
        names = [each for each in inside if "name" in tree.attributes[each].get("itemprop", "").split()] or names
    for each in names:
        attributes = tree.attributes[each]
        value = collapse(attributes.get("content") or attributes.get("datetime") or tree.text_of(each))
        if value and len(value) <= _LONGEST_VALUE:
            yield value


def _bodies(tree: PageTree, number: int) -> Iterator[str]:
    """Only a body that is a value: one that is markup is for the body's own rules."""
    content = tree.attributes[number].get("content", "")
    if content.strip():
        yield content
