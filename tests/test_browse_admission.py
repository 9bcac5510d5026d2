"""`triptych browse` for others: by https only, by who has logged in, or not at all."""

import http.client
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Engine

pytest.importorskip("starlette", reason="the pages need the extra web: pip install 'triptych[web]'")

from models.engine import open_database
from pipelines.browse import Actions, Exposure, Logins, Recrawled, bind, create_app, hash_password, open_to_read, server
from tests.browsing import Browsed, served
from tests.conftest import RunScrapy
from tests.downstream import fill

NAME = "articles.example.com"
PASSWORD = "four hundred 包裹"  # noqa: S105  # of these tests
BEHIND_PROXY = {"Host": NAME, "X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path_factory.mktemp('admission') / 'own.db'}"
    engine = open_database(url)
    fill(engine, [1])
    engine.dispose()
    opened = open_to_read(url)
    yield opened
    opened.dispose()


@pytest.fixture
def application(reader: Engine) -> Any:
    actions = Actions(Logins(hash_password(PASSWORD)), lambda url: Recrawled(True, url), Lock())
    return create_app(reader, archive=None, names=(NAME,), actions=actions)


@pytest.fixture
def browsed(application: Any) -> Iterator[Browsed]:
    with served(application) as running:
        yield running


def ask(browsed: Browsed, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", browsed.port, timeout=120)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize(
    "path", ["/articles", "/articles.csv", "/pages/1", "/sites", "/runs/over-time", "/failures.jsonl", "/nowhere"]
)
def test_nothing_is_shown_to_who_has_not_logged_in(browsed: Browsed, path: str) -> None:
    answer = ask(browsed, path, BEHIND_PROXY)

    assert (answer.status, answer.headers["location"]) == (303, "/login")


def test_the_login_gives_a_cookie_for_https_alone_that_opens_the_pages(browsed: Browsed) -> None:
    answer = browsed.post("/login", {"password": PASSWORD}, **_told(BEHIND_PROXY | {"Origin": f"https://{NAME}"}))
    cookie = answer.headers["set-cookie"]

    shown = ask(browsed, "/articles", BEHIND_PROXY | {"Cookie": cookie.partition(";")[0]})

    assert "Secure" in [part.strip() for part in cookie.split(";")]
    assert shown.status == 200


def test_without_https_there_is_not_even_a_login(browsed: Browsed) -> None:
    answers = [ask(browsed, path, {"Host": NAME}).status for path in ("/login", "/articles")]
    by_this_machine = browsed.get("/articles").status

    assert (answers, by_this_machine) == ([403, 403], 403)


def test_a_name_that_was_not_given_is_not_served(browsed: Browsed) -> None:
    assert ask(browsed, "/login", BEHIND_PROXY | {"Host": "other.example.com"}).status == 421


def test_a_form_of_another_site_is_refused_by_https_too(browsed: Browsed) -> None:
    told = _told(BEHIND_PROXY | {"Origin": f"http://{NAME}"})

    assert browsed.post("/login", {"password": PASSWORD}, **told).status == 403


def test_names_without_logins_are_refused(reader: Engine) -> None:
    with pytest.raises(ValueError, match="logins"):
        create_app(reader, archive=None, names=(NAME,))


def test_with_a_certificate_of_its_own_it_speaks_https(application: Any, tmp_path: Path) -> None:
    exposure = _certified(tmp_path)
    with _running(application, exposure) as port:
        context = ssl.create_default_context(cafile=str(exposure.certificate))
        connection = http.client.HTTPSConnection("localhost", port, timeout=60, context=context)
        connection.request("GET", "/login", headers={"Host": NAME})
        answer = connection.getresponse()
        answer.read()
        connection.close()

    assert answer.status == 200


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("--host", "0.0.0.0"), "--hash-password", id="no-password"),  # noqa: S104  # is refused
        pytest.param(("--name", NAME), "--hash-password", id="name-without-password"),
        pytest.param(("--certificate", "x.pem"), "--key", id="half-a-certificate"),
        pytest.param(("--certificate", "x.pem", "--key", "y.pem"), "is no file", id="no-files"),
    ],
)
def test_the_command_refuses_to_show_it_to_others_unsafely(
    run_scrapy: RunScrapy, arguments: tuple[str, ...], told: str
) -> None:
    called = run_scrapy("browse", *arguments)

    assert (called.returncode, told in called.stderr) == (2, True), called.stderr


@pytest.mark.parametrize(
    ("exposure", "has_password", "told"),
    [
        (Exposure(), False, None),
        (Exposure(host="::1"), False, None),
        (Exposure(host="192.0.2.1"), True, "--name"),
        (Exposure(host="192.0.2.1", names=(NAME,)), True, "without https the password could be read"),
        (Exposure(host="localhost", names=(NAME,)), True, None),
    ],
)
def test_what_is_not_safe_is_refused_with_the_reason(exposure: Exposure, has_password: bool, told: str | None) -> None:
    fault = exposure.fault(has_password=has_password)

    assert fault is None if told is None else told in (fault or "")


def _told(headers: dict[str, str]) -> dict[str, str]:
    """As `Browsed.post` takes them."""
    return {name.lower().replace("-", "_"): value for name, value in headers.items()}


def _certified(folder: Path) -> Exposure:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False).sign(
        key, hashes.SHA256()
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *plain))
    (folder / "certificate.pem").write_bytes(signed.public_bytes(pem))
    return Exposure(names=(NAME,), certificate=folder / "certificate.pem", key=folder / "key.pem")


@contextmanager
def _running(application: Any, exposure: Exposure) -> Iterator[int]:
    running = server(application, exposure)
    with bind(0, exposure.host) as listening:
        thread = Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            running.should_exit = True
            thread.join(timeout=10)
