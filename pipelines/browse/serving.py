"""The server: one process, on this machine; reached from others by https only, and only by who has logged in."""

import ipaddress
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from pipelines.browse.guard import Application

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Who can reach the server. As it is by default: this machine."""

    host: str = HOST
    """The address that is listened on."""
    names: tuple[str, ...] = ()
    """What others call it in their browsers."""
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_public(self) -> bool:
        return bool(self.names) or not _is_loopback(self.host)

    def fault(self, *, has_password: bool) -> str | None:
        """Why it is not served so, and what to do."""
        return self._fault_of_files() or (self._fault_of_others(has_password) if self.is_public else None)

    def _fault_of_files(self) -> str | None:
        if (self.certificate is None) != (self.key is None):
            return "--certificate and --key belong together; give both"
        missing = [path for path in (self.certificate, self.key) if path and not path.is_file()]
        return f"{missing[0]} is no file; --certificate and --key are PEM files" if missing else None

    def _fault_of_others(self, has_password: bool) -> str | None:
        if not has_password:
            return "others could read all that is stored; set a password first: triptych browse --hash-password"
        if not self.names:
            return f"--host {self.host}: say with --name what others call it, as --name articles.example.com"
        if not _is_loopback(self.host) and self.certificate is None:
            return (
                f"--host {self.host}: without https the password could be read on its way; give --certificate and "
                "--key, or leave --host out and let a proxy with https ask 127.0.0.1"
            )
        return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def bind(port: int, host: str = HOST) -> socket.socket:
    """A socket that listens; port 0 takes a free one. Raises OSError where that is not possible."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, asyncio turns off Nagle's algorithm: a body after its headers would wait 40 ms.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen()
    except OSError:
        bound.close()
        raise
    return bound


def server(application: Application, exposure: Exposure | None = None) -> Any:
    """A `uvicorn.Server`: `run(sockets=[…])` serves until a signal, or until `should_exit` is set.

    What a proxy on this machine says of its client (X-Forwarded-Proto) is believed, of another machine not.
    """
    shown = exposure or Exposure()
    return uvicorn.Server(
        uvicorn.Config(
            application,
            log_level="warning",
            access_log=False,
            lifespan="off",
            server_header=False,
            ws="none",
            forwarded_allow_ips=HOST,
            ssl_certfile=shown.certificate,
            ssl_keyfile=shown.key,
        )
    )
