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

    def __init__(self, application: Application, *, hosts: Collection[str], has_forms: bool = False) -> None:
        """`has_forms`: POST is let through, from pages of the host itself."""
        self._application = application
        self._hosts = frozenset(host.lower() for host in hosts)
        self._methods = (*_METHODS, "POST") if has_forms else _METHODS

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
        elif scope["method"] not in self._methods:
            await _refuse(send_guarded, 405, b"these pages are only read\n")
        elif scope["method"] == "POST" and not _is_own(scope):
            await _refuse(send_guarded, 403, b"a form of another site is not taken\n")
        else:
            await self._application(scope, receive, send_guarded)


def _host(scope: Scope) -> str:
    """Without the port; nothing where the request has none, or several."""
    found = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if len(found) != 1:
        return ""
    host: str = found[0].lower()
    return host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]


def _is_own(scope: Scope) -> bool:
    """Every browser says where a form came from; what says nothing is no browser, and has no cookie to be misused.

    Under our own referrer policy Chromium sends "null" as the origin of our own forms: then Sec-Fetch-Site tells.
    """
    headers = dict(scope["headers"])
    origin, site = headers.get(b"origin"), headers.get(b"sec-fetch-site")
    if site is not None:
        return bool(site == b"same-origin")
    return origin is None or bool(origin == scope["scheme"].encode() + b"://" + headers[b"host"])


async def _refuse(send: Send, status: int, text: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
