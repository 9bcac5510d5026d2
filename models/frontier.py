"""The frontier at rest: what is to be asked for when, and who does so now.

All of it is this database's own business: it is in no sync, export or digest, and its changes are not recorded.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import REAL, Double, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import KEY, LOCAL, Key, Table
from models.terms import Priority


def _local(*type_: Any, **options: Any) -> Any:
    return mapped_column(*type_, info=LOCAL, **options)


def _count(type_: Any) -> Any:
    return _local(type_, server_default=text("0"))


class SiteFrontier:
    """Who asks a site, and how often it may be asked. Politeness is kept by one process at a time: its holder."""

    due_at: Mapped[datetime | None] = _local(index=True)
    """Not later than when the first of its pages can be leased; null if none is due by itself."""
    lease_holder: Mapped[str | None] = _local()
    leased_until: Mapped[datetime | None] = _local()
    """The holder moves this on; a killed one does not."""
    not_before: Mapped[datetime | None] = _local()
    """Nobody asks it before then: its delay between two holders, or as it said itself (Retry-After)."""
    delay_seconds: Mapped[float | None] = _local(Double())
    """Between two requests, as it was kept last."""
    lists_per_day: Mapped[float] = _count(Double())
    """Visits that the intervals of its listings, feeds and sitemaps add up to; and those of its other pages."""
    articles_per_day: Mapped[float] = _count(Double())
    pace: Mapped[dict[str, Any] | None] = _local()
    """How its articles change with age, as `pipelines.revisits` has learnt."""


class PageFrontier:
    """When a page is asked for. A row of `lease` says that somebody does so now."""

    due_at: Mapped[datetime | None] = _local()
    """Null: not by itself."""
    priority: Mapped[int] = _local(SmallInteger, server_default=text(str(Priority.NEW.value)))
    """A `models.terms.Priority`."""
    depth: Mapped[int | None] = _local(SmallInteger)
    """Links from the page where the crawl began; null if no crawl has come to it."""
    asked_at: Mapped[datetime | None] = _local()
    """When it was last asked for, whatever came of it."""
    interval_seconds: Mapped[int | None] = _local()
    """To its next visit, before the site's limits stretch it."""
    born_at: Mapped[datetime | None] = _local()
    """Since when its age counts: the date of its article, or when it was first seen."""
    changed_at: Mapped[datetime | None] = _local()
    """Of the last visit that found something new."""
    changes_seen: Mapped[float] = _count(REAL)
    """Decayed sum of its visits; with the next its own rate of change."""
    changes_expected: Mapped[float] = _count(REAL)
    failures: Mapped[int] = _count(SmallInteger)
    """Visits in a row that ended without the page."""
    gone_since: Mapped[datetime | None] = _local()
    """When it was first found gone; null while it answers."""
    announced_at: Mapped[datetime | None] = _local()
    """The change, as a sitemap or feed tells of it, for which it is due; null after the visit."""


class Lease(Table):
    """A page that one worker asks for now, or was asking for when it died.

    Not columns of `page`: there, each lease would write the row and all of its indexes anew. Without foreign keys:
    they would write to the row of the page as well, in order to lock it.
    """

    __tablename__ = "lease"
    page_id: Mapped[int] = mapped_column(KEY, primary_key=True, autoincrement=False)
    site_id: Mapped[int] = mapped_column(KEY, index=True)
    lease_holder: Mapped[str]
    leased_until: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(SmallInteger)
    """Leases of this page that ran out since its last request came to an end."""


class Robots(Table):
    """The robots.txt of one origin, kept so that each run and worker need not ask for it."""

    __tablename__ = "robots"
    id: Mapped[Key]
    origin: Mapped[str] = mapped_column(unique=True)
    """Scheme, host and port."""
    text: Mapped[str | None]
    """Null where there is none to be had."""
    status: Mapped[int | None]
    """Null where nothing answered."""
    fetched_at: Mapped[datetime]
    expires_at: Mapped[datetime]
