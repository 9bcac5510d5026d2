"""Moments: a wall-clock time made aware, with what was known when it was."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crawler.markup.dates.zones import Zone

YEARS = range(1700, 2101)
"""Years a page can be dated with: outside them the digits are something else."""


class Precision(StrEnum):
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"

    @property
    def rank(self) -> int:
        return ("day", "minute", "second").index(self.value)


class ZoneSource(StrEnum):
    """Who says which zone a moment is in."""

    PAGE = "page"  # the text shows it
    SITE = "site"  # the site's hint
    ASSUMED = "assumed"  # nobody: UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDate:
    moment: datetime
    """Aware, with a fixed offset; midnight where only the day is known."""
    text: str
    """The part of the text that was read, as the page has it."""
    precision: Precision
    zone_source: ZoneSource
    start: int = 0
    """Where `text` begins in the text given."""
    end: int = 0


class Day(NamedTuple):
    """A calendar day found in a text, not yet checked."""

    year: int
    month: int
    day: int
    start: int
    end: int
    clock_at: int | None = None
    """Where the time stands, for the one form that has it between day and year."""
    is_bare: bool = False
    """So bare ("20240313", "13.3.24") that only a text that is nothing else can be trusted to mean a date."""


class Clock(NamedTuple):
    """A time of day found in a text."""

    hour: int
    minute: int
    second: int | None
    zone: Zone | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known around a text: the clock, the site's zone, the languages of the page."""

    now: datetime | None = None
    site_zone: tzinfo | None = None
    languages: tuple[str, ...] = ()

    @staticmethod
    @lru_cache(maxsize=64)
    def of(now: datetime | None, zone_name: str | None, languages: tuple[str, ...]) -> "Setting":
        """Raises zoneinfo.ZoneInfoNotFoundError for a zone that does not exist."""
        return Setting(now, ZoneInfo(zone_name) if zone_name else None, languages)

    @property
    def is_chinese(self) -> bool:
        return any(language.lower().startswith("zh") for language in self.languages)

    @property
    def default_zone(self) -> tuple[tzinfo, ZoneSource]:
        return (self.site_zone, ZoneSource.SITE) if self.site_zone else (UTC, ZoneSource.ASSUMED)


def make_date(text: str, day: Day, clock: Clock | None, setting: Setting) -> ParsedDate | None:
    """None for a day the calendar does not have, a year outside `YEARS`, or a moment more than a day after now."""
    if day.year not in YEARS:
        return None
    try:
        moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone follows
    except ValueError:
        return None
    zone, source = setting.default_zone
    precision = Precision.DAY
    start, end = day.start, day.end
    if clock is not None:
        moment += timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second or 0)
        precision = Precision.MINUTE if clock.second is None else Precision.SECOND
        start, end = min(start, clock.start), max(end, clock.end)
        if clock.zone is not None:
            zone, source = clock.zone.at(moment, site=setting.site_zone, chinese=setting.is_chinese), ZoneSource.PAGE
    moment = with_fixed_offset(moment.replace(tzinfo=zone))
    if setting.now is not None and moment - setting.now > timedelta(days=1):
        return None
    return shown(text, start, end, moment=moment, precision=precision, zone_source=source)


def shown(
    text: str, start: int, end: int, *, moment: datetime, precision: Precision, zone_source: ZoneSource
) -> ParsedDate:
    """The record of what stands in `text[start:end]`, outer white space left out."""
    written = text[start:end]
    start += len(written) - len(written.lstrip())
    written = written.strip()
    return ParsedDate(
        moment=moment,
        text=written,
        precision=precision,
        zone_source=zone_source,
        start=start,
        end=start + len(written),
    )


def with_fixed_offset(moment: datetime) -> datetime:
    """The same moment with the offset its zone has then: a plain value, whatever the zone database says later."""
    offset = moment.utcoffset()
    return moment.replace(tzinfo=timezone(offset) if offset else UTC)
