"""Servers that are asked with passwords: a proxy before a site, and a receiver of webhooks. What they were told."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Told:
    """What arrived: headers by small letters, and the path, of each request."""

    port: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def values(self, header: str) -> set[str | None]:
        return {headers.get(header) for _, headers in self.asked}


class Handler(BaseHTTPRequestHandler):
    told: Told

    def note(self) -> None:
        self.told.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class Proxy(Handler):
    """Hands on what has both passwords: the one for itself, and the one for the site."""

    def do_GET(self) -> None:
        self.note()
        if "proxy-authorization" not in self.told.asked[-1][1]:
            self.answer(407)
        elif "authorization" not in self.told.asked[-1][1]:
            self.answer(401)
        else:
            self._hand_on()

    def _hand_on(self) -> None:
        parts = urlsplit(self.path)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        try:
            connection.request("GET", parts._replace(scheme="", netloc="").geturl())
            response = connection.getresponse()
            self.answer(response.status, response.read(), Content_Type=str(response.headers["Content-Type"]))
        finally:
            connection.close()


class Taker(Handler):
    """Takes what is posted, but for paths that begin with /refuse."""

    def do_POST(self) -> None:
        self.note()
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(410 if self.path.startswith("/refuse") else 204)


class LeadingElsewhere(Handler):
    """Asks for a password; its robots.txt stands at another port, where there is one."""

    other = 0

    def do_GET(self) -> None:
        self.note()
        if self.path == "/robots.txt" and self.other:
            self.answer(301, Location=f"http://127.0.0.1:{self.other}/robots.txt")
        elif self.path == "/robots.txt":
            self.answer(404)
        else:
            self.answer(200 if "authorization" in self.told.asked[-1][1] else 401, Content_Type="text/html")


@contextmanager
def told_by(handler: type[Handler], **members: Any) -> Iterator[Told]:
    """Serves on loopback, with further members of the handler."""
    told = Told()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type(handler.__name__, (handler,), {"told": told, **members}))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    told.port = server.server_port
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
