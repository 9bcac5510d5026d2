"""A process of its own for work that may hang in a parser, or kill what it runs in: it costs only the task at hand."""

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any

_OVERTIME = getattr(signal, "SIGPROF", 0)
_PARENT_CHECK_SECONDS = 1


def cores() -> int:
    """Those this process may use: a container often has fewer than the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class ProcessDied(Exception):
    """The process ended in the middle of a task; the message says of what."""


class ProcessStopped(ProcessDied):
    """It was asked to end from outside, as all processes of a service are; the task is not to blame."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a task may take."""

    cpu_seconds: float = 60.0
    """CPU time, so that a busy machine ends no innocent task; the slowest of a thousand real pages took under 1 s."""
    memory_bytes: int = 2 * 1024**3
    """Beyond what the process has when it starts. The largest page that is fetched, 25 MB, takes a third of it."""


class LimitedProcess:
    """Runs `work` on one task after the other, and answers each in order.

    `work` must not raise; it and the tasks are pickled where processes cannot be forked. In a ProcessPoolExecutor all
    share one pipe: a process that is killed while it writes stops the others for ever, and nobody can tell which task
    killed it. So each has a pipe of its own.
    """

    def __init__(self, work: Callable[[Any], Any], limits: Limits) -> None:
        self._work = work
        self._limits = limits
        self._process: BaseProcess | None = None

    def start(self) -> None:
        context = _context()
        self.connection, theirs = context.Pipe()
        arguments = (theirs, self._work, self._limits, os.getpid())
        self._process = context.Process(target=_live, args=arguments, daemon=True)
        self._process.start()
        theirs.close()  # so that its death is the end of the pipe

    @property
    def is_started(self) -> bool:
        return self._process is not None

    def send(self, task: object) -> None:
        """Blocks while the pipe is full."""
        self.send_pickled(pickle.dumps(task))

    def send_pickled(self, task: bytes) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # it has died; `receive` will say
            self.connection.send_bytes(task)

    def receive(self) -> Any:
        """The answer to the oldest task; waits for it. Raises ProcessDied, and is to be started again then."""
        try:
            return self.connection.recv()
        except (EOFError, OSError) as error:  # OSError: it died while it wrote
            raise self._death() from error

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.join()
            self.connection.close()
            self._process = None

    def _death(self) -> ProcessDied:
        process, self._process = self._process, None
        if process is None:
            return ProcessDied("never started")
        self.connection.close()
        process.join()
        if process.exitcode == -signal.SIGTERM:
            return ProcessStopped("was being read when its process was stopped from outside")
        if process.exitcode == -_OVERTIME:
            return ProcessDied(f"took more than {self._limits.cpu_seconds:g} s of CPU time")
        return ProcessDied(f"killed the extractor's process (exit code {process.exitcode})")


def _live(connection: Connection, work: Callable[[Any], Any], limits: Limits, parent: int) -> None:
    # Ctrl-C reaches all processes of a terminal; the parent alone answers it, and ends the others by SIGTERM.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _limit_memory(limits.memory_bytes)
    while True:
        task = connection.recv()
        _limit_cpu(limits.cpu_seconds)
        answer = work(task)
        _limit_cpu(0)
        connection.send(answer)


def _end_with(parent: int) -> None:
    """A parent that was killed cannot close the pipe, as this process and others hold copies of its end.

    It may be killed when half of a task is sent, or half of an answer read: so the pipe is waited at by another thread.
    """
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    os._exit(1)


def _limit_cpu(seconds: float) -> None:
    """Over the limit the system ends the process: a parser in C hears no handler of ours. 0 is no limit."""
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory(more_bytes: int) -> None:
    """Over the limit an allocation fails: a MemoryError, or the end of the process, instead of a machine that swaps."""
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415  # not on Windows

    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123  # a number of the system, no file
        now = int(statm.read().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = now + more_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _context() -> ForkContext | SpawnContext:
    """Fork starts in milliseconds and shares the loaded extractor, but copies locks that other threads hold.

    Spawn is safe anywhere, and loads the extractor once a process.
    """
    is_safe = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork") if is_safe else multiprocessing.get_context("spawn")
