"""Where others can reach the pages: https only, and nothing without a login."""

import time

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse

from pipelines.browse.guard import Application, Receive, Scope, Send
from pipelines.browse.logins import COOKIE, Logins

_OPEN = ("/login", "/static/style.css", "/static/icon.svg")
_NO_HTTPS = "this is served over https only; a proxy in front of it has to send X-Forwarded-Proto: https\n"


class Admission:
    """An ASGI application around another one."""

    def __init__(self, application: Application, logins: Logins) -> None:
        self._application = application
        self._logins = logins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer: Application = self._application
        request = Request(scope)
        if scope["scheme"] != "https":
            answer = PlainTextResponse(_NO_HTTPS, status_code=403)
        elif request.url.path not in _OPEN and not self._is_known(request):
            answer = RedirectResponse("/login", status_code=303)
        await answer(scope, receive, send)

    def _is_known(self, request: Request) -> bool:
        return self._logins.session(request.cookies.get(COOKIE), now=time.monotonic()) is not None
