"""What tests of several modules stand on: the command line as a user runs it, a site, databases, a page."""

import atexit
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from sqlalchemy import Engine
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from crawler.document import Document
from crawler.extractors.body.finder import BodyFinder
from crawler.extractors.metadata import Metadata, extract_metadata
from crawler.extractors.tree.outline import outline_of
from crawler.limited_process import cores
from crawler.samplesite import serve
from crawler.site import GENERIC, Site
from models.engine import open_database
from tests.embedded_postgresql import embedded_server
from tests.forked_commands import ForkedCommands, forked_commands
from tests.project_copies import compile_rooms, copy_project

ROOT = Path(__file__).parents[1]

RunScrapy = Callable[..., subprocess.CompletedProcess[str]]
ReadMetadata = Callable[..., Metadata]
# Workers, schedules and what they start: the sites of tests lie on loopback, at whatever port is free.
os.environ["TRIPTYCH_ADDRESSES_ALLOWED"] = "127.0.0.1:*"
QUICK = ("-s", "AUTOTHROTTLE_ENABLED=False")
ASKING = ("crawl", "recrawl", "work", "schedule", "record", "site")
"""Commands that ask sites for many pages."""
NOW = datetime(2024, 3, 20, 12, 0, tzinfo=UTC)
TEXT = "<p>" + "The harbour opened its gates again this week, and ships that had waited came in at last. " * 4 + "</p>"

# The same examples in each run, however long one takes: what fails once fails again, and no busy machine fails. New
# ones are looked for by `pytest --hypothesis-profile=search`.
_TOO_SLOW = [HealthCheck.too_slow]
settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=_TOO_SLOW)
settings.register_profile("search", deadline=None, suppress_health_check=_TOO_SLOW)
settings.load_profile("same")


_LONG = (
    "frontier_kills hostile sync_faults crawl_faults politeness docs browser schedule_command work_command crawl_again "
    "crawl_command reextract_command alarms_crawl multi_page connections archive_retention fuzzing revisits_stored "
    "frontier_command prune doctor_command recrawl_command sync sync_command ui_probe planted_secrets redirects "
    "open_crawl roles site_command json_output status_command"
).split()
"""Files of tests that take or wait half a minute and more: begun first, so that none is left alone at the end."""
_APART = {
    f"tests/test_{name}.py"
    for name in (
        "frontier_kills sync_faults crawl_faults politeness docs schedule_command work_command crawl_again "
        "frontier_command prune doctor_command recrawl_command"
    ).split()
}
"""Of those, the files whose tests share nothing: each test goes to whoever is free."""


class LongFilesApart(LoadFileScheduling):  # type: ignore[misc]  # the package has no types
    """The tests of any other file go to one worker, which makes once what they share."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return nodeid if file in _APART else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    return LongFilesApart(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # before there are workers
        compile_rooms()
        if "XDG_RUNTIME_DIR" not in os.environ:
            # The lock of the embedded PostgreSQL lies there. It must be the same for all workers, or two of them would
            # make the server that they share.
            os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="triptych-runtime-")
            # Now, so that it is called last: servers that are left are stopped at exit, and take the lock for it.
            atexit.register(shutil.rmtree, os.environ["XDG_RUNTIME_DIR"], ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    long = {f"test_{name}.py": position for position, name in enumerate(_LONG)}
    items.sort(key=lambda item: long.get(item.path.name, len(long)))


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores: a third of the tests' time is spent waiting for servers, delays and leases."""
    return cores() + 2


@pytest.fixture(scope="session")
def commands() -> Iterator[ForkedCommands]:
    with forked_commands() as forked:
        yield forked


@pytest.fixture
def run_scrapy(tmp_path: Path, commands: ForkedCommands) -> RunScrapy:
    """`python -m scrapy …` in the repository, with a database of the test's own unless the arguments name one.

    No colours, 80 columns. AutoThrottle waits for nobody, unless told to: the server is ours.
    """
    return _runner(tmp_path, commands)


