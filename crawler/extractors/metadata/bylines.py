"""Authors and source: declared, marked up as author, or told by a visible byline; cleaned, and weighed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.document import Document
from crawler.extractors.metadata.region import Region
from crawler.extractors.outline import Outline, TextBlock
from crawler.markup.dates import find_dates
from crawler.markup.names import is_organisation, looks_like_person, parse_byline, split_people
from crawler.markup.structured import Declared
from crawler.markup.text import fold, is_cjk
from models.items import Origin

_LONGEST_LINE = 300
_AUTHOR_WORDS = frozenset(
    "author authors byline bylines writer writers autor autoren auteur auteurs autore contributor".split()
)
_NOT_AUTHOR_WORDS = frozenset(
    "bio avatar image img photo comment comments related description role title social job".split()
)
_AUTHOR_PATH = re.compile(
    r"(?i)/(?:authors?|autor(?:en|es)?|auteurs?|people|person|staff|team|profiles?|contributors?|writers?|redaktion|by|journalists?|users?)/[^/?#]{2,80}/?(?:[?#].*)?$"
)


@dataclass(frozen=True, slots=True)
class AuthorsFound:
    authors: tuple[str, ...] = ()
    source: str | None = None
    origin: Origin = Origin.GENERIC
    blocks: frozenset[int] = frozenset()
    """Blocks of the region that are bylines."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows of its authors."""

    by_line: tuple[str, ...]
    """Named by "By …", 作者：…"""
    by_markup: tuple[str, ...]
    """Named by class, rel or address of a link."""
    editors: tuple[str, ...]
    source: str | None
    blocks: frozenset[int]


def find_authors(document: Document, outline: Outline, region: Region) -> AuthorsFound:
    shown = _shown(outline, region)
    declared, is_strong = _declared(document)
    authors, origin = _chosen(shown, declared, is_strong=is_strong)
    return AuthorsFound(authors or shown.editors, shown.source, origin, shown.blocks)


def _chosen(shown: _Shown, declared: tuple[str, ...], *, is_strong: bool) -> tuple[tuple[str, ...], Origin]:
    """What a page prints beats what its system fills in; declared persons beat markup, markup declared teams."""
    if shown.by_line:
        if is_strong and _overlap(shown.by_line, declared) and len(declared) >= len(shown.by_line):
            return declared, Origin.STRUCTURED
        return shown.by_line, Origin.GENERIC
    if is_strong:
        if _overlap(shown.by_markup, declared) and len(shown.by_markup) > len(declared):
            return shown.by_markup, Origin.GENERIC
        return declared, Origin.STRUCTURED
    if shown.by_markup:
        return shown.by_markup, Origin.GENERIC
    return declared, Origin.STRUCTURED


def _overlap(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    words = {word for name in first for word in fold(name).split()}
    return any(word in words for name in second for word in fold(name).split())


def _declared(document: Document) -> tuple[tuple[str, ...], bool]:
    """Names of the first kind of markup that names persons, else of the first that names anybody."""
    weak: tuple[str, ...] = ()
    site = {fold(c.value) for c in (*document.structured.site_names, *document.structured.publishers)}
    for source in Declared:
        values = [c.value for c in document.structured.authors if c.source is source]
        names = tuple(dict.fromkeys(name for value in values for name in split_people(value)))
        persons = tuple(name for name in names if _is_person(name) and fold(name) not in site)
        if persons:
            return names, True
        weak = weak or names
    return weak, False


def _is_person(name: str) -> bool:
    return looks_like_person(name) or (is_cjk(name) and len(name) <= 6 and not is_organisation(name))


def _shown(outline: Outline, region: Region) -> _Shown:
    by_line: list[str] = []
    editors: list[str] = []
    source: str | None = None
    blocks: set[int] = set()
    for block, is_text in _lines(region):
        byline = parse_byline(block.text)
        if byline is None or (is_text and not is_cjk(block.text)):
            continue
        by_line.extend(byline.authors)
        editors.extend(byline.editors)
        source = source or byline.source
        if not is_text or len(block.text) <= 60:
            blocks.add(block.number)
    by_markup, marked = _marked(outline, region)
    return _Shown(
        tuple(dict.fromkeys(by_line)),
        tuple(dict.fromkeys(by_markup)),
        tuple(dict.fromkeys(editors)),
        source,
        frozenset(blocks | marked),
    )


def _lines(region: Region) -> Iterator[tuple[TextBlock, bool]]:
    """Lines that may be bylines, and whether each stands where the text is."""
    for block in region.above:
        if len(block.text) <= _LONGEST_LINE:
            yield block, False
    for block in (*region.lead, *region.below):
        yield block, True


def _marked(outline: Outline, region: Region) -> tuple[list[str], set[int]]:
    names: list[str] = []
    blocks: set[int] = set()
    for node in region.nodes:
        if not _names_author(outline, node):
            continue
        text = _without_dates(" ".join("".join(map(str, outline.nodes[node].itertext())).split()))
        found = [name for name in split_people(text) if _is_person(name)] if len(text) <= 100 else []
        names.extend(found)
        span = outline.blocks_of(node)
        if found and 0 < len(span) <= 4:
            blocks.update(span)
    return names, blocks


def _names_author(outline: Outline, node: int) -> bool:
    element = outline.nodes[node]
    if outline.tags[node] == "a":
        href = element.get("href") or ""
        if "author" in (element.get("rel") or "").lower() or _AUTHOR_PATH.search(href[:300]):
            return not outline.is_hidden(node)
    words = set(outline.words(node))
    return not words.isdisjoint(_AUTHOR_WORDS) and words.isdisjoint(_NOT_AUTHOR_WORDS) and not outline.is_hidden(node)


def _without_dates(text: str) -> str:
    for date in reversed(find_dates(text)):
        text = text[: date.start] + " | " + text[date.end :]
    return text
