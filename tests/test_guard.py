"""The guard: which hosts are asked, at which addresses."""

from ipaddress import ip_address

import pytest

from crawler.transport.guard import Guard, RefusedAddress, place_of
from models.addresses import is_public

PUBLIC = ("93.184.216.34", "2606:4700:4700::1111")
INSIDE = (
    *("127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.5", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104  # an address
    *("100.64.0.5", "192.0.0.8", "192.88.99.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::ffff:127.0.0.1", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::"),
    *("2001::1", "2001:db8::1", "fc00::1", "fe80::1", "fec0::1", "ff02::1", "3fff::1", "5f00::1"),
)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_given_to_networks_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", INSIDE)
def test_what_leads_inside_is_not_public_in_any_disguise(address: str) -> None:
    assert not is_public(ip_address(address))


def test_one_address_inside_is_enough_to_refuse_a_host() -> None:
    with pytest.raises(RefusedAddress, match=r"at 10\.0\.0\.5.*ADDRESSES_ALLOWED=example\.com:80"):
        Guard(ports=(80,)).check("example.com", 80, (PUBLIC[0], "10.0.0.5"))


def test_a_typed_url_is_consent_for_its_host_and_port_and_nothing_else() -> None:
    guard = Guard(typed=("http://127.0.0.1:8808/a",), ports=(80,))

    guard.check("127.0.0.1", 8808, ("127.0.0.1",))

    for host, port in (("127.0.0.1", 8809), ("127.0.0.9", 8808), ("localhost", 8808)):
        with pytest.raises(RefusedAddress):
            guard.check(host, port, ("127.0.0.1",))


def test_a_typed_public_name_cannot_turn_inwards_later() -> None:
    guard = Guard(typed=("http://example.com/",), ports=(80,))
    guard.check("example.com", 80, PUBLIC)

    with pytest.raises(RefusedAddress):
        guard.check("example.com", 80, ("127.0.0.1",))


def test_a_typed_name_never_leads_to_link_local_addresses() -> None:
    with pytest.raises(RefusedAddress):
        Guard(typed=("http://example.com/",), ports=(80,)).check("example.com", 80, ("169.254.169.254",))


def test_what_the_settings_allow_is_asked_at_its_port_or_at_all() -> None:
    guard = Guard(allowed=("intranet.example:8081", "127.0.0.1:*"))

    guard.check("Intranet.example.", 8081, ("10.0.0.5",))
    guard.check("127.0.0.1", 12345, ("127.0.0.1",))

    with pytest.raises(RefusedAddress):
        guard.check("intranet.example", 8082, ("10.0.0.5",))


def test_ports_that_are_none_of_the_web_are_refused() -> None:
    with pytest.raises(RefusedAddress, match="port 25"):
        Guard(ports=(80, 443)).check("example.com", 25, PUBLIC)


def test_a_place_is_host_and_port() -> None:
    urls = ("https://Example.com/a", "http://[::1]:8080/", "ftp://example.com/", "http://[", "http:///")

    assert [place_of(url) for url in urls] == ["example.com:443", "[::1]:8080", None, None, None]
