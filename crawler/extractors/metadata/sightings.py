"""Sightings: every place in which a page shows or declares a date of its article, and how far each is to be trusted."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from crawler.document import Document
from crawler.extractors.metadata.region import Region
from crawler.extractors.metadata.spacing import end_of_link, spaced_text, text_before
from crawler.extractors.tree.outline import Outline, TextBlock
from crawler.markup.dates import Label, ParsedDate, find_date, find_dates, label_before, parse_date
from crawler.markup.structured import Candidate, Declared
from crawler.markup.text import collapse, is_cjk
from crawler.markup.tree import Node

_LONGEST_LINE = 240
_LONGEST_LABEL = 30
_HEADLINE_TAGS = frozenset(("h1", "h2"))
_HAS_DIGIT = re.compile("[0-9٠-٩۰-۹०-९〇零一二三四五六七八九元]")
# True of every date with a year, in whatever digits; relative times are looked for only where now is known.
_HAS_YEAR = re.compile(
    r"(?:1[89]|2\d)\d\d|\d[./\-] ?\d{1,2}[./\-] ?\d\d|[٠-٩۰-۹०-९]{4}"
    r"|[〇零一二三四五六七八九]年|民[国國]|令和|平成"
)
_HAS_RELATIVE = re.compile(
    r"(?i)[刚剛]|[昨今]|前|전|방금|어제|ago|yester|today|just now|gestern|heute|vor |hier|il y a|hace|hoy|ayer| fa\b|"
    r"ieri|oggi|há |ontem|hoje|назад|вчера|сегодня|geleden|gisteren|sedan|siden|önce|dün|bugün"
)
_MODIFIED_WORDS = frozenset("updated update modified edited revised datemodified lastmod changed".split())
_PUBLISHED_WORDS = frozenset("published datepublished pubdate".split())
_BOTH = "marked as both"
"""The kind of a sighting whose element is called published and updated: <time class="published updated">."""
_FOREIGN_WORDS = frozenset(
    "comment comments related sidebar widget teaser card copyright event events countdown".split()
)
_URL_DAY = re.compile(r"(?<!\d)(19[89]\d|20[0-4]\d)([/_-]?)(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)")
# "/2024/mar/13/"
_URL_NAMED_DAY = re.compile(r"(?i)/(19[89]\d|20[0-4]\d)/([a-z]{3,9})/(0?[1-9]|[12]\d|3[01])(?!\d)")
_ORIGINALLY = re.compile(r"(?i)(?:originally|first) (?:published|posted|appeared)|ursprünglich|首发")
# Stems of the names under which scripts keep the date, and how far into a page they are looked for: a pattern that
# begins with plain letters is found ten times faster than one that does not, and one of them alone still faster.
_EMBEDDED_STEMS = (
    (re.compile("ub(?:lish|[Dd]ate|[Tt]ime|_[dt])"), 400_000),
    (re.compile("reate(?:_t|T)ime"), 400_000),
    (re.compile('var ct = "'), 4_000_000),
)
_EMBEDDED = re.compile(
    r"""(?i)(?:["';](?:date_?published|published_?(?:at|date|time|on)?|publish_?(?:date|time)|pub_?(?:date|time))"""
    r"""\\?(?:["']|&quot;)\s{0,3}:"""
    r"""|\b(?:(?:ori_?)?create_?time\\?["']?\s{0,3}[:=]|ct\s{0,3}=))\s{0,3}\\?(?:["']|&quot;)?([\w:.+\-/ ]{8,32})"""
)
_MOST_EMBEDDED = 40
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TITLED_TAGS = frozenset("abbr span em i small b strong a font td dd ins".split())
"""Tags of short texts, which may keep the full date in their title."""
_MOST_TIMES = 100
"""Of a page; one with more is a list of something."""
_LINK = frozenset(("a",))
_SHORTEST_HEADLINE = 20
_DIGIT = re.compile("[0-9]")
_TIME_TAGS = frozenset("time relative-time local-time time-ago timeago".split())


@dataclass(frozen=True, slots=True)
class Reading:
    """How the texts of this page are to be read."""

    now: datetime | None
    timezone: str | None
    languages: tuple[str, ...]

    def parse(self, text: str, *, is_date: bool = True) -> ParsedDate | None:
        """`is_date`: the page says that the text is one, so that words of any language are worth trying."""
        return parse_date(text, now=self.now, timezone=self.timezone, languages=self.languages, in_any_words=is_date)

    def may_find(self, text: str) -> bool:
        if _HAS_DIGIT.search(text) and _HAS_YEAR.search(text):
            return True
        return self.now is not None and _HAS_RELATIVE.search(text) is not None

    def all_in(self, text: str) -> tuple[ParsedDate, ...]:
        found = find_dates(text, now=self.now, timezone=self.timezone, languages=self.languages)
        if found or self.now is None:
            return found
        relative = find_date(text, now=self.now, timezone=self.timezone, languages=self.languages)
        return (relative,) if relative else ()


class Sighting(NamedTuple):
    date: ParsedDate
    weight: float
    kind: str
    """Sightings of one kind do not add up: a date shown three times is no surer."""
    block: int | None = None
    """The block that shows it, if the date is most of it."""
    is_modified: bool = False


def sight_dates(document: Document, outline: Outline, region: Region, reading: Reading) -> list[Sighting]:
    sightings = [
        *_declared(document, reading),
        *_marked(outline, region, reading),
        *_shown(outline, region, reading),
        *_in_url(document.url, reading),
    ]
    if not any(sighting.kind.startswith("declared") for sighting in sightings):
        # Where nothing says otherwise, it is what themes write of a text that was never changed.
        sightings = [s._replace(kind="marked", is_modified=False) if s.kind == _BOTH else s for s in sightings]
    if not sightings:
        sightings = [*_anywhere(outline, reading)]
    if all(sighting.is_modified and sighting.kind == "shown" for sighting in sightings):
        sightings = _far(outline, region, reading) or sightings or [*_embedded(document, reading)]
    return sightings


def _declared(document: Document, reading: Reading) -> Iterator[Sighting]:
    structured = document.structured
    modified = [*_parsed(structured.dates_modified, reading, is_modified=True)]
    for sighting in _parsed(structured.dates_published, reading, is_modified=False):
        # A system that writes one moment for both, or an earlier one for the update, writes when the page was built.
        built = any(other.date.moment <= sighting.date.moment for other in modified if other.kind == sighting.kind)
        yield sighting._replace(weight=sighting.weight / 2) if built else sighting
    yield from modified


def _parsed(candidates: tuple[Candidate, ...], reading: Reading, *, is_modified: bool) -> Iterator[Sighting]:
    for candidate in candidates[:12]:
        date = reading.parse(candidate.value)
        if date is not None:
            yield Sighting(date, _trust(candidate), f"declared {candidate.source}", is_modified=is_modified)


def _trust(candidate: Candidate) -> float:
    if candidate.source is Declared.JSON_LD:
        return 4.0 if candidate.name in ("datePublished", "dateModified") else 1.5
    if candidate.source is Declared.MICRODATA:
        return 3.0
    return 4.0 if candidate.name.startswith(("article:", "og:")) else 2.5


def _marked(outline: Outline, region: Region, reading: Reading) -> Iterator[Sighting]:
    """`time` elements, and the `title` that microformats keep the full date in."""
    yield from _marked_of(outline, chain(region.nodes, region.below_nodes), region, reading=reading)


def _far(outline: Outline, region: Region, reading: Reading) -> list[Sighting]:
    """Of a page whose facts stand in a column of their own: all its times that are no other article's name one day."""
    times = [node for node, tag in enumerate(outline.tags) if tag == "time"]
    if len(times) > _MOST_TIMES:
        return []
    updates = [node for node in times if _tells_update(outline, node)]
    found = [*_marked_of(outline, sorted({*times} - {*updates}), region, reading=reading)]
    days = {sighting.date.moment.date() for sighting in found if not sighting.is_modified}
    more = (s._replace(is_modified=True) for s in _marked_of(outline, updates, region, reading=reading))
    return [*found, *more] if len(days) == 1 else []


def _tells_update(outline: Outline, node: int) -> bool:
    """ "<time>Updated 2024-05-01"."""
    text = collapse(outline.nodes[node].text_content()[: 2 * _LONGEST_LABEL])
    digit = _DIGIT.search(text)
    return digit is not None and digit.start() > 0 and label_before(text, digit.start()) is Label.MODIFIED


def _marked_of(outline: Outline, nodes: Iterable[int], region: Region, *, reading: Reading) -> Iterator[Sighting]:
    attributes, tags = outline.attributes, outline.tags
    for node in nodes:
        tag = tags[node]
        value: str | None = None
        if tag in _TIME_TAGS:
            value = _machine_date(outline.nodes[node])
        elif tag in _TITLED_TAGS:
            value = attributes[node].get("title")
        if not value or not 6 <= len(value) <= 60 or not _HAS_DIGIT.search(value):
            continue
        dates = _dates_in(value, reading, is_date=tag in _TIME_TAGS)
        if dates and not outline.is_hidden(node) and not _is_on_card(outline, node):
            follows = _follows_update(outline, node)
            for date, is_modified in dates:
                modified = is_modified or follows
                yield from _marked_at(outline, node, date, trust=region.trust(node), is_modified=modified)


def _dates_in(value: str, reading: Reading, *, is_date: bool) -> list[tuple[ParsedDate, bool]]:
    """The date that an attribute is, or the labelled ones that it holds; and whether each is said to be an update's."""
    date = reading.parse(value, is_date=is_date)
    if date is not None:
        return [(date, "更新" in value)]
    # "发布于 2024-05-01 10:00:00 | 编辑于 2024-05-03 09:00:00"
    labelled = [(each, label_before(value, each.start)) for each in reading.all_in(value)] if is_date else []
    return [(each, label is Label.MODIFIED) for each, label in labelled if label not in (None, Label.OTHER)]


def _machine_date(element: Node) -> str:
    return element.get("datetime") or element.get("title") or element.text_content()


def _marked_at(outline: Outline, node: int, date: ParsedDate, *, trust: float, is_modified: bool) -> Iterator[Sighting]:
    words = {*outline.words(node), *outline.attributes[node].get("itemprop", "").lower().split()}
    if _FOREIGN_WORDS.isdisjoint(words):
        is_called = not _MODIFIED_WORDS.isdisjoint(words)
        kind = _BOTH if is_called and not is_modified and not _PUBLISHED_WORDS.isdisjoint(words) else "marked"
        weight = 1.2 if outline.tags[node] in _TIME_TAGS else 1.0
        yield Sighting(date, weight * trust, kind, is_modified=is_modified or is_called)


def _is_on_card(outline: Outline, node: int) -> bool:
    """In a link that has more to say: the date of the article that it leads to."""
    link = outline.closest(node, _LINK)
    if link is None:
        return False
    return len(outline.nodes[link].text_content()) > len(outline.nodes[node].text_content()) + _SHORTEST_HEADLINE


def _follows_update(outline: Outline, node: int) -> bool:
    """The words right before an element call it an update: "Updated <time>", "更新于 <time>"."""
    before = text_before(outline.nodes[node])[-_LONGEST_LABEL:] + " "
    return label_before(before, len(before)) is Label.MODIFIED


def _shown(outline: Outline, region: Region, reading: Reading) -> Iterator[Sighting]:
    for block in region:
        if len(block.text) <= _LONGEST_LINE and reading.may_find(block.text):
            yield from _shown_in(outline, block, region.trust(block.node), reading=reading)


def _shown_in(outline: Outline, block: TextBlock, weight: float, *, reading: Reading) -> Iterator[Sighting]:
    text = spaced_text(outline, block)
    dates = reading.all_in(text)
    if not dates:
        return
    # Letters beside the dates; a Han letter says as much as two.
    rest = (len(text) - sum(len(date.text) for date in dates)) * (1 + is_cjk(text))
    is_line = rest <= (60 if weight > 1.5 else 16)  # below the headline, or in the text
    for date in dates:
        after = end_of_link(outline, block, text[: date.start])
        label = label_before(text[after:], date.start - after)
        label = label or (_label_above(outline, block) if date.start < 3 else None)
        if label is Label.OTHER:
            continue
        # A date in a sentence dates what the sentence tells of.
        own = weight + _told(text, date.start, label) - (2.0 if rest > 100 else 1.0 if rest > 50 else 0.0)
        if own > 0:
            number = block.number if is_line else None
            yield Sighting(date, own, "shown", number, is_modified=label is Label.MODIFIED)


def _told(text: str, start: int, label: Label | None) -> float:
    """How much a label adds to the trust in a date; most the one that says that another date is a later one's."""
    if label is None:
        return 0.0
    return 4.0 if _ORIGINALLY.search(text[max(0, start - _LONGEST_LABEL) : start]) else 1.0


def _label_above(outline: Outline, block: TextBlock) -> Label | None:
    """A label set as a block of its own: "Published" over "1 May 2024"; no headline that ends with such a word."""
    above = outline.blocks[block.number - 1]  # for the first block the last, which is not asked
    may_label = block.number and len(above.text) <= _LONGEST_LABEL and above.tag not in _HEADLINE_TAGS
    return label_before(above.text + " ", len(above.text) + 1) if may_label else None


def _in_url(url: str | None, reading: Reading) -> Iterator[Sighting]:
    try:
        path = unquote(urlsplit(url or "").path)
    except ValueError:  # "http://["
        return
    for match in _URL_DAY.finditer(path[:500]):
        date = reading.parse(f"{match[1]}-{match[3]}-{match[4]}")
        if date is not None:
            yield Sighting(date, 1.4 if match[2] else 1.0, "url")
    for match in _URL_NAMED_DAY.finditer(path[:500]):
        date = reading.parse(f"{match[3]} {match[2]} {match[1]}")
        if date is not None:
            yield Sighting(date, 1.4, "url")


def _anywhere(outline: Outline, reading: Reading) -> Iterator[Sighting]:
    """Far from headline and body only a date that is said to be the publication's counts."""
    for block in outline.blocks:
        if len(block.text) <= 80 and _YEAR.search(block.text):
            for sighting in _shown_in(outline, block, 0.1, reading=reading):
                if sighting.weight > 1:
                    yield sighting._replace(block=None)


def _embedded(document: Document, reading: Reading) -> Iterator[Sighting]:
    """Scripts and attributes that hold the article as data; the first date in the page's own order."""
    text = document.text
    found = (islice(stem.finditer(text, 0, reach), _MOST_EMBEDDED) for stem, reach in _EMBEDDED_STEMS)
    for place in sorted(match.start() for matches in found for match in matches)[:_MOST_EMBEDDED]:
        match = _EMBEDDED.search(text, max(0, place - 12), place + 80)
        date = reading.parse(match[1]) if match else None
        if date is not None:
            yield Sighting(date, 1.0, "embedded")
            return
