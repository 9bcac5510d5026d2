"""The dates of an article: the day on which most sightings agree, most precisely."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from crawler.document import Document
from crawler.extractors.metadata.region import Region
from crawler.extractors.metadata.sightings import Reading, Sighting, sight_dates
from crawler.extractors.tree.outline import Outline
from crawler.markup.dates import ParsedDate, Precision, ZoneSource
from models.items import Origin

_DAY = timedelta(days=1)
# A day without a zone may be any of the zones' days.
_WEST, _EAST = timedelta(hours=12), timedelta(hours=14)
_HOUR = timedelta(hours=1)
_SEEN = ("shown", "marked")
_OF_TEXT = 1.5
"""Trust in a date without a label inside the text."""
_HALF_HOURS = frozenset(timedelta(hours=hours) for hours in (-9.5, -3.5, -2.5, 3.5, 4.5, 5.5, 5.75, 6.5, 9.5, 10.5))


@dataclass(frozen=True, slots=True)
class DatesFound:
    published: ParsedDate | None = None
    modified: ParsedDate | None = None
    text: str | None = None
    """The publication date as shown."""
    origin: Origin = Origin.GENERIC
    blocks: frozenset[int] = frozenset()
    """Blocks that show a date and little else."""


def find_article_dates(document: Document, outline: Outline, region: Region, reading: Reading) -> DatesFound:
    sightings = sight_dates(document, outline, region, reading)
    modified = [sighting for sighting in sightings if sighting.is_modified]
    # A page that only says when it was updated was published then, as far as it tells.
    published = _telling([sighting for sighting in sightings if not sighting.is_modified], modified) or modified
    best = _best(published)
    if best is None:
        return DatesFound()
    agreeing = [sighting for sighting in published if _agree(sighting.date, best.date)]
    shown = max((s for s in agreeing if s.kind in _SEEN), key=lambda s: (s.kind, s.weight), default=None)
    return DatesFound(
        published=_refined(best.date, [sighting.date for sighting in agreeing]),
        modified=_modified(modified, best.date),
        text=shown.date.text if shown else None,
        origin=Origin.STRUCTURED if any(s.kind.startswith("declared") for s in agreeing) else Origin.GENERIC,
        blocks=frozenset(s.block for s in sightings if s.block is not None),
    )


def _telling(published: list[Sighting], modified: list[Sighting]) -> list[Sighting]:
    """None of them where all stand in or below the text, as dates of other articles do, and an update is told above."""
    told = [sighting for sighting in modified if sighting.kind in _SEEN and sighting.weight > _OF_TEXT]
    lines = {sighting.block for sighting in told} - {None}  # "1 May 2024. Updated: 3 May 2024" is one line
    is_weak = all(s.kind in _SEEN and s.weight <= _OF_TEXT and s.block not in lines for s in published)
    return [] if told and is_weak else published


def _modified(sightings: list[Sighting], published: ParsedDate) -> ParsedDate | None:
    later = [sighting for sighting in sightings if sighting.date.moment >= published.moment - _DAY]
    best = _best(later)
    return _refined(best.date, [s.date for s in later if _agree(s.date, best.date)]) if best else None


def _best(sightings: list[Sighting]) -> Sighting | None:
    """The sighting whose day most kinds agree on; of equal ones the first."""
    strongest: dict[tuple[datetime, ZoneSource, str], Sighting] = {}
    for sighting in sightings:
        name = (sighting.date.moment, sighting.date.zone_source, sighting.kind)
        if name not in strongest or sighting.weight > strongest[name].weight:
            strongest[name] = sighting

    def support(sighting: Sighting) -> float:
        kinds: dict[str, float] = {}
        for other in strongest.values():
            if other.weight > kinds.get(other.kind, 0.0) and _agree(sighting.date, other.date):
                kinds[other.kind] = other.weight
        return sum(kinds.values()) + sighting.weight / 100

    return max(strongest.values(), key=support, default=None)


def _agree(first: ParsedDate, second: ParsedDate) -> bool:
    if first.moment == second.moment or first.moment.date() == second.moment.date():
        return True
    if first.zone_source is second.zone_source:
        return False
    # One has a zone, the other is some zone's wall clock.
    zoned, wall = (first, second) if first.zone_source is ZoneSource.PAGE else (second, first)
    start = wall.moment.replace(tzinfo=UTC)
    length = _DAY if wall.precision is Precision.DAY else timedelta(minutes=1)
    return start - _EAST <= zoned.moment < start + length + _WEST


def _refined(date: ParsedDate, agreeing: list[ParsedDate]) -> ParsedDate:
    """The most precise of the dates that agree, in the zone that any of them shows."""
    zoned = [d for d in agreeing if d.zone_source is ZoneSource.PAGE]
    exact = [d for d in zoned if not _is_midnight(d)]
    if exact:
        best = max(exact, key=lambda d: d.precision.rank)
        # One moment in UTC and as its readers see it.
        best = next((d for d in exact if d.moment == best.moment and d.moment.utcoffset()), best)
        return _localized(best, [d for d in agreeing if d.zone_source is not ZoneSource.PAGE])
    clocks = [d for d in agreeing if not _is_midnight(d)]
    if not clocks:
        return zoned[0] if zoned else date
    best = max(clocks, key=lambda d: d.precision.rank)
    if zoned:
        return replace(best, moment=best.moment.replace(tzinfo=zoned[0].moment.tzinfo), zone_source=ZoneSource.PAGE)
    return best


def _is_zone(offset: timedelta) -> bool:
    """A whole hour, or one of the few half hours: at +07:30 two dates that have nothing to do with each other met."""
    return not offset % _HOUR or offset in _HALF_HOURS


def _is_midnight(date: ParsedDate) -> bool:
    """What a system writes that knows only the day."""
    return date.precision is Precision.DAY or (date.moment.hour, date.moment.minute, date.moment.second) == (0, 0, 0)


def _localized(date: ParsedDate, shown: list[ParsedDate]) -> ParsedDate:
    """The same moment as the page's readers see it: declared 22:01Z and shown 06:01 are 06:01+08:00."""
    if date.moment.utcoffset():
        return date
    for wall in (w.moment.replace(tzinfo=UTC) for w in shown if w.precision is not Precision.DAY):
        exact = date.moment if wall.second else date.moment.replace(second=0)
        if (offset := wall - exact) and abs(offset) <= _EAST and _is_zone(offset):
            return replace(date, moment=date.moment.astimezone(timezone(offset)))
    return date
