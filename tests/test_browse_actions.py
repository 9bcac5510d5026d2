"""What can be done in `triptych browse`, and by whom."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from lxml import html
from sqlalchemy import Engine

pytest.importorskip("starlette", reason="the pages need the extra web: pip install 'triptych[web]'")

from models.engine import open_database, writing
from models.tables import METADATA
from pipelines.alarms import note_caught_up
from pipelines.browse import Actions, Logins, Recrawled, create_app, hash_password, open_to_read
from pipelines.browse.logins import TooManyTries, is_hash
from tests.browsing import HOSTILE_URL, NOW, Browsed, fill_to_browse, served
from tests.conftest import ROOT, RunScrapy

PASSWORD = "four hundred 包裹"  # noqa: S105  # of these tests
HASH = hash_password(PASSWORD)


@pytest.fixture
def recrawled() -> list[str]:
    """URLs that were crawled again."""
    return []


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database that all tests look at, and none can write."""
    folder = tmp_path_factory.mktemp("actions")
    url = f"sqlite:///{folder / 'own.db'}"
    engine = open_database(url)
    fill_to_browse(engine, folder / "archive")
    engine.dispose()
    opened = open_to_read(url)
    yield opened
    opened.dispose()


@pytest.fixture
def browsed(reader: Engine, recrawled: list[str]) -> Iterator[Browsed]:
    """A server that nobody has logged in to yet."""

    def recrawl(url: str) -> Recrawled:
        recrawled.append(url)
        return Recrawled(True, "unchanged <b>bold</b>")

    actions = Actions(Logins(HASH), recrawl, Lock())
    with served(create_app(reader, archive=None, actions=actions)) as running:
        yield running


def log_in(browsed: Browsed, password: str = PASSWORD) -> str:
    """The session's cookie."""
    answer = browsed.post("/login", {"password": password})
    return answer.headers["set-cookie"].partition(";")[0]


def page_of(browsed: Browsed, url: str = HOSTILE_URL) -> str:
    return browsed.get(f"/articles?q={url}").headers["location"]


def csrf_of(browsed: Browsed, cookie: str) -> str:
    tree: Any = html.fromstring(browsed.see(page_of(browsed), cookie).text)
    token: str = tree.xpath("//form[contains(@action, '/recrawl')]/input[@name='csrf']/@value")[0]
    return token


def test_who_has_logged_in_can_have_a_page_crawled_again(browsed: Browsed, recrawled: list[str]) -> None:
    page = page_of(browsed)
    cookie = log_in(browsed)

    done = browsed.post(f"{page}/recrawl", {"csrf": csrf_of(browsed, cookie)}, cookie=cookie)

    assert (done.status, recrawled) == (200, [HOSTILE_URL])
    assert "unchanged &lt;b&gt;bold" in done.text


def test_the_cookie_is_kept_from_scripts_and_other_sites(browsed: Browsed) -> None:
    cookie = browsed.post("/login", {"password": PASSWORD}).headers["set-cookie"].lower()

    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in cookie.split(";")}


def test_who_has_not_logged_in_sees_no_form_and_can_do_nothing(browsed: Browsed, recrawled: list[str]) -> None:
    page = page_of(browsed)

    shown = browsed.get(page).text
    refused = browsed.post(f"{page}/recrawl", {"csrf": ""}, cookie="triptych_session=")

    assert "Log in to recrawl it" in shown
    assert "<form" not in shown
    assert (refused.status, recrawled) == (403, [])


@pytest.mark.parametrize("token", ["", "wrong", "包裹"])
def test_a_form_that_is_not_of_the_session_is_refused(browsed: Browsed, recrawled: list[str], token: str) -> None:
    cookie = log_in(browsed)
    tokens = (token, csrf_of(browsed, log_in(browsed)))
    act = f"{page_of(browsed)}/recrawl"

    answers = [browsed.post(act, {"csrf": each}, cookie=cookie).status for each in tokens]

    assert (answers, recrawled) == ([403, 403], [])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"origin": "https://evil.example"}, 403, id="another-site"),
        pytest.param({"origin": "null"}, 403, id="a-sandboxed-frame"),
        pytest.param({"origin": "http://localhost:1"}, 403, id="another-port"),
        pytest.param({"origin": "null", "sec_fetch_site": "cross-site"}, 403, id="another-site-without-a-name"),
        pytest.param({"origin": "null", "sec_fetch_site": "same-site"}, 403, id="a-sister-of-the-host"),
        pytest.param({"origin": "null", "sec_fetch_site": "same-origin"}, 200, id="as-chromium-sends-our-own"),
    ],
)
def test_only_a_form_of_our_own_is_taken(
    browsed: Browsed, recrawled: list[str], headers: dict[str, str], status: int
) -> None:
    cookie = log_in(browsed)
    token = csrf_of(browsed, cookie)

    answer = browsed.post(f"{page_of(browsed)}/recrawl", {"csrf": token}, cookie=cookie, **headers)

    assert (answer.status, len(recrawled)) == (status, int(status == 200))


def test_after_the_logout_the_session_is_worth_nothing(browsed: Browsed, recrawled: list[str]) -> None:
    cookie = log_in(browsed)
    token = csrf_of(browsed, cookie)

    browsed.post("/logout", {"csrf": token}, cookie=cookie)
    answer = browsed.post(f"{page_of(browsed)}/recrawl", {"csrf": token}, cookie=cookie)

    assert (answer.status, recrawled) == (403, [])


