"""What a request asks for, read from its query; what is no such thing is as good as not there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from models.items import PageKind
from pipelines.browse.listing import Choice, parse_place
from pipelines.search import Word, parse_words

_LONGEST = 500  # characters of a search


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The form above the list of articles, as it was filled in."""

    q: str = ""
    site: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    order: str = ""
    after: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        text = {name: query.get(name, "").strip()[:_LONGEST] for name in ("q", "site", "kind", "since", "until")}
        return cls(
            **text,
            order="published" if query.get("order") == "published" else "",
            after=query.get("after", ""),
            page=parse_number(query.get("page")) or 1,
        )

    @property
    def words(self) -> tuple[Word, ...]:
        return parse_words(self.q.encode("utf-8", "replace").decode())

    @property
    def values(self) -> dict[str, str]:
        """The form without the place in the list."""
        names = ("q", "site", "kind", "since", "until", "order")
        return {name: value for name in names if (value := getattr(self, name))}

    @property
    def since_moment(self) -> datetime | None:
        return _midnight(self.since)

    def choice(self) -> Choice:
        last = _midnight(self.until)
        return Choice(
            site=self.site or None,
            kind=self.kind if self.kind in set(PageKind) else None,
            since=self.since_moment,
            until=last + timedelta(days=1) if last else None,
            by_date=self.order == "published",
            after=parse_place(self.after) if self.after else None,
        )


def parse_number(text: str | None) -> int | None:
    """A positive number that a key of the database can be."""
    if text is None or not (text.isascii() and text.isdigit()) or len(text) > 18:
        return None
    return int(text) or None


def _midnight(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day, time(), UTC) if 1700 <= day.year <= 9998 else None
