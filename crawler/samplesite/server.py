"""The sample site over HTTP, on loopback only."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from crawler.samplesite.site import Resource, SampleSite

_HOST = "127.0.0.1"


@contextmanager
def serve(
    port: int = 0, *, on_request: Callable[[str, int], None] | None = None, redesign: Path | None = None
) -> Iterator[str]:
    """Serves in a thread of its own and yields the base URL, without a slash at the end; port 0 takes a free one.

    `on_request` is told the path and the status of each answer, from the server's threads. Once there is a file
    `redesign`, articles are in another layout.
    """
    with _bind(port, on_request, redesign) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield _base_url(server)
        finally:
            server.shutdown()
            thread.join()


def serve_forever(port: int, *, on_request: Callable[[str, int], None], redesign: Path | None = None) -> Iterator[str]:
    """For the command line: yields the base URL once, then serves until interrupted."""
    with _bind(port, on_request, redesign) as server:
        yield _base_url(server)
        server.serve_forever()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    pages: Mapping[str, Resource]
    redesigned: Mapping[str, Resource]
    redesign: Path | None

    def current(self) -> Mapping[str, Resource]:
        return self.redesigned if self.redesign is not None and self.redesign.exists() else self.pages


def _bind(port: int, on_request: Callable[[str, int], None] | None, redesign: Path | None) -> _Server:
    server = _Server((_HOST, port), partial(_Handler, on_request=on_request))
    site = SampleSite(_base_url(server))
    server.pages = site.pages()
    server.redesigned = site.redesigned_pages()
    server.redesign = redesign
    return server


def _base_url(server: _Server) -> str:
    return f"http://{_HOST}:{server.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keep-alive: a crawl of the whole site takes a handful of connections
    server: _Server

    def __init__(self, *args: object, on_request: Callable[[str, int], None] | None) -> None:
        self._on_request = on_request
        super().__init__(*args)  # type: ignore[arg-type]  # request, address and server, as socketserver passes them

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name is given by the class above
        """Quiet: whoever wants to know passes `on_request`."""

    def _answer(self, *, with_body: bool) -> None:
        resource = self._find()
        status = 304 if _is_unchanged(resource, self.headers) else resource.status
        body = b"" if status == 304 else resource.body
        self.send_response(status)
        for name, value in resource.headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)
        if self._on_request:
            self._on_request(self.path, status)

    def _find(self) -> Resource:
        """A query that names no page of its own, as tracking parameters do, is passed over."""
        pages = self.server.current()
        found = pages.get(self.path) or pages.get(self.path.partition("?")[0])
        return found or Resource(b"<h1>Not found</h1>", {"Content-Type": "text/html; charset=utf-8"}, status=404)


def _is_unchanged(resource: Resource, asked: Message) -> bool:
    etag, modified = resource.headers.get("ETag"), resource.headers.get("Last-Modified")
    if etag and (known := asked.get("If-None-Match")):
        return etag in known
    if modified and (since := asked.get("If-Modified-Since")):
        try:
            return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
        except ValueError:  # a date nobody can read asks for nothing
            return False
    return False
