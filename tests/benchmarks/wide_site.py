"""A site of any number of pages, each the same in every run, that fails now and then and writes down who asked."""

import random
import socket
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

_LINKS = 12
_NEXT_DOOR = 5


@dataclass
class WideSite:
    """Page `n` leads to pages `12 n + 1` to `12 n + 12`, and to five next to it; page 0 is the home page."""

    pages: int
    fault_rate: float = 0.0
    """Of answers that are an error, or none at all. The same for the same page and try in every run."""
    answered: Counter[str] = field(default_factory=Counter)
    """Pages handed out whole, by path."""
    refetched: int = 0
    """Pages handed out more than once, between two beginnings."""
    requests: int = 0
    _tries: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def path(self, number: int) -> str:
        return f"/2026/report-{number}.html" if number else "/"

    def page(self, path: str) -> str | None:
        """None for a path that is none of its own."""
        name = path.removeprefix("/2026/report-").removesuffix(".html")
        number = 0 if path == "/" else int(name) if name.isdigit() else self.pages
        return self._written(number) if number < self.pages else None

    def _written(self, number: int) -> str:
        below = range(_LINKS * number + 1, _LINKS * number + _LINKS + 1)
        beside = range(number + 1, number + 1 + _NEXT_DOOR)
        shown = [each for each in (*below, *beside) if each < self.pages]
        links = "".join(f'<li><a href="{self.path(each)}">{_headline(each)}</a></li>' for each in shown)
        title = f"<title>{_headline(number)}</title>"
        if not number:
            return f"<html><head>{title}</head><body><h1>Reports</h1><ul>{links}</ul></body></html>"
        text = "".join(f"<p>{_sentence(number, day)}</p>" for day in ("Monday", "Tuesday", "Thursday", "Friday"))
        return (
            f"<html><head>{title}</head><body><article><h1>{_headline(number)}</h1>{text}</article>"
            f"<h2>Related articles</h2><ul>{links}</ul></body></html>"
        )

    def note(self, path: str) -> str | None:
        """What goes wrong with this request: error or reset; None if nothing."""
        with self._lock:
            self.requests += 1
            self._tries[path] += 1
            chance = random.Random(f"{path} {self._tries[path]}").random()  # noqa: S311  # the same in every run
        if path == "/robots.txt" or chance >= self.fault_rate:
            return None
        return "error" if chance < self.fault_rate / 2 else "reset"

    def begin_again(self) -> None:
        """Every page may be asked for once more."""
        with self._lock:
            self.refetched += sum(times - 1 for times in self.answered.values())
            self.answered.clear()

    def count(self, path: str) -> None:
        with self._lock:
            self.answered[path] += 1


def _headline(number: int) -> str:
    return f"Harbour office counts {number} parcels more on its customs line than a week ago"


def _sentence(number: int, day: str) -> str:
    return (
        f"On {day} the harbour office counted {number + len(day)} parcels on the customs line. Each of them was "
        f"weighed, and {number} went back to where they had come from, because their papers were those of "
        f"another week; their senders were told on {day} evening, and most of them came to fetch their goods before "
        "the weekend."
    )


def _handler_of(site: WideSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            fault = site.note(self.path)
            if fault == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
                return
            page = None if fault else site.page(self.path)
            self._answer(500 if fault else 200 if page else 404, (page or "nothing").encode())
            if page:
                site.count(self.path)

        def _answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def finish(self) -> None:
            try:
                super().finish()
            except (OSError, ValueError):
                self.close_connection = True  # it was reset

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Quiet: a killed worker drops its connections."""


@contextmanager
def served(site: WideSite) -> Iterator[str]:
    """Its home page."""
    with _Server(("127.0.0.1", 0), _handler_of(site)) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
