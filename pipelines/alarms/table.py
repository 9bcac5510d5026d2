"""Alarms raised and cleared: rows, each with a few pages to look at."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from models.tables import METADATA
from models.terms import AlarmRule
from pipelines.alarms.readings import KEPT
from pipelines.alarms.rules import Key, Verdict, value_of, verdicts
from pipelines.alarms.samples import sample_pages
from pipelines.alarms.sums import Sums

TABLES = METADATA.tables
READING, ALARM, ALARM_PAGE, SITE = (TABLES[name] for name in ("reading", "alarm", "alarm_page", "site"))
_SETTLED = 30
"""Articles after which a new layout is the usual one."""
_MOST_READINGS = 200


@dataclass(frozen=True, slots=True)
class _Interval:
    """Readings of these times are no history for alarms of the same key."""

    since: datetime | None
    """None: since ever."""
    until: datetime | None
    """None: till now."""

    def has(self, moment: datetime) -> bool:
        return (self.since is None or moment >= self.since) and (self.until is None or moment <= self.until)


def judge_site(connection: Connection, site_id: int, *, now: datetime) -> None:
    """Looks at the last readings of a site: raises what is not as it was, and clears what is again."""
    readings = _readings(connection, site_id)
    rows = connection.execute(select(ALARM).where(ALARM.c.site_id == site_id).order_by(ALARM.c.id)).mappings().all()
    opened = {_key(row): row for row in rows if row["cleared_at"] is None}
    excluded = list(_excluded(rows))
    domain = connection.execute(select(SITE.c.domain).where(SITE.c.id == site_id)).scalar_one()

    def keeps(key: Key, sums: Sums) -> bool:
        return not any(each == key and interval.has(sums.taken_at) for each, interval in excluded)

    found = {verdict.key: verdict for verdict in verdicts(readings, keeps=keeps)}
    for key, row in opened.items():
        since = [sums for sums in readings if sums.taken_at > row["raised_at"]]
        if reason := _ended(row, key, since, is_alone=len(opened) == 1, now=now):
            clear(connection, row["id"], because=reason, now=now)
        elif key in found:
            _see(connection, row["id"], found[key], now=now)
    for verdict in (each for key, each in found.items() if key not in opened):
        _raise(connection, verdict, readings, domain=domain, now=now)


def clear(connection: Connection, alarm_id: int, *, because: str, now: datetime) -> None:
    connection.execute(update(ALARM).where(ALARM.c.id == alarm_id).values(cleared_at=now, cleared_because=because))


def _readings(connection: Connection, site_id: int) -> list[Sums]:
    """Of as long as histories reach before the last; in the order of time."""
    last = select(READING).where(READING.c.site_id == site_id).order_by(READING.c.id.desc()).limit(_MOST_READINGS)
    # Two processes that look at one site at once do so one after the other, and raise an alarm once.
    connection.execute(last.with_only_columns(READING.c.id).limit(1).with_for_update())
    found = sorted(
        (Sums.of_row(dict(row)) for row in connection.execute(last).mappings()), key=lambda sums: sums.taken_at
    )
    return [sums for sums in found if sums.taken_at > found[-1].taken_at - KEPT]


def _key(row: RowMapping) -> Key:
    return Key(AlarmRule(row["rule"]), row["subject"])


def _excluded(rows: Iterable[RowMapping]) -> Iterator[tuple[Key, _Interval]]:
    """The time of an alarm that is open or has recovered; all that was before one that is usual now."""
    for row in rows:
        is_past = row["cleared_at"] is not None and row["cleared_because"] != "recovered"
        yield _key(row), _Interval(None if is_past else row["since_at"], row["cleared_at"])


def _ended(row: RowMapping, key: Key, since: Sequence[Sums], *, is_alone: bool, now: datetime) -> str | None:
    """Why an alarm is over; None while it is not. Half of the way back is back."""
    if now - row["raised_at"] > KEPT:
        return "usual"
    if not since:
        return None
    if key.rule is AlarmRule.LAYOUT:
        return "usual" if is_alone and sum(sums.articles for sums in since) >= _SETTLED else None
    for start in range(len(since) - 1, -1, -1):
        value = value_of(key, since[start:])
        if value is not None:
            middle = (row["usual"] + row["found"]) / 2
            return "recovered" if (value > middle) == (row["usual"] > row["found"]) else None
    return None


def _see(connection: Connection, alarm_id: int, verdict: Verdict, *, now: datetime) -> None:
    seen = {"seen_at": now, "found": verdict.found, "message": verdict.message}
    connection.execute(update(ALARM).where(ALARM.c.id == alarm_id).values(seen))


def _raise(connection: Connection, verdict: Verdict, readings: Sequence[Sums], *, domain: str, now: datetime) -> None:
    last = verdict.window[-1]
    row: dict[str, Any] = {"site_id": last.site_id, "crawl_id": last.crawl_id, "watched": domain}
    row |= {"rule": verdict.key.rule.value, "subject": verdict.key.subject, "message": verdict.message}
    row |= {"usual": verdict.usual, "found": verdict.found, "raised_at": now, "seen_at": now}
    row["since_at"] = verdict.window[0].taken_at
    alarm_id: int = connection.execute(insert(ALARM).values(row).returning(ALARM.c.id)).scalar_one()
    pages = sample_pages(connection, verdict, readings)
    rows = [
        {"position": position, "page_id": example.page_id, "is_before": is_before, "version": example.version}
        for position, (example, is_before) in enumerate(pages)
    ]
    if rows:
        connection.execute(insert(ALARM_PAGE), [{"alarm_id": alarm_id, **each} for each in rows])
