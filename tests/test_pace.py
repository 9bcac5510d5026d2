from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pipelines.politeness.pace import Limits, Pace

LIMITS = Limits(concurrency=3)
SECONDS = st.floats(min_value=0, max_value=1000, allow_nan=False)
LATENCIES = st.floats(min_value=0, max_value=60, allow_nan=False)


def test_requests_start_no_closer_than_the_delay_after_the_answer() -> None:
    pace = Pace(limits=LIMITS, delay=2.0).started(10.0)

    assert pace.wait(100.0) is None, "nothing has come of the first"
    assert pace.answered(10.5).wait(11.0) == pytest.approx(1.5)
    assert pace.answered(10.5).wait(12.5) == 0


def test_without_a_delay_as_many_run_as_are_allowed() -> None:
    pace = Pace(limits=LIMITS).started(1.0).started(1.0)

    assert pace.wait(1.0) == 0
    assert pace.started(1.0).wait(1.0) is None
    assert pace.started(1.0).answered(1.1).ended().wait(1.1) == 0


@pytest.mark.parametrize(
    ("latency", "gap"),
    [pytest.param(4.0, 2.0, id="slower-at-once"), pytest.param(0.0, 0.5, id="faster-by-half-at-most")],
)
def test_the_gap_follows_the_latency(latency: float, gap: float) -> None:
    assert Pace(limits=LIMITS, gap=1.0).pleased(latency).gap == gap


def test_after_trouble_the_gap_falls_slowly() -> None:
    pace = Pace(limits=LIMITS, gap=1.0).troubled()

    assert pace.gap == 1.25
    assert pace.pleased(0.0).gap == pytest.approx(1.125)


def test_faults_by_chance_cost_no_more_than_half_a_second() -> None:
    pace = Pace(limits=LIMITS, gap=LIMITS.start_gap)
    for number in range(1000):
        pace = pace.troubled() if number % 10 == 0 else pace.pleased(0.01)

        assert pace.gap <= 0.5


def test_refusals_make_it_twice_as_slow() -> None:
    pace = Pace(limits=LIMITS, gap=1.0).refused(5.0, started_at=4.0, retry_after=1.0)

    assert pace.gap == 2.0
    assert pace.is_wary


def test_a_refusal_closes_the_site_for_as_long_as_it_says() -> None:
    pace = Pace(limits=LIMITS).started(0.0).answered(1.0).ended().refused(1.0, started_at=0.0, retry_after=60.0)

    assert pace.opens_at == 61.0
    assert pace.wait(31.0) == 30.0


def test_refusals_that_name_no_time_double_the_pause() -> None:
    pace, now, pauses = Pace(limits=LIMITS), 0.0, []
    for _ in range(9):
        pace = pace.started(now).answered(now).ended().refused(now, started_at=now, retry_after=None)
        pauses.append(pace.opens_at - now)
        now = pace.opens_at

    assert pauses == [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 300.0, 300.0]


def test_who_names_one_second_and_goes_on_refusing_is_left_alone_for_longer() -> None:
    pace, now, pauses = Pace(limits=LIMITS), 0.0, []
    for _ in range(4):
        pace = pace.started(now).answered(now).ended().refused(now, started_at=now, retry_after=1.0)
        pauses.append(pace.opens_at - now)
        now = pace.opens_at

    assert pauses == [1.0, 5.0, 10.0, 20.0]


def test_answers_that_were_under_way_at_a_refusal_are_the_same_refusal() -> None:
    pace = Pace(limits=LIMITS).started(0.0).started(0.1).started(0.2)
    for at, started_at in ((1.0, 0.0), (1.1, 0.1), (1.2, 0.2)):
        pace = pace.answered(at).ended().refused(at, started_at=started_at, retry_after=None)

    assert (pace.backoff, pace.opens_at) == (5.0, 6.0)


def test_good_answers_end_the_back_off() -> None:
    pace = replace(Pace(limits=LIMITS), backoff=20.0)

    assert [(pace := pace.calmed()).backoff for _ in range(5)] == [10.0, 5.0, 2.5, 1.25, 0.0]


@given(SECONDS, LATENCIES)
def test_no_error_ever_makes_it_faster(gap: float, now: float) -> None:
    pace = Pace(limits=LIMITS, gap=min(gap, LIMITS.most_gap))

    assert pace.troubled().gap >= pace.gap
    assert pace.refused(now, started_at=now, retry_after=None).gap >= pace.gap
    assert pace.calmed().gap == pace.gap


class SiteOverTime(RuleBasedStateMachine):
    """Any order of events, asked for as the gate asks: a request starts only where `wait` says 0."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.pace = Pace(limits=LIMITS, delay=1.5, gap=0.25)
        self.starts: list[float] = []
        self.answers: list[float] = []
        self.closed_until = 0.0

    @rule(seconds=st.floats(min_value=0, max_value=20))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @precondition(lambda self: self.pace.wait(self.now) == 0)
    @rule()
    def starts_one(self) -> None:
        assert self.now >= self.closed_until
        self.starts.append(self.now)
        self.pace = self.pace.started(self.now)

    @precondition(lambda self: self.pace.unanswered)
    @rule()
    def is_answered(self) -> None:
        self.answers.append(self.now)
        self.pace = self.pace.answered(self.now)

    @precondition(lambda self: self.pace.running > self.pace.unanswered)
    @rule(latency=LATENCIES)
    def ends_well(self, latency: float) -> None:
        self.pace = self.pace.ended().pleased(latency)

    @precondition(lambda self: self.pace.running > self.pace.unanswered)
    @rule(retry_after=st.none() | st.floats(min_value=0.1, max_value=100))
    def is_refused(self, retry_after: float | None) -> None:
        self.closed_until = max(self.closed_until, self.now + (retry_after or 0))
        self.pace = self.pace.ended().refused(self.now, started_at=self.starts[-1], retry_after=retry_after)

    @precondition(lambda self: self.pace.running > self.pace.unanswered)
    @rule()
    def fails(self) -> None:
        self.pace = self.pace.ended().troubled()

    @invariant()
    def the_delay_is_kept(self) -> None:
        for earlier, later in zip(self.starts, self.starts[1:], strict=False):
            assert later - earlier >= 1.5 - 1e-9

    @invariant()
    def a_start_comes_after_the_answer_to_the_one_before(self) -> None:
        for answer, start in zip(self.answers, self.starts[1:], strict=False):
            assert start - answer >= 1.5 - 1e-9

    @invariant()
    def it_always_opens_again(self) -> None:
        assert self.pace.free_at - self.now <= max(LIMITS.most_backoff, 100.0) + LIMITS.most_gap
        assert 0 <= self.pace.unanswered <= self.pace.running <= LIMITS.concurrency


TestSiteOverTime = SiteOverTime.TestCase
