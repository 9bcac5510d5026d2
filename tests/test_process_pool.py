"""Tasks that kill their process, hang in it or eat its memory cost only themselves."""

import asyncio
import os
import signal
import struct
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from crawler.limited_process import LimitedProcess, Limits, ProcessDied
from crawler.process_pool import ProcessPool


def work(task: tuple[str, int]) -> object:
    """At the top of a module, as processes that are spawned need it."""
    what, number = task
    if what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    while what == "hang":
        pass
    if what == "eat":
        try:
            return len(bytearray(number))
        except MemoryError:
            return "out of memory"
    while what == "other" and os.getpid() == number:
        signal.pause()
    if what == "echo":
        return "x" * number
    return os.getpid() if what in ("pid", "other") else number * number


@asynccontextmanager
async def pool(count: int = 2, limits: Limits | None = None) -> AsyncIterator[ProcessPool]:
    processes = ProcessPool(work, count=count, limits=limits)
    processes.start()
    try:
        yield processes
    finally:
        processes.stop()


def test_answers_go_to_those_who_asked() -> None:
    async def run() -> Any:
        async with pool() as processes:
            return await asyncio.gather(*(processes.run(("square", number)) for number in range(200)))

    assert asyncio.run(run()) == [number * number for number in range(200)]


def test_task_whose_process_is_stopped_from_outside_is_done_by_another() -> None:
    async def run() -> Any:
        async with pool(count=1) as processes:
            first = await processes.run(("pid", 0))
            asked = asyncio.create_task(processes.run(("other", first)))
            await asyncio.sleep(0.2)
            os.kill(first, signal.SIGTERM)
            return first, await asked

    first, second = asyncio.run(run())

    assert second not in (first, None)


@pytest.mark.parametrize("size", [10, 100_000, 5_000_000])
def test_tasks_and_answers_may_be_larger_than_a_pipe(size: int) -> None:
    async def run() -> Any:
        async with pool() as processes:
            return await asyncio.gather(*(processes.run(("echo", size)) for _ in range(6)))

    assert asyncio.run(run()) == ["x" * size] * 6


@pytest.mark.parametrize(("what", "message"), [("die", "killed the extractor"), ("hang", "more than 0.5 s")])
def test_a_deadly_task_costs_only_itself(what: str, message: str) -> None:
    async def run() -> Any:
        async with pool(limits=Limits(cpu_seconds=0.5)) as processes:
            tasks = [("square", 2), (what, 0), ("square", 3), ("square", 4)]
            return await asyncio.gather(*map(processes.run, tasks), return_exceptions=True)

    first, dead, *others = asyncio.run(run())

    assert (first, others) == (4, [9, 16])
    assert isinstance(dead, ProcessDied)
    assert message in str(dead)


def test_memory_is_limited_beyond_what_the_process_has() -> None:
    async def run() -> Any:
        async with pool(count=1, limits=Limits(memory_bytes=100_000_000)) as processes:
            return [await processes.run(("eat", size)) for size in (10_000_000, 400_000_000, 10_000_000)]

    assert asyncio.run(run()) == [10_000_000, "out of memory", 10_000_000]


def test_an_answer_that_nobody_waits_for_any_more_is_not_given_to_the_next() -> None:
    async def run() -> object:
        async with pool(count=1) as processes:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(processes.run(("hang", 0)), timeout=0.05)
            return await processes.run(("square", 5))

    assert asyncio.run(run()) == 25


def test_a_process_that_dies_with_nothing_to_do_is_replaced() -> None:
    async def run() -> Any:
        async with pool(count=1) as processes:
            process = await processes.run(("pid", 0))
            os.kill(process, signal.SIGKILL)
            while _is_alive(process):
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)  # the loop hears of it in its next round
            return await processes.run(("square", 5))

    assert asyncio.run(run()) == 25


@pytest.fixture(params=["nothing", "sending", "not receiving"])
def killed_parent(request: pytest.FixtureRequest) -> Iterator[int]:
    """The process of a parent that was killed while it did that."""
    read, write = os.pipe()
    parent = os.fork()
    if parent == 0:
        _own_a_process(write, request.param)
    process = int(os.read(read, 20))
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    yield process
    os.close(read)
    os.close(write)


def _own_a_process(write: int, doing: str) -> None:
    try:
        process = LimitedProcess(work, Limits())
        process.start()
        process.send(("pid", 0))
        pid = process.receive()
        if doing == "sending":
            os.write(process.connection.fileno(), struct.pack("!i", 1_000) + b"half")
        elif doing == "not receiving":
            process.send(("echo", 5_000_000))
        os.write(write, str(pid).encode())
        time.sleep(60)
    finally:
        os._exit(1)


def test_processes_end_when_their_parent_is_killed(killed_parent: int) -> None:
    deadline = time.monotonic() + 30
    while _is_alive(killed_parent) and time.monotonic() < deadline:
        time.sleep(0.1)

    assert not _is_alive(killed_parent)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # it may end while its file is read
        return False
