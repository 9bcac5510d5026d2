"""The server: one process, on this machine."""

import socket
from typing import Any

import uvicorn

from pipelines.browse.guard import Application

HOST = "127.0.0.1"


def bind(port: int) -> socket.socket:
    """A socket that listens on loopback; port 0 takes a free one. Raises OSError where the port is taken."""
    # With its protocol named, asyncio turns off Nagle's algorithm: a body after its headers would wait 40 ms.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((HOST, port))
        bound.listen()
    except OSError:
        bound.close()
        raise
    return bound


def server(application: Application) -> Any:
    """A `uvicorn.Server`: `run(sockets=[…])` serves until a signal, or until `should_exit` is set."""
    return uvicorn.Server(
        uvicorn.Config(
            application, log_level="warning", access_log=False, lifespan="off", server_header=False, ws="none"
        )
    )
