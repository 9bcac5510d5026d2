"""The dates of an article: declared, marked up, shown, in its address; the day most agree on, most precisely."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import unquote, urlsplit

from crawler.document import Document
from crawler.extractors.metadata.region import Region
from crawler.extractors.outline import Outline, TextBlock
from crawler.markup.dates import (
    Label,
    ParsedDate,
    Precision,
    ZoneSource,
    find_date,
    find_dates,
    label_before,
    parse_date,
)
from crawler.markup.structured import Candidate, Declared
from models.items import Origin

_LONGEST_LINE = 240
_HAS_DATE = re.compile(r"\d|[〇零一二三四五六七八九]年|刚刚|昨天|今天|yesterday|today")
_MODIFIED_WORDS = frozenset("updated update modified edited revised dateupdated lastmod changed gengxin".split())
_FOREIGN_WORDS = frozenset(
    "comment comments related sidebar widget teaser card copyright event events countdown".split()
)
_URL_DAY = re.compile(r"(?<!\d)(19[89]\d|20[0-4]\d)([/_-]?)(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)")
_DAY = timedelta(days=1)
# A day without a zone may be any of the zones' days.
_WEST, _EAST = timedelta(hours=12), timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Reading:
    """How the texts of this page are to be read."""

    now: datetime | None
    timezone: str | None
    languages: tuple[str, ...]

    def parse(self, text: str) -> ParsedDate | None:
        return parse_date(text, now=self.now, timezone=self.timezone, languages=self.languages)

    def all_in(self, text: str) -> tuple[ParsedDate, ...]:
        found = find_dates(text, now=self.now, timezone=self.timezone, languages=self.languages)
        if found or self.now is None:
            return found
        relative = find_date(text, now=self.now, timezone=self.timezone, languages=self.languages)
        return (relative,) if relative else ()


@dataclass(frozen=True, slots=True)
class DatesFound:
    published: ParsedDate | None = None
    modified: ParsedDate | None = None
    text: str | None = None
    """The publication date as shown."""
    origin: Origin = Origin.GENERIC
    blocks: frozenset[int] = frozenset()
    """Blocks of the region that show a date."""


@dataclass(frozen=True, slots=True)
class _Sighting:
    date: ParsedDate
    weight: float
    kind: str
    """Sightings of one kind do not add up: a date shown three times is no surer."""
    block: int | None = None
    is_modified: bool = False


def find_article_dates(document: Document, outline: Outline, region: Region, reading: Reading) -> DatesFound:
    sightings = [
        *_declared(document, reading),
        *_marked(outline, region, reading),
        *_shown(region, reading),
        *_in_url(document.url, reading),
    ]
    published = [sighting for sighting in sightings if not sighting.is_modified]
    modified = [sighting for sighting in sightings if sighting.is_modified]
    # A page that only says when it was updated was published then, as far as it tells.
    best = _best(published or [replace(sighting, is_modified=False) for sighting in modified])
    if best is None:
        return DatesFound()
    agreeing = [sighting for sighting in published or modified if _agree(sighting.date, best.date)]
    shown = max((s for s in agreeing if s.block is not None), key=lambda s: s.weight, default=None)
    last = _best([s for s in modified if s.date.moment >= best.date.moment - _DAY]) if published else None
    return DatesFound(
        published=_refined(best.date, agreeing),
        modified=_refined(last.date, [s for s in modified if _agree(s.date, last.date)]) if last else None,
        text=shown.date.text if shown else None,
        origin=Origin.STRUCTURED if any(s.kind.startswith("declared") for s in agreeing) else Origin.GENERIC,
        blocks=frozenset(s.block for s in sightings if s.block is not None),
    )


def _declared(document: Document, reading: Reading) -> Iterator[_Sighting]:
    structured = document.structured
    for candidates, is_modified in ((structured.dates_published, False), (structured.dates_modified, True)):
        for candidate in candidates[:12]:
            date = reading.parse(candidate.value)
            if date is not None:
                yield _Sighting(date, _trust(candidate), f"declared {candidate.source}", is_modified=is_modified)


def _trust(candidate: Candidate) -> float:
    if candidate.source is Declared.JSON_LD:
        return 4.0 if candidate.name in ("datePublished", "dateModified") else 1.5
    if candidate.source is Declared.MICRODATA:
        return 3.0
    return 4.0 if candidate.name.startswith(("article:", "og:")) else 2.5


def _marked(outline: Outline, region: Region, reading: Reading) -> Iterator[_Sighting]:
    """`time` elements, and the `title` that microformats keep the full date in."""
    for node in region.nodes:
        element = outline.nodes[node]
        is_time = outline.tags[node] in ("time", "relative-time")
        value = element.get("datetime") or element.get("title") or (is_time and "".join(map(str, element.itertext())))
        if not value or not 6 <= len(value) <= 60 or not _HAS_DATE.search(value):
            continue
        date = reading.parse(value)
        words = {*outline.words(node), *(element.get("itemprop") or "").lower().split()}
        if date is None or outline.is_hidden(node) or not _FOREIGN_WORDS.isdisjoint(outline.words(node)):
            continue
        is_modified = not _MODIFIED_WORDS.isdisjoint(words) or "datemodified" in words or _is_update(value)
        yield _Sighting(date, 3.0 if is_time else 2.0, "marked", is_modified=is_modified)


def _is_update(text: str) -> bool:
    return label_before(text + " ", len(text) + 1) is Label.MODIFIED or "更新" in text


def _shown(region: Region, reading: Reading) -> Iterator[_Sighting]:
    for blocks, weight in ((region.above, 2.5), (region.lead, 1.5), (region.below, 1.2)):
        for block in blocks:
            if len(block.text) <= _LONGEST_LINE and _HAS_DATE.search(block.text):
                yield from _shown_in(block, weight, reading)


def _shown_in(block: TextBlock, weight: float, reading: Reading) -> Iterator[_Sighting]:
    for date in reading.all_in(block.text):
        label = label_before(block.text, date.start)
        if label is Label.OTHER:
            continue
        # A date in a sentence dates what the sentence tells of.
        rest = len(block.text) - len(date.text)
        own = weight + (1.0 if label else 0.0) - (1.5 if rest > 100 else 0.5 if rest > 50 else 0.0)
        if own > 0:
            yield _Sighting(date, own, "shown", block.number, is_modified=label is Label.MODIFIED)


def _in_url(url: str | None, reading: Reading) -> Iterator[_Sighting]:
    if not url:
        return
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return
    for match in _URL_DAY.finditer(path):
        date = reading.parse(f"{match[1]}-{match[3]}-{match[4]}")
        if date is not None:
            yield _Sighting(date, 1.4 if match[2] else 1.0, "url")


def _best(sightings: list[_Sighting]) -> _Sighting | None:
    """The sighting whose day most kinds agree on; of equal ones the first."""

    def support(sighting: _Sighting) -> float:
        kinds: dict[str, float] = {}
        for other in sightings:
            if _agree(sighting.date, other.date):
                kinds[other.kind] = max(kinds.get(other.kind, 0.0), other.weight)
        return sum(kinds.values()) + sighting.weight / 100

    return max(sightings, key=support, default=None)


def _agree(first: ParsedDate, second: ParsedDate) -> bool:
    if first.moment.date() == second.moment.date():
        return True
    if first.zone_source is second.zone_source:
        return False
    # One has a zone, the other is some zone's wall clock.
    with_zone, without = (first, second) if first.zone_source is ZoneSource.PAGE else (second, first)
    wall = without.moment.replace(tzinfo=UTC)
    length = _DAY if without.precision is Precision.DAY else timedelta(minutes=1)
    return wall - _EAST <= with_zone.moment < wall + length + _WEST


def _refined(date: ParsedDate, agreeing: list[_Sighting]) -> ParsedDate:
    """The most precise of the dates that agree, in the zone that any of them shows."""
    zoned = [s.date for s in agreeing if s.date.zone_source is ZoneSource.PAGE and not _is_midnight(s.date)]
    clocks = [s.date for s in agreeing if s.date.precision is not Precision.DAY and not _is_midnight(s.date)]
    if zoned:
        best = max(zoned, key=lambda d: d.precision.rank)
        return _localized(best, clocks)
    offsets = [s.date.moment.tzinfo for s in agreeing if s.date.zone_source is ZoneSource.PAGE]
    if not clocks:
        return next((s.date for s in agreeing if s.date.zone_source is ZoneSource.PAGE), date)
    best = max(clocks, key=lambda d: d.precision.rank)
    if offsets:
        return replace(best, moment=best.moment.replace(tzinfo=offsets[0]), zone_source=ZoneSource.PAGE)
    return best


def _is_midnight(date: ParsedDate) -> bool:
    """What a system writes that knows only the day."""
    return date.precision is Precision.DAY or (date.moment.hour, date.moment.minute, date.moment.second) == (0, 0, 0)


def _localized(date: ParsedDate, clocks: list[ParsedDate]) -> ParsedDate:
    """The same moment by the clock the page shows: declared 22:01Z and shown 06:01 are 06:01+08:00."""
    if date.moment.utcoffset():
        return date
    for clock in clocks:
        if clock.zone_source is ZoneSource.PAGE:
            continue
        wall = clock.moment.replace(tzinfo=UTC)
        offset = wall - date.moment.replace(second=date.moment.second if clock.precision is Precision.SECOND else 0)
        if abs(offset) <= _EAST and offset and not offset % timedelta(minutes=15):
            return replace(date, moment=date.moment.astimezone(timezone(offset)))
    return date
