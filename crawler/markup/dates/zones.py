"""Time zones as pages write them: "Z", "+0800", "GMT+8", "EDT", "北京时间", "Europe/Paris"."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Hours east of Greenwich of abbreviations that mean one thing.
_OFFSETS = {
    **dict.fromkeys(("UTC", "GMT", "Z", "WET", "UT"), 0.0),
    **dict.fromkeys(("CET", "MEZ", "WEST", "WAT", "MET"), 1.0),
    **dict.fromkeys(("CEST", "MESZ", "EET", "SAST", "CAT", "MEST"), 2.0),
    **dict.fromkeys(("EEST", "MSK", "EAT", "TRT", "IDT"), 3.0),
    **dict.fromkeys(("JST", "KST"), 9.0),
    **dict.fromkeys(("HKT", "SGT", "AWST", "PHT", "MYT"), 8.0),
    **dict.fromkeys(("WIB", "ICT"), 7.0),
    **{"NPT": 5.75, "PKT": 5.0, "GST": 4.0, "ACST": 9.5, "AEST": 10.0, "ACDT": 10.5, "AEDT": 11.0},
    **{"NZST": 12.0, "NZDT": 13.0, "BRT": -3.0, "ART": -3.0, "AST": -4.0, "ADT": -3.0, "NDT": -2.5, "NST": -3.5},
    **{"EST": -5.0, "EDT": -4.0, "CDT": -5.0, "MST": -7.0, "MDT": -6.0, "PST": -8.0, "PDT": -7.0},
    **{"AKST": -9.0, "AKDT": -8.0, "HST": -10.0},
}
# Abbreviations of several zones, with the zone meant where neither the site nor the language decides.
_AMBIGUOUS = {"CST": "America/Chicago", "IST": "Asia/Kolkata", "BST": "Europe/London"}
_NAMES = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "beijing": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "london": "Europe/London",
    "台北": "Asia/Taipei",
    "日本": "Asia/Tokyo",
}
_ZONE = re.compile(
    r"[ ,]{0,2}[(\[]?[ ]?(?:"
    r"(?P<utc>UTC|GMT)?[ ]?(?P<sign>[+\-\u2212])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?![\d:])"
    r"|(?P<iana>(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_/]{2,30})"
    r"|(?i:(?P<place>eastern|central|mountain|pacific|beijing|london)(?: (?:standard|daylight))? time)"
    r"|(?P<name>北京|台北|日本)(?:时间|時間)"
    r"|(?P<abbreviation>[A-Z]{1,4}T|Z|UTC|MEZ|MESZ|MSK|WIB|UT)(?![A-Za-z0-9])"
    r")[ ]?[)\]]?"
)


class Zone:
    """A zone as written, to be applied once the moment is known."""

    __slots__ = ("_ambiguous", "_info", "end")

    def __init__(self, info: tzinfo, end: int, *, ambiguous: str | None = None) -> None:
        self.end = end
        """Where its text ends."""
        self._info = info
        self._ambiguous = ambiguous

    def at(self, moment: datetime, *, site: tzinfo | None, chinese: bool) -> tzinfo:
        """The zone meant at a wall-clock time.

        "CST" is the site's own if that zone says CST, else Beijing's on Chinese pages, else Chicago's.
        """
        if self._ambiguous and site is not None:
            # A Chicago site writes "CST" in summer too.
            name = site.tzname(moment) or ""
            if name in (self._ambiguous, self._ambiguous.replace("S", "D")):
                return site
        if self._ambiguous == "CST" and chinese:
            return timezone(timedelta(hours=8))
        return self._info


def fixed_zone(info: tzinfo, end: int) -> Zone:
    """A zone that is known already, as from an ISO date."""
    return Zone(info, end)


def read_zone(text: str, start: int = 0) -> Zone | None:
    """The zone that begins exactly at `start`, spaces and a bracket before it allowed."""
    match = _ZONE.match(text, start)
    if match is None:
        return None
    if match["sign"]:
        return _numeric(match)
    name = match["iana"] or _NAMES.get((match["place"] or match["name"] or "").lower())
    if name is None:
        return _abbreviated(match["abbreviation"], match.end())
    try:
        return Zone(ZoneInfo(name), match.end())
    except (ZoneInfoNotFoundError, ValueError, OSError):  # "Asia/x" is none, and "America/Indiana" a folder
        return None


def _numeric(match: re.Match[str]) -> Zone | None:
    minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
    if minutes > 14 * 60:
        return None
    return Zone(timezone(timedelta(minutes=minutes if match["sign"] == "+" else -minutes)), match.end())


def _abbreviated(abbreviation: str, end: int) -> Zone | None:
    if abbreviation in _AMBIGUOUS:
        return Zone(ZoneInfo(_AMBIGUOUS[abbreviation]), end, ambiguous=abbreviation)
    if abbreviation in _NAMES:
        return Zone(ZoneInfo(_NAMES[abbreviation]), end)
    if abbreviation in _OFFSETS:
        hours = _OFFSETS[abbreviation]
        return Zone(timezone(timedelta(hours=hours)) if hours else UTC, end)
    return None
