"""Addresses: which anybody on the internet may ask, and which others somebody agrees to. `resolve` asks the DNS."""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# `is_global` calls these public, as of Python 3.11. The first three lead to IPv4 addresses of whatever kind; others are
# for documents or protocols. Of IPv6, only 2000::/3 is given to networks at all.
_NOT_PUBLIC_V6 = tuple(
    map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/23", "2001:db8::/32", "3fff::/20"))
)
_GIVEN_V6 = ip_network("2000::/3")
_NOT_PUBLIC_V4 = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4")))


def parse_address(text: str) -> IPv4Address | IPv6Address:
    """Of what a resolver gives: an IPv6 address may name an interface. Raises ValueError."""
    return ip_address(text.partition("%")[0])


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Global unicast, and no other address in disguise."""
    if address.is_multicast or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_V4)
    return address in _GIVEN_V6 and not any(address in network for network in _NOT_PUBLIC_V6)


def inside(found: Iterable[str]) -> frozenset[str]:
    """Those that are none of the public internet."""
    return frozenset(each for each in found if not is_public(parse_address(each)))


def agreed(host: str, found: Iterable[str]) -> frozenset[str]:
    """Those inside that somebody has agreed to by naming the host, which was found at these addresses.

    A name is never consent for link-local addresses, where clouds keep their credentials; the address itself is.
    """
    is_literal = _is_address(host)
    return frozenset(each for each in inside(found) if is_literal or not parse_address(each).is_link_local)


def resolve(host: str) -> tuple[str, ...]:
    """All addresses of the host, each once, IPv4 first. Waits for the DNS. Raises OSError, also where there is none.

    All ways of writing an IPv4 address are known to the C library.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(str(error)) from None
    addresses = dict.fromkeys(str(each[4][0]) for each in sorted(found, key=lambda each: each[0] != socket.AF_INET))
    if not addresses:
        raise OSError("it has no address")
    return tuple(addresses)


def _is_address(host: str) -> bool:
    try:
        parse_address(host.strip("[]"))
    except ValueError:
        return False
    return True
