"""The database as it is, for commands that only read: nothing is made or brought up to date. No command itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.console import counted, say
from crawler.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

_AGE = re.compile(r"(\d+)([hdwy])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "y": timedelta(days=365)}


@contextmanager
def existing_database(url: str) -> "Iterator[Engine | None]":
    """None where nothing has been stored yet. Raises StorageUnavailable or StorageOutdated, with what to do next."""
    from models.engine import DatabaseState, create_database_engine, database_state, open_database

    engine = create_database_engine(url)
    try:
        is_empty = database_state(engine) is DatabaseState.EMPTY
    finally:
        engine.dispose()
    if is_empty:
        yield None
        return
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()


def tell_quarantined(url: str) -> None:
    """One message, where pages are not asked for any more because workers died with them."""
    from pipelines.frontier.overview import quarantined_pages

    with existing_database(url) as engine:
        count = len(quarantined_pages(engine)) if engine else 0
    if count:
        say(f"{counted(count, 'page')} in quarantine: workers died with them; see `scrapy frontier --quarantined`")


def chosen_roots(names: str | None) -> tuple[str, ...]:
    """The tables named, in the order in which they are copied. Raises UsageError."""
    from pipelines.sync import ROOTS

    if names is None:
        return ROOTS
    wanted = {name.strip() for name in names.split(",")}
    if unknown := sorted(wanted - set(ROOTS)):
        raise UsageError(
            f"--tables: no table {', '.join(unknown)} that can be chosen; known: {', '.join(ROOTS)}. "
            "Lists, items and links come with page; versions, authors, tags and images with article"
        )
    return tuple(root for root in ROOTS if root in wanted)


def parse_time(value: str | None) -> datetime | None:
    """In UTC unless it has a zone of its own. Raises UsageError."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise UsageError(f"--since: a date or time as 2026-11-23 or 2026-11-23T08:30 expected, found {value}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def time_before(age: str | None, now: datetime) -> datetime | None:
    """As long ago as the age says. Raises UsageError."""
    if age is None:
        return None
    found = _AGE.fullmatch(age)
    if found is None:
        raise UsageError(f"an age as 12h, 90d, 8w or 2y expected, found {age}")
    try:
        return now - int(found[1]) * _UNITS[found[2]]
    except OverflowError:
        raise UsageError(f"an age within the calendar expected, found {age}") from None
