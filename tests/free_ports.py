"""Ports for servers that cannot be asked to take any: they are found first and taken a while later."""

import os
import socket
from contextlib import suppress

# Below those that systems give to connections and to whoever asks for any: nobody is given one in between.
_FIRST, _COUNT = 20_000, 12_000
_APART = 10
"""A server may take some beside its own."""


def free_ports(count: int) -> list[int]:
    """On 127.0.0.1; processes that look at the same time look in other places."""
    start = os.getpid() * 100
    found: list[int] = []
    for step in range(0, _COUNT, _APART):
        port = _FIRST + (start + step) % _COUNT
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == count:
            return found
    raise OSError(f"no {count} free ports from {_FIRST} to {_FIRST + _COUNT - 1}")
