"""What stands before every answer: who may ask, and what a browser may do with it."""

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    b"content-security-policy": POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}
_METHODS = ("GET", "HEAD")


class Guard:
    """An ASGI application around another one.

    A request for another host is refused: a page of the web whose name was made to lead to this address (DNS
    rebinding) could read everything else. Headers that the inner application sets itself stay.
    """

    def __init__(self, application: Application, *, hosts: Collection[str]) -> None:
        self._application = application
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                names = {name.lower() for name, _ in given}
                message["headers"] = given + [pair for pair in _HEADERS.items() if pair[0] not in names]
            await send(message)

        if scope["type"] != "http":
            raise ValueError(f"http expected, found {scope['type']}")
        if _host(scope) not in self._hosts:
            await _refuse(send_guarded, 421, b"this host is not served here\n")
        elif scope["method"] not in _METHODS:
            await _refuse(send_guarded, 405, b"these pages are only read\n")
        else:
            await self._application(scope, receive, send_guarded)


def _host(scope: Scope) -> str:
    """Without the port; nothing where the request has none, or several."""
    found = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if len(found) != 1:
        return ""
    host: str = found[0].lower()
    return host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]


async def _refuse(send: Send, status: int, text: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
