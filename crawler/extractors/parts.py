"""Articles over several pages: which part a page is, and where the others are.

The parts of an article have one address but for a number at its end or in its query. That alone is no proof: articles
are numbered too, and lists and comments have pages. So a link has to call itself the page that its number says, or the
next one, below the beginning of the text; and no box of comments or offers may be around it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from crawler.extractors.tree.outline import Anchor, Outline
from crawler.markup.links import absolute_url
from models.items import PagePart

_PARAMETER = re.compile(
    r"(?i)(?:^|(?<=&))(?:page|p|pg|pn|_pn|page_?no|page_?num|page_?number|cur(?:rent)?_?page|part|paged|seite|pagina)"
    r"=(\d{1,2})(?:&|$)"
)
_NUMBERED = re.compile(r"(?i)(?:[_-]p?|/page[/_-]?|/p|/|(?<=\w)\.)(\d{1,2})$")
_EXTENSION = re.compile(r"\.[A-Za-z]{2,5}$")
_INDEX = re.compile(r"/(?:index|default)$")

_ARROWS = re.compile(r"[\s«»‹›<>←→⟨⟩❮❯|&:：.…\[\]()（）【】]+")
# "2", "第2页", "Page 2"; after the word a title of the part may follow.
_NUMBER_LABEL = re.compile(
    r"(\d{1,2})$|第\s*(\d{1,2})\s*[页頁]|(\d{1,2})\s*(?:ページ|페이지)|"
    r"(?:page|seite|página|pagina|strona|sida) (\d{1,2})\b",
    re.IGNORECASE,
)
_NEXT_PAGE = re.compile(
    r"下一?[页頁]|[后後]一?[页頁]|次の?ページ|다음\s?페이지|next page|go to next page|"
    r"(?:continue|go) (?:\w+ )?to page \d|page suivante|nächste seite|weiter auf seite|página siguiente|"
    r"siguiente página|pagina successiva|volgende pagina|następna strona|nästa sida|next part|下一?部分",
    re.IGNORECASE,
)
_PREVIOUS_PAGE = re.compile(r"[上前]一?[页頁]|前の?ページ|previous page|page précédente|vorherige seite", re.IGNORECASE)
_NEXT = frozenset("next weiter suivant suivante siguiente successivo volgende następna nästa 次へ 다음".split())
_PREVIOUS = frozenset(
    "previous prev back zurück précédent précédente anterior precedente vorige föregående 前へ".split()
)
# What else a pager says: where the reader is, how many there are, the way back, all on one page.
_PAGER_LINE = re.compile(
    r"(?:page|seite|第|共|página|pagina)?\s*\d{1,2}(?:\s*(?:页|頁|/|of|von|de|di|sur)\s*(?:共\s*)?\d{0,2}\s*(?:页|頁)?)?|"
    r"(?:pages?|seiten?|分[页頁]|共\s*\d{1,2}\s*[页頁])|[上前]一?[页頁]|[首尾末]页|previous(?: page)?|prev|"
    r"(?:view|show|read)(?: as| on)?(?: a| one)? single page|view all|全文阅读|阅读全文|显示全文|余下全文|单页阅读|",
    re.IGNORECASE,
)
_NO_PAGER = frozenset(
    "comment comments cmt cmts reply replies respond disqus related recommend recommended sidebar aside".split()
)
_LEVELS = 6  # up to the box that says whose pager it is
_NEAR = 3  # blocks beside the links that may belong to the pager
_LINE = 40  # letters


@dataclass(frozen=True, slots=True)
class PartFound:
    part: PagePart
    blocks: frozenset[int]
    """Of the pager."""


class _Turn(IntEnum):
    """What a link of a pager calls itself."""

    NUMBER = 0
    PAGE = 1  # "next page", 下一页
    WORD = 2  # "next", which the next article is called too


class _Sibling(NamedTuple):
    """A link to an address that differs from the page's own in the number alone."""

    url: str
    number: int | None
    """In the address; None in the one without, which is the first part's."""
    turn: _Turn
    label: int | None
    """The number that it shows; None where it is a word."""
    block: int | None


@dataclass(frozen=True, slots=True)
class _Family:
    """The links to addresses that are one with the page's own but for a number, and the number in its own."""

    own: int | None
    siblings: list[_Sibling]


def find_part(outline: Outline, *, first_block: int) -> PartFound | None:
    """None for a whole article. `first_block` is where its text begins: a pager above it is that of a list."""
    url = outline.document.url
    if url is None:
        return None
    own = _readings(url)
    families: dict[str, _Family] = {}
    for link in _links(outline, url, first_block):
        readings = _readings(link.url)
        key = next((key for key in readings if key in own), None)
        if key is not None:
            sibling = link._replace(number=readings[key])
            families.setdefault(key, _Family(own[key], [])).siblings.append(sibling)
    found = (_part(outline, url, family) for family in families.values())
    return max(filter(None, found), key=lambda part: len(part.part.urls), default=None)


def _readings(url: str) -> dict[str, int | None]:
    """The address as that of a whole, and without the number that may be its part's: key to that number."""
    parts = urlsplit(url)
    host, path = parts.netloc.removeprefix("www."), _bare(unquote(parts.path))
    found: dict[str, int | None] = {f"{host}{path}?{parts.query}": None}
    if match := _PARAMETER.search(parts.query):
        found[f"{host}{path}?{_without(match, parts.query)}"] = int(match[1])
    elif match := _NUMBERED.search(path):
        whole = _bare(path[: match.start()])  # "/story.html/2" has its extension in the middle
        if whole:
            found[f"{host}{whole}?{parts.query}"] = int(match[1])
    return found


