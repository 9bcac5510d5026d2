"""Dates in words of languages our own rules do not know, by dateparser."""

import re
from datetime import datetime, timedelta

from crawler.markup.dates.moments import YEARS, ParsedDate, Precision, Setting, ZoneSource, with_fixed_offset

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_LENGTH = 60


def looks_like_date(text: str) -> bool:
    """Short, with a year, another number and a word: worth the millisecond."""
    return len(text) <= _LENGTH and bool(_YEAR.search(text) and _DAY.search(text)) and any(map(str.isalpha, text))


def parse_words(text: str, setting: Setting) -> ParsedDate | None:
    """A date with year, month and day; None without languages to try, which would cost five times as much."""
    if not setting.languages or not looks_like_date(text):
        return None
    import dateparser  # noqa: PLC0415 - 100 ms at start-up for a fallback that few runs need

    names = list(dict.fromkeys(language.split("-")[0].lower() for language in setting.languages))
    options = {
        "REQUIRE_PARTS": ["year", "month", "day"],
        "RETURN_AS_TIMEZONE_AWARE": False,
        "PARSERS": ["absolute-time"],
    }
    try:
        moment = dateparser.parse(text, languages=names, settings=options)
    except (ValueError, OverflowError, TypeError):  # a language dateparser does not know; digits beyond a date
        return None
    return _as_parsed(moment, text, setting)


def _as_parsed(moment: datetime | None, text: str, setting: Setting) -> ParsedDate | None:
    if moment is None or moment.year not in YEARS:
        return None
    zone, source = setting.default_zone
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    else:
        source = ZoneSource.PAGE
    moment = with_fixed_offset(moment)
    if setting.now is not None and moment - setting.now > timedelta(days=1):
        return None
    return ParsedDate(
        moment=moment,
        text=text,
        precision=Precision.MINUTE if ":" in text else Precision.DAY,
        zone_source=source,
        start=0,
        end=len(text),
    )
