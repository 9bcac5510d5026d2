"""What was used lately, within bounds: memory of a crawl that does not grow with its pages."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")


class Recent(Generic[_K, _V]):
    """A mapping that keeps what is asked for and forgets the rest: between `most` and twice as many entries.

    Two generations: one that is asked for in the old one is young again, and once the young are `most`, the old go.
    That costs one look more than a dict, and unlike a dict that is emptied when full it keeps what every page names.
    """

    __slots__ = ("_most", "_old", "_young")

    def __init__(self, most: int) -> None:
        self._most = most
        self._young: dict[_K, _V] = {}
        self._old: dict[_K, _V] = {}

    def get(self, key: _K) -> _V | None:
        value = self._young.get(key)
        if value is None and (value := self._old.get(key)) is not None:
            self._put(key, value)
        return value

    def update(self, entries: Iterable[tuple[_K, _V]]) -> None:
        for key, value in entries:
            self._put(key, value)

    def clear(self) -> None:
        self._young, self._old = {}, {}

    def __len__(self) -> int:
        return len(self._young.keys() | self._old.keys())

    def _put(self, key: _K, value: _V) -> None:
        if len(self._young) >= self._most:
            self._old, self._young = self._young, {}
        self._young[key] = value
