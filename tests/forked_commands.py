"""Commands as `python -m scrapy` runs them, each in a fork of a process that has other people's packages loaded.

Most of the half second that a short command takes is their import, and the tests start hundreds. Ours are imported by
each command anew, in its own environment and folder. Tests that kill, signal or watch a process start it by themselves.
"""

import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Timer
from typing import NoReturn

_LOADED = (
    *("scrapy.cmdline", "scrapy.crawler", "scrapy.core.engine", "scrapy.http", "scrapy.linkextractors"),
    *("scrapy.core.downloader.handlers.http11", "twisted.internet.asyncioreactor", "twisted.web.client"),
    *("lxml.html", "numpy", "parsel", "rich.live", "rich.panel", "rich.table"),
    *("sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql", "psycopg", "alembic.command"),
)
_STREAMS = 3
_MESSAGE_BYTES = 65_536


class ForkedCommands:
    """The process from which commands are forked, as whoever asks for them sees it. One command at a time."""

    def __init__(self, asking: socket.socket) -> None:
        self._asking = asking
        self._answers = asking.makefile("r", encoding="ascii")

    def run(
        self, arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """As `subprocess.run` with its output captured as text, and no input."""
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8") as out,
            tempfile.TemporaryFile("w+", encoding="utf-8") as err,
            Path(os.devnull).open("rb") as nothing,
        ):
            asked = json.dumps([list(arguments), str(cwd), dict(env)]).encode() + b"\n"
            socket.send_fds(self._asking, [asked], [nothing.fileno(), out.fileno(), err.fileno()])
            pid = int(self._answers.readline())
            end = Timer(timeout, os.kill, (pid, signal.SIGKILL))
            end.daemon = True
            end.start()
            began = time.monotonic()
            status = int(self._answers.readline())
            end.cancel()
            if status == -signal.SIGKILL and time.monotonic() - began >= timeout:
                raise subprocess.TimeoutExpired(list(arguments), timeout)
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(list(arguments), status, out.read(), err.read())


@contextmanager
def forked_commands() -> Iterator[ForkedCommands]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        command = [sys.executable, __file__, str(theirs.fileno())]
        # Streams that are no terminal, as those of a command whose output is read.
        quiet = subprocess.DEVNULL
        loaded = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=quiet, stdout=quiet)
        theirs.close()
        try:
            yield ForkedCommands(ours)
        finally:
            ours.shutdown(socket.SHUT_RDWR)
            loaded.wait(timeout=60)


def _serve(asked: socket.socket) -> None:
    """Forks for each command that is asked for; returns in the fork, with all set as for a new process."""
    while True:
        message, files, _, _ = socket.recv_fds(asked, _MESSAGE_BYTES, _STREAMS)
        if not message:
            sys.exit()
        while not message.endswith(b"\n"):
            message += asked.recv(_MESSAGE_BYTES)
        pid = os.fork()
        if pid == 0:
            break
        for file in files:
            os.close(file)
        asked.sendall(f"{pid}\n".encode())
        _, status = os.waitpid(pid, 0)
        asked.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    asked.close()
    for stream, file in enumerate(files):
        os.dup2(file, stream)
        os.close(file)
    arguments, folder, environment = json.loads(message)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv[1:] = arguments
    sys.path[0] = folder


def _main() -> NoReturn:
    for name in _LOADED:
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules, "a command chooses its own"
    _serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("scrapy", run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    _main()
