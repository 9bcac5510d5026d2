"""Which addresses anybody on the internet may ask. Pure."""

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
