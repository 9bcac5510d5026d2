"""Tests of pipelines.store.recent: bounded, and what is used stays."""

from pipelines.store.recent import Recent


def test_what_is_asked_for_again_and_again_stays() -> None:
    recent = Recent[str, int](10)
    recent.update([("home", 1)])
    for number in range(1_000):
        recent.update([(f"article {number}", number)])
        assert recent.get("home") == 1


def test_what_nobody_asks_for_goes() -> None:
    recent = Recent[int, int](10)
    recent.update((number, number) for number in range(1, 1_001))

    assert len(recent) <= 20
    assert recent.get(1) is None
    assert recent.get(1_000) == 1_000


def test_the_last_ones_are_there_still() -> None:
    recent = Recent[int, int](10)
    recent.update((number, number) for number in range(1, 1_001))

    assert [recent.get(number) for number in range(991, 1_001)] == list(range(991, 1_001))


def test_one_that_comes_again_has_its_new_value() -> None:
    recent = Recent[str, int](2)
    recent.update([("a", 1), ("b", 2), ("c", 3), ("a", 4)])

    assert recent.get("a") == 4


def test_nothing_is_left_after_clear() -> None:
    recent = Recent[str, int](2)
    recent.update([("a", 1), ("b", 2), ("c", 3)])
    recent.clear()

    assert len(recent) == 0
    assert recent.get("c") is None
