"""What is seen of a page at a glance: the facts that rules and measurements share, each found once."""

import re
from collections import Counter
from functools import cached_property
from urllib.parse import unquote, urlsplit

import numpy as np

from crawler.extractors.body.finder import BodyBlocks
from crawler.extractors.tree.outline import Outline, TextBlock
from crawler.markup.links import same_site
from crawler.markup.text import is_cjk

_CJK_WIDTH = 2.5  # Latin letters that say as much as one Han, Kana or Hangul
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 dt".split())
_CARD_HEADINGS = frozenset("h1 h2 h3 h4 dt".split())
CARD_TEXT = 700  # letters: what stands under a heading of a list is an excerpt
_FEWEST_CARDS = 3
_CARD_DEPTH = 6  # blocks below a card's heading in which its text begins
_DATE = re.compile(
    r"(?:19|20)\d\d|\b\d{1,2}[./]\d{1,2}[./]\d\d|(?i:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d)"
)
_BYLINE = re.compile(
    r"(?:by|von|par|por|door|written by|author|作者|记者|責任編輯|编辑)\b|文[/／:：]|记者", re.IGNORECASE
)
_FIGURES = re.compile(r"[\d:：/.\-·年月日 ]")
_OPENING = 3000
_SCRIPT_SAMPLE = 400
_SHORT_LINE = 120  # letters of a line that may be a date or a byline
_SOME_LETTERS = 12  # of a headline; "News" in the title proves nothing
_TITLE_START = 40


