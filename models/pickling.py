"""Records between processes: pickled by their values alone, in far less time than dataclasses with slots take."""

import copyreg
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cache
from itertools import repeat
from operator import attrgetter
from typing import Any

_new = object.__new__


def pickle_by_values(*records: type[Any]) -> None:
    """`records` are dataclasses with slots and two fields or more. What one makes of its arguments is not made anew."""
    for record in records:
        copyreg.pickle(record, _reducer(record))


def pickle_in_columns(record: Any, *names: str) -> None:
    """The same for a record with fields, of these names, that are tuples of one sort of such record each.

    Their values go a field of all at a time, so that hundreds of them take no call of Python each.
    """
    places = tuple(place for place, each in enumerate(fields(record)) if each.name in names)
    values_of = _values_of(record)

    def reduced(made: Any) -> tuple[Any, ...]:
        values = list(values_of(made))
        for place in places:
            values[place] = _columns(values[place])
        return _remade_of_columns, (record, places, *values)

    copyreg.pickle(record, reduced)


def _reducer(record: Any) -> Callable[[Any], tuple[Any, ...]]:
    values_of = _values_of(record)
    return lambda made: (_remade, (record, *values_of(made)))


@cache
def _values_of(record: Any) -> Callable[[Any], tuple[Any, ...]]:
    return attrgetter(*(each.name for each in fields(record)))


def _columns(parts: Sequence[Any]) -> Sequence[Any]:
    if not parts:
        return parts
    record: Any = type(parts[0])
    return record, *zip(*map(_values_of(record), parts), strict=True)


def _remade(record: Any, *values: Any) -> Any:
    made = _new(record)
    for put, value in zip(_setters(record), values, strict=True):
        put(made, value)
    return made


def _remade_of_columns(record: Any, places: Sequence[int], *values: Any) -> Any:
    remade = list(values)
    for place in places:
        remade[place] = _parts(values[place])
    return _remade(record, *remade)


def _parts(columns: Sequence[Any]) -> Sequence[Any]:
    if not columns:
        return columns
    record, *values = columns
    made = tuple(map(_new, repeat(record, len(values[0]))))
    for put, column in zip(_setters(record), values, strict=True):
        deque(map(put, made, column), maxlen=0)
    return made


@cache
def _setters(record: Any) -> tuple[Callable[[Any, Any], None], ...]:
    """Those of its slots, which heed no `frozen` and look up no name: a page has hundreds of records."""
    return tuple(getattr(record, name).__set__ for name in record.__slots__)
