"""Plain-text dumps: the visible text of a page, one line a block, read into the same `Page` as its HTML would be.

A dump has no links but those written out, so list items carry headlines without URLs, and no markup, so what a line is
shows in its length, its punctuation and its neighbours.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from crawler.extractors.dump.dump_lists import read_inline_list, read_section, split_sections
from crawler.extractors.dump.promotions import BodyLine, find_urls
from crawler.extractors.dump.run_together import Split, split_body
from crawler.extractors.home_zones import home_zone
from crawler.extractors.metadata.language import language_of_script
from crawler.markup.dates import ParsedDate, ZoneSource, find_date, parse_date
from crawler.markup.links import absolute_url, is_broken, normalize_url, same_site
from crawler.markup.names import parse_byline
from crawler.markup.text import collapse, count_words
from crawler.site import Site
from models.items import (
    Article,
    Block,
    BlockType,
    LinkItem,
    LinkList,
    LinkListKind,
    Origin,
    Outlink,
    OutlinkKind,
    Page,
    PageKind,
    TagList,
)

_MARKUP = re.compile(r"<(?:!doctype|!--|/?(?:html|head|body|meta|title|div|p|br|a|span|table|td|ul|li|h[1-6])\b)", re.I)
_TAG_FIRST = re.compile(r"\s*<")
_JSON = re.compile(r'\s*[\[{]\s*["\[{}\]]')
_TRAIL = re.compile(
    r"^(?:当前位置|您的位置|您现在的位置|位置|You are here)\s*[:：]|^(?:首页|Home)\s*[>»›/]", re.IGNORECASE
)
_ENDS_SENTENCE = re.compile(r"[。.！!？?；;：:，,、…”\"]\s*$")
_GAP = " " * 16
_WIDE_GAP = re.compile(
    r"\s{17,}"
)  # columns, at most; patterns that end in white space go over a wider gap once a letter
_LONGEST_HEADING = 30  # words; a Han letter is one
_LONGEST_HEADLINE = 40
_LONGEST_META = 40
_LONGEST_OPENING = 12  # lines of menu and headline before the text
_MENU_WORDS = 4  # "首页", "Sign in": a headline is longer
_TITLE_LABEL = re.compile(r"^(?:标题|題目|标 题|Title|Headline)\s*[:：]\s*", re.IGNORECASE)
_SHORTEST_ARTICLE = 50
_MAYBE_DATE = re.compile(r"\d|[零〇一二三四五六七八九十]年|前|昨|今|刚|ago|today|yesterday", re.IGNORECASE)


def is_dump(text: str) -> bool:
    """No markup, and more than one line. A page about HTML shows tags of its own, so one of the common ones decides."""
    if _TAG_FIRST.match(text):  # nearly all; to be stripped, the whole page would be copied
        return False
    text = text.strip()
    return "\n" in text and _JSON.match(text) is None and _MARKUP.search(text) is None


def extract_dump(text: str, *, url: str | None, site: Site, now: datetime | None) -> Page:
    """Articles, lists and outlinks of a dump. `kind_reason` says in which zone its times were read, and why."""
    reader = _Reader.of(text, site, now)
    # Text handed over decoded may still begin with the mark that says how it was encoded.
    lines = [_WIDE_GAP.sub(_GAP, line.strip()) for line in text.removeprefix("\ufeff").splitlines()]
    lines = [line for line in lines if line and not _TRAIL.match(line)]
    body, sections = split_sections(lines, reader.read)
    body, inline = _take_inline_lists(body)
    split = split_body([BodyLine(line) for line in body])
    shown = [split.texts.get(index, line) for index, line in enumerate(body)]
    articles = tuple(_articles(split, shown, reader))
    found = [*inline, *filter(None, (read_section(section, reader.read) for section in sections))]
    lists = (*_promotion(split), *(one for one in found if isinstance(one, LinkList)))
    is_article = any(count_words(article.article_body) >= _SHORTEST_ARTICLE for article in articles)
    return Page(
        url=url,
        canonical_url=normalize_url(url) if absolute_url(None, url or "") and url else None,
        kind=PageKind.ARTICLE if is_article else PageKind.OTHER,
        kind_reason=f"plain text, {'with' if is_article else 'without'} a body; {reader.zone_reason}",
        articles=articles if is_article else (),
        link_lists=_joined(lists),
        tag_lists=tuple(one for one in found if isinstance(one, TagList)),
        outlinks=tuple(_outlinks(lines, split, url)),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads dates as this dump means them."""

    now: datetime | None
    timezone: str | None
    language: str | None
    zone_reason: str
    zone_origin: Origin

    @classmethod
    def of(cls, text: str, site: Site, now: datetime | None) -> "_Reader":
        language = language_of_script(text)
        zone, reason = home_zone(language), "times without a zone read as UTC"
        if site.timezone:
            zone, reason = site.timezone, f"times without a zone read as {site.timezone}, by the site's hint"
        elif zone:
            reason = f"times without a zone read as {zone}, as the language is {language}"
        return cls(now, zone, language, reason, Origin.HINT if site.timezone else Origin.GENERIC)

    @property
    def languages(self) -> tuple[str, ...]:
        return (self.language,) if self.language else ("en",)

    def read(self, text: str) -> ParsedDate | None:
        if not _MAYBE_DATE.search(text):
            return None
        return parse_date(text, now=self.now, timezone=self.timezone, languages=self.languages)

    def origins(self, date: ParsedDate | None) -> dict[str, Origin]:
        """A moment whose zone is the site's hint is only as good as the hint."""
        if date is None:
            return {}
        return {"date_published": self.zone_origin if date.zone_source is ZoneSource.SITE else Origin.GENERIC}

    def find(self, text: str) -> ParsedDate | None:
        return find_date(text, now=self.now, timezone=self.timezone, languages=self.languages)


