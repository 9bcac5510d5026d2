"""Limited processes that an event loop gives tasks to, one each at a time."""

import asyncio
import pickle
from collections.abc import Callable
from typing import Any

from crawler.limited_process import LimitedProcess, Limits, ProcessStopped

# What the buffer of a pipe takes at once, on Linux, so that a write does not wait for the reader.
_BUFFERED_BYTES = 100_000


class ProcessPool:
    """Runs `work` in `count` processes. Tasks wait in the order in which they came."""

    def __init__(self, work: Callable[[Any], Any], *, count: int, limits: Limits | None = None) -> None:
        self._processes = [LimitedProcess(work, limits or Limits()) for _ in range(count)]
        self._idle: asyncio.Queue[LimitedProcess] = asyncio.Queue()
        for process in self._processes:
            self._idle.put_nowait(process)

    def start(self) -> None:
        """Cheap before there are other threads; a process that is started later loads everything anew."""
        for process in self._processes:
            process.start()

    async def run(self, task: object) -> Any:
        """What `work` says of the task. Raises ProcessDied where the task killed its process, or took too much."""
        process = await self._idle.get()
        try:
            try:
                return await _run(process, task)
            except ProcessStopped:  # and this one goes on: it was told to end well, which takes the answer
                return await _run(process, task)
        finally:
            self._idle.put_nowait(process)

    def stop(self) -> None:
        for process in self._processes:
            process.stop()


async def _run(process: LimitedProcess, task: object) -> Any:
    is_new = not process.is_started
    if is_new:
        process.start()
    try:
        pickled = pickle.dumps(task)
        if is_new or len(pickled) > _BUFFERED_BYTES:
            await asyncio.to_thread(process.send_pickled, pickled)
        else:
            process.send_pickled(pickled)
        await _readable(process.connection.fileno())
    except asyncio.CancelledError:
        process.stop()  # its answer would be taken for that to the next task
        raise
    return process.receive()


async def _readable(file: int) -> None:
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(file, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(file)