def test_wrong_passwords_are_refused_and_soon_no_longer_looked_at(browsed: Browsed) -> None:
    answers = [browsed.post("/login", {"password": f"guess {number}"}).status for number in range(6)]

    assert answers == [403] * 5 + [429]
    assert browsed.post("/login", {"password": PASSWORD}).status == 429


@pytest.mark.parametrize(
    ("following", "leads_to"),
    [
        ("/pages/1", "/pages/1"),
        ("/pages/1?beside=1", "/pages/1?beside=1"),
        ("//evil.example", "/articles"),
        ("https://evil.example/", "/articles"),
        ("/pages/1\r\nSet-Cookie: x=1", "/articles"),
    ],
)
def test_the_login_leads_to_a_page_of_ours_and_nowhere_else(browsed: Browsed, following: str, leads_to: str) -> None:
    assert browsed.post("/login", {"password": PASSWORD, "next": following}).headers["location"] == leads_to


def test_open_alarms_are_shown_with_their_pages_and_copies_with_how_far_they_are_behind(
    sqlite_url: str, tmp_path: Path
) -> None:
    engine = open_database(sqlite_url)
    fill_to_browse(engine, tmp_path / "archive")
    alarm, page = METADATA.tables["alarm"], METADATA.tables["alarm_page"]
    with writing(engine) as connection:
        told = {"watched": "example.com", "rule": "field", "subject": "date_published", "message": "<b>12 %</b> dated"}
        times = dict.fromkeys(("since_at", "raised_at", "seen_at"), NOW)
        connection.execute(alarm.insert().values(id=1, site_id=1, crawl_id=1, **told, **times))
        connection.execute(page.insert().values(alarm_id=1, position=0, page_id=1, is_before=True, version=1))
    note_caught_up(engine, "sqlite:///copy.db", shown="sqlite:///copy.db", tables=(), now=NOW)
    engine.dispose()
    opened = open_to_read(sqlite_url)

    with served(create_app(opened, archive=None)) as browsed:
        shown = browsed.get("/alarms").text
    opened.dispose()

    tree: Any = html.fromstring(shown)
    assert "&lt;b&gt;12 %&lt;/b&gt; dated" in shown
    assert tree.xpath("//ol//span[@class='bad']/text()") == ["open"]
    assert len(tree.xpath("//ol//a[starts-with(@href, '/articles?q=')]")) == 1
    assert tree.xpath("//table//th[@scope='row']/text()") == ["sqlite:///copy.db"]


def test_a_form_that_is_too_long_is_refused(browsed: Browsed) -> None:
    assert browsed.post("/login", {"password": "x" * 20_000}).status == 413


def test_without_a_password_there_is_nothing_to_log_in_to(reader: Engine) -> None:
    with served(create_app(reader, archive=None)) as browsed:
        shown = browsed.get(page_of(browsed)).text
        answers = [browsed.get("/login").status, browsed.post("/login", {"password": PASSWORD}).status]

    assert ("Log in" in shown, answers) == (False, [404, 405])


def test_a_session_ends_by_itself() -> None:
    logins = Logins(HASH)
    name = logins.log_in(PASSWORD, now=0)

    assert logins.session(name, now=8 * 3600 - 1) is not None
    assert logins.session(name, now=8 * 3600 + 1) is None


def test_patience_comes_back() -> None:
    logins = Logins(HASH)
    for second in range(5):
        assert logins.log_in("wrong", now=second) is None

    with pytest.raises(TooManyTries):
        logins.log_in(PASSWORD, now=30)
    assert logins.log_in(PASSWORD, now=61) is not None


def test_two_hashes_of_one_password_differ_and_neither_tells_it() -> None:
    other = hash_password(PASSWORD)

    assert other != HASH
    assert is_hash(other)
    assert Logins(other).log_in(PASSWORD, now=0)
    assert "hundred" not in other


@pytest.mark.parametrize("text", ["", "secret", "scrypt$$", "scrypt$00$00", "bcrypt$" + "00" * 16 + "$" + "00" * 32])
def test_what_is_no_hash_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a hash of a password expected"):
        Logins(text)


def test_the_command_crawls_a_page_again(run_scrapy: RunScrapy, sample_site: str, tmp_path: Path) -> None:
    url = f"{sample_site}/dianshang/8801.shtml"
    run_scrapy("recrawl", url)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TRIPTYCH_DATABASE_URL": f"sqlite:///{tmp_path / 'test.db'}",
        "TRIPTYCH_ARCHIVE": str(tmp_path / "archive"),
        "TRIPTYCH_BROWSE_PASSWORD_HASH": HASH,
    }
    command = [sys.executable, "-m", "crawler", "browse", "--port", "0"]

    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        port = re.search(r"http://127\.0\.0\.1:(\d+)/", process.stderr.readline())
        assert port
        browsed = Browsed(int(port[1]))
        page, cookie = page_of(browsed, url), log_in(browsed)
        tree: Any = html.fromstring(browsed.see(page, cookie).text)
        done = browsed.post(f"{page}/recrawl", {"csrf": tree.xpath("//input[@name='csrf']/@value")[0]}, cookie=cookie)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)

    assert done.status == 200
    assert "Crawled again" in done.text
    assert f"unchanged {url}" in done.text
