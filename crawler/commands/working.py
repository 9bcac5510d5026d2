"""Workers side by side: each a process of its own, with leases on what it asks for. No command itself."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from crawler.console import say
from crawler.errors import TriptychError

if TYPE_CHECKING:
    from crawler.runs import RunSums

_LOOK_SECONDS = 0.2
_TELL_SECONDS = 1.0
_PATIENCE_SECONDS = 60.0
"""How long workers may take to end once they were told to."""
_MOST_DEATHS = 20
"""Of workers, in a run: more than that is not the pages' fault."""


class Workers:
    """A fixed number of them: one that is killed has a successor, one that has nothing left to do has none."""

    def __init__(self, options: Sequence[str], environment: dict[str, str]) -> None:
        """`options` of `scrapy work`, as it was called."""
        self._command = [sys.executable, "-m", "scrapy", "work", "--json", "-s", f"PARENT_PID={os.getpid()}", *options]
        self._environment = environment
        self._running: list[subprocess.Popen[str]] = []
        self._sums: list[RunSums] = []
        self._deaths = 0
        self._next_tell = 0.0

    def run(self, count: int, *, tell: Callable[[], None]) -> "RunSums":
        """Their sums in all, once all have ended. Ctrl-C and SIGTERM are handed on, and end them well.

        `tell` is called once a second meanwhile.
        """
        from crawler.runs import RunSums

        started = time.monotonic()
        with _terminated_as_interrupted():
            try:
                for _ in range(count):
                    self._start()
                while self._running:
                    time.sleep(_LOOK_SECONDS)
                    if time.monotonic() >= self._next_tell:
                        tell()
                        self._next_tell = time.monotonic() + _TELL_SECONDS
                    for _ in range(self._reap()):
                        self._start()
            except KeyboardInterrupt:
                self._stop()
            except BaseException:
                self._stop()
                raise
        return RunSums.in_all(self._sums, seconds=time.monotonic() - started)

    def _start(self) -> None:
        # In a session of its own: Ctrl-C goes to all processes of the terminal, and a second signal would cut short
        # what the first has begun to end well.
        process = subprocess.Popen(  # noqa: S603  # our own command
            self._command, env=self._environment, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        self._running.append(process)

    def _reap(self) -> int:
        """Takes the sums of those that have ended; how many were killed, and want a successor."""
        from crawler.runs import RunSums

        ended = [process for process in self._running if process.poll() is not None]
        killed = 0
        for process in ended:
            self._running.remove(process)
            printed = process.communicate()[0]
            if printed.strip():
                self._sums.append(RunSums.of_json(printed))
            elif process.returncode >= 0:
                raise TriptychError(f"a worker did not begin: exit status {process.returncode}; its message is above")
            else:
                killed += 1
                name = signal.Signals(-process.returncode).name
                say(f"a worker was ended by {name}: another takes its place, and what it held comes back in a minute")
        self._deaths += killed
        if self._deaths > _MOST_DEATHS:
            raise TriptychError(f"{self._deaths} workers were killed; look for what kills them, as too little memory")
        return killed

    def _stop(self) -> None:
        for process in self._running:
            process.terminate()  # what a shell has put into the background does not hear SIGINT
        until = time.monotonic() + _PATIENCE_SECONDS
        while self._running and time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)
            self._reap()
        for process in self._running:
            process.kill()
            process.wait()


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """SIGTERM ends a service; what Ctrl-C ends well, it ends well too."""

    def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # the signature of handlers
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
