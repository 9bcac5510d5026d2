"""Calendar days as pages write them. Every pattern is linear: no gap in it is unbounded."""

import re
from collections.abc import Callable, Iterator

from crawler.markup.dates.moments import Day
from crawler.markup.dates.months import is_thai, month_number
from crawler.markup.dates.numerals import ERA, NUMERAL, chinese_number, western_year

Languages = tuple[str, ...]

# Vowel signs of Indian scripts and Thai are marks, which \w leaves out.
_LETTER = r"(?:[^\W\d_]|[\u0301\u0900-\u0dff\u0e31-\u0e4e])"
_NAME = rf"(?P<month>{_LETTER}(?:{_LETTER}|[.](?=[\u0e00-\u0e7f])){{2,14}})\.?"
_GAP = r"[ \t\r\n,./\-–·]{0,3}"
_DAY_END = r"(?:st|nd|rd|th|er|ère|ª|º|°|\.|e|a)?"

_YMD = re.compile(
    r"(?<![\d.])(?P<year>[12]\d{3})(?:"
    r"[ ]?(?P<mark>[-/.‐–_])[ ]?(?P<m1>\d{1,2})[ ]?(?P=mark)[ ]?(?P<d1>\d{1,2})"
    r"|[ ]{0,2}[年년][ ]{0,2}(?P<m2>\d{1,2})[ ]{0,2}[月월][ ]{0,2}(?P<d2>\d{1,2})"
    r")(?!\d)(?:[ ]?[日号號일]|\.(?=[ ]|\Z))?"
)
_DMY = re.compile(
    r"(?<![\d./\-])(?P<a>\d{1,2})[ ]?(?P<mark>[./\-])[ ]?(?P<b>\d{1,2})(?P=mark)[ ]?(?P<year>[12]\d{3}|\d\d)(?![\d:])"
)
_DAY_MONTH_YEAR = re.compile(
    rf"(?<![\d])(?P<day>\d{{1,2}}){_DAY_END}{_GAP}(?:(?:de|of|di|den|da|mis|viz)[ ]|d['’])?{_NAME}"
    rf"{_GAP}(?:(?:de|del|di|of|do|,)[ ]{{1,2}})?['’]?(?P<year>\d{{4}})(?!\d)"
)
_MONTH_DAY_YEAR = re.compile(
    rf"(?:(?<![^\W\d_])|(?<=[a-z)])(?=[A-Z]))"
    rf"{_NAME}[ ]{{0,2}}[\-/]?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ ]?(?:,|\.|-|/|[ ]de)?"
    r"[ ]{0,3}(?P<year>[12]\d{3})(?!\d)"
)
_YEAR_MONTH_DAY = re.compile(rf"(?<!\d)(?P<year>\d{{4}}){_GAP}(?:m\.[ ])?{_NAME}{_GAP}(?P<day>\d{{1,2}})(?!\d)\.?")
_CTIME = re.compile(
    rf"{_NAME}[ ]{{1,3}}(?P<day>\d{{1,2}})[ ]{{1,3}}(?P<clock>\d\d:\d\d(?::\d\d)?)[ ]{{1,3}}"
    r"(?:[A-Z]{1,5}(?:[+\-]\d\d:?\d\d)?|[+\-]\d\d:?\d\d)?[ ]{0,3}(?P<year>[12]\d{3})(?!\d)"
)
_HAN = re.compile(rf"(?P<year>{NUMERAL}{{4}})年(?P<month>{NUMERAL}{{1,3}})月(?P<day>{NUMERAL}{{1,3}})[日号號]")
_ERA = re.compile(
    rf"(?:中[華华])?(?P<era>{ERA})[ ]?(?P<year>\d{{1,3}}|{NUMERAL}{{1,4}})[ ]?[年./\-][ ]?"
    rf"(?P<month>\d{{1,2}}|{NUMERAL}{{1,3}})[ ]?[月./\-][ ]?(?P<day>\d{{1,2}}|{NUMERAL}{{1,3}})(?!\d)[ ]?[日號号]?"
)
_VIETNAMESE = re.compile(
    r"(?i)(?<!\d)(?P<day>\d{1,2})[ ,]{1,2}tháng[ ](?P<month>\d{1,2})[ ,]{1,2}(?:năm[ ])?(?P<year>[12]\d{3})(?!\d)"
)
_COMPACT = re.compile(
    r"\s*(?P<year>[12]\d{3})(?P<month>[01]\d)(?P<day>[0-3]\d)"
    r"(?:[T ]?(?P<clock>[0-2]\d[0-5]\d(?:[0-5]\d)?)(?!\d)|(?!\d))"
)

