"""Secrets are planted wherever one can be given, everything is run, and no byte that is written holds one of them."""

import base64
import gzip
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import make_url

pytest.importorskip("starlette", reason="the pages need the extra web: pip install 'triptych[web]'")

from models.engine import open_database, reading
from models.tables import METADATA
from pipelines.browse import hash_password
from tests.browsing import Browsed
from tests.secret_servers import Proxy, Taker, told_by
from tests.test_alarms import bare, run, whole

SECRETS = {
    "database": "db%Pa55/word",
    "target": "target%Pa55:word",
    "proxy": "proxy+Pa55/word",
    "site": "site Pa55@word",
    "typed": "typedPa55word",
    "webhook user": "hook&Pa55=word",
    "webhook query": "hookQueryPa55word",
    "webhook path": "hookPathPa55wordThatIsLong",
    "signature": "signaturePa55word",
    "login": "loginPa55word",
}
"""With letters that URLs write in other ways."""
USER = "planter"


def quoted(name: str) -> str:
    return quote(SECRETS[name], safe="")


def forms_of(secret: str) -> set[bytes]:
    """As it is, as URLs write it, and as HTTP sends it."""
    basic = base64.b64encode(f"{USER}:{secret}".encode())
    return {secret.encode(), quote(secret, safe="").encode(), quote(secret).encode(), basic}


def leaks_in(told: Mapping[str, bytes], planted: Mapping[str, set[bytes]]) -> set[tuple[str, str]]:
    """Which secret is where."""
    return {
        (name, place)
        for place, text in told.items()
        for name, forms in planted.items()
        if any(f in text for f in forms)
    }


