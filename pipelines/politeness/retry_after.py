"""The Retry-After header: how long a server asks to be left alone."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

MOST_SECONDS = 24 * 3600.0
"""What is kept of a longer wish."""
_MEANT_SECONDS = 30 * 24 * 3600.0
"""Beyond this a header is a mistake: a year, 10^30 s, the year 9999. Nothing is learned from it."""
_LONGEST_HEADER = 64  # characters; the longest date, with its weekday in full, has 33


def parse_retry_after(header: str | None, *, now: datetime) -> float | None:
    """Seconds from `now`, at most MOST_SECONDS; None if the header says nothing that can be meant.

    `now` is the server's own Date where it gives one, so that a clock that is wrong there costs nothing. All three
    forms of dates are read (RFC 9110, 5.6.7). A time that has passed is None too: the server wants nothing of us, but
    it has just refused.
    """
    text = (header or "").strip()
    if not text or len(text) > _LONGEST_HEADER or not text.isascii():
        return None
    seconds = _seconds(text) if not text[0].isalpha() else _seconds_until(text, now)
    if seconds is None or not 0 < seconds <= _MEANT_SECONDS:
        return None
    return min(seconds, MOST_SECONDS)


def parse_http_date(text: str, *, now: datetime) -> datetime | None:
    """IMF-fixdate, RFC 850 or asctime; `now` tells the century of RFC 850's two digits. None for anything else."""
    if len(text) > _LONGEST_HEADER:
        return None
    fields = parsedate_tz(text)
    if fields is None:
        return None
    offset = timedelta(seconds=fields[9] or 0)
    try:
        moment = datetime(*fields[:6], tzinfo=UTC) - offset
        if "-" in text and moment > now + timedelta(days=50 * 365.25):  # RFC 9110: then the last such year is meant
            moment = moment.replace(year=moment.year - 100)
    except (ValueError, OverflowError):  # the 31st of February, the year 0 or 10000
        return None
    return moment


def _seconds(text: str) -> float | None:
    """Whole seconds by the standard; some servers send fractions."""
    try:
        return float(text)
    except ValueError:
        return None


def _seconds_until(text: str, now: datetime) -> float | None:
    moment = parse_http_date(text, now=now)
    return (moment - now).total_seconds() if moment else None
