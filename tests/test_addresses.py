"""Which addresses are those of the public internet."""

import pytest

from models.addresses import is_public, parse_address


@pytest.mark.parametrize("text", ["93.184.215.14", "8.8.8.8", "2606:4700::6810:84e5", "2a00:1450:4001:81b::200e"])
def test_an_address_that_anybody_may_ask_is_public(text: str) -> None:
    assert is_public(parse_address(text))


@pytest.mark.parametrize(
    "text",
    [
        *("127.0.0.1", "127.1.2.3", "0.0.0.1", "10.0.0.5", "172.16.3.4", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.5", "192.0.0.8", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1"),
        *("255.255.255.255", "192.88.99.1"),
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::7f00:1", "fe80::1", "fe80::1%eth0", "fc00::1"),
        *("fd12::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2001::1"),
        *("2001:db8::1", "3fff::1", "100::1", "fec0::1", "4000::1"),
    ],
)
def test_an_address_that_is_inside_or_another_in_disguise_is_not_public(text: str) -> None:
    assert not is_public(parse_address(text))


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="example"):
        parse_address("example.com")
