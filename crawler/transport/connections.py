"""Connections to addresses that the guard has looked at, which take no endless headers."""

import re
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint, wrapClientTLS
from twisted.internet.error import ConnectError
from twisted.internet.interfaces import IProtocol, IProtocolFactory, IStreamClientEndpoint
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS
from twisted.web.client import URI
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from crawler.transport.guard import Guard
from crawler.transport.scrapys import _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol

# Some sites set cookies by the hundred. None is kept, so they count for little: beyond a megabyte they are too many.
_COOKIES = re.compile(rb"^set-cookie:[^\n]*\n?", re.IGNORECASE | re.MULTILINE)
_COOKIE_SHARE = 16


class HeadTooLong(Exception):
    """The header block is longer than HEADERS_MAXSIZE, or never ends."""


class ShortHeadProtocol(_LenientHTTP11ClientProtocol):
    """Gives up on a header block that is too long: Twisted would keep all of it, and read informational answers on."""

    most_bytes = 0
    _head_bytes = 0

    def request(self, request: Any) -> Any:
        self._head_bytes = 0
        answer = super().request(request)
        if self._parser is not None:
            # Its own limit of a line loses the connection and says nothing of why.
            self._parser.MAX_LENGTH = 4 * self.most_bytes + 65_536
        return answer

    def dataReceived(self, data: bytes) -> None:
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted's
        if self._parser is None or self._parser.state not in (STATUS, HEADER):
            return
        # The block goes on. What comes with its last line may be the body already, and is not counted.
        cookies = sum(map(len, _COOKIES.findall(data)))
        self._head_bytes += len(data) - cookies + cookies // _COOKIE_SHARE
        if self._head_bytes > self.most_bytes:
            error = HeadTooLong(f"more than {self.most_bytes:,} bytes of headers")
            self._giveUp(Failure(error))  # type: ignore[no-untyped-call]  # Twisted's


class _ShortHeadFactory(_LenientHTTP11ClientFactory):
    most_bytes = 0

    def buildProtocol(self, addr: Any) -> ShortHeadProtocol:  # noqa: ARG002  # Twisted's signature
        protocol = ShortHeadProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # the same
        protocol.most_bytes = self.most_bytes
        return protocol


def short_head_factory(most_bytes: int) -> type[_ShortHeadFactory]:
    """For a pool, which makes its factories itself: connections that take at most so many bytes of headers."""
    return type("ShortHeadFactory", (_ShortHeadFactory,), {"most_bytes": most_bytes})


@implementer(IAgentEndpointFactory)
class GuardedEndpoints:
    """In the place of an agent's own, made from them."""

    def __init__(self, own: Any, guard: Guard) -> None:
        self._reactor = own._reactor
        self._policy = own._policyForHTTPS
        self._timeout: float = own._connectTimeout
        self._bindAddress = own._bindAddress  # Scrapy's agents look at it
        self._guard = guard

    def endpointForURI(self, uri: URI) -> Any:
        endpoint: Any = _GuardedEndpoint(self, uri.host.decode("ascii"), uri.port)
        if uri.scheme == b"http":
            return endpoint
        return wrapClientTLS(self._policy.creatorForNetloc(uri.host, uri.port), endpoint)

    async def connect(self, host: str, port: int, factory: IProtocolFactory) -> Any:
        """The first address that answers. Nothing asks the DNS again between the look and the connection."""
        addresses = await self._guard.addresses(host, port)
        timeout = self._timeout / len(addresses)
        for address in addresses[:-1]:
            try:
                return await self._endpoint(address, port, timeout).connect(factory)
            except ConnectError:
                continue
        return await self._endpoint(addresses[-1], port, timeout).connect(factory)

    def _endpoint(self, address: str, port: int, timeout: float) -> Any:
        kind = TCP6ClientEndpoint if ":" in address else TCP4ClientEndpoint
        return kind(self._reactor, address, port, timeout=timeout, bindAddress=self._bindAddress)


@implementer(IStreamClientEndpoint)
class _GuardedEndpoint:
    def __init__(self, endpoints: GuardedEndpoints, host: str, port: int) -> None:
        self._endpoints, self._host, self._port = endpoints, host, port

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:
        return Deferred.fromCoroutine(self._endpoints.connect(self._host, self._port, protocolFactory))
