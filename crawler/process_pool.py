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
        self._workers = [_Worker(LimitedProcess(work, limits or Limits())) for _ in range(count)]
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        for worker in self._workers:
            self._idle.put_nowait(worker)

    def start(self) -> None:
        """Cheap before there are other threads; a process that is started later loads everything anew."""
        for worker in self._workers:
            worker.process.start()

    async def run(self, task: object) -> Any:
        """What `work` says of the task. Raises ProcessDied where the task killed its process, or took too much."""
        worker = await self._idle.get()
        try:
            try:
                return await worker.run(task)
            except ProcessStopped:  # and this one goes on: it was told to end well, which takes the answer
                return await worker.run(task)
        finally:
            self._idle.put_nowait(worker)

    def stop(self) -> None:
        for worker in self._workers:
            worker.stop()


class _Worker:
    """A process, and the event loop that waits for its answers.

    It is registered with the loop once and not for each answer, which would take two calls of the system.
    """

    def __init__(self, process: LimitedProcess) -> None:
        self.process = process
        self._loop: asyncio.AbstractEventLoop | None = None
        """Where the process is registered; None while it is not."""
        self._answer: asyncio.Future[Any] | None = None

    async def run(self, task: object) -> Any:
        is_new = not self.process.is_started
        if is_new:
            self.process.start()
        answer = self._expected()  # before the task is sent, as a large one is by another thread
        try:
            pickled = pickle.dumps(task)
            if is_new or len(pickled) > _BUFFERED_BYTES:
                await asyncio.to_thread(self.process.send_pickled, pickled)
            else:
                self.process.send_pickled(pickled)
            return await answer
        except asyncio.CancelledError:
            self.stop()  # its answer would be taken for that to the next task
            raise

    def stop(self) -> None:
        if self._loop is not None:
            self._forget(self.process.connection.fileno())
        self.process.stop()

    def _expected(self) -> "asyncio.Future[Any]":
        loop = asyncio.get_running_loop()
        self._answer = loop.create_future()
        if self._loop is None:
            self._loop = loop
            loop.add_reader(self.process.connection.fileno(), self._receive)
        return self._answer

    def _receive(self) -> None:
        """The answer, or the end of the process, which may have had nothing to do."""
        file = self.process.connection.fileno()
        answer, self._answer = self._answer, None
        try:
            received = self.process.receive()
        except Exception as error:  # noqa: BLE001  # the seam: it is raised where the answer is awaited
            self._forget(file)
            if answer is not None and not answer.done():
                answer.set_exception(error)
        else:
            if answer is not None and not answer.done():
                answer.set_result(received)

    def _forget(self, file: int) -> None:
        if self._loop is not None:
            self._loop.remove_reader(file)
            self._loop = None
