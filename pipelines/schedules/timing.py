"""When a schedule comes again. Pure, but for the chance that is given to it."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

LEAST_SECONDS = 60
"""Of an interval: what is to be seen sooner is no matter of a crawl."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Either a cron expression of five fields, or an interval. Raises ValueError for what never comes."""

    cron: str | None = None
    every_seconds: int | None = None
    timezone: str = "UTC"
    """IANA name in which `cron` is read; over changes of the clock as Debian's cron does it."""
    jitter_seconds: int = 0

    def __post_init__(self) -> None:
        if (self.cron is None) == (self.every_seconds is None):
            raise ValueError("either a cron expression or an interval expected")
        if self.every_seconds is not None and self.every_seconds < LEAST_SECONDS:
            raise ValueError(f"an interval of at least {LEAST_SECONDS} seconds expected, found {self.every_seconds}")
        if self.jitter_seconds < 0:
            raise ValueError(f"a jitter of 0 seconds or more expected, found {self.jitter_seconds}")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"an IANA time zone as Asia/Shanghai expected, found {self.timezone!r}") from None
        if self.cron is not None:
            if len(self.cron.split()) != 5:
                raise ValueError(f"a cron expression of five fields as '30 6 * * *' expected, found {self.cron!r}")
            self._after(datetime.now(UTC))

    def next_after(self, moment: datetime, *, chance: random.Random | None = None) -> datetime:
        """The first time after `moment`, in UTC, and as much later as chance has it within the jitter."""
        late = timedelta(seconds=(chance or random).uniform(0, self.jitter_seconds))  # spreads load
        return self._after(moment) + late

    def has_missed_one(self, due_at: datetime, now: datetime) -> bool:
        """Whether another time after `due_at` has passed too: nobody was there for a whole turn."""
        return self._after(due_at) <= now

    def _after(self, moment: datetime) -> datetime:
        if self.every_seconds is not None:
            return moment + timedelta(seconds=self.every_seconds)
        assert self.cron is not None  # noqa: S101  # one of the two is there
        try:
            return next(CronSim(self.cron, moment.astimezone(ZoneInfo(self.timezone)))).astimezone(UTC)
        except CronSimError as error:
            raise ValueError(f"no cron expression: {self.cron!r} ({error})") from None
        except StopIteration:
            raise ValueError(f"a cron expression that comes true expected, found {self.cron!r}") from None