def _take_inline_lists(lines: Sequence[str]) -> tuple[list[str], list[LinkList | TagList]]:
    body, found = [], []
    for line in lines:
        one = read_inline_list(line)
        if one is None:
            body.append(line)
        else:
            found.append(one)
    return body, found


def _articles(split: Split, shown: Sequence[str], reader: _Reader) -> Iterator[Article]:
    for position, part in enumerate(split.parts):
        texts = [shown[index] for index in part.lines]
        headline = part.headline or _take_headline(texts, reader)
        date, bylines = _take_facts(texts, reader)
        names = [byline for byline in (parse_byline(text) for text in (*bylines, part.byline or "")) if byline]
        yield Article(
            position=position,
            headline=headline,
            blocks=tuple(_block(text) for text in texts),
            authors=tuple(dict.fromkeys(name for byline in names for name in byline.authors)),
            source=next((byline.source for byline in names if byline.source), None),
            date_published=date.moment if date else None,
            date_text=date.text if date else None,
            in_language=reader.language,
            origins={"article_body": Origin.GENERIC, **reader.origins(date)},
        )


def _take_headline(texts: list[str], reader: _Reader) -> str | None:
    """The first open-ended line of some length before the facts or the first paragraph; taken off with the menu above.

    None where the dump begins with a paragraph.
    """
    opening = list(takewhile(lambda text: _may_be_headline(text, reader), texts[:_LONGEST_OPENING]))
    if not opening or len(opening) == len(texts):
        return None
    following = texts[len(opening)]
    if count_words(following) <= count_words(opening[-1]) and not _facts_of(following, reader):
        return None
    place = next((place for place, text in enumerate(opening) if count_words(text) > _MENU_WORDS), len(opening) - 1)
    del texts[: place + 1]
    return _TITLE_LABEL.sub("", opening[place])


def _may_be_headline(text: str, reader: _Reader) -> bool:
    return (
        count_words(text) <= _LONGEST_HEADLINE
        and re.search(r"[。.；;：:，,、]\s*$", text) is None
        and not _facts_of(text, reader)
    )


def _take_facts(texts: list[str], reader: _Reader) -> tuple[ParsedDate | None, list[str]]:
    """The date and the bylines of the fact lines that open an article. Taken off the texts."""
    date: ParsedDate | None = None
    bylines: list[str] = []
    while texts and _facts_of(texts[0], reader):
        line = texts.pop(0)
        date = date or reader.find(line)
        bylines.append(line)
    return date, bylines


def _facts_of(line: str, reader: _Reader) -> bool:
    """A line of date, source and author: short, and no sentence."""
    if count_words(line) > _LONGEST_META or re.search(r"[。！？!?]\s*$", line):
        return False
    return reader.read(line) is not None or parse_byline(line) is not None


def _block(text: str) -> Block:
    """A short line without an end is a heading: nothing else in a dump says so."""
    if count_words(text) <= _LONGEST_HEADING and not _ENDS_SENTENCE.search(text):
        return Block(type=BlockType.HEADING, text=collapse(text), level=2)
    return Block(type=BlockType.PARAGRAPH, text=collapse(text))


def _promotion(split: Split) -> tuple[LinkList, ...]:
    if not split.promotion_links:
        return ()
    items = tuple(LinkItem(url=link.url, headline=link.label) for link in split.promotion_links)
    return (LinkList(kind=LinkListKind.PROMOTION, items=items),)


def _joined(lists: Iterable[LinkList]) -> tuple[LinkList, ...]:
    """Previous and next are one list."""
    merged: dict[object, LinkList] = {}
    for one in lists:
        key = one.kind if one.kind is LinkListKind.ADJACENT else (one.kind, one.heading, len(merged))
        merged[key] = replace(merged[key], items=merged[key].items + one.items) if key in merged else one
    return tuple(merged.values())


def _outlinks(lines: Sequence[str], split: Split, url: str | None) -> Iterator[Outlink]:
    """Every URL written out, once, in page order."""
    labels = {link.url: link.label for link in split.promotion_links}
    written = [*(found for line in lines for found in find_urls(line)), *split.broken_urls]
    for found in dict.fromkeys(written):
        if is_broken(None, found):
            yield Outlink(url=found, text=None, kind=OutlinkKind.BROKEN)
        else:
            is_internal = url is not None and same_site(url, found)
            kind = OutlinkKind.INTERNAL if is_internal else OutlinkKind.EXTERNAL
            yield Outlink(url=found, text=labels.get(found), kind=kind)
