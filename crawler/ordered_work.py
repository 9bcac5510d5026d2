"""Tasks on all cores, answered in the order given, in constant memory; one that kills its process costs only itself."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar

from crawler.limited_process import LimitedProcess, Limits, ProcessDied

# One task under way and one in the pipe, so that no worker waits for this process.
_QUEUED = 2
# How far the others may run ahead of a slow task, a worker: their answers are held in memory till it is done.
_AHEAD = 64
_Task = TypeVar("_Task")
_Answer = TypeVar("_Answer")


def work_in_order(
    tasks: Iterable[_Task],
    work: Callable[[_Task], _Answer],
    *,
    workers: int,
    died: Callable[[_Task, str], _Answer],
    limits: Limits | None = None,
) -> Iterator[_Answer]:
    """What `work` says of each task, in other processes; `died` answers for one that killed its process, and says why.

    `work` must not raise, and the tasks are small: a pipe takes them at once.
    """
    processes = [_Worker(work, died, limits or Limits()) for _ in range(workers)]
    waiting = enumerate(tasks)
    answers: dict[int, _Answer] = {}  # to tasks that were done before a predecessor
    place = 0
    try:
        while True:
            _feed(processes, waiting, room=_AHEAD * workers - len(answers))
            busy = [worker for worker in processes if worker.queue]
            if not busy:
                return
            ready = wait([worker.connection for worker in busy])
            answers.update(worker.take() for worker in busy if worker.connection in ready)
            while place in answers:
                yield answers.pop(place)
                place += 1
    finally:
        for worker in processes:
            worker.stop()


def _feed(workers: "list[_Worker[_Task, _Answer]]", waiting: Iterator[tuple[int, _Task]], *, room: int) -> None:
    """One task each before anyone gets a second."""
    for depth in range(1, _QUEUED + 1):
        for worker in workers:
            if room > 0 and len(worker.queue) < depth and (pair := next(waiting, None)):
                worker.give(*pair)
                room -= 1


class _Worker(Generic[_Task, _Answer]):
    """A process, and the tasks given to it."""

    def __init__(self, work: Callable[[_Task], _Answer], died: Callable[[_Task, str], _Answer], limits: Limits) -> None:
        self._process = LimitedProcess(work, limits)
        self._died = died
        self.queue: deque[tuple[int, _Task]] = deque()
        """Places and tasks; the first is under way."""

    @property
    def connection(self) -> Connection:
        return self._process.connection

    def give(self, place: int, task: _Task) -> None:
        if not self._process.is_started:
            self._process.start()
        self.queue.append((place, task))
        self._process.send(task)

    def take(self) -> tuple[int, _Answer]:
        """The place of the task under way and its answer; waits for it. A process that died of it is replaced."""
        place, task = self.queue.popleft()
        try:
            answer: _Answer = self._process.receive()
        except ProcessDied as death:
            self._process.start()
            for _, later in self.queue:
                self._process.send(later)
            return place, self._died(task, str(death))
        return place, answer

    def stop(self) -> None:
        self._process.stop()