class Overview:
    """Of one page and its body as it was first found. Everything is found when it is asked for."""

    def __init__(self, outline: Outline, body: BodyBlocks, *, url: str | None) -> None:
        self.outline = outline
        self.body = body
        self.url = url
        self.structured = outline.document.structured
        self.numbers = sorted(body.numbers)
        self.texts = [outline.texts[number] for number in self.numbers]
        self.title = outline.document.title or ""

    @cached_property
    def path(self) -> str:
        return unquote(urlsplit(self.url).path) if self.url else ""

    @cached_property
    def written_path(self) -> str:
        """As links have it."""
        return urlsplit(self.url).path if self.url else ""

    @cached_property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "") if self.url else ""

    @cached_property
    def types(self) -> frozenset[str]:
        """What the page declares itself or its parts to be, in lower case; those of OpenGraph begin with "og:"."""
        return frozenset(name.lower() for name in self.structured.types)

    @cached_property
    def tags(self) -> Counter[str]:
        numbers = np.bincount(self.outline.columns.tags, minlength=len(self.outline.tag_list))
        return Counter(dict(zip(self.outline.tag_list, numbers.tolist(), strict=True)))

    @cached_property
    def all_text(self) -> str:
        return "\n".join(self.outline.texts)

    @cached_property
    def class_words(self) -> str:
        """All class names of the page, in lower case."""
        return " ".join(self.outline.names.classes).lower()

    @cached_property
    def hrefs(self) -> set[str]:
        return {anchor.href for anchor in self.outline.anchors}

    @cached_property
    def opening(self) -> str:
        """The first letters of the body, in lower case."""
        return " ".join(self.texts)[:_OPENING].lower()

    @cached_property
    def letters(self) -> float:
        """Of the body, as Latin ones."""
        return sum(map(len, self.texts)) * (_CJK_WIDTH if is_cjk(self.opening[:_SCRIPT_SAMPLE]) else 1.0)

    @cached_property
    def share(self) -> float:
        """The body's part of all text."""
        return sum(map(len, self.texts)) / (len(self.all_text) or 1)

    @cached_property
    def span(self) -> range:
        """Blocks of the lowest box around the body."""
        container = self.body.container
        return range(0) if container is None else self.outline.blocks_of(container)

    @cached_property
    def headings(self) -> int:
        """In the body."""
        return sum(self.outline.blocks[number].tag in _HEADINGS for number in self.numbers)

    @cached_property
    def headlines(self) -> list[TextBlock]:
        """The visible h1."""
        outline = self.outline
        if not self.tags["h1"]:
            return []
        return [block for block in outline.blocks if block.tag == "h1" and not outline.is_hidden(block.node)]

    @cached_property
    def headline(self) -> TextBlock | None:
        """The h1 that the title has in it; on a page without any, the line with which the title begins."""
        if self.headlines:
            return next(filter(self._is_headline, self.headlines), None)
        begins = (block for block in self.outline.blocks if self.title.startswith(block.text[:_TITLE_START]))
        return next(filter(self._is_headline, begins), None)

    def _is_headline(self, block: TextBlock) -> bool:
        start = block.text[:_TITLE_START]
        letters = len(start) * (_CJK_WIDTH if is_cjk(start) else 1.0)
        return letters > _SOME_LETTERS and start in self.title and not self.leads_away(block)

    @cached_property
    def lines_near_headline(self) -> list[str]:
        """Short lines that are no links, just above or below the headline, or the first h1."""
        block = self.headline or next(iter(self.headlines), None)
        if block is None:
            return []
        blocks, number = self.outline.blocks, block.number
        near = (*blocks[max(number - 2, 0) : number], *blocks[number + 1 : number + 7])
        return [line.text for line in near if len(line.text) < _SHORT_LINE and line.linked * 2 <= len(line.text)]

    @cached_property
    def is_dated(self) -> bool:
        """A date beside the headline."""
        return any(_DATE.search(line) for line in self.lines_near_headline)

    @cached_property
    def is_signed(self) -> bool:
        """A byline beside the headline."""
        return any(_BYLINE.match(line) for line in self.lines_near_headline)

    @cached_property
    def cards(self) -> int:
        """Headings that are links within the site, each over a text of its own: the entries of a list."""
        blocks = self.outline.blocks[self.span.start : self.span.stop]
        linked = [block for block in blocks if block.linked and block.tag in _CARD_HEADINGS]
        return sum(self.leads_away(block) and self._has_text_below(block.number) for block in linked)

    @cached_property
    def begins_below_card(self) -> bool:
        """The first text stands under a heading that is a link to another page of the site."""
        first = self.numbers[0] if self.numbers else 0
        above = self.outline.blocks[max(first - _CARD_DEPTH, 0) : first]
        return any(block.linked and block.tag in _CARD_HEADINGS and self.leads_away(block) for block in above)

    @cached_property
    def share_leading_away(self) -> float:
        """The part of the body's letters that are links to other pages of the site."""
        blocks = [self.outline.blocks[number] for number in self.numbers]
        linked = sum(block.linked for block in blocks if block.linked)
        letters = sum(len(block.text) for block in blocks)
        if not letters or linked * 3 < letters:  # most pages
            return 0.0
        letters = sum(map(_told, blocks))  # a date beside a headline is as long as a Chinese one
        return sum(block.linked for block in blocks if block.linked and self._links_away(block)) / letters

    @cached_property
    def is_card_list(self) -> bool:
        return self.cards >= _FEWEST_CARDS and self.letters < self.cards * CARD_TEXT

    @cached_property
    def teasers(self) -> tuple[int, int]:
        """Texts of the body that stand under a line of their own that is a link, and all texts."""
        blocks = self.outline.blocks
        texts = [n for n in self.numbers if len(blocks[n].text) >= 30 and not _leads(blocks[n])]
        return sum(n > 0 and _leads(blocks[n - 1]) and self._links_away(blocks[n - 1]) for n in texts), len(texts)

    def leads_away(self, block: TextBlock) -> bool:
        """The block is a link to another page of the site: an article may list shops and sources, each as a heading."""
        return block.linked * 10 > len(block.text) * 9 and self._links_away(block)

    def _links_away(self, block: TextBlock) -> bool:
        return any(self._is_other_page(self.outline.anchors[number].href.strip()) for number in block.anchors)

    def _is_other_page(self, href: str) -> bool:
        if href.startswith("#"):
            return False
        own, url = self.outline.document.url, self.outline.document.resolver.resolve(href)
        return own is None or (url is not None and url != own and same_site(url, own))

    def _has_text_below(self, number: int) -> bool:
        return any(other in self.body.numbers for other in range(number + 1, min(number + _CARD_DEPTH, self.span.stop)))


def _leads(block: TextBlock) -> bool:
    if block.linked < 8:
        return False
    most = block.linked * 3
    # Of a paragraph with one link the beginning tells as much, and is looked through in a fifth of the time.
    begun = block.text[: 2 * most]
    return most > len(begun) - len(_FIGURES.findall(begun)) and most > _told(block)


def _told(block: TextBlock) -> int:
    """Letters of a block; of a line with a link without the dates and counts beside it."""
    text = block.text
    return max(block.linked, len(text) - len(_FIGURES.findall(text))) if 0 < block.linked < len(text) else len(text)
