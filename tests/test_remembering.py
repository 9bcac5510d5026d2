"""Sums in the background: nobody waits for long, and what is known is shown."""

from collections.abc import Callable
from threading import Event

import pytest

pytest.importorskip("starlette", reason="the pages need the extra web: pip install 'triptych[web]'")

from pipelines.browse.remembering import Memory, StillCounting

SECONDS = 30.0


def in_turn(*values: object) -> Callable[[], object]:
    """Each call gives the next."""
    left = iter(values)
    return lambda: next(left)


def test_who_asks_first_is_told_to_come_again_and_finds_it_then() -> None:
    memory, may_end = Memory(), Event()

    def read() -> int:
        may_end.wait(SECONDS)
        return 7

    with pytest.raises(StillCounting):
        memory.remembered("sites", read, patience_seconds=0)
    may_end.set()

    assert memory.remembered("sites", read, patience_seconds=SECONDS).value == 7


def test_what_is_there_is_not_counted_again() -> None:
    memory = Memory()
    read = in_turn(1, 2)

    assert [memory.remembered("sites", read, patience_seconds=SECONDS).value for _ in range(3)] == [1, 1, 1]


def test_what_is_old_is_shown_with_its_time_while_it_is_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.browse.remembering._FRESH_SECONDS", 0)
    memory, may_end = Memory(), Event()
    old = memory.remembered("sites", lambda: 1, patience_seconds=SECONDS)

    def read() -> int:
        may_end.wait(SECONDS)
        return 2

    shown = memory.remembered("sites", read, patience_seconds=0)
    may_end.set()
    new = memory.remembered("sites", read, patience_seconds=SECONDS)

    assert (shown, new.value) == (old, 2)
    assert new.at >= old.at


def test_a_fault_is_told_and_what_was_known_is_kept_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.browse.remembering._FRESH_SECONDS", 0)
    memory = Memory()

    def fail() -> int:
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        memory.remembered("tags", fail, patience_seconds=SECONDS)
    kept = memory.remembered("sites", lambda: 1, patience_seconds=SECONDS)

    assert memory.remembered("sites", fail, patience_seconds=SECONDS) == kept


def test_only_so_many_sums_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.browse.remembering._MOST", 2)
    memory = Memory()
    for name in ("one", "two", "three"):
        memory.remembered(name, lambda: 1, patience_seconds=SECONDS)

    assert memory.remembered("three", lambda: 2, patience_seconds=SECONDS).value == 1
    assert memory.remembered("one", lambda: 2, patience_seconds=SECONDS).value == 2
