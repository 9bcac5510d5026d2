"""The memory of a browser: what the processes below this one take, and the end of one that takes too much."""

import os
import signal
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def end_large_renderers(most_bytes: int) -> int:
    """Ends the processes below this one that show pages and take more; how many. 0 where there is no /proc."""
    ended = 0
    for number in _descendants(os.getpid()):
        with suppress(OSError, ValueError):
            if b"--type=renderer" not in (_PROC / str(number) / "cmdline").read_bytes():
                continue
            resident = int((_PROC / str(number) / "statm").read_text("ascii").split()[1]) * _PAGE_BYTES
            if resident > most_bytes:
                os.kill(number, signal.SIGKILL)
                ended += 1
    return ended


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in _PROC.glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            # The name of a process, in parentheses, may hold spaces.
            parent = int(entry.read_text("ascii", errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.parent.name))
    found, waiting = [], [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found
