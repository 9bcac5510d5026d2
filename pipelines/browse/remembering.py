"""Sums over whole tables: counted in the background, and kept. At a million articles they take seconds."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import BoundedSemaphore, Lock, Thread
from typing import Any

from starlette.requests import Request

PATIENCE_SECONDS = 0.04
"""For sums that are not there yet: who asked is told to come again, before a tenth of a second is over."""
_FRESH_SECONDS = 300
_MOST = 200
_AT_ONCE = 2
"""Statements over whole tables; the pages themselves need the database too."""


class StillCounting(Exception):
    """Nothing is there to show yet: it is being counted."""


@dataclass(frozen=True, slots=True)
class Counted:
    value: Any
    at: datetime


class _Sum:
    """One of the sums: what is known of it, and the thread that counts it anew, if one does."""

    def __init__(self) -> None:
        self.known: Counted | None = None
        self.error: Exception | None = None
        self.fresh_until = 0.0
        self.thread: Thread | None = None


class Memory:
    """What is older than five minutes is shown with its time, and counted anew meanwhile."""

    def __init__(self, *, least_patience_seconds: float = 0.0) -> None:
        self._least_patience_seconds = least_patience_seconds
        self._lock = Lock()
        self._slots = BoundedSemaphore(_AT_ONCE)
        self._sums: dict[str, _Sum] = {}

    def remembered(self, name: str, read: Callable[[], Any], *, patience_seconds: float | None) -> Counted:
        """Raises StillCounting, and whatever `read` last raised where it never succeeded."""
        with self._lock:
            found = self._sums.pop(name, None) or _Sum()
            self._sums[name] = found  # at the end: the first are those that nobody asked for the longest
            while len(self._sums) > _MOST:
                del self._sums[next(iter(self._sums))]
            if time.monotonic() >= found.fresh_until and found.thread is None:
                found.thread = Thread(target=self._count, args=(found, read), daemon=True)
                found.thread.start()
            thread = found.thread
        if thread is not None:
            thread.join(patience_seconds and max(patience_seconds, self._least_patience_seconds))
        if found.known is not None:
            return found.known
        if found.error is not None:
            raise found.error
        raise StillCounting(name)

    def _count(self, found: _Sum, read: Callable[[], Any]) -> None:
        with self._slots:
            try:
                found.known, found.error = Counted(read(), datetime.now(UTC)), None
            except Exception as error:  # noqa: BLE001  # it is raised to whoever asks
                found.error = error
            found.fresh_until = time.monotonic() + (_FRESH_SECONDS if found.error is None else 1)
            found.thread = None


def remembered(
    request: Request, name: str, read: Callable[[], Any], *, patience_seconds: float | None = PATIENCE_SECONDS
) -> Counted:
    """`patience_seconds`: None for who waits as long as it takes."""
    memory: Memory = request.app.state.memory
    return memory.remembered(name, read, patience_seconds=patience_seconds)