class Written:
    """Everything that commands have written, by what wrote it."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {**os.environ, **environment, "COLUMNS": "200", "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
        self.said: dict[str, bytes] = {}

    def run(self, *arguments: str, log: str = "-vv") -> int:
        command = [sys.executable, "-m", "crawler", arguments[0], log, *arguments[1:]]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, check=False, timeout=120
        )
        self.said[f"{len(self.said)} {arguments[0]}, exit status {done.returncode}"] = done.stdout + done.stderr
        return done.returncode

    def browse(self) -> Iterator[Browsed]:
        command = [sys.executable, "-m", "crawler", "browse", "--port", "0", "-vv"]
        with subprocess.Popen(
            command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as process:
            assert process.stdout is not None
            before = b""
            while not (found := re.search(rb"http://127\.0\.0\.1:(\d+)/", before)):
                line = process.stdout.readline()
                assert line, before
                before += line
            yield Browsed(int(found[1]))
            process.send_signal(signal.SIGINT)
            self.said["browse"] = before + process.communicate(timeout=30)[0]

    def files(self) -> dict[str, bytes]:
        found = {
            str(path.relative_to(self.folder)): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()
        }
        return {name: gzip.decompress(read) if name.endswith(".gz") else read for name, read in found.items()}


def rows_of(url: str) -> dict[str, bytes]:
    engine = open_database(url)
    with reading(engine) as connection:
        found = {
            name: repr([tuple(row) for row in connection.execute(table.select())]).encode()
            for name, table in METADATA.tables.items()
        }
    engine.dispose()
    return found


@pytest.fixture
def environment(postgresql_url: str, tmp_path: Path) -> dict[str, str]:
    """A secret in every variable that can hold one; two of them name files that do."""
    url = make_url(postgresql_url).set(password=SECRETS["database"]).render_as_string(hide_password=False)
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "signature").write_text(SECRETS["signature"] + "\n", "utf-8")
    return {
        "TRIPTYCH_DATABASE_URL": url,
        "TRIPTYCH_WEBHOOK_SECRET_FILE": str(hidden / "signature"),
        "TRIPTYCH_BROWSE_PASSWORD_HASH": hash_password(SECRETS["login"]),
        "TRIPTYCH_ADDRESSES_ALLOWED": "127.0.0.1:*",
    }


def test_no_secret_is_in_anything_that_is_written(
    environment: dict[str, str], sample_site: str, tmp_path: Path
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    with told_by(Proxy) as proxy, told_by(Taker) as taker:
        hook = f"127.0.0.1:{taker.port}/{quoted('webhook path')}?token={quoted('webhook query')}"
        hook = f"http://{USER}:{quoted('webhook user')}@{hook}"
        environment |= {
            "http_proxy": f"http://{USER}:{quoted('proxy')}@127.0.0.1:{proxy.port}",
            "no_proxy": "",
            "TRIPTYCH_CREDENTIALS": sample_site.replace("://", f"://{USER}:{quoted('site')}@"),
            "TRIPTYCH_ALARM_WEBHOOK": hook,
        }
        written = Written(folder, environment)
        engine = open_database(environment["TRIPTYCH_DATABASE_URL"])
        run(engine, whole("before"))
        run(engine, bare("after"))
        engine.dispose()
        statuses = list(everything(written, sample_site, hook))
        pages = {f"page {path}": text for path, text in browsed(written)}

    told = written.said | written.files() | rows_of(environment["TRIPTYCH_DATABASE_URL"]) | pages
    hashed = environment["TRIPTYCH_BROWSE_PASSWORD_HASH"].rpartition("$")[2].encode()

    assert leaks_in(told, {**{name: forms_of(secret) for name, secret in SECRETS.items()}, "hash": {hashed}}) == set()
    assert b"DEBUG: Crawled" in told["0 crawl, exit status 0"]
    assert {name.partition("/")[0] for name in written.files()} == {"triptych-archive", "exported", "copy.db"}
    assert statuses == [0, 2, 1, 0, 1, 3, 3, 2, 1, 0, 0, 1], written.said
    assert len(proxy.asked) > 5
    for told_to, header, secret in (
        (proxy, "proxy-authorization", "proxy"),
        (proxy, "authorization", "site"),
        (taker, "authorization", "webhook user"),
    ):
        (value,) = told_to.values(header)
        assert value == "Basic " + base64.b64encode(f"{USER}:{SECRETS[secret]}".encode()).decode()


def everything(written: Written, site: str, hook: str) -> Iterator[int]:
    """Commands that are given secrets, in what works and in what does not."""
    article = f"{site}/dianshang/8801.shtml"
    yield written.run("crawl", "articles", "-a", f"url={site}/", "-a", "limit=3")
    yield written.run("crawl", "articles", "-a", f"url={site}/".replace("://", f"://{USER}:{quoted('typed')}@"))
    yield written.run("recrawl", f"{site}/not-there.html")
    yield written.run("sync", hook, "--tables", "site")
    yield written.run("sync", hook.replace(str(quoted("webhook path")), "refuse"), "--tables", "site")
    yield written.run("sync", f"postgresql://{USER}:{quoted('target')}@127.0.0.1:9/copy", "--check")
    own = make_url(written.environment["TRIPTYCH_DATABASE_URL"]).set(password=SECRETS["target"])
    yield written.run("sync", own.render_as_string(hide_password=False))
    yield written.run("show", f"{article}".replace("://", f"://{USER}:{quoted('typed')}/x@"))
    yield written.run("alarms", "--all")
    yield written.run("sync", "sqlite:///copy.db")
    yield written.run("export", "exported", "--format", "jsonl")
    yield written.run("status")
    written.run("doctor")
    written.run("db", "check", "-s", f"DATABASE_URL=postgresql://{USER}:{quoted('target')}@127.0.0.1:9/x")
    written.run(
        "status",
        "-s",
        f"DATABASE_URL=postgresql://{USER}:{SECRETS['target']}@127.0.0.1:9/x?sslpassword={quoted('target')}",
    )


def browsed(written: Written) -> Iterator[tuple[str, bytes]]:
    """Pages, before and after the login, and after a wrong password; one crawls again."""
    for server in written.browse():
        yield "wrong", server.post("/login", {"password": SECRETS["login"] + "x"}).text.encode()
        cookie = server.post("/login", {"password": SECRETS["login"]}).headers["set-cookie"].partition(";")[0]
        for path in ("/articles", "/pages/1", "/runs", "/runs/1", "/failures", "/alarms", "/sites", "/nowhere"):
            yield path, server.see(path, cookie).text.encode()
        form = re.search(r'name="csrf" value="([^"]+)"', server.see("/pages/1", cookie).text)
        assert form
        yield "recrawl", server.post("/pages/1/recrawl", {"csrf": form[1]}, cookie=cookie).text.encode()


@pytest.mark.parametrize(
    "text",
    [
        f"http://{USER}:{quoted('site')}@127.0.0.1/",
        f"password {SECRETS['site']!r}",
        "Authorization: Basic cGxhbnRlcjpzaXRlIFBhNTVAd29yZA==",
    ],
)
def test_a_secret_is_found_however_it_is_written(text: str) -> None:
    assert leaks_in({"log": text.encode()}, {"site": forms_of(SECRETS["site"])}) == {("site", "log")}