# English-speaking countries, but for the United States, write the day first.
_DAY_FIRST_ENGLISH = frozenset("gb uk au nz ie za in ng ke sg my hk pk gh ug tz zw mt lk bd".split())


def _ymd(match: re.Match[str], _: Languages) -> tuple[int, int, int]:
    return int(match["year"]), int(match["m1"] or match["m2"]), int(match["d1"] or match["d2"])


def is_month_first(languages: Languages) -> bool | None:
    """How "3/4/2024" is meant where the page is written; None where that is not known."""
    for language in languages:
        name, _, rest = language.lower().replace("_", "-").partition("-")
        if name == "en":
            return rest.rpartition("-")[2] not in _DAY_FIRST_ENGLISH
        if name not in ("zh", "ja", "ko", "und"):
            return False
    return None


def _dmy(match: re.Match[str], languages: Languages) -> tuple[int, int, int] | None:
    first, second, year = int(match["a"]), int(match["b"]), int(match["year"])
    if len(match["year"]) == 2:
        year += 2000 if year < 70 else 1900
    month_first = second > 12
    if match["mark"] != "." and first <= 12 and second <= 12 and first != second:
        known = is_month_first(languages)
        if known is None:
            return None
        month_first = known
    return (year, first, second) if month_first else (year, second, first)


def _named(match: re.Match[str], languages: Languages) -> tuple[int, int, int] | None:
    month = month_number(match["month"], languages)
    if month is None:
        return None
    year = int(match["year"])
    return (year - 543 if is_thai(match["month"]) and year > 2400 else year), month, int(match["day"])


def _han(match: re.Match[str], _: Languages) -> tuple[int, int, int] | None:
    year, month, day = (chinese_number(match[part]) for part in ("year", "month", "day"))
    if year is None or month is None or day is None:
        return None
    era = match.groupdict().get("era")
    western = western_year(era, year) if era else year
    return (western, month, day) if western else None


def _vietnamese(match: re.Match[str], _: Languages) -> tuple[int, int, int]:
    return int(match["year"]), int(match["month"]), int(match["day"])


_Reader = Callable[[re.Match[str], Languages], tuple[int, int, int] | None]
_NUMERIC: tuple[tuple[re.Pattern[str], _Reader], ...] = ((_YMD, _ymd), (_DMY, _dmy))
_WORDED: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (_DAY_MONTH_YEAR, _named),
    (_MONTH_DAY_YEAR, _named),
    (_YEAR_MONTH_DAY, _named),
    (_CTIME, _named),
    (_VIETNAMESE, _vietnamese),
)
_EASTERN: tuple[tuple[re.Pattern[str], _Reader], ...] = ((_ERA, _han), (_HAN, _han))
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
# A script that has month names: all but Chinese, Japanese and Korean.
_HAS_WORDS = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_HAS_EASTERN = re.compile(f"{ERA}|{NUMERAL}年")


def find_days(text: str, languages: Languages) -> Iterator[Day]:
    """The days a text names, in its order, none overlapping another; impossible ones (a 13th month) too."""
    found: list[Day] = []
    if _YEAR.search(text):
        forms = _NUMERIC + _WORDED if _HAS_WORDS.search(text) else _NUMERIC
        for pattern, reader in forms:
            found.extend(_days(text, pattern, reader=reader, languages=languages))
    else:
        found.extend(_days(text, _DMY, reader=_dmy, languages=languages))
    if _HAS_EASTERN.search(text):
        for pattern, reader in _EASTERN:
            found.extend(_days(text, pattern, reader=reader, languages=languages))
    end = 0
    for day in sorted(found, key=lambda day: (day.start, -day.end)):
        if day.start >= end:
            yield day
            end = day.end


def compact_day(text: str) -> Day | None:
    """The day a text begins with as eight digits, "20240313T192105Z": digits that in running text may be any number."""
    match = _COMPACT.match(text)
    if match is None:
        return None
    clock_at = match.start("clock") if match["clock"] else None
    end = match.start("clock") if match["clock"] else match.end()
    return Day(int(match["year"]), int(match["month"]), int(match["day"]), match.start("year"), end, clock_at)


def _days(text: str, pattern: re.Pattern[str], *, reader: _Reader, languages: Languages) -> Iterator[Day]:
    position = 0
    while match := pattern.search(text, position):
        parts = reader(match, languages)
        position = match.start() + 1
        if parts is None:
            continue
        position = match.end()
        groups = match.groupdict()
        clock_at = match.start("clock") if groups.get("clock") else None
        yield Day(*parts, match.start(), match.end(), clock_at, len(groups.get("year") or "") == 2)
