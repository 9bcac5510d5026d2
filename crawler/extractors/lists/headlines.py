"""The headline of a link: its text without kicker, rank, badge, duration, time and comment count."""

import re
from functools import lru_cache

from crawler.extractors.lists.class_words import (
    MARKS,
    NOISE_WORDS,
    TITLE_WORDS,
    class_marks,
    is_more,
    looks_like_time,
    width,
)
from crawler.extractors.lists.list_kinds import Announced, announced_by
from crawler.extractors.tree.outline import Anchor, Outline, TextBlock, split_words
from crawler.markup.text import collapse
from crawler.markup.tree import Node

_HEADING_TAGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_NOISE_TAGS = frozenset("time svg style script noscript sup small button template".split())
_TITLE, _NOISE = MARKS["title-word"], MARKS["noise"]
_SHORTEST = 12  # letters of a headline that is part of a longer text
_RANK = re.compile(r"\W{0,2}\d{1,3}\W{0,2}")
_COUNT = re.compile(
    r"(?i)[\W_]*(?:comments?|kommentare?|评论|跟贴|阅读)?[\W_]*\d[\d.,]*\s?[kmw万]?\s*(?:comments?|kommentare?|comentarios?|commentaires?|评论|跟贴|阅读|views?|likes?|shares?)?[\W_]*"
)
# A date and no more; "2024年" is the beginning of many a headline.
_DATE = re.compile(
    r"[\W_]*(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.月]\d{1,2}日?|\d{1,3}\s?(?:分钟|小时|天|周|个月|年)前)"
    r"(?:\s?\d{1,2}:\d\d(?::\d\d)?)?[\W_]*"
)
_LONGEST_BADGE = 24
_PLAIN_TAGS = frozenset(("span", "small", "i"))  # what search words are marked with is no badge
_DURATION = re.compile(r"[\W_]*\d{1,2}:\d\d(?::\d\d)?[\W_]*")
_DIRECTION = re.compile(
    r"(?i)^[\W_]*(?:previous|prev|next|older|newer|vorherige[rs]?|nächste[rs]?|précédent|suivant|anterior|siguiente|seguinte|precedente|successivo|vorige|volgende|"
    r"forrige|neste|föregående|nästa|(?:上|下|前|后)一?(?:篇|章|条|页|則|则)|较[新旧早](?:一?篇|的?文章)|前の記事|次の記事|이전\s?글|다음\s?글|이전|다음)"
    r"(?:\s*(?:post|article|story|entry|beitrag|artikel|article|artículo|entrada|articolo|文章|新闻|up)s?)?\s*(?:[:：»›→|\-–—\])）】」]+\s*|$)"
)
# Behind a headline only what no headline ends with: "what comes next" is one.
_DIRECTION_BEHIND = re.compile(
    r"(?i)\s+(?:(?:previous|next|older|newer)\s(?:post|article|story|entry)|(?:上|下|前|后|後)一?(?:篇|章|则|則)|前の記事|"
    r"次の記事|이전\s?글|다음\s?글)[\W_]*$"
)
# Most links begin with none of these: the pattern above takes ten times as long.
_BEGINNING = re.compile(r"[\W_]*(\w{1,3})")
_DIRECTION_BEGINNINGS = frozenset("pre nex old new vor näc pré sui ant sig seg suc vol for nes för näs".split())
_DIRECTION_SIGNS = frozenset("上下前后較较次이다")


def headline_of(outline: Outline, anchor: Anchor) -> str:
    """Of the blocks a link spans the one that is its headline; "" where the link shows none."""
    if not anchor.text:
        return ""
    spanned = _spanned(outline, anchor)
    if len(spanned) <= 1:
        return _cleaned(outline.nodes[anchor.node], anchor.text)
    block = _headline_block(outline, anchor, spanned)
    # A block around the link, too, holds text that is not the link's.
    element = outline.nodes[block.node] if anchor.node < block.node < outline.ends[anchor.node] else None
    return _cleaned(element, block.text) if element is not None else block.text


def _spanned(outline: Outline, anchor: Anchor) -> list[TextBlock]:
    if anchor.block is None:
        return []
    blocks, stop = outline.blocks, anchor.block
    while stop < len(blocks) and anchor.number in blocks[stop].anchors and _shares(outline, anchor, blocks[stop]):
        stop += 1
    return blocks[anchor.block : stop]


def _shares(outline: Outline, anchor: Anchor, block: TextBlock) -> bool:
    """The block is in the link, or the link in the block: a link may end just before a block that shows none of it."""
    ends = outline.ends
    return anchor.node <= block.node < ends[anchor.node] or block.node <= anchor.node < ends[block.node]


