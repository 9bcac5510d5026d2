"""The receiver of a webhook: nothing is posted anywhere else, nor to its host once that has turned inwards."""

import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_server
from threading import Thread

import pytest

from pipelines.sync import receiver as room
from pipelines.sync.receiver import Receiver, RefusedReceiver, shown_webhook
from tests.test_webhook import Receiver as Taker
from tests.test_webhook import receiver

__all__ = ["receiver"]  # a fixture
PUBLIC = ("93.184.216.34",)


def test_to_name_a_host_inside_is_consent_for_where_it_is_found_first() -> None:
    named = Receiver("https://hooks.example/articles")

    named.check(("10.0.0.5",))
    named.check(("10.0.0.5",))

    for later in (("127.0.0.1",), ("10.0.0.6",), (*PUBLIC, "192.168.1.1")):
        with pytest.raises(RefusedReceiver, match=r"https://hooks\.example/articles is at"):
            named.check(later)


def test_a_public_host_cannot_turn_inwards_later() -> None:
    named = Receiver("https://hooks.example/")
    named.check(PUBLIC)

    with pytest.raises(RefusedReceiver, match=r"is at 127\.0\.0\.1 now"):
        named.check(("127.0.0.1",))


def test_a_name_never_leads_to_link_local_addresses() -> None:
    with pytest.raises(RefusedReceiver, match=r"169\.254\.169\.254"):
        Receiver("https://hooks.example/").check(("169.254.169.254",))


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/", "http://127.0.0.2/", "ftp://127.0.0.1/", "https://", "https://[", "https://a:port/", "x"],
)
def test_what_is_no_webhook_is_refused(url: str) -> None:
    with pytest.raises(RefusedReceiver, match="webhook is an https:// URL"):
        Receiver(url)


def test_user_and_password_go_to_the_host_that_was_named(receiver: Taker) -> None:
    taker = Receiver(receiver.url.replace("://", "://user:p%40ss@"))

    status, _ = taker.post(b"{}", {})

    assert status == 204
    assert receiver.posts[0][0]["authorization"] == "Basic dXNlcjpwQHNz"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hooks.example/articles?token=1#2", "https://hooks.example/articles"),
        ("https://user:pa?ss@hooks.example:8443", "https://***"),
        ("https://[::1]:8443/a", "https://[::1]:8443/a"),
        ("https://user:pass@hooks.example:8443/", "https://hooks.example:8443/"),
        ("https://hooks.example/services/T01/abcdefghijklmnop", "https://hooks.example/services/T01/***"),
    ],
)
def test_what_is_shown_holds_no_secret(url: str, shown: str) -> None:
    assert shown_webhook(url) == shown


@contextmanager
def dripping() -> Iterator[int]:
    """The port of a server whose answer never ends, and is never silent."""
    with create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                try:
                    while True:
                        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                        time.sleep(0.05)
                except OSError:
                    return

        thread = Thread(target=drip)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(timeout=10)
        assert not thread.is_alive()


def test_an_answer_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_WHOLE_SECONDS", 0.5)
    with dripping() as port, pytest.raises((OSError, http.client.HTTPException)):
        Receiver(f"http://127.0.0.1:{port}/").post(b"{}", {})
