"""models/roles.sql on a real server: each role can do its work, and cannot do that of the others."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Engine, make_url

from models.engine import (
    DatabaseState,
    create_database_engine,
    database_state,
    downgrade,
    open_database,
    upgrade,
)
from models.tables import METADATA
from pipelines.sync import Choice, WebhookSync
from tests.conftest import ROOT, RunScrapy
from tests.downstream import fill, record_delete, sums, sums_of, wait_for_others
from tests.test_webhook import SECRET, Receiver, receiver

__all__ = ["receiver"]  # a fixture
ROLES = ROOT / "models" / "roles.sql"
TABLES = sorted({*METADATA.tables, "alembic_version"})
REFUSED_TO_CRAWLERS = (
    "SELECT * FROM webhook",
    "SELECT message FROM dead_letter",
    "DELETE FROM article_version",
    "DELETE FROM article",
    "DELETE FROM page",
    "DELETE FROM change",
    'TRUNCATE "fetch"',
    "UPDATE change SET op = 'delete'",
    "INSERT INTO schedule (name) VALUES ('mine')",
    "CREATE TABLE mine (id int)",
    "DROP TABLE lease",
    "UPDATE alembic_version SET version_num = '0001'",
    "SELECT * FROM pg_authid",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY site TO PROGRAM 'true'",
    "SET ROLE triptych_owner",
    "CREATE TEMPORARY TABLE mine (id int)",
)
Login = Callable[[str], str]


def grant(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(ROLES.read_bytes())


@pytest.fixture
def login(postgresql_url: str) -> Iterator[Login]:
    """The URL of the test's database for somebody new in one of the roles."""
    open_database(postgresql_url).dispose()
    grant(postgresql_url)
    made: list[str] = []

    def log_in(role: str) -> str:
        made.append(f"{role}_{uuid.uuid4().hex}")
        names = sql.Identifier(made[-1]), sql.Identifier(f"triptych_{role}")
        with psycopg.connect(postgresql_url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'of tests' IN ROLE {}").format(*names))
            if role == "owner":
                connection.execute(sql.SQL("ALTER ROLE {} SET ROLE = triptych_owner").format(names[0]))
        return make_url(postgresql_url).set(username=made[-1]).render_as_string(hide_password=False)

    yield log_in
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        for name in made:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture
def as_crawler(login: Login) -> Iterator[Engine]:
    engine = create_database_engine(login("crawler"))
    yield engine
    engine.dispose()


def test_the_crawler_can_crawl_come_again_and_ask_for_a_page(
    login: Login, run_scrapy: RunScrapy, sample_site: str
) -> None:
    database = "-s", f"DATABASE_URL={login('crawler')}"

    crawled = run_scrapy("crawl", "articles", "-a", f"url={sample_site}/", "-a", "limit=4", *database)
    again = run_scrapy("crawl", "articles", "-a", f"url={sample_site}/dianshang/", "-a", "limit=2", *database)
    recrawled = run_scrapy("recrawl", f"{sample_site}/dianshang/8801.shtml", *database)
    worked = run_scrapy("work", "-s", "PAGES_PER_RUN=5", "-s", "AUTOTHROTTLE_ENABLED=False", *database)

    for done in (crawled, again, recrawled, worked):
        assert done.returncode == 0, done.stderr
        assert "permission" not in done.stderr


def test_the_crawler_can_store_all_that_may_change(as_crawler: Engine) -> None:
    fill(as_crawler, range(5))
    fill(as_crawler, range(4), version=1)
    fill(as_crawler, range(5), version=2)

    assert sums(as_crawler)["article_version"].rows == 14


def test_the_crawler_cannot_read_where_changes_are_posted_nor_make_anything_vanish(as_crawler: Engine) -> None:
    outcomes = {statement: outcome(as_crawler, statement) for statement in REFUSED_TO_CRAWLERS}

    assert outcomes == dict.fromkeys(REFUSED_TO_CRAWLERS, InsufficientPrivilege)


def test_the_reader_reads_pages_and_exports_and_can_write_nowhere(
    login: Login, run_scrapy: RunScrapy, tmp_path: Path, as_crawler: Engine
) -> None:
    fill(as_crawler, range(3))
    url = login("reader")

    exported = run_scrapy("export", str(tmp_path / "exported"), "--format", "jsonl", "-s", f"DATABASE_URL={url}")
    status = run_scrapy("status", "-s", f"DATABASE_URL={url}")
    found = run_scrapy("search", "仓库", "-s", f"DATABASE_URL={url}")

    assert (exported.returncode, status.returncode, found.returncode) == (0, 0, 0), exported.stderr + status.stderr
    assert privileges(url, "INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER") == []
    assert set(TABLES) - set(privileges(url, "SELECT")) == {"webhook", "dead_letter", "robots"}


def test_the_reader_can_browse(login: Login, as_crawler: Engine) -> None:
    pytest.importorskip("starlette", reason="the pages need the extra web: pip install 'triptych[web]'")
    from pipelines.browse import create_app, open_to_read  # noqa: PLC0415  # an optional extra
    from tests.browsing import served  # noqa: PLC0415  # the same

    fill(as_crawler, range(3))
    reader = open_to_read(login("reader"))
    paths = ("/articles", "/pages/1", "/pages/1/history", "/sites", "/tags", "/runs", "/failures", "/schedules")

    with served(create_app(reader, archive=None)) as browsed:
        answers = {path: browsed.get(path).status for path in (*paths, "/alarms", "/runs/1", "/pages/1/graph")}

    reader.dispose()
    assert set(answers.values()) == {200}, answers


def test_a_sync_copies_and_posts_and_writes_nothing_else(
    login: Login, as_crawler: Engine, sqlite_url: str, run_scrapy: RunScrapy, receiver: Receiver
) -> None:
    fill(as_crawler, range(4))
    wait_for_others(as_crawler)
    url = login("sync")
    engine = create_database_engine(url)

    copied = run_scrapy("sync", sqlite_url, "-s", f"DATABASE_URL={url}")
    receiver.answers = [400]
    posted = list(WebhookSync(engine, receiver.url, Choice(), secret=SECRET).catch_up())
    resent = list(WebhookSync(engine, receiver.url, Choice(), secret=SECRET).resend())

    engine.dispose()
    assert copied.returncode == 0, copied.stderr
    assert "takes no note" not in copied.stderr
    assert sums_of(sqlite_url) == sums(as_crawler)
    assert [step.refused for step in (*posted, *resent)] == [True, False]
    assert privileges(url, "INSERT, UPDATE, DELETE") == ["dead_letter", "sync_target", "webhook"]
    assert not {"lease", "robots", "schedule", "alarm"} & set(privileges(url, "SELECT"))


def test_the_owner_migrates_and_what_it_makes_is_granted_anew(login: Login, postgresql_url: str) -> None:
    owner = create_database_engine(login("owner"))

    downgrade(owner, "base")
    upgrade(owner)
    with owner.begin() as connection:
        record_delete(connection, "article", 1)
    url = login("reader")
    before = privileges(url, "SELECT")
    grant(postgresql_url)

    assert database_state(owner) is DatabaseState.CURRENT
    assert before == ["alembic_version"]
    assert "article" in privileges(url, "SELECT")
    owner.dispose()


def test_every_table_is_named() -> None:
    named = [line.strip()[2:].partition("'")[0] for line in ROLES.read_text("utf-8").splitlines() if "('" in line]

    assert sorted(set(named) & set(TABLES)) == TABLES


def outcome(engine: Engine, statement: str) -> type[Exception] | None:
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute(statement)
        except psycopg.Error as error:
            return type(error)
    return None


def privileges(url: str, wanted: str) -> list[str]:
    """The tables with which whoever logs in there may do any of it."""
    asked = "SELECT c.relname FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    with psycopg.connect(url) as connection:
        found = connection.execute(f"{asked} AND has_table_privilege(c.oid, %s)", [wanted]).fetchall()
    return sorted(name for (name,) in found)
