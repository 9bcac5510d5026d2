"""Calendar days as pages write them. Every pattern is linear: no gap in it is unbounded."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

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
# Looked for from its digits, for letters are many: only before such digits a month is looked for.
_DAY_YEAR = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?[ ]?(?:,|\.|-|/|[ ]de)?[ ]{0,3}(?P<year>[12]\d{3})(?!\d)"
)
_MONTH_BEFORE = re.compile(rf"(?:(?<![^\W\d_])|(?<=[a-z)])(?=[A-Z])){_NAME}[ ]{{0,2}}[\-/]?\Z")
_LONGEST_MONTH = 36
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
    return _western_year(match["year"], match["month"]), month, int(match["day"])


def _western_year(digits: str, month: str) -> int:
    year = int(digits)
    return year - 543 if is_thai(month) and year > 2400 else year


def _han(match: re.Match[str], _: Languages) -> tuple[int, int, int] | None:
    year, month, day = (chinese_number(match[part]) for part in ("year", "month", "day"))
    if year is None or month is None or day is None:
        return None
    era = match.groupdict().get("era")
    western = western_year(era, year) if era else year
    return (western, month, day) if western else None


def _vietnamese(match: re.Match[str], _: Languages) -> tuple[int, int, int]:
    return int(match["year"]), int(match["month"]), int(match["day"])


class _Form(NamedTuple):
    """One way to write a day."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Languages], tuple[int, int, int] | None]
    may_be_bare: bool = False
    """Its year may have two digits."""
    has_clock: bool = False


_DMY_FORM = _Form(_DMY, _dmy, may_be_bare=True)
_NUMERIC = (_Form(_YMD, _ymd), _DMY_FORM)
_WORDED = (_Form(_DAY_MONTH_YEAR, _named), _Form(_YEAR_MONTH_DAY, _named))
_CTIME_FORM = _Form(_CTIME, _named, has_clock=True)
_VIETNAMESE_FORM = _Form(_VIETNAMESE, _vietnamese)
_EASTERN = (_Form(_ERA, _han), _Form(_HAN, _han))
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
# A script that has month names: all but Chinese, Japanese and Korean.
_HAS_WORDS = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_HAS_EASTERN = re.compile(f"{ERA}|{NUMERAL}年")


def find_days(text: str, languages: Languages) -> Iterator[Day]:
    """The days a text names, in its order, none overlapping another; impossible ones (a 13th month) too."""
    found: list[Day] = []
    for form in _forms(text):
        found.extend(_days(text, form, languages))
    if _YEAR.search(text):
        found.extend(_month_first_days(text, languages))
    end = 0
    for day in sorted(found, key=lambda day: (day.start, -day.end)) if len(found) > 1 else found:
        if day.start >= end:
            yield day
            end = day.end


def _forms(text: str) -> Iterator[_Form]:
    """The forms that a text can hold at all: most texts have the letters of few."""
    if not _YEAR.search(text):
        yield _DMY_FORM
    else:
        yield from _NUMERIC
        if _HAS_WORDS.search(text):
            yield from _WORDED
        if ":" in text:
            yield _CTIME_FORM
        if "th" in text.lower():
            yield _VIETNAMESE_FORM
    if not text.isascii() and _HAS_EASTERN.search(text):
        yield from _EASTERN


def compact_day(text: str) -> Day | None:
    """The day a text begins with as eight digits, "20240313T192105Z": digits that in running text may be any number."""
    match = _COMPACT.match(text)
    if match is None:
        return None
    clock_at = match.start("clock") if match["clock"] else None
    end = match.start("clock") if match["clock"] else match.end()
    return Day(int(match["year"]), int(match["month"]), int(match["day"]), match.start("year"), end, clock_at)


def _days(text: str, form: _Form, languages: Languages) -> Iterator[Day]:
    position = 0
    while match := form.pattern.search(text, position):
        parts = form.read(match, languages)
        position = match.start() + 1
        if parts is None:
            continue
        position = match.end()
        clock_at = match.start("clock") if form.has_clock else None
        is_bare = form.may_be_bare and len(match["year"]) == 2
        yield Day(*parts, match.start(), match.end(), clock_at, is_bare)


def _month_first_days(text: str, languages: Languages) -> Iterator[Day]:
    """ "March 13, 2024" """
    for match in _DAY_YEAR.finditer(text):
        start = max(0, match.start() - _LONGEST_MONTH)
        # "RoeMarch 13, 2024": of the letters before the digits the last ones may be a month.
        while name := _MONTH_BEFORE.search(text, start, match.start()):
            month = month_number(name["month"], languages)
            if month is not None:
                year = _western_year(match["year"], name["month"])
                yield Day(year, month, int(match["day"]), name.start(), match.end())
                break
            start = name.start() + 1
