"""Authors and source: declared, printed in a byline or marked up as such; cleaned, and weighed against each other."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.document import Document
from crawler.extractors.metadata.author_lines import (
    biography,
    boxed_bylines,
    is_person,
    printed_bylines,
    unmarked_author,
)
from crawler.extractors.metadata.author_marks import boxed_authors, linked_author, lone_author, marked_authors
from crawler.extractors.metadata.region import Region
from crawler.extractors.tree.outline import Outline, TextBlock
from crawler.markup.names import Byline, has_given_name, looks_like_person, names_team, split_people
from crawler.markup.structured import Declared
from crawler.markup.text import fold, is_cjk
from models.items import Origin

Names = tuple[str, ...]

_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|(?i:copyright))[ ,]{0,3}(?:\d{4}[ ,]{0,3}(?:[-–][ ]?\d{4})?)?[ ,]{0,3}(?:by )?([^\W\d_][^|.,·©]{2,40})"
)
_SENTENCE_BEFORE = re.compile(r"[。！？.!?]\s*[(（\[【]")
# "（记者 某某）昨日，……。": the text begins on the line of its byline.
_SENTENCE_BEHIND = re.compile(r"[^。！？]{0,40}?[)）\]】](?=[^。！？]{0,200}[，、])[^。！？]{16,400}[。！？]")


@dataclass(frozen=True, slots=True)
class AuthorsFound:
    authors: Names = ()
    source: str | None = None
    origin: Origin = Origin.GENERIC
    blocks: frozenset[int] = frozenset()
    """Blocks that are bylines and nothing else."""


def find_authors(document: Document, outline: Outline, region: Region) -> AuthorsFound:
    printed = printed_bylines(outline, region)
    marked, blocks = marked_authors(outline, region.nodes, after=region.headline)
    declared, is_strong = _declared(document)
    authors = _stated(_first_printed(printed), marked, declared if is_strong else ())
    if not authors:
        authors = _each(byline.authors for byline in boxed_bylines(outline, region))
        boxed = boxed_authors(outline, region.below_nodes)
        authors = authors or tuple(name for name in boxed if _is_believed(name))
    alone: Byline | None = None
    if not authors:
        alone, blocks = unmarked_author(outline, region)
        authors = alone.authors if alone else ()
    authors = (
        authors
        or biography(region)
        or linked_author(outline)
        or tuple(name for name in lone_author(outline) if looks_like_person(name) or _is_believed(name))
        or declared
        or _owner(document, outline)
        or _each(byline.editors for _, byline in printed)
    )
    return AuthorsFound(
        authors=authors,
        source=next((byline.source for _, byline in printed if byline.source), alone.source if alone else None),
        origin=Origin.STRUCTURED if authors == declared else Origin.GENERIC,
        blocks=blocks | {block.number for block, _ in printed if _is_only_byline(block, region)},
    )


def _is_only_byline(block: TextBlock, region: Region) -> bool:
    """Not the first or last sentence of an article with a byline in brackets before or behind it, however short."""
    text = block.text
    if _SENTENCE_BEHIND.match(text):
        return False
    return block in region.above or (len(text) <= 60 and _SENTENCE_BEFORE.search(text) is None)


def _is_believed(name: str) -> bool:
    """Below a text stand menus and other articles too."""
    return has_given_name(name) or names_team(name) or (is_cjk(name) and is_person(name))


def _first_printed(printed: list[tuple[TextBlock, Byline]]) -> Names:
    """Authors of the first byline and of those right below it: what comes later is by somebody else, or quotes one."""
    names: list[Names] = []
    last: int | None = None
    for block, byline in printed:
        if byline.authors and (last is None or block.number <= last + 2):
            names.append(byline.authors)
            last = block.number
    return _each(names)


def _owner(document: Document, outline: Outline) -> Names:
    """The person a site is named after writes what is on it: a blog says so in its title or footer only."""
    title = re.split(r"\s[|–—·-]\s", document.title or "")[-1]
    names = [title, *(candidate.value for candidate in document.structured.site_names)]
    for block in outline.blocks[-6:]:
        match = _COPYRIGHT.search(block.text[:200])
        names.extend([match[1]] if match else [])
    return next(((name,) for name in (name.strip(" .") for name in names) if has_given_name(name)), ())


def _stated(by_line: Names, marked: Names, declared: Names) -> Names:
    """What a page prints beats what its system fills in; the longer of two lists that share a name is the whole one."""
    if by_line:
        return declared if _overlap(by_line, declared) and len(declared) >= len(by_line) else by_line
    if declared:
        return marked if _overlap(marked, declared) and len(marked) > len(declared) else declared
    return marked


def _overlap(first: Names, second: Names) -> bool:
    words = {word for name in first for word in fold(name).split()}
    return any(word in words for name in second for word in fold(name).split())


def _declared(document: Document) -> tuple[Names, bool]:
    """Names of the first kind of markup that names persons, else of the first that names anybody; and which it was."""
    weak: Names = ()
    site = {fold(c.value) for c in (*document.structured.site_names, *document.structured.publishers)}
    for source in Declared:
        names = _each(split_people(c.value) for c in document.structured.authors if c.source is source)
        if any(is_person(name) and fold(name) not in site for name in names):
            return tuple(name for name in names if fold(name) not in site), True
        weak = weak or names
    return weak, False


def _each(lists: Iterable[Names]) -> Names:
    """Each name once: "jane-roe" is Jane Roe again."""
    found: dict[str, str] = {}
    for name in (name for names in lists for name in names):
        found.setdefault("".join(filter(str.isalnum, fold(name))), name)
    return tuple(found.values())
