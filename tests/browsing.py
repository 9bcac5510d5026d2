"""What the tests of `triptych browse` share: a database to look at, served over real HTTP."""

import http.client
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine

from models.engine import open_database
from models.items import (
    ArchivePlace,
    Article,
    Block,
    BlockType,
    LinkItem,
    LinkList,
    LinkListKind,
    Origin,
    Page,
    PageError,
    PageKind,
    TagItem,
    TagList,
    TagListKind,
)
from pipelines.archive import ArchiveWriter, Exchange
from pipelines.store import Store
from tests.downstream import fill

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
HOSTILE_URL = "https://hostile.example/1"
HOSTILE = '"><script>alert(1)</script>\u202egnp.exe'
BODY = "/html/body/div[1]"
LISTED = "/html/body/ul"
MARKUP = f"""<html><head><title>Hostile</title><style>body {{ color: red }}</style><script>alert(1)</script></head>
<body onload="alert(1)"><div id="links-1" data-panel="tags"><p onclick="alert(1)">Said by the page. <img src="/x.png"
alt="A ship" onerror="alert(1)"></p><iframe src="https://evil.example/"></iframe></div>
<ul><li><a href="javascript:alert(1)">{HOSTILE}</a></li></ul><form action="/steal"><input name="q"></form>
</body></html>"""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class Browsed:
    """A running server."""

    port: int

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, *, method: str = "GET", host: str | None = None) -> Answer:
        return self._ask(method, path, {"Host": host} if host else {})

    def post(self, path: str, form: dict[str, str], *, cookie: str = "", **headers: str) -> Answer:
        """As a browser sends a form; by default one of this server's own pages."""
        given = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.base_url, "Cookie": cookie}
        told = {name.replace("_", "-").title(): value for name, value in headers.items()}
        return self._ask("POST", path, given | told, urlencode(form))

    def see(self, path: str, cookie: str) -> Answer:
        """GET by one who has a session."""
        return self._ask("GET", path, {"Cookie": cookie})

    def _ask(self, method: str, path: str, headers: dict[str, str], body: str | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read().decode())
        finally:
            connection.close()


def hostile_article() -> Article:
    return Article(
        headline=f"Hostile {HOSTILE}",
        blocks=(
            Block(type=BlockType.PARAGRAPH, text=f"仓库 {HOSTILE}"),
            Block(type=BlockType.HEADING, text=HOSTILE, level=2),
            Block(type=BlockType.LIST_ITEM, text=HOSTILE, level=9),
            Block(type=BlockType.LIST_ITEM, text="second", level=1),
            Block(type=BlockType.QUOTE, text=HOSTILE),
            Block(type=BlockType.CODE, text=HOSTILE),
            Block(type=BlockType.TABLE, text=f"{HOSTILE}\tb\nc\td"),
            Block(type=BlockType.IMAGE, text=HOSTILE, url="javascript:alert(1)"),
            Block(type=BlockType.CAPTION, text=HOSTILE),
        ),
        authors=(HOSTILE,),
        source=HOSTILE,
        date_text=HOSTILE,
        main_image="data:text/html,x",
        xpath=BODY,
        confidence=0.875,
        origins={"source": Origin.GENERIC, "article_body": Origin.HINT},
    )


def hostile_page(archived: ArchivePlace | None = None) -> Page:
    """Every text of it tries to be markup, every address to be a script."""
    return Page(
        url=HOSTILE_URL,
        canonical_url=HOSTILE_URL,
        fetched_at=NOW,
        status=200,
        kind=PageKind.ARTICLE,
        kind_reason=HOSTILE,
        title=HOSTILE,
        encoding="utf-8",
        archived=archived,
        errors=(PageError(field="headline", message=HOSTILE),),
        articles=(hostile_article(),),
        link_lists=(
            LinkList(
                kind=LinkListKind.RELATED,
                heading=HOSTILE,
                xpath=LISTED,
                confidence=0.5,
                items=(
                    LinkItem(url="javascript:alert(1)", headline=HOSTILE),
                    LinkItem(url="https://example.com/1", headline="Stored one"),
                    LinkItem(url="https://nowhere.example/", headline="Never fetched"),
                    LinkItem(url=None, headline=None, date_text=HOSTILE),
                ),
            ),
        ),
        tag_lists=(TagList(kind=TagListKind.ARTICLE, items=(TagItem(name=f"tag {HOSTILE}"),), heading=HOSTILE),),
    )


def fill_to_browse(engine: Engine, archive: Path) -> None:
    """Nine articles, one in two versions, a failure, and a hostile page with what was archived of it."""
    fill(engine, range(9))
    fill(engine, [1], version=1)
    writer = ArchiveWriter(archive)
    place: ArchivePlace = writer.write(
        Exchange(
            url=HOSTILE_URL,
            method="GET",
            request_headers=(),
            status=200,
            headers=(("Content-Type", "text/html"),),
            body=MARKUP.encode(),
            fetched_at=NOW,
        )
    )
    writer.close()
    store = Store(engine)
    crawl_id = store.begin_crawl("articles", {"start_urls": [HOSTILE_URL], "limit": None})
    store.write([hostile_page(place)], crawl_id)
    store.finish_crawl(crawl_id, reason="finished")


@contextmanager
def served(application: Any) -> Iterator[Browsed]:
    """In a thread of its own, on any free port."""
    from pipelines.browse import bind, server  # noqa: PLC0415  # an optional extra: its tests are skipped without it

    running = server(application)
    with bind(0) as listening:
        thread = Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield Browsed(listening.getsockname()[1])
        finally:
            running.should_exit = True
            thread.join(timeout=10)


@contextmanager
def browsing(url: str, folder: Path) -> Iterator[Browsed]:
    """The pages of a database that is made and filled for it, with its archive in the folder."""
    from pipelines.browse import Memory, create_app, open_to_read  # noqa: PLC0415  # the same extra

    engine = open_database(url)
    fill_to_browse(engine, folder / "archive")
    engine.dispose()
    reader = open_to_read(url)
    try:
        # Whoever asks waits for the sums: a busy machine would show that they are being counted.
        memory = Memory(least_patience_seconds=60)
        with served(create_app(reader, archive=folder / "archive", memory=memory)) as running:
            yield running
    finally:
        reader.dispose()


@contextmanager
def new_database(server: str) -> Iterator[str]:
    """The URL of an empty database of the server; it is gone afterwards."""
    name = f"browse_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def browsing_on(dialect: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Browsed]:
    """`browsing`, with a database of its own of that dialect."""
    if dialect == "sqlite":
        with browsing(f"sqlite:///{folder / 'own.db'}", folder) as running:
            yield running
        return
    with new_database(request.getfixturevalue("postgresql_server")) as url, browsing(url, folder) as running:
        yield running
