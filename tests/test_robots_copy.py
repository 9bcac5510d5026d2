from datetime import UTC, datetime, timedelta

import pytest

from pipelines.politeness.robots_copy import FRESH, GIVEN_UP, UNREACHABLE_FRESH, RobotsCopy, copy_of

NOW = datetime(2026, 3, 13, tzinfo=UTC)
ORIGIN = "https://example.com"


def answered(status: int, text: str = "rules", *, old: RobotsCopy | None = None, now: datetime = NOW) -> RobotsCopy:
    return copy_of(old, origin=ORIGIN, status=status, text=text, now=now)


@pytest.mark.parametrize(
    ("status", "rules", "fresh_for"),
    [
        pytest.param(200, "rules", FRESH, id="found"),
        pytest.param(404, "", FRESH, id="none"),
        pytest.param(403, "", FRESH, id="forbidden-counts-as-none"),
        pytest.param(302, "", FRESH, id="a-redirect-that-leads-nowhere-counts-as-none"),
        pytest.param(500, None, UNREACHABLE_FRESH, id="server-error-forbids"),
        pytest.param(503, None, UNREACHABLE_FRESH, id="unavailable-forbids"),
        pytest.param(429, None, UNREACHABLE_FRESH, id="too-many-requests-forbids"),
    ],
)
def test_what_the_first_answer_allows(status: int, rules: str | None, fresh_for: timedelta) -> None:
    copy = answered(status)

    assert copy.rules_text(NOW) == rules
    assert copy.is_fresh(NOW + fresh_for - timedelta(seconds=1))
    assert not copy.is_fresh(NOW + fresh_for)


def test_an_old_copy_holds_while_the_server_fails() -> None:
    later = NOW + timedelta(days=40)

    copy = answered(503, old=answered(200), now=later)

    assert copy.rules_text(later) == "rules"
    assert (copy.fetched_at, copy.status) == (NOW, 503)
    assert copy.is_fresh(later + timedelta(minutes=9))


def test_a_server_that_fails_for_a_month_has_none() -> None:
    copy = answered(500)
    for days in range(1, 31):
        copy = answered(500, old=copy, now=NOW + timedelta(days=days))
        assert copy.rules_text(NOW + timedelta(days=days)) is None

    assert copy.rules_text(NOW + GIVEN_UP + timedelta(seconds=1)) == ""
