"""Bodies in which several articles run together, taken apart.

The end of one article shows in a byline that names author or source, in promotion, or in both; the next begins with
its own headline, which its first paragraph often takes up again. Nothing less is believed: an ordinary article has
sub-headings, source lines and link lists too, and is never cut.

For `page` and `dump`: hand every block from the first to the last of the body to `split_body`, those in between that
were not taken for body included (promotion between two articles is no body, and still parts them), then keep of each
`Part` its `lines`, with `texts` in place of those that were cut.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crawler.extractors.dump.promotions import (
    BodyLine,
    LabelledLink,
    cut_broken_url,
    is_invitation,
    read_labelled_links,
)
from crawler.markup.dates import parse_date
from crawler.markup.links import is_broken
from crawler.markup.text import count_words, fold, is_cjk

__all__ = ["BodyLine", "LabelledLink", "Part", "Split", "split_body"]

_LABEL = r"(?:文|图文|文字|撰文|作者|来源|稿源|记者|编辑|编译|采写|供稿|整理)"
# (文/林晓雨周明哲 来源:海途商评), （来源：某报 作者：某人）, (记者 张三): ending a paragraph, or one of its own.
_CLOSING_BYLINE = re.compile(
    rf"[(（\[【]\s*(?:本报|本刊|本网|实习)?{_LABEL}\s*[/／|｜丨:：\s][^()（）\[\]【】。！？]{{1,70}}[)）\]】]\s*[。.]?\s*$"
    r"|[(\[](?:(?i:text|words|story|written|reporting|reported)(?i: by)?:?|[Bb]y) [A-Z][^()\[\]]{2,90}[)\]]\s*$"
)
_BYLINE_LINE = re.compile(
    rf"(?:本报|本刊|实习)?{_LABEL}\s*[/／|｜丨:：][^。！？]{{1,60}}$"
    r"|(?:By|Text|Words|Source|Author|Written by|Story by)[: ] ?[A-Z][^.!?]{2,80}$"
)
_STRONG = re.compile(r"文\s*[/／|｜丨:：]|(?:作者|撰文|记者).*来源|来源.*(?:作者|撰文|记者|文)|(?i:by .*source:)")
_CLOSED = re.compile(r"[。.；;，,：:、…]\s*$")
_NOT_LETTERS = re.compile(r"[\W_]+")
_LONGEST_HEADLINE = 40  # words; a Han letter counts as one
_NEAR = 4  # lines from an invitation to its first link
_CLOSING = (")", "）", "]", "】", "。", ".")
_LONGEST_BYLINE = 110  # characters
_SHORTEST_ARTICLE = 60  # words that have to follow a headline


_Links = tuple[LabelledLink, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One article of the body."""

    lines: tuple[int, ...]
    """Indexes of the lines that are its body."""
    headline: str | None = None
    """Its headline, where the body shows one: never for the first part."""
    headline_line: int | None = None
    byline: str | None = None
    """The byline that ended it, brackets included."""


@dataclass(frozen=True, slots=True)
class Split:
    parts: tuple[Part, ...]
    """In page order; one for an ordinary article, none for an empty body."""
    texts: Mapping[int, str] = field(default_factory=dict)
    """New text of the lines from which a byline or a broken URL was cut."""
    promotion_lines: tuple[int, ...] = ()
    promotion_links: tuple[LabelledLink, ...] = ()
    broken_urls: tuple[str, ...] = ()
    """As written; they stand in no part."""


@dataclass(slots=True)
class _Ending:
    """How an article may end: where the next line stands, and how sure it is."""

    start: int
    """The last line of the article, or the first after it where nothing but promotion ends it."""
    byline: str | None
    is_strong: bool
    promotion: range
    link_lines: int = 0
    links: list[LabelledLink] = field(default_factory=list)

    @property
    def next_line(self) -> int:
        return self.promotion.stop


def split_body(lines: Sequence[BodyLine]) -> Split:
    """One part for an ordinary article; more only where both an ending and an opening are plain."""
    link_lines = [read_labelled_links(line) if line.links or "://" in line.text else () for line in lines]
    texts, broken = _cut_urls(lines, link_lines)
    shown = [texts.get(index, line.text) for index, line in enumerate(lines)]
    splitter = _Splitter(lines, shown, link_lines)
    splitter.run()
    cut = {index: text for index, text in enumerate(splitter.shown) if text != lines[index].text}
    links = tuple(link for link in splitter.links if not is_broken(None, link.url))
    return Split(
        parts=tuple(splitter.parts),
        texts=cut,
        promotion_lines=tuple(splitter.promotion_lines),
        promotion_links=links,
        broken_urls=(*broken, *(link.url for link in splitter.links if is_broken(None, link.url))),
    )


def _cut_urls(lines: Sequence[BodyLine], link_lines: Sequence[_Links]) -> tuple[dict[int, str], list[str]]:
    texts, broken = {}, []
    for index, line in enumerate(lines):
        if "://" not in line.text or line.is_code or link_lines[index]:
            continue
        text, url = cut_broken_url(line.text)
        if url:
            texts[index] = text
            broken.append(url)
    return texts, broken


