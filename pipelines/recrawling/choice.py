"""Which stored pages are meant: of a site, and by what is known of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from sqlalchemy import Column, ColumnElement, Engine, Integer, Select, and_, exists, select

from models.columns import UTCDateTime
from models.engine import reading
from models.tables import METADATA

PAGE, ARTICLE, SITE = (METADATA.tables[name] for name in ("page", "article", "site"))
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_CONDITION = re.compile(r"\s*(\w+)\s*(<=|>=|!=|=|<|>|~)\s*(.*?)\s*", re.DOTALL)
_OF_PAGE = ("url", "kind", "status", "title", "fetched_at", "read_at", "first_seen_at", "changed_at")
_OF_ARTICLE = ("headline", "source", "section", "in_language", "date_published", "date_modified", "version", "gone_at")
FIELDS = (*_OF_PAGE, *_OF_ARTICLE)


@dataclass(frozen=True, slots=True)
class Condition:
    """One field of a page, or of an article on it, compared with a value; "~" is "contains"."""

    field: str
    operator: str
    value: str

    @classmethod
    def of(cls, text: str) -> "Condition":
        """Raises ValueError with what can be written."""
        match = _CONDITION.fullmatch(text)
        if not match or match[1] not in FIELDS:
            raise ValueError(
                f"a condition as 'date_published >= 2026-01-01' or 'url ~ /news/' expected, found {text!r}; "
                f"fields: {', '.join(FIELDS)}"
            )
        condition = cls(*match.groups())
        condition.clause()
        return condition

    def clause(self) -> ColumnElement[bool]:
        column = (PAGE if self.field in _OF_PAGE else ARTICLE).c[self.field]
        compared = self._compared(column)
        return compared if self.field in _OF_PAGE else exists().where(ARTICLE.c.page_id == PAGE.c.id, compared)

    def _compared(self, column: Column[Any]) -> ColumnElement[bool]:
        if self.operator == "~":
            return column.contains(self.value, autoescape=True)
        clause: ColumnElement[bool] = _OPERATORS[self.operator](column, _value(column, self.value))
        return clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    site: str | None = None
    """A domain."""
    conditions: tuple[Condition, ...] = ()

    @property
    def arguments(self) -> dict[str, str]:
        """As they are recorded with the run."""
        where = " and ".join(f"{each.field} {each.operator} {each.value}" for each in self.conditions)
        return {name: value for name, value in (("site", self.site), ("where", where)) if value}


def chosen_pages(engine: Engine, choice: Choice, *, after: int, most: int) -> list[tuple[int, str]]:
    """Ids and URLs of those with a larger id than `after`, in their order. Of a site alone, the pages with articles."""
    with reading(engine) as connection:
        return [(row.id, row.url) for row in connection.execute(_statement(choice, after).limit(most))]


def _statement(choice: Choice, after: int) -> Select[Any]:
    query = select(PAGE.c.id, PAGE.c.url).where(PAGE.c.id > after, PAGE.c.canonical_page_id.is_(None))
    query = query.where(PAGE.c.read_at.is_not(None), and_(*(each.clause() for each in choice.conditions)))
    if choice.site:
        query = query.where(PAGE.c.site_id == select(SITE.c.id).where(SITE.c.domain == choice.site).scalar_subquery())
    if not choice.conditions:
        query = query.where(exists().where(ARTICLE.c.page_id == PAGE.c.id))
    return query.order_by(PAGE.c.id)


def _value(column: Column[Any], text: str) -> Any:
    """Raises ValueError for a text that the column cannot hold."""
    try:
        if isinstance(column.type, Integer):
            return int(text)
        if isinstance(column.type, UTCDateTime):
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except ValueError:
        example = "a number" if isinstance(column.type, Integer) else "a date or time as 2026-03-01"
        raise ValueError(f"{column.name}: {example} expected, found {text!r}") from None
    return text
