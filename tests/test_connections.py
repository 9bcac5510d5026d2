"""Servers that never end, or end too soon: each is a recorded failure, and none costs more than its limits."""

import gzip
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import repeat
from pathlib import Path

from tests.benchmarks.crawl_kills import ChangingSite
from tests.conftest import RunScrapy

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
ARTICLE = str(ChangingSite(is_frozen=True).page("/2026/1.html")).encode()
PACKED = gzip.compress(ARTICLE)
MANY = 300_000
"""Of anything: as good as endless."""
TIMEOUT = 10
"""Seconds; for the others of these answers a busy machine takes less."""
ANSWERS: dict[str, tuple[bytes, ...]] = {
    "/robots.txt": (b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",),
    "/2026/1.html": (HEAD, b"Content-Encoding: gzip\r\n\r\n", PACKED),
    "/2026/2.html": (HEAD, b"Set-Cookie: a=" + b"b" * 15_000 + b"\r\n", b"\r\n", ARTICLE),
    "/2026/3.html": (HEAD, *repeat(b"Set-Cookie: a=" + b"b" * 60 + b"\r\n", 5000), b"\r\n", ARTICLE),
    "/endless-cookies": (HEAD, *repeat(b"Set-Cookie: a=" + b"b" * 500 + b"\r\n", MANY)),
    "/endless-headers": (HEAD, *repeat(b"X-Header: " + b"a" * 500 + b"\r\n", MANY)),
    "/endless-line": (HEAD, b"X-Header: ", *repeat(b"a" * 500, MANY)),
    "/endless-1xx": (*repeat(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", MANY),),
    "/drip": (HEAD, b"\r\n", *repeat(b"", MANY)),
    "/drip-of-headers": (HEAD, *repeat(b"", MANY)),
    "/endless-body": (HEAD, b"\r\n", *repeat(b"<p>" + b"a" * 100_000, MANY)),
    "/declared-too-long": (HEAD, b"Content-Length: 99000000000\r\n\r\n", ARTICLE),
    "/no-length": (HEAD, b"Content-Length: -5\r\n\r\n", ARTICLE),
    "/short-body": (HEAD, b"Content-Length: 90000\r\n\r\n", ARTICLE),
    "/lost-chunk": (HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"400\r\n", ARTICLE[:1024], b"\r\n"),
    "/cut-gzip": (HEAD, b"Content-Encoding: gzip\r\n\r\n", PACKED[: len(PACKED) // 2]),
    "/part": (HEAD.replace(b"200 OK", b"206 Partial Content"), b"Content-Range: bytes 0-9/99\r\n\r\n", ARTICLE),
    "/bomb": (HEAD, b"Content-Encoding: gzip\r\n\r\n", gzip.compress(bytes(60_000_000))),
}
ENDS = {
    "/endless-cookies": "too_large",
    "/endless-headers": "too_large",
    "/endless-line": "too_large",
    "/endless-1xx": "too_large",
    "/drip": "timeout",
    "/drip-of-headers": "timeout",
    "/endless-body": "too_large",
    "/declared-too-long": "too_large",
    "/no-length": "connection_lost",
    "/short-body": "incomplete",
    "/lost-chunk": "incomplete",
    "/cut-gzip": "incomplete",
    "/part": "incomplete",
    "/bomb": "too_large",
}


def test_a_bad_answer_ends_as_a_failure_and_a_good_one_is_stored(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    quick = {
        "DOWNLOAD_TIMEOUT": TIMEOUT,
        "RETRY_TIMES": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "DOWNLOAD_MAXSIZE": 2_000_000,
        "DECOMPRESSED_MAXSIZE": 4_000_000,
    }
    options = [each for name, value in quick.items() for each in ("-s", f"{name}={value}")]

    with serve() as base:
        run_scrapy("recrawl", *options, *(f"{base}{path}" for path in ANSWERS if path != "/robots.txt"))

    with sqlite3.connect(tmp_path / "test.db") as connection:
        failed = dict(connection.execute("SELECT url, failure_class FROM failure"))
        messages = [message for (message,) in connection.execute("SELECT message FROM failure")]
        stored = {url for (url,) in connection.execute("SELECT page.url FROM article JOIN page ON page_id = page.id")}
    assert {url.removeprefix(base): name for url, name in failed.items()} == ENDS
    assert not [message for message in messages if "twisted." in message]
    assert {url.removeprefix(base) for url in stored} == {"/2026/1.html", "/2026/2.html", "/2026/3.html"}


@contextmanager
def serve() -> Iterator[str]:
    """Each connection has one answer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening,), daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listening.accept()
            threading.Thread(target=_answer, args=(connection,), daemon=True).start()


def _answer(connection: socket.socket) -> None:
    with connection, suppress(OSError, ValueError):
        path = connection.recv(65_536).split(b" ")[1].decode()
        until = time.monotonic() + 10 * TIMEOUT
        for piece in ANSWERS[path]:
            if time.monotonic() > until:
                return
            if not piece:  # one byte of what never ends, now and then
                time.sleep(0.2)
            connection.sendall(piece or b"a")
