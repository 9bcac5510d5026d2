import asyncio
from collections.abc import Sequence
from math import inf

import pytest

from pipelines.politeness.gates import Gate, Gates, NotSent, SiteClosed
from pipelines.politeness.pace import Limits, Pace

LIMITS = Limits(concurrency=2)


def gate_with(pace: Pace, *, stopping: Sequence[bool] = (), until: Sequence[float] = (inf,)) -> Gate:
    return Gate("example.com", pace, patience=60.0, is_stopping=lambda: bool(stopping), sends_until=lambda: until[-1])


async def settle() -> None:
    """All that may go on without time going by has gone on: a task that is woken needs a few rounds of the loop."""
    for _ in range(20):
        await asyncio.sleep(0)


async def in_turn(gate: Gate, names: str) -> list[str]:
    """The names in the order in which they were let in, each answered and ended before the next may come."""
    came: list[str] = []

    async def come(name: str) -> None:
        await gate.enter()
        came.append(name)
        await asyncio.sleep(0)
        gate.update(gate.pace.answered(asyncio.get_running_loop().time()).ended())

    await asyncio.gather(*(come(name) for name in names))
    return came


def test_who_came_first_is_served_first() -> None:
    gate = gate_with(Pace(limits=LIMITS, delay=0.01))

    assert asyncio.run(in_turn(gate, "abcdef")) == list("abcdef")


def test_no_more_are_let_in_than_may_run() -> None:
    async def crowd() -> tuple[int, int]:
        gate = gate_with(Pace(limits=LIMITS))
        tasks = [asyncio.create_task(gate.enter()) for _ in range(5)]
        await settle()
        before = sum(task.done() for task in tasks)
        gate.update(gate.pace.ended())
        await settle()
        after = sum(task.done() for task in tasks)
        for task in tasks:
            task.cancel()
        return before, after

    assert asyncio.run(crowd()) == (2, 3)


def test_all_who_wait_are_sent_away_when_the_site_closes_for_long() -> None:
    async def close() -> list[object]:
        gate = gate_with(Pace(limits=LIMITS).started(0.0).started(0.0))
        tasks = [asyncio.create_task(gate.enter()) for _ in range(3)]
        await asyncio.sleep(0)
        now = asyncio.get_running_loop().time()
        gate.update(gate.pace.ended().refused(now, started_at=0.0, retry_after=3600.0))
        return await asyncio.gather(*tasks, return_exceptions=True)

    errors = asyncio.run(close())

    assert [type(error) for error in errors] == [SiteClosed] * 3
    assert "wants no requests in the next 3600 s" in str(errors[0])


def test_who_waits_for_a_run_that_ends_is_sent_away() -> None:
    async def stop() -> None:
        stopping: list[bool] = []
        gate = gate_with(Pace(limits=LIMITS, delay=1000.0).started(0.0), stopping=stopping)
        task = asyncio.create_task(gate.enter())
        await asyncio.sleep(0)
        stopping.append(True)
        await task

    with pytest.raises(NotSent):
        asyncio.run(stop())


def test_nobody_is_let_in_while_others_may_have_the_site() -> None:
    async def stall() -> tuple[bool, bool]:
        until = [asyncio.get_running_loop().time()]
        gate = gate_with(Pace(limits=LIMITS), until=until)
        task = asyncio.create_task(gate.enter())
        await settle()
        before = task.done()
        until.append(inf)
        gate.update(gate.pace)
        await task
        return before, task.done()

    assert asyncio.run(stall()) == (False, True)


def test_who_waits_for_a_site_that_is_lost_is_sent_away() -> None:
    async def lose() -> None:
        gate = gate_with(Pace(limits=LIMITS, delay=1000.0).started(0.0))
        task = asyncio.create_task(gate.enter())
        await asyncio.sleep(0)
        gate.turn_away(NotSent("lost"))
        await task

    with pytest.raises(NotSent, match="lost"):
        asyncio.run(lose())


def test_who_gave_up_takes_no_turn() -> None:
    async def give_up() -> int:
        gate = gate_with(Pace(limits=LIMITS).started(0.0).started(0.0))
        first, second = (asyncio.create_task(gate.enter()) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        gate.update(gate.pace.ended())
        await second
        return gate.pace.running

    assert asyncio.run(give_up()) == 2


def test_gates_of_sites_long_left_are_forgotten_and_others_are_not() -> None:
    gates = Gates(LIMITS, delay=0.0, patience=60.0, is_stopping=lambda: False)
    busy = gates.of("busy.example")
    busy.update(busy.pace.started(0.0))

    for number in range(3000):
        gates.of(f"site{number}.example")

    assert gates.of("busy.example") is busy
    assert len(gates) <= 1001