def _bare(path: str) -> str:
    return _INDEX.sub("", _EXTENSION.sub("", path.rstrip("/")))


def _without(match: re.Match[str], query: str) -> str:
    return (query[: match.start()] + query[match.end() :]).rstrip("&")


def _links(outline: Outline, url: str, first_block: int) -> Iterator[_Sibling]:
    """Links that turn pages, below the beginning of the text or in the head; their numbers are not read yet."""
    base, own = outline.document.base_url, url.partition("#")[0]
    name = _name_of(own)
    for anchor in outline.anchors:
        href = anchor.href.strip()
        if name not in href and "index" not in href and href[:1] not in "?.0123456789":
            continue
        is_above = anchor.block is not None and anchor.block < first_block
        turn = None if is_above else _turn_of(anchor.text)
        target = absolute_url(base, href) if turn else None
        if turn and target and target.partition("#")[0] != own and not _is_barred(outline, anchor):
            yield _Sibling(target.partition("#")[0], None, *turn, anchor.block)
    tree = outline.document.tree
    for attributes in map(tree.attributes.__getitem__, tree.numbers_of("link")):
        if attributes.get("rel", "").lower() == "next":
            target = absolute_url(base, attributes.get("href", ""))
            if target is not None:
                yield _Sibling(target, None, _Turn.WORD, None, None)


def _name_of(url: str) -> str:
    """What the address of every other part has in it: the last segment of the path without its number, or the query."""
    parts = urlsplit(url)
    name = _bare(_NUMBERED.sub("", _bare(parts.path))).rsplit("/", 1)[-1]
    return name or _PARAMETER.sub("", parts.query).rstrip("&") or url


def _turn_of(text: str) -> tuple[_Turn, int | None] | None:
    if len(text) > _LINE:
        return None
    words = _ARROWS.sub(" ", text).strip().lower()
    if match := _NUMBER_LABEL.match(words):
        return _Turn.NUMBER, int(next(filter(None, match.groups())))
    if _NEXT_PAGE.match(words) or _PREVIOUS_PAGE.match(words):
        return _Turn.PAGE, None
    return (_Turn.WORD, None) if words in _NEXT or words in _PREVIOUS else None


def _is_barred(outline: Outline, anchor: Anchor) -> bool:
    """In a box of comments or offers."""
    node = anchor.node
    for _ in range(_LEVELS):
        if node <= 0:
            break
        if outline.tags[node] == "aside" or not _NO_PAGER.isdisjoint(outline.words(node)):
            return True
        node = outline.parents[node]
    return "comment" in anchor.href or "cpage" in anchor.href


def _part(outline: Outline, url: str, family: _Family) -> PartFound | None:
    offset = _offset(family.siblings)
    if offset is None:
        return None
    number = 1 if family.own is None else family.own + offset
    urls: dict[int, str] = {}
    for sibling in family.siblings:
        urls.setdefault(1 if sibling.number is None else sibling.number + offset, sibling.url)
    urls.pop(number, None)
    # Neighbours in a numbered series of articles are "next" and "previous" too; an article without a number has parts.
    told = family.own is None or any(sibling.turn is not _Turn.WORD for sibling in family.siblings)
    if not told or not {number - 1, number + 1} & urls.keys():
        return None
    part = PagePart(number=number, first_url=url if number == 1 else urls.get(1) or _whole(url), urls=urls)
    return PartFound(part, _pager_blocks(outline, family))


def _offset(siblings: Sequence[_Sibling]) -> int | None:
    """What an address's number lacks to the part's: 1 where "2" leads to number 1. None where labels contradict."""
    told = [(sibling.label, sibling.number) for sibling in siblings if sibling.label is not None]
    offsets = {label - number for label, number in told if number is not None}
    if len(offsets) > 1 or not offsets <= {0, 1} or any(number is None and label != 1 for label, number in told):
        return None
    return offsets.pop() if offsets else 0


def _whole(url: str) -> str:
    """The address without its number, where no link leads to the first part."""
    address, _, query = url.partition("?")
    if match := _PARAMETER.search(query):
        rest = _without(match, query)
        return f"{address}?{rest}" if rest else address
    stem = address.rstrip("/")
    extension = match[0] if (match := _EXTENSION.search(stem)) else ""
    return _NUMBERED.sub("", stem.removesuffix(extension)) + extension + address[len(stem) :]


def _pager_blocks(outline: Outline, family: _Family) -> frozenset[int]:
    """Blocks that are nothing but the pager: its links, and lines beside them that only say where the reader is."""
    blocks = outline.blocks
    linked = {sibling.block for sibling in family.siblings if sibling.block is not None}
    own = {n for n in linked if len(blocks[n].text) <= _LINE or blocks[n].linked * 2 >= len(blocks[n].text)}
    near = {n for block in own for n in range(max(block - _NEAR, 0), min(block + _NEAR + 1, len(blocks)))}
    lines = {n for n in near if _PAGER_LINE.fullmatch(_ARROWS.sub(" ", blocks[n].text).strip().lower())}
    return frozenset(own | lines)
