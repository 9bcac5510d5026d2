"""Tables of how each site does, run by run, and of what is not as it was.

All of it is this database's own business: it is in no sync, export or digest, and its changes are not recorded.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Double, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import KEY, Hash, Key, Place, Table, points_to
from models.terms import AlarmRule

_IS_OPEN = text("cleared_at IS NULL")


class Reading(Table):
    """What a run saw of one site, in sums: what alarms are told from. A run that lasts for days has several.

    An article counts here when its page was answered anew, not by 304: only then is something known of its layout.
    """

    __tablename__ = "reading"
    __table_args__ = (Index("ix_reading_site_id_id", "site_id", "id"),)
    id: Mapped[Key]
    site_id: Mapped[int] = points_to("site.id")
    crawl_id: Mapped[int] = points_to("crawl.id", index=True)
    until_fetch_id: Mapped[int] = mapped_column(KEY)
    """The last row of `fetch` counted, of this run and whatever site: the next reading goes on behind it."""
    taken_at: Mapped[datetime]
    """Of the last request counted."""
    requests: Mapped[int]
    failures: Mapped[dict[str, Any]]
    """Requests by class of failure; refusals are not among them."""
    articles: Mapped[int]
    new_articles: Mapped[int]
    """Stored for the first time by this run."""
    known_articles: Mapped[int]
    """Pages answered anew that had held an article before; and how many of those hold none any more."""
    lost_articles: Mapped[int]
    fields: Mapped[dict[str, Any]]
    """Of the articles, how many have each field."""
    log_length: Mapped[float | None] = mapped_column(Double())
    """Mean of the natural logarithm of the bytes of a body, and its standard deviation; null without articles."""
    log_length_deviation: Mapped[float | None] = mapped_column(Double())
    places: Mapped[dict[str, Any]]
    """Articles by the place of their body: its XPath without numbers."""
    examples: Mapped[list[Any]]
    """A few articles, as `pipelines.alarms.readings.Example`."""


class Alarm(Table):
    """Something that is not as it was. Open until `cleared_at`; of each watched thing, rule and subject one is."""

    __tablename__ = "alarm"
    __table_args__ = (
        CheckConstraint("rule IN ({})".format(", ".join(f"'{rule}'" for rule in AlarmRule)), name="rule"),
        Index(
            "ix_alarm_open",
            *("watched", "rule", "subject"),
            unique=True,
            postgresql_where=_IS_OPEN,
            sqlite_where=_IS_OPEN,
        ),
    )
    id: Mapped[Key]
    site_id: Mapped[int | None] = points_to("site.id", index=True)
    """Null for a target of `scrapy sync`."""
    crawl_id: Mapped[int | None] = points_to("crawl.id", index=True, owned=False)
    """The run that showed it."""
    watched: Mapped[str]
    """The domain of the site; or the target's URL without password and query."""
    rule: Mapped[str]
    """A `models.terms.AlarmRule`."""
    subject: Mapped[str]
    """The field or the class of failure; empty where the rule has but one."""
    message: Mapped[str]
    """One sentence, as of `seen_at`."""
    usual: Mapped[float | None] = mapped_column(Double())
    """A share, a length in bytes or a time in seconds, as the rule says; and what was found instead."""
    found: Mapped[float | None] = mapped_column(Double())
    since_at: Mapped[datetime]
    """Of the first requests that show it."""
    raised_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """When it was last found to be so still."""
    cleared_at: Mapped[datetime | None]
    cleared_because: Mapped[str | None]
    """`recovered`, `accepted` by somebody, or `usual`: it stayed so for as long as histories reach."""
    told_at: Mapped[datetime | None]
    """When a webhook or command was last told of it; null if never."""


class AlarmPage(Table):
    """A page to look at: one from before, which still was as usual, or one from after."""

    __tablename__ = "alarm_page"
    alarm_id: Mapped[int] = points_to("alarm.id", primary_key=True)
    position: Mapped[Place]
    page_id: Mapped[int] = points_to("page.id", index=True)
    is_before: Mapped[bool]
    version: Mapped[int | None]
    """Of its first article, which shows it; null where that has gone."""


class SyncTarget(Table):
    """Another database or a URL that is kept like this one, and how far it was when a sync last ended."""

    __tablename__ = "sync_target"
    id: Mapped[Key]
    url: Mapped[str]
    """Without password and query; the hash is of all of it."""
    url_hash: Mapped[Hash] = mapped_column(unique=True)
    tables: Mapped[list[Any]]
    seq: Mapped[int] = mapped_column(KEY)
    """The last change there was when it had caught up."""
    caught_up_at: Mapped[datetime]
    gaps: Mapped[list[Any]]
    """Seconds between the last times that it had, the newest last: its habit."""
