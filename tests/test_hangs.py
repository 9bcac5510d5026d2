import pytest

from crawler.transport.hangs import Hangs

HOST = "example.com"


@pytest.mark.parametrize(
    ("answers", "timeouts", "is_accident"),
    [
        pytest.param(0, 4, True, id="a-few-of-a-host-that-nobody-knows"),
        pytest.param(0, 5, False, id="a-host-that-only-hangs"),
        pytest.param(12, 5, False, id="more-than-a-fifth"),
        pytest.param(20, 5, True, id="a-fifth"),
        pytest.param(1000, 100, True, id="a-tenth-of-many"),
    ],
)
def test_timeouts_of_more_than_a_fifth_are_no_accident(answers: int, timeouts: int, is_accident: bool) -> None:
    hangs = Hangs()
    for _ in range(answers):
        hangs.answered(HOST)
    for _ in range(timeouts - 1):
        hangs.timed_out(HOST)

    assert hangs.timed_out(HOST) is is_accident


def test_a_host_that_hangs_costs_no_other() -> None:
    hangs = Hangs()
    for _ in range(9):
        hangs.timed_out(HOST)

    assert hangs.timed_out("example.org")
