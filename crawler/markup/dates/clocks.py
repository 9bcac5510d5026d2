"""Times of day beside a date: "19:21:05+08:00", "下午3点20分", "19.30 Uhr", "at 7:21 p.m. ET", "오후 7:21"."""

import re

from crawler.markup.dates.moments import Clock
from crawler.markup.dates.zones import read_zone

_MORNING = "上午|早上|凌晨|清晨|午前|오전|AM(?= )"
_EVENING = "下午|晚上|傍晚|晚间|晚間|午後|오후|PM(?= )"
_HALF = f"{_MORNING}|{_EVENING}|中午"
_TEMPLATE = (
    rf"(?:(?P<half>{_HALF})[ ]?)?(?<!\d)(?P<hour>[01]?\d|2[0-4])"
    r"(?:[ ]?SEPARATOR[ ]?(?P<minute>[0-5]\d)(?!\d)"
    r"(?:[ ]?[:.分분][ ]?(?P<second>[0-5]\d|60)(?!\d)(?:[.,]\d{1,9})?[ ]?[秒초]?)?[ ]?[分분]?"
    # An hour alone is one only with its word.
    r"|(?=[ ]?(?:[AaPp]\.?[ ]?[Mm]\b|Uhr\b|uur\b|[hH]\b|[时時点點시])))"
    r"(?:[ ]?[时時点點시])?"
    r"(?:[ ]?(?P<meridiem>[AaPp])\.?[ ]?[Mm]\b\.?)?"
    r"(?:[ ]?(?:Uhr|uur|hrs?|h)\b)?"
)
_TIME = re.compile(_TEMPLATE.replace("SEPARATOR", "[:hH时時点點시]"))
# A point parts hours from minutes only beside a word that says so; elsewhere it is a decimal.
_POINTED = re.compile(_TEMPLATE.replace("SEPARATOR", r"\."))
_POINT_BEFORE = re.compile(r"(?i)\b(?:kl|klo|ore|alle|um|ob|ura|u)\.?[ ]*\Z")
_POINT_AFTER = re.compile(r"[ ]?(?:[AaPp]\.?[Mm]\b|Uhr\b|uur\b)")
_MARKS = r"[ \t\r\n,;·•|/@\-–—]"
_WORD = r"[(（\[]?[^\W\d_]{1,14}[)）\]]?[.,:]?"
_AFTER_DAY = re.compile(rf"(?:T|{_MARKS}{{0,4}}(?:{_WORD}{_MARKS}{{0,3}}){{0,2}}?)(?=\d|{_HALF})")
_BEFORE_DAY = re.compile(rf"{_MARKS}{{0,4}}(?:{_WORD}{_MARKS}{{0,3}}){{0,2}}\Z")
_DIGIT = re.compile(r"\d")
_REACH = 48


def read_clock(text: str, start: int) -> Clock | None:
    """The time that begins exactly at `start`, with its zone."""
    match = _TIME.match(text, start)
    return _clock(text, match) if match else None


def clock_after(text: str, end_of_day: int) -> Clock | None:
    """The time that follows a day, at most two words ("Wednesday at") between."""
    join = _AFTER_DAY.match(text, end_of_day, end_of_day + _REACH)
    if join is None:
        return None
    match = _TIME.match(text, join.end())
    if match is None:
        match = _POINTED.match(text, join.end())
        if match is None or not _is_pointed_time(text, match):
            return None
    return _clock(text, match)


def clock_before(text: str, start_of_day: int) -> Clock | None:
    """The time that a day follows: "19:21 GMT, Wed 13 March 2024"."""
    window = max(0, start_of_day - _REACH)
    if not _DIGIT.search(text, window, start_of_day):
        return None
    for match in _TIME.finditer(text, window, start_of_day):
        clock = _clock(text, match)
        if clock.end <= start_of_day and _BEFORE_DAY.match(text, clock.end, start_of_day):
            return clock
    return None


def _is_pointed_time(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 8) : match.start()]
    return bool(match["meridiem"] or _POINT_BEFORE.search(before) or "Uhr" in match[0] or "uur" in match[0])


def _clock(text: str, match: re.Match[str]) -> Clock:
    hour, half = int(match["hour"]), match["half"] or ""
    meridiem = (match["meridiem"] or half[:1]).lower()
    if half in _EVENING.replace("(?= )", "").split("|") or meridiem == "p":
        hour += 12 if hour < 12 else 0
    elif half == "中午":
        hour += 12 if hour < 11 else 0
    elif hour == 12 and (half or meridiem == "a"):
        hour = 0
    zone = read_zone(text, match.end())
    second = match["second"]
    return Clock(
        hour,
        int(match["minute"] or 0),
        min(int(second), 59) if second else None,
        zone,
        match.start(),
        zone.end if zone else match.end(),
    )
