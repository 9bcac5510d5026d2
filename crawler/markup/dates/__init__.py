"""Dates: read from text with their zone, or not at all. A year is never guessed.

Own rules read ISO 8601, RFC 2822, Chinese, Japanese and Korean forms, month names of some thirty languages and, told a
now, relative times; dateparser is asked last.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from crawler.markup.dates.clocks import clock_after, clock_before, read_clock
from crawler.markup.dates.forms import compact_day, find_days
from crawler.markup.dates.labels import Label, is_only_label, label_before
from crawler.markup.dates.moments import (
    YEARS,
    Clock,
    Day,
    ParsedDate,
    Precision,
    Setting,
    ZoneSource,
    make_date,
    with_fixed_offset,
)
from crawler.markup.dates.numerals import NUMERAL
from crawler.markup.dates.relative import find_relative
from crawler.markup.dates.words import parse_words
from crawler.markup.dates.zones import fixed_zone, read_zone

__all__ = [
    "Label",
    "ParsedDate",
    "Precision",
    "ZoneSource",
    "find_date",
    "find_dates",
    "label_before",
    "parse_date",
]

# Full-width digits, letters and punctuation, and every kind of space: one character for one, so places stay the same.
_PLAIN: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "\t\r\n\f\v\xa0\u2002\u2003\u2009\u202f\u3000"), " "),
}
_LONGEST = 240
"""A text longer than this is no date with a label."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+\-]\d\d:?\d\d)?\Z", re.ASCII)
_HAS_NUMBER = re.compile(rf"\d|{NUMERAL}")
_EPOCH = re.compile(r"\s*(\d{10}|\d{13})\s*\Z")


def parse_date(
    text: str,
    *,
    now: datetime | None = None,
    timezone: str | None = None,
    languages: tuple[str, ...] = (),
    in_any_words: bool = True,
) -> ParsedDate | None:
    """The date a text is, alone or with its label ("发布时间：…", "Published on …"); None for any other text.

    `now` allows relative times and refuses moments more than a day later; `timezone` is the site's, for texts that show
    none; `languages`, BCP 47, decide what "3/4/2024" means. `in_any_words` asks dateparser for what our own rules do
    not know, which takes a millisecond: for texts that are said to be dates.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    return _parse(text, Setting.of(now, timezone, languages), in_any_words=in_any_words)


@lru_cache(maxsize=512)  # a page declares one moment three times
def _parse(text: str, setting: Setting, *, in_any_words: bool) -> ParsedDate | None:
    if _ISO.match(text) and (parsed := _iso(text, setting)):
        return parsed
    text = _plain(text)
    parsed = _compact(text, setting) or _epoch(text, setting) or next(_dates(text, setting), None)
    if parsed is None:
        parsed = find_relative(text, setting, alone=True)
    if parsed is None:
        return parse_words(text, setting) if in_any_words else None
    return parsed if is_only_label(text[: parsed.start], text[parsed.end :]) else None


def find_date(
    text: str, *, now: datetime | None = None, timezone: str | None = None, languages: tuple[str, ...] = ()
) -> ParsedDate | None:
    """The first date inside a longer text; a relative one only if there is no other."""
    plain, setting = _plain(text), Setting.of(now, timezone, languages)
    return next(_trusted(plain, setting), None) or find_relative(plain, setting, alone=False)


def find_dates(
    text: str, *, now: datetime | None = None, timezone: str | None = None, languages: tuple[str, ...] = ()
) -> tuple[ParsedDate, ...]:
    """Every absolute date inside a text, in its order."""
    return tuple(_trusted(_plain(text), Setting.of(now, timezone, languages)))


def _plain(text: str) -> str:
    return text if text.isascii() and text.isprintable() else text.translate(_PLAIN)


def _trusted(text: str, setting: Setting) -> Iterator[ParsedDate]:
    if not _HAS_NUMBER.search(text):
        return
    for day in find_days(text, setting.languages):
        for date in _dated(text, day, setting):
            # "25.04.24" may be a version; "25.04.24 | 14:07" is a date.
            if not day.is_bare or date.precision is not Precision.DAY:
                yield date


def _dates(text: str, setting: Setting) -> Iterator[ParsedDate]:
    for day in find_days(text, setting.languages):
        yield from _dated(text, day, setting)


def _dated(text: str, day: Day, setting: Setting) -> Iterator[ParsedDate]:
    if day.clock_at is not None:
        clock = read_clock(text, day.clock_at)
    else:
        clock = clock_after(text, day.end) or clock_before(text, day.start)
    parsed = make_date(text, day, clock, setting)
    if parsed is not None:
        yield parsed


def _iso(text: str, setting: Setting) -> ParsedDate | None:
    """What systems write for one another, many to a page: read in a tenth of the time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    day = Day(moment.year, moment.month, moment.day, 0, len(text))
    zone = fixed_zone(moment.tzinfo, len(text)) if moment.tzinfo else None
    return make_date(text, day, Clock(moment.hour, moment.minute, moment.second, zone, 0, len(text)), setting)


def _compact(text: str, setting: Setting) -> ParsedDate | None:
    day = compact_day(text)
    if day is None:
        return None
    clock = None
    if day.clock_at is not None:
        digits = re.match(r"\d+", text[day.clock_at :])
        written = digits[0] if digits else ""
        end = day.clock_at + len(written)
        second = int(written[4:6]) if len(written) == 6 else None
        zone = read_zone(text, end)
        clock = Clock(int(written[:2]), int(written[2:4]), second, zone, day.clock_at, zone.end if zone else end)
    return make_date(text, day, clock, setting)


def _epoch(text: str, setting: Setting) -> ParsedDate | None:
    """Seconds or milliseconds since 1970, as some pages put into their meta elements."""
    match = _EPOCH.match(text)
    if match is None:
        return None
    seconds = int(match[1][:10])
    moment = with_fixed_offset(datetime.fromtimestamp(seconds, setting.default_zone[0]))
    if (
        seconds < 7e8
        or (setting.now is not None and moment - setting.now > timedelta(days=1))
        or moment.year not in YEARS
    ):
        return None  # before 1992 it is an identifier
    return ParsedDate(
        moment=moment,
        text=match[1],
        precision=Precision.SECOND,
        zone_source=ZoneSource.PAGE,
        start=match.start(1),
        end=match.end(1),
    )
