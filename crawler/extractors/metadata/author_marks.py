"""Authors by markup: elements that class, rel or the address of a link call an author's."""

import re
from collections.abc import Iterable

from crawler.extractors.metadata.spacing import spaced, text_before
from crawler.extractors.tree.outline import Outline
from crawler.markup.dates import find_dates
from crawler.markup.names import is_common_name, is_name, looks_like_person, names_team, split_people
from crawler.markup.text import is_cjk
from crawler.markup.tree import Attributes, Node

_LONGEST = 160
_MOST_LINKS = 10
_AUTHOR_WORDS = frozenset(
    "author authors byline bylines writer writers autor autoren auteur auteurs autore contributor".split()
)
_NOBODY_TAGS = frozenset("img br hr source picture figure button input label time i ul ol h1 h2 main body".split())
"""Tags of elements that are no author's name, whatever their class says."""
_OTHER_WORDS = frozenset(
    "bio avatar image img photo comment comments related description role title social job reviewer reviewed editor "
    "factchecker checker medical expert share follow count".split()
)
_FOREIGN_WORDS = frozenset("comment comments commentlist disqus respond reply replies related card cards".split())
"""Of boxes that name the authors of something else."""
_AUTHOR_PATH = re.compile(
    r"(?i)/(?:authors?|autor(?:en|es)?|auteurs?|people|person|staff|team|contributors?|writers?|by|journalists?|redaktion|"
    r"columnists?)/[^/?#]{1,80}/?(?:[?#].{0,200})?$"
    r"|/author[-_]\d{1,9}(?:\.html?)?$"
)
_REVIEW = re.compile(
    r"(?i)\b(?:reviewed|fact[- ]?check\w*|edited|updated|verified|medically|approved|photograph\w*|photos?|"
    r"illustrat\w+|translated|produced|sponsored|presented|image) (?:by|for|from)?"
    r"|\b(?:reviewer|fact checker|editor)s?:"
)


def marked_authors(outline: Outline, nodes: range, *, after: int | None) -> tuple[tuple[str, ...], frozenset[int]]:
    """The names in the first element marked as author's and in its like beside it, and the blocks they fill.

    Elements behind node `after`, the headline's, come first: above it stand the authors of other articles.
    """
    if after is None or after not in nodes:
        return _first_group(outline, nodes) or ((), frozenset())
    behind, before = range(after, nodes.stop), range(nodes.start, after)
    return _first_group(outline, behind) or _first_group(outline, before) or ((), frozenset())


def boxed_authors(outline: Outline, nodes: Iterable[int]) -> tuple[str, ...]:
    """The names in the first element of these that is marked as author's and in its like beside it."""
    found = _first_group(outline, nodes)
    return found[0] if found else ()


def linked_author(outline: Outline) -> tuple[str, ...]:
    """The one person whom links of the page call its author, wherever they stand: some facts have their own column."""
    related = (anchor.node for anchor in outline.anchors if anchor.node in outline.related)
    links = [node for node in related if "author" in outline.attributes[node]["rel"]]
    names = {name for node in links[:_MOST_LINKS] for name in _names_in(outline.nodes[node])}
    return tuple(names) if len(names) == 1 else ()


def lone_author(outline: Outline) -> tuple[str, ...]:
    """The one name in all elements of the page that are marked as author's: a column of facts may stand far away."""
    names: set[str] = set()
    asked = 0
    if not any(map(_is_like_author, outline.names.classes)):
        return ()
    for node, tag in enumerate(outline.tags):
        if tag in _NOBODY_TAGS or tag == "a" or not outline.classes[node] or not _is_marked(outline, node):
            continue
        if any(not _FOREIGN_WORDS.isdisjoint(outline.words(place)) for place in outline.ancestors(node)):
            continue
        asked += 1
        names.update(_names_in(outline.nodes[node]))
        if asked > _MOST_LINKS or len(names) > 1:
            return ()
    return tuple(names)


def _first_group(outline: Outline, nodes: Iterable[int]) -> tuple[tuple[str, ...], frozenset[int]] | None:
    names: list[str] = []
    blocks: set[int] = set()
    first: int | None = None
    end = 0
    tags = outline.tags
    for node in [node for node in nodes if tags[node] not in _NOBODY_TAGS]:
        if node < end or not _is_marked(outline, node) or _is_reviewer(outline, node):
            continue
        if first is not None and not _is_beside(outline, first, node):
            break
        found = _named_first(outline, node) or _names_in(outline.nodes[node])
        if found:
            names.extend(found)
            first = node if first is None else first
            end = outline.ends[node]
            span = outline.blocks_of(node)
            blocks.update(span if len(span) <= 4 else ())
    return (tuple(dict.fromkeys(names)), frozenset(blocks)) if names else None


def _named_first(outline: Outline, node: int) -> list[str]:
    """The Chinese name that fills the first line of a box: without a space it would run into the next."""
    span = outline.blocks_of(node)
    first = outline.blocks[span.start].text if len(span) > 1 else ""
    return [first] if first and is_common_name(first) else []


def _names_in(element: Node) -> list[str]:
    text = spaced(element)
    if len(text) > _LONGEST:
        return []
    text = _REVIEW.split(text, maxsplit=1)[0]
    for date in reversed(find_dates(text)):
        text = text[: date.start] + " | " + text[date.end :]
    names = split_people(text)
    persons = [name for name in names if looks_like_person(name)]
    if persons:
        return persons
    return [name for name in names[:1] if _may_be_author(name, text)]


def _may_be_author(name: str, text: str) -> bool:
    """A team, a first name or a pen name, if the element says nothing else."""
    if not is_name(name) or len(name) * 2 < len(text):
        return False
    return names_team(name) or (len(name) <= 12 if is_cjk(name) else len(name.split()) == 1 and len(name) <= 30)


def _is_marked(outline: Outline, node: int) -> bool:
    """Asked of all nodes near an article, so what most of them lack comes first."""
    is_link = outline.tags[node] == "a"
    if not is_link and not outline.classes[node] and not outline.ids[node]:
        return False
    marked = is_link and _leads_to_author(outline.attributes[node])
    if not marked and _is_like_author(f"{outline.classes[node]} {outline.ids[node]}"):
        words = outline.words(node)
        marked = not _AUTHOR_WORDS.isdisjoint(words) and _OTHER_WORDS.isdisjoint(words)
    return marked and not outline.is_hidden(node)


def _is_like_author(name: str) -> bool:
    lowered = name.lower()
    return "aut" in lowered or "byline" in lowered or "writer" in lowered or "contributor" in lowered


def _leads_to_author(attributes: Attributes) -> bool:
    relation = attributes.get("rel")
    if relation and "author" in relation.lower():
        return True
    return _AUTHOR_PATH.search(attributes.get("href", "")[:300]) is not None


def _is_reviewer(outline: Outline, node: int) -> bool:
    """The words before an element give it another part in the text: "Reviewed by <a>"."""
    return bool(_REVIEW.search(text_before(outline.nodes[node])))


def _is_beside(outline: Outline, first: int, node: int) -> bool:
    """Siblings, or cousins in one parent's parent: the next author of the same byline."""
    parents = outline.parents
    return parents[first] == parents[node] or (
        parents[first] > 0 and parents[node] > 0 and parents[parents[first]] == parents[parents[node]]
    )
