"""What is known of a page before it is asked for, what came of asking, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from models.identity import registered_domain
from models.items import FailureClass, PageKind, Priority
from pipelines.revisits.pace import Learnt


class Ending(StrEnum):
    """How a request ended, as far as it matters for the next one."""

    READ = "read"
    UNCHANGED = "unchanged"  # 304, or read and found as it was
    ALIAS = "alias"  # another name of a page that is asked for by itself
    GONE = "gone"  # 404, 410, or a redirect to the site's home
    FAILED = "failed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitState:
    """The page's row as it was before the request; each field is the column of that name."""

    first_seen_at: datetime
    kind: PageKind | None = None
    asked_at: datetime | None = None
    due_at: datetime | None = None
    fetched_at: datetime | None = None
    interval_seconds: int | None = None
    """Between two visits, were there no budget; None until the page has been read."""
    born_at: datetime | None = None
    """Since when its age counts."""
    changed_at: datetime | None = None
    changes_seen: float = 0.0
    """Of an article: edits; of a list: visits that brought something new. Older ones count less."""
    changes_expected: float = 0.0
    """How many edits other articles of the site would have had, watched at the same ages."""
    failures: int = 0
    """Requests in a row that ended without the page."""
    gone_since: datetime | None = None
    announced_at: datetime | None = None
    """The time of modification, as announced, that made it due."""

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> "VisitState":
        values = {name: row[name] for name in _STATE}
        return cls(**values | {"kind": PageKind(values["kind"]) if values["kind"] else None})


_STATE = tuple(each.name for each in fields(VisitState))


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What came of asking for a page."""

    at: datetime
    ending: Ending
    kind: PageKind | None = None
    """As read now; None where it was not read."""
    has_changed: bool = False
    """Something that was extracted came, changed or went."""
    brought: int = 0
    """Pages that nobody knew before, or that are asked for sooner on a trusted announcement."""
    published_at: datetime | None = None
    failure_class: FailureClass | None = None
    retry_at: datetime | None = None
    """Not before then: Retry-After."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What follows from a visit: the columns of `VisitState`, new, and what the site's other pages learn from it."""

    due_at: datetime | None
    """None: never by itself."""
    priority: Priority
    """What changes within a day is as urgent as what nobody has seen yet."""
    interval_seconds: int | None
    born_at: datetime | None
    changed_at: datetime | None
    changes_seen: float
    changes_expected: float
    failures: int = 0
    gone_since: datetime | None = None
    announced_at: datetime | None = None
    is_gone: bool = False
    """Found gone for the second time, a day after the first: its articles are gone."""
    learnt: Learnt = field(default_factory=Learnt)

    def columns(self) -> dict[str, Any]:
        """Of the page's row, those of `VisitState`."""
        return {name: getattr(self, name) for name in _PLANNED}


_PLANNED = (
    *("due_at", "interval_seconds", "born_at", "changed_at", "changes_seen", "changes_expected"),
    *("failures", "gone_since", "announced_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """Columns of a page that is asked for sooner, because a sitemap or feed says that it was modified."""

    due_at: datetime
    announced_at: datetime
    is_trusted: bool
    """As the site's announcements mostly prove true: then the list that made it has brought something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Bounds of all intervals, in seconds, and what a site's pages may be asked for in all.

    The constants were tuned by tests/benchmarks/simulated_year.py on other seeds than those it reports.
    """

    budget_per_day: float = 2000.0
    """Requests a day and site for revisits. Lists have half of them at most; the others share what is left."""
    list_least: float = 600.0
    list_most: float = 86_400.0
    """Of lists, feeds and sitemaps that bring something."""
    barren_most: float = 7 * 86_400.0
    """Of those that never did, or have ceased to."""
    article_least: float = 1800.0
    article_most: float = 60 * 86_400.0
    effort: float = 0.2
    """Scale of the intervals of articles: larger, longer."""
    evenness: float = 0.7
    """How much sooner comes what changes more: the interval goes with 1 / rate ** evenness. 0.5 makes the mean delay
    least for a number of requests, larger values see more changes within the hour."""

    def __post_init__(self) -> None:
        if min(self.budget_per_day, self.list_least, self.article_least) <= 0:
            raise ValueError(
                "REVISITS_PER_DAY, REVISIT_LIST_SECONDS and REVISIT_ARTICLE_SECONDS: numbers over 0 expected, "
                f"found {self.budget_per_day:g}, {self.list_least:g} and {self.article_least:g}"
            )


def leads_home(url: str, target_url: str) -> bool:
    """Whether a redirect ends at the home page of the site: how many say that an article is gone."""
    source, target = urlsplit(url), urlsplit(target_url)
    is_home = target.path in ("", "/") and not target.query
    was_home = source.path in ("", "/") and not source.query
    return is_home and not was_home and _domain(source.hostname) == _domain(target.hostname)


def _domain(host: str | None) -> str:
    return registered_domain(host or "")
