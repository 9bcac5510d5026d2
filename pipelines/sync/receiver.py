"""The receiver of a webhook: the host that somebody has named, and connections to that alone."""

import base64
import http.client
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from models.addresses import agreed, inside, resolve
from models.errors import StorageUnavailable

TIMEOUT_SECONDS = 30.0
"""Of silence."""
_WHOLE_SECONDS = 60.0
"""From the connection to the end of the answer: a byte now and then is no silence."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_ANSWER_BYTES = 200
_PLACE = re.compile(r"(\[[^\]]*\]|[^:]*)(:\d+)?")
_TOKEN = re.compile(r"[^/]{16,}")


class RefusedReceiver(StorageUnavailable):
    """Nothing was sent: the URL is none of a webhook, or its host has turned to an address that nobody agreed to."""


class Receiver:
    """Where messages are posted. To name it is consent for its own host: for the addresses it is found at first.

    So a name that is public cannot turn inwards later, and none leads to link-local addresses. User and password of
    the URL are sent to it, as HTTP's own authentication, and to nobody else: no redirect is followed.
    """

    def __init__(self, url: str) -> None:
        """Raises RefusedReceiver for anything but https://…, or http://… on this machine."""
        self.shown = shown_webhook(url)
        try:
            self._parts = urlsplit(url)
            self._host, self._port = str(self._parts.hostname or ""), self._parts.port
        except ValueError:
            raise RefusedReceiver(f"{self.shown} is no URL; a webhook is an https:// URL") from None
        is_open = self._parts.scheme == "http" and self._host in _LOOPBACK
        if not self._host or not (self._parts.scheme == "https" or is_open):
            raise RefusedReceiver(f"a webhook is an https:// URL (http:// on this machine only), found {self.shown}")
        self._agreed: frozenset[str] | None = None

    def post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        """Status and the beginning of what it says. Raises OSError, http.client.HTTPException, RefusedReceiver."""
        path = self._parts.path or "/"
        if self._parts.query:
            path = f"{path}?{self._parts.query}"
        with self._connection() as connection, _deadline(connection):
            connection.request("POST", path, body=body, headers={**headers, **self._credentials()})
            response = connection.getresponse()
            return response.status, response.read(_ANSWER_BYTES).decode("utf-8", "replace").replace("\0", "")

    def addresses(self) -> tuple[str, ...]:
        """Those of now, each of which may be connected to. Raises OSError, RefusedReceiver."""
        found = resolve(self._host)
        self.check(found)
        return found

    def check(self, found: tuple[str, ...]) -> None:
        """Raises RefusedReceiver for a host that is found at these addresses."""
        if self._agreed is None:
            self._agreed = agreed(self._host, found)
        refused = inside(found) - self._agreed
        if refused:
            raise RefusedReceiver(
                f"{self.shown} is at {min(refused)} now, which is no address of the public internet, so nothing was "
                "posted; if that is meant, run the command again, or name the address itself"
            )

    def _credentials(self) -> Mapping[str, str]:
        if self._parts.username is None:
            return {}
        given = f"{unquote(self._parts.username)}:{unquote(self._parts.password or '')}"
        return {"Authorization": f"Basic {base64.b64encode(given.encode()).decode()}"}

    @contextmanager
    def _connection(self) -> Iterator[http.client.HTTPConnection]:
        connection: http.client.HTTPConnection
        if self._parts.scheme == "https":
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(self._host, self._port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_SECONDS)
        # Its own would ask the DNS again. The certificate is checked for the name all the same.
        connection._create_connection = self._connect  # type: ignore[attr-defined]  # known since Python 2.7
        try:
            yield connection
        finally:
            connection.close()

    def _connect(self, address: tuple[str, int], timeout: float, _source: Any = None) -> socket.socket:
        found = self.addresses()
        for each in found[:-1]:
            with suppress(OSError):
                return socket.create_connection((each, address[1]), timeout)
        return socket.create_connection((found[-1], address[1]), timeout)


def shown_webhook(url: str) -> str:
    """Without what may be a secret: the user, the query, and parts of the path that are as long as tokens are."""
    scheme, _, rest = url.partition("://")
    place, slash, path = re.split("[?#]", rest, maxsplit=1)[0].partition("/")
    place = place.rpartition("@")[2]
    if not _PLACE.fullmatch(place):
        place = "***"  # a password with a question mark or a slash in it, which ends the place before its host
    return f"{scheme}://{place}{slash}{_TOKEN.sub('***', path)}"


@contextmanager
def _deadline(connection: http.client.HTTPConnection) -> Iterator[None]:
    """Ends the connection under whoever reads from it."""

    def end() -> None:
        with suppress(OSError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(_WHOLE_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