@pytest.fixture(scope="module")
def run_scrapy_once(tmp_path_factory: pytest.TempPathFactory, commands: ForkedCommands) -> RunScrapy:
    """`run_scrapy` for what several tests of a module look at."""
    return _runner(tmp_path_factory.mktemp("scrapy"), commands)


def _runner(folder: Path, commands: ForkedCommands) -> RunScrapy:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRIPTYCH_", "SCRAPY_"))}
    environment = {**kept, "COLUMNS": "80", "TRIPTYCH_DATABASE_URL": f"sqlite:///{folder / 'test.db'}"}
    environment["TRIPTYCH_ARCHIVE"] = str(folder / "archive")
    environment["TRIPTYCH_ADDRESSES_ALLOWED"] = os.environ["TRIPTYCH_ADDRESSES_ALLOWED"]

    def run(*arguments: str | Path, cwd: Path = ROOT, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        command, *others = map(str, arguments)
        quick = QUICK if command in ASKING else ()
        return commands.run((command, *quick, *others), cwd=cwd, env=environment, timeout=timeout)

    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, so that no site file and no test case is written among the real ones."""
    return copy_project(tmp_path / "project")


@pytest.fixture(scope="session")
def sample_site() -> Iterator[str]:
    """The base URL of the sample site, served on loopback."""
    with serve() as base_url:
        yield base_url


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a real server: one for all processes of a run, started by the first and stopped by the last."""
    # Not below pytest's own folder: that is closed to other users, and the server runs as one of its own.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")
    data = Path(tempfile.gettempdir()) / f"triptych-postgresql-{run}"
    data.mkdir(mode=0o700, exist_ok=True)  # of two processes that make it at once, the package lets one fail
    server = embedded_server(data)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@contextmanager
def _database(server: str, *, template: str) -> Iterator[str]:
    """The name of a copy of `template`."""
    name = f"test_{uuid.uuid4().hex}"
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(make)
    yield name
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _url_on(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def postgresql_with_tables(postgresql_server: str) -> Iterator[str]:
    """The name of a database with the tables made, to be copied: that takes a tenth of making them."""
    with _database(postgresql_server, template="template0") as name:
        open_database(_url_on(postgresql_server, name)).dispose()
        yield name


@pytest.fixture(scope="session")
def sqlite_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same."""
    file = tmp_path_factory.mktemp("tables") / "own.db"
    open_database(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture
def postgresql_url(postgresql_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the test's own: empty, or with the tables made for `engine`."""
    # template1 may be visited by the server itself, which then refuses to copy it.
    is_made = "engine" in request.fixturenames
    template = request.getfixturevalue("postgresql_with_tables") if is_made else "template0"
    with _database(postgresql_server, template=template) as name:
        yield _url_on(postgresql_server, name)


@pytest.fixture
def sqlite_url(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A database file of the test's own: not there yet, or with the tables made for `engine`."""
    file = tmp_path / "own.db"
    if "engine" in request.fixturenames:
        shutil.copy(request.getfixturevalue("sqlite_with_tables"), file)
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of the test's own, on each dialect in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The same with the tables made."""
    opened = open_database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def read_metadata() -> ReadMetadata:
    """The facts of a page made of its head, what stands above its text, the text three times, and what is below."""

    def read(
        head: str = "",
        above: str = "<h1>Ports reopen after the storm</h1>",
        below: str = "",
        *,
        text: str = TEXT,
        url: str = "https://www.example.org/trade/ports",
        site: Site = GENERIC,
        now: datetime | None = NOW,
    ) -> Metadata:
        markup = (
            f"<html><head>{head}</head><body><article>{above}<div class='text'>{text * 3}</div>{below}</article></body>"
        )
        document = Document.parse(markup, url=url)
        outline = outline_of(document)
        return extract_metadata(document, outline, BodyFinder(outline).find().numbers, site=site, now=now)

    return read
