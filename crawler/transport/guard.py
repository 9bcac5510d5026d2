"""The guard: a name is resolved, every address it has is looked at, and only then is anything connected to.

What is inside, behind the crawler's own walls, is never reached because a page, a feed, a redirect or the DNS says so.
"""

import time
from collections import OrderedDict
from collections.abc import Collection, Iterable
from typing import Self
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.settings import BaseSettings
from twisted.internet.error import DNSLookupError
from twisted.internet.threads import deferToThread

from crawler.console import say
from models.addresses import agreed, inside, resolve
from models.items import FailureClass

_DEFAULT_PORTS = {"http": 80, "https": 443}
_KEPT_NAMES = 1000
_KEPT_SECONDS = 60.0
_ANY_PORT = "*"


class RefusedAddress(IgnoreRequest):
    """Nothing was sent: the address is not one of the public internet, or the port none of the web."""

    failure_class = FailureClass.REFUSED_ADDRESS


class Guard:
    """Settings: ADDRESSES_ALLOWED, PORTS_ALLOWED; and URLS_TYPED, which commands set.

    A URL typed on the command line is consent for its own host and port: for the addresses that are found there first,
    so that a public name cannot turn inwards later. That of a name never holds for link-local addresses, where clouds
    keep their credentials.
    """

    def __init__(self, *, allowed: Iterable[str] = (), typed: Iterable[str] = (), ports: Collection[int] = ()) -> None:
        """`allowed`: HOST:PORT each, "*" for any port. `typed`: URLs. `ports`: those that any host may be asked at."""
        self._allowed = {each.lower() for each in allowed}
        self._typed = {name for url in typed if (name := place_of(url))}
        self._ports = frozenset(ports)
        self._consented: dict[str, frozenset[str]] = {}
        self._known: OrderedDict[str, tuple[float, tuple[str, ...]]] = OrderedDict()

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        return cls(
            allowed=settings.getlist("ADDRESSES_ALLOWED"),
            typed=settings.getlist("URLS_TYPED"),
            ports=[int(port) for port in settings.getlist("PORTS_ALLOWED")],
        )

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """All addresses of the host, each of which may be connected to; IPv4 first.

        Awaited by Twisted. Raises RefusedAddress if one of them may not, DNSLookupError if there is none.
        """
        found = await self._look_up(host.strip("[]").rstrip(".").lower())
        self.check(host, port, found)
        return found

    def check(self, host: str, port: int, found: Collection[str]) -> None:
        """Raises RefusedAddress for a host that has these addresses."""
        name = _named(host, port)
        if name in self._allowed or _named(host, _ANY_PORT) in self._allowed:
            return
        if name in self._typed and name not in self._consented:
            self._consent(name, agreed(host, found))
        refused = inside(found) - self._consented.get(name, frozenset())
        if refused:
            raise RefusedAddress(
                f"{name} is at {min(refused)}, which is no address of the public internet; if that is meant, allow it: "
                f"-s ADDRESSES_ALLOWED={name}"
            )
        if port not in self._ports and name not in self._typed:
            raise RefusedAddress(f"port {port} is none of PORTS_ALLOWED; if it is meant: -s ADDRESSES_ALLOWED={name}")

    def _consent(self, name: str, held: frozenset[str]) -> None:
        self._consented[name] = held
        if held:
            say(
                f"{name} is no address of the public internet; it is asked because you typed it, and nothing else there"
            )

    async def _look_up(self, host: str) -> tuple[str, ...]:
        known = self._known.get(host)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        found: tuple[str, ...] = await deferToThread(_resolve, host)
        self._known[host] = (time.monotonic() + _KEPT_SECONDS, found)
        while len(self._known) > _KEPT_NAMES:
            self._known.popitem(last=False)
        return found


def place_of(url: str) -> str | None:
    """Host and port; None where the URL has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
    except (KeyError, ValueError):
        return None
    return _named(parts.hostname, port) if parts.hostname else None


def _named(host: str, port: int | str) -> str:
    host = host.strip("[]").rstrip(".").lower()
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _resolve(host: str) -> tuple[str, ...]:
    """In a thread."""
    try:
        return resolve(host)
    except OSError as error:
        raise DNSLookupError(f"{host}: {error}") from None
