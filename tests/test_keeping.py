"""What a run that has to wait for others tells."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.frontier.keeping import tell_of_waiting
from pipelines.frontier.records import Remaining

NOW = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "message"),
    [
        pytest.param(None, "", id="nothing-planned"),
        pytest.param(-10, "", id="may-be-asked"),
        pytest.param(1, "", id="the-delay-of-a-site"),
        pytest.param(40, "nothing may be asked for before 08:30:40 UTC: the site has another worker", id="lease"),
    ],
)
def test_a_wait_that_a_user_would_wonder_at_is_told(
    seconds: int | None, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    next_at = None if seconds is None else NOW + timedelta(seconds=seconds)
    remaining = Remaining(due=3, leased_here=0, leased_elsewhere=16, next_due_at=next_at)

    assert tell_of_waiting(remaining, NOW) is bool(message)
    assert message in caplog.text
    assert bool(caplog.text) is bool(message)