def _headline_block(outline: Outline, anchor: Anchor, spanned: list[TextBlock]) -> TextBlock:
    headings = [block for block in spanned if block.tag in _HEADING_TAGS]
    if headings:
        return min(headings, key=lambda block: block.tag)  # an h5 above an h4 is its kicker
    told = [block for block in spanned if not is_noise(block.text)] or spanned
    for block in told:
        if not TITLE_WORDS.isdisjoint(_words_inside(outline, block.node, anchor.node)):
            return block
    plain = [block for block in told if NOISE_WORDS.isdisjoint(_words_inside(outline, block.node, anchor.node))] or told
    widest = max(width(block.text) for block in plain)
    # A summary is longer than its headline, and stands behind it; a kicker is short, and stands before it.
    return next(block for block in plain if width(block.text) >= min(20, widest))


def _words_inside(outline: Outline, node: int, anchor: int) -> set[str]:
    words: set[str] = set()
    while node > anchor:
        words.update(outline.words(node))
        node = outline.parents[node]
    return words


def is_noise(text: str) -> bool:
    """A rank, a duration, a count, a time or "read more": never a headline."""
    return bool(
        _RANK.fullmatch(text)
        or _DURATION.fullmatch(text)
        or _COUNT.fullmatch(text)
        or is_more(text)
        or without_direction(text) is None
        or (len(text) <= 40 and looks_like_time(text))
    )


def _cleaned(element: Node, text: str) -> str:
    named = collapse(element.get("title") or "")
    if width(named) >= _SHORTEST and named in text:
        return named
    if len(element) == 0:
        return text
    part = _titled(element) or _bold_beginning(element, text)
    if part:
        return part
    kept = collapse(" ".join("".join(_kept_texts(element)).split()))
    return kept or text


def _titled(element: Node) -> str:
    """The one part of a link that its class calls the title."""
    for child in element.descendants():
        marks = class_marks(child.get("class") or "")
        if marks & _TITLE and not marks & _NOISE:
            text = collapse(" ".join("".join(_kept_texts(child)).split()))
            return text if width(text) >= _SHORTEST else ""
    return ""


def _bold_beginning(element: Node, text: str) -> str:
    """Of a headline in bold letters and a summary behind it, the headline."""
    for child in element.descendants():
        if child.tag not in ("strong", "b"):
            continue
        bold = collapse(child.text_content())
        if text.startswith(bold) and min(width(bold), width(text) - width(bold)) >= 2 * _SHORTEST:
            return bold
        break
    return ""


def _kept_texts(element: Node) -> list[str]:
    """Texts of the element without those of badges and ranks inside; nothing recurses into what is left out."""
    texts = [element.text]
    for child in element:
        if not _is_badge(child):
            texts.extend(_kept_texts(child) if len(child) else [child.text])
        elif texts[-1:] and not texts[-1].endswith(" "):
            texts.append(" ")
        if child.tag == "br":
            texts.append(" ")
        texts.append(child.tail)
    return texts


def _is_badge(element: Node) -> bool:
    if element.tag in _NOISE_TAGS:
        return True
    names = element.get("class")
    if names and not NOISE_WORDS.isdisjoint(split_words(names)) and TITLE_WORDS.isdisjoint(split_words(names)):
        return True
    inside = collapse(element.text_content())
    if not inside or len(inside) > _LONGEST_BADGE:
        return False
    if len(inside) <= 12 and (_RANK.fullmatch(inside) or _DURATION.fullmatch(inside) or is_direction(inside)):
        return True
    return element.tag in _PLAIN_TAGS and bool(_DATE.fullmatch(inside) or _COUNT.fullmatch(inside))


@lru_cache(maxsize=8192)
def is_direction(text: str) -> bool:
    """The text says no more than that its link leads to the next or the previous article, or begins with it."""
    if len(text) > 200:
        return False
    begun = _BEGINNING.match(text)
    if begun is None or (begun[1].lower() not in _DIRECTION_BEGINNINGS and begun[1][0] not in _DIRECTION_SIGNS):
        return False
    return bool(_DIRECTION.match(text))


def first_words(outline: Outline, anchor: Anchor) -> str:
    """What a link shows first in an element of its own, a picture aside: 上一篇 of <em>上一篇</em><b>…</b>; else ""."""
    text = anchor.text
    if text[:1] not in _DIRECTION_SIGNS:  # as hardly any: its element need not be looked at
        return ""
    element = outline.nodes[anchor.node]
    said = (collapse(child.text) for child in element.descendants() if child.text)
    first = next((words for words in said if words), "")
    return first if text.startswith(first) and len(first) < len(text) else ""


def without_direction(text: str) -> str | None:
    """The headline of a link to the next article without the word for it; None where the word is all."""
    stripped = _DIRECTION_BEHIND.sub("", _DIRECTION.sub("", text, count=1)).strip(" \u00a0«»‹›←→<>|")
    if not stripped or (width(stripped) <= 24 and announced_by(stripped) & Announced.ADJACENT):
        return None
    return stripped
