"""Our copy of an origin's robots.txt: what each answer makes of it, and what it allows (RFC 9309). Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FRESH = timedelta(hours=24)
UNREACHABLE_FRESH = timedelta(minutes=10)
"""When a server that answered with an error is asked again."""
GIVEN_UP = timedelta(days=30)
"""A robots.txt that was unreachable for so long counts as none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsCopy:
    """As the table `robots` has it."""

    origin: str
    """Scheme, host and port."""
    text: str | None
    """Empty where the site has none; None where it could not be told."""
    status: int | None
    """Of the last answer."""
    fetched_at: datetime
    """When the text came; while there is none, when it was first asked for."""
    expires_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        return now < self.expires_at

    def rules_text(self, now: datetime) -> str | None:
        """What to obey: an old copy while no new one can be had; None to ask for nothing."""
        if self.text is None and now - self.fetched_at > GIVEN_UP:
            return ""
        return self.text


def copy_of(old: RobotsCopy | None, *, origin: str, status: int, text: str, now: datetime) -> RobotsCopy:
    """After an answer with this status; `text` is what it held."""
    if is_unreachable(status):
        expires_at = now + UNREACHABLE_FRESH
        if old:
            return replace(old, status=status, expires_at=expires_at)
        return RobotsCopy(origin=origin, text=None, status=status, fetched_at=now, expires_at=expires_at)
    rules = text if 200 <= status < 300 else ""
    return RobotsCopy(origin=origin, text=rules, status=status, fetched_at=now, expires_at=now + FRESH)


def is_unreachable(status: int) -> bool:
    """A server that is in trouble, or wants fewer requests, has not said that there is no robots.txt."""
    return status >= 500 or status == 429
