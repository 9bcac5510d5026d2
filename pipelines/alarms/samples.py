"""Pages to look at, beside an alarm: some that show it, some of before."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from models.tables import METADATA
from models.terms import AlarmRule
from pipelines.alarms.rules import Verdict
from pipelines.alarms.sums import Example, Sums

FAILURE = METADATA.tables["failure"]
_EACH = 3


def sample_pages(connection: Connection, verdict: Verdict, readings: Sequence[Sums]) -> list[tuple[Example, bool]]:
    """Each with whether it is of before; the newest, a few of both."""
    before = [sums for sums in readings if sums not in verdict.window]
    known = frozenset(place for sums in before for place in sums.places)
    after = _failed(connection, verdict) if verdict.key.rule is AlarmRule.FAILURES else _shown(verdict, known)
    usual = [example for example in _of(before) if not _shows(verdict, example, known)]
    return [*((example, True) for example in _sorted(verdict, usual)[:_EACH]), *((each, False) for each in after)]


def _shown(verdict: Verdict, known: frozenset[str]) -> list[Example]:
    found = [example for example in _of(verdict.window) if _shows(verdict, example, known)]
    return list(reversed(_sorted(verdict, found)))[:_EACH] if _is_by_length(verdict) else found[:_EACH]


def _failed(connection: Connection, verdict: Verdict) -> list[Example]:
    query = (
        select(FAILURE.c.page_id)
        .where(FAILURE.c.crawl_id == verdict.window[-1].crawl_id, FAILURE.c.page_id.is_not(None))
        .where(FAILURE.c.failure_class == verdict.key.subject)
        .order_by(FAILURE.c.id.desc())
        .limit(_EACH)
    )
    return [Example(page_id=page_id, version=None) for page_id in connection.execute(query).scalars()]


def _of(readings: Sequence[Sums]) -> list[Example]:
    """Of the newest reading first, each page once."""
    found: dict[int, Example] = {}
    for sums in reversed(readings):
        for example in sums.examples:
            found.setdefault(example.page_id, example)
    return list(found.values())


def _shows(verdict: Verdict, example: Example, known: frozenset[str]) -> bool:
    rule = verdict.key.rule
    if rule is AlarmRule.LOST:
        return example.version is None
    if rule is AlarmRule.FIELD:
        return example.version is not None and verdict.key.subject in example.lacks
    if rule is AlarmRule.LAYOUT:
        return example.version is not None and example.place not in known
    return _is_by_length(verdict) and example.length < (verdict.usual + verdict.found) / 2


def _sorted(verdict: Verdict, examples: list[Example]) -> list[Example]:
    """The longest first, where it is about lengths."""
    return sorted(examples, key=lambda each: -each.length) if _is_by_length(verdict) else examples


def _is_by_length(verdict: Verdict) -> bool:
    return verdict.key.rule is AlarmRule.LENGTH
