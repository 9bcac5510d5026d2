"""CSS selectors of an element, as people write them: by id and class where it has them, by its place where not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element
from parsel import Selector

_NAME = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]*")
_MADE = re.compile(r"\d{2}|[a-z]\d[a-z]|^(?:is|has|js)-|^active$|^current$", re.IGNORECASE)
"""Numbers of articles, names that a build makes anew each time, and states."""
_SINGLE = frozenset(("h1", "main", "article", "footer", "header"))
"""Tags that pages have one of, and mean."""
_MOST_CLASSES = 2
_MOST_ANCESTORS = 12


@dataclass(frozen=True, slots=True)
class ElementSelector:
    css: str
    matches: int
    """Elements of the page, the one that was meant among them."""
    is_by_place: bool
    """It counts siblings: on another page of the site it may lead to something else."""


def selectors_of(element: _Element) -> tuple[ElementSelector, ...]:
    """By names, and by its place too where the names are not its alone. At least one."""
    named = _named(element)
    if named is None:
        return (_by_place(element),)
    return (named,) if named.matches == 1 else (named, _by_place(element))


def _named(element: _Element) -> ElementSelector | None:
    """The shortest that leads to it alone; else the one that leads to the fewest. None without any name around."""
    step = _step(element)
    found = [_counted(element, step)] if _has_name(step) else []
    for ancestor in _ancestors(element):
        if found and found[-1].matches == 1:
            break
        name = _step(ancestor)
        if _has_name(name):
            found.append(_counted(element, f"{name} {step}"))
    return min(found, key=lambda selector: selector.matches, default=None)


def _by_place(element: _Element) -> ElementSelector:
    steps = [_nth(element)]
    for ancestor in _ancestors(element):
        name = _step(ancestor)
        if _has_name(name) and _count(ancestor, name) == 1:
            steps.append(name)
            break
        steps.append(_nth(ancestor))
    return _counted(element, " > ".join(reversed(steps)), is_by_place=True)


def _ancestors(element: _Element) -> Iterator[_Element]:
    for number, ancestor in enumerate(element.iterancestors()):
        if number == _MOST_ANCESTORS or ancestor.tag in ("html", "body"):
            return
        yield ancestor


def _step(element: _Element) -> str:
    tag, name = _tag(element), element.get("id", "").strip()
    if _is_kept(name):
        return f"{tag}#{name}"
    classes = [each for each in element.get("class", "").split() if _is_kept(each)]
    return "".join([tag, *(f".{each}" for each in classes[:_MOST_CLASSES])])


def _has_name(step: str) -> bool:
    """A tag alone says little: another page of the site may have two lists."""
    return "." in step or "#" in step or step in _SINGLE


def _is_kept(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and not _MADE.search(name)


def _tag(element: _Element) -> str:
    """Names that no selector can have, as those with a colon, are left out."""
    return str(element.tag) if _NAME.fullmatch(str(element.tag)) else "*"


def _nth(element: _Element) -> str:
    tag = _tag(element)
    if element.getparent() is None:
        return tag
    if tag != "*" and next(element.itersiblings(tag), None) is next(element.itersiblings(tag, preceding=True), None):
        return tag  # neither before nor behind
    if tag == "*":
        return f"*:nth-child({1 + sum(1 for _ in element.itersiblings(preceding=True))})"
    return f"{tag}:nth-of-type({1 + sum(1 for _ in element.itersiblings(tag, preceding=True))})"


def _counted(element: _Element, css: str, *, is_by_place: bool = False) -> ElementSelector:
    return ElementSelector(css, _count(element, css), is_by_place)


def _count(element: _Element, css: str) -> int:
    return sum(1 for _ in Selector(root=element.getroottree().getroot(), type="html").css(css))