class _Splitter:
    """Walks the lines once; an ending that no opening follows leaves its lines where they were."""

    def __init__(self, lines: Sequence[BodyLine], shown: list[str], link_lines: Sequence[_Links]) -> None:
        self.shown = shown
        self.parts: list[Part] = []
        self.promotion_lines: list[int] = []
        self.links: list[LabelledLink] = []
        self._lines = lines
        self._link_lines = link_lines
        self._has_links = any(link_lines)
        self._body: list[int] = []
        self._headline_line: int | None = None

    def run(self) -> None:
        index = 0
        while index < len(self._lines):
            ending = self._ending_at(index)
            if ending and self._is_believed(ending):
                index = self._close(ending)
            else:
                self._body.append(index)
                index += 1
        self._finish(None)

    def _ending_at(self, index: int) -> _Ending | None:
        byline, is_alone = self._byline_at(index)
        if byline:
            promotion = self._promotion_from(index + 1)
            is_strong = not is_alone or _STRONG.search(byline) is not None
        elif self._body and self._invites(index):
            promotion, is_strong = self._promotion_from(index), False
        else:
            return None
        link_lines = [found for line in promotion if (found := self._link_lines[line])]
        links = [link for found in link_lines for link in found]
        return _Ending(index, byline, is_strong, promotion, len(link_lines), links)

    def _invites(self, index: int) -> bool:
        """An invitation just above lines of links; without them it is what anybody may write."""
        if not self._has_links or self._lines[index].is_heading or not any(self._link_lines[index : index + _NEAR]):
            return False
        return is_invitation(self.shown[index])

    def _byline_at(self, index: int) -> tuple[str | None, bool]:
        """The byline that ends a line, and whether it is a line of its own."""
        line, text = self._lines[index], self.shown[index].strip()
        if line.is_code or line.is_heading or (not self._body and index == 0):
            return None, False
        closing = _closing_byline(text)
        if closing:
            return closing[0].strip(), closing.start() == 0
        alone = _BYLINE_LINE.match(text) if len(text) <= _LONGEST_BYLINE else None
        return (text, True) if alone else (None, False)

    def _promotion_from(self, start: int) -> range:
        """Lines of links, and invitations before or between them."""
        stop = start
        while stop < len(self._lines) and not self._lines[stop].is_heading:
            if not self._link_lines[stop] and not is_invitation(self.shown[stop]):
                break
            stop += 1
        return range(start, stop)

    def _is_believed(self, ending: _Ending) -> bool:
        """Promotion at the end of the body needs no article after it; a cut between two needs both sides."""
        if ending.next_line >= len(self._lines):
            return ending.is_strong or ending.link_lines >= 2
        return self._opens_article(ending)

    def _opens_article(self, ending: _Ending) -> bool:
        at = ending.next_line
        headline, following = self.shown[at], self.shown[at + 1 : at + 40]
        if not following or not self._may_be_headline(at):
            return False
        if sum(count_words(text) for text in following) < _SHORTEST_ARTICLE:
            return False
        if _takes_up(headline, following[0]):
            return ending.byline is not None or ending.link_lines >= 2
        if ending.byline is None:  # "Subscribe now", "Newsletters", then the credit of a picture: no new article
            return False
        has_promotion = ending.link_lines >= 2 or (ending.is_strong and len(ending.promotion) > 0)
        is_dated = _BYLINE_LINE.match(following[0]) is not None or parse_date(following[0]) is not None
        if is_dated or self._lines[at].is_heading:
            return ending.is_strong or has_promotion
        return has_promotion and count_words(following[0]) > count_words(headline)

    def _may_be_headline(self, index: int) -> bool:
        text, line = self.shown[index].strip(), self._lines[index]
        if line.is_code or self._link_lines[index] or not 3 <= count_words(text) <= _LONGEST_HEADLINE:
            return False
        return line.is_heading or not _CLOSED.search(text)

    def _close(self, ending: _Ending) -> int:
        """The part ends here; returns the first line of what follows."""
        if ending.byline:
            rest = self.shown[ending.start].strip().removesuffix(ending.byline).rstrip()
            if rest:
                self.shown[ending.start] = rest
                self._body.append(ending.start)
        self.promotion_lines.extend(ending.promotion)
        self.links.extend(ending.links)
        self._finish(ending.byline)
        if ending.next_line < len(self._lines):
            self._headline_line = ending.next_line
            return ending.next_line + 1
        return ending.next_line

    def _finish(self, byline: str | None) -> None:
        if not self._body and self._headline_line is None:
            return
        at = self._headline_line
        headline = self.shown[at].strip() if at is not None else None
        self.parts.append(Part(tuple(self._body), headline, at, byline))
        self._body, self._headline_line = [], None


def _closing_byline(text: str) -> re.Match[str] | None:
    start = max(0, len(text) - _LONGEST_BYLINE)
    ending = text[start:] if text[-1:] in _CLOSING else ""
    # Every sentence ends so, but hardly one has a bracket.
    has_bracket = "(" in ending or "[" in ending or "（" in ending or "【" in ending
    return _CLOSING_BYLINE.search(text, start) if has_bracket else None


def _takes_up(headline: str, paragraph: str) -> bool:
    """The paragraph begins as the headline does: four Han letters, or two words of some length."""
    first, second = (_NOT_LETTERS.sub(" ", fold(text)).strip() for text in (headline, paragraph))
    if is_cjk(headline):
        first, second = first.replace(" ", ""), second.replace(" ", "")
        return second.startswith(first[:4]) and len(first) >= 4
    words = first.split()[:3]
    return len(words) >= 2 and sum(map(len, words)) >= 8 and second.split()[: len(words)] == words
