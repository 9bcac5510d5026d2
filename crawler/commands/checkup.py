"""What has to be right before a crawl can be, looked at one by one. No command itself."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from scrapy.settings import Settings

from crawler.console import PROGRAM
from crawler.errors import UsageError
from models.errors import StorageError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_OLDEST_PYTHON = (3, 11)
_FREE_BYTES = 1 << 30
_CLOCK_SECONDS = 5.0
_SAFE = {
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
}
_PARAGRAPH = "<p>The harbour office counted four hundred parcels on the first morning of the new customs line.</p>"
_SAMPLE = f"<html><title>Parcels</title><h1>Four hundred parcels</h1>{_PARAGRAPH * 5}</html>"


class State(StrEnum):
    GOOD = "good"
    DOUBTFUL = "doubtful"  # it works, and may not be meant so
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    check: str
    state: State
    found: str
    mend: str | None = None
    """What to do; None where nothing is to be done."""


Check = Callable[[Settings], Iterator[Finding]]


def findings(settings: Settings) -> Iterator[Finding]:
    """Of all checks, in the order in which one builds on the other. Nothing is written but for a moment."""
    for check in (_python, _packages, _settings, _guard, _extractor, _database, _archive, _chromium, _terminal):
        yield from check(settings)


def _python(_settings: Settings) -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= _OLDEST_PYTHON:
        yield Finding("python", State.GOOD, found)
    else:
        yield Finding("python", State.BAD, found, "install Python 3.11 or later, and make a new virtual environment")


def _packages(_settings: Settings) -> Iterator[Finding]:
    from packaging.requirements import Requirement

    try:
        needed = [Requirement(line) for line in requires(PROGRAM) or ()]
    except PackageNotFoundError:
        mend = "run in its folder: pip install -e ."
        yield Finding("packages", State.DOUBTFUL, "run from its folder without being installed", mend)
        return
    wrong = []
    for each in (each for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})):
        try:
            have = version(each.name)
        except PackageNotFoundError:
            wrong.append(f"{each.name} is missing")
            continue
        if not each.specifier.contains(have, prereleases=True):
            wrong.append(f"{each.name} is {have}, needed {each.specifier}")
    if wrong:
        yield Finding("packages", State.BAD, "; ".join(wrong), "run in its folder: pip install -e .")
    else:
        yield Finding("packages", State.GOOD, f"{PROGRAM} {version(PROGRAM)}, scrapy {version('scrapy')}")


def _settings(settings: Settings) -> Iterator[Finding]:
    changed = [name for name, value in _SAFE.items() if settings.getbool(name) is not value]
    if changed:
        told = ", ".join(f"{name} is {settings.getbool(name)}" for name in changed)
        yield Finding("settings", State.DOUBTFUL, told, "leave them as they are in crawler/settings.py")
    else:
        yield Finding("settings", State.GOOD, "robots.txt obeyed, certificates checked, no remote control")


def _guard(settings: Settings) -> Iterator[Finding]:
    from crawler.commands.guard_check import trouble_with_guard

    if trouble := trouble_with_guard(settings):
        mend = "leave DOWNLOAD_HANDLERS as they are in crawler/settings.py; till then, a page can send the crawl inside"
        yield Finding("guard", State.BAD, trouble, mend)
        return
    allowed = settings.getlist("ADDRESSES_ALLOWED")
    but = f", but for {', '.join(allowed)}, which ADDRESSES_ALLOWED names" if allowed else ""
    yield Finding("guard", State.GOOD, f"private addresses are refused{but}")


def _extractor(_settings: Settings) -> Iterator[Finding]:
    """Loads numpy and the learned models, as each worker of a crawl does."""
    from crawler.extractors import extract_page

    page = extract_page(_SAMPLE, url="https://example.com/2026/03/parcels.html")
    blocks = len(page.articles[0].blocks) if page.articles else 0
    if blocks == 5:
        yield Finding("extractor", State.GOOD, "splits a sample page")
    else:
        mend = "install again in its folder: pip install --force-reinstall -e ."
        yield Finding("extractor", State.BAD, f"found {blocks} of the 5 paragraphs of a sample page", mend)


def _database(settings: Settings) -> Iterator[Finding]:
    from sqlalchemy import make_url
    from sqlalchemy.exc import SQLAlchemyError

    from models.engine import DatabaseState, create_database_engine, database_state, shown_url

    url = settings["DATABASE_URL"]
    try:
        engine = create_database_engine(url)
        state = database_state(engine)
    except (StorageError, SQLAlchemyError) as error:
        told, _, mend = str(error).rpartition("; ")
        yield Finding("database", State.BAD, told or str(error), mend or None)
        return
    where = shown_url(make_url(url))
    try:
        if state is DatabaseState.CURRENT:
            yield Finding("database", State.GOOD, where)
            yield from _tables(engine)
        elif state is DatabaseState.EMPTY:
            yield from _place(engine, where)
        else:
            mend = "run: scrapy db upgrade" if state is DatabaseState.OLD else "see: scrapy db check"
            yield Finding("database", State.BAD, f"{where}: its tables are {state.value}", mend)
    finally:
        engine.dispose()


def _place(engine: "Engine", where: str) -> Iterator[Finding]:
    """Where nothing is stored yet: a file needs a folder that can be written."""
    folder = Path(str(engine.url.database)).parent
    if engine.dialect.name == "sqlite" and (trouble := _trouble_writing(folder)):
        mend = "make the folder, or name another file by TRIPTYCH_DATABASE_URL"
        yield Finding("database", State.BAD, f"{where}: {trouble}", mend)
    else:
        yield Finding("database", State.GOOD, f"{where}: empty; the first crawl makes its tables")
    yield _clock(0.0)


def _tables(engine: "Engine") -> Iterator[Finding]:
    from sqlalchemy.exc import DBAPIError

    from models.engine import reading
    from models.search import missing_index

    try:
        _write_and_undo(engine)
        yield Finding("writing", State.GOOD, "a row can be written")
    except DBAPIError as error:
        cause = str(error.orig).strip().partition("\n")[0]
        mend = "give the user of the URL the right to write, or end what holds the database"
        yield Finding("writing", State.BAD, cause, mend)
    with reading(engine) as connection:
        missing = missing_index(connection)
        ahead = _clock_difference(connection)
    told, _, mend = (missing or "").partition("; ")
    if missing:
        yield Finding("search", State.DOUBTFUL, told, mend or "make it: scrapy search --index")
    else:
        yield Finding("search", State.GOOD, "the index is there")
    yield _clock(ahead)


def _clock(ahead: float) -> Finding:
    """`ahead` of the database, in seconds. A machine without a battery starts in 1970."""
    now, mend = datetime.now(UTC), "set the clock by NTP: leases, due times and dates of articles hang on it"
    if now.timestamp() < Path(__file__).stat().st_mtime - _CLOCK_SECONDS:
        return Finding("clock", State.BAD, f"{now:%Y-%m-%d %H:%M:%S} UTC, before this program was installed", mend)
    if abs(ahead) > _CLOCK_SECONDS:
        return Finding("clock", State.BAD, f"this machine's clock differs by {ahead:+.0f} s from the database's", mend)
    return Finding("clock", State.GOOD, f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _write_and_undo(engine: "Engine") -> None:
    from sqlalchemy import insert

    from models.engine import writing
    from models.tables import Site

    with writing(engine) as connection:
        row = {"domain": "doctor.invalid", "first_seen_at": datetime.now(UTC)}
        connection.execute(insert(Site.__table__).values(row))  # type: ignore[arg-type]  # a FromClause by its annotation
        connection.rollback()


def _clock_difference(connection: "Connection") -> float:
    """Seconds by which this clock is ahead of the server's; of a file, by which its last row is ahead of this clock."""
    from sqlalchemy import func, select

    from models.tables import Fetch

    now = datetime.now(UTC)
    if connection.dialect.name == "postgresql":
        server: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return (now - server).total_seconds()
    last = connection.execute(select(Fetch.fetched_at).order_by(Fetch.id.desc()).limit(1)).scalar_one_or_none()
    return min(0.0, (now - last).total_seconds()) if last and last - now > timedelta(minutes=1) else 0.0


def _archive(settings: Settings) -> Iterator[Finding]:
    if not settings["ARCHIVE_FOLDER"]:
        mend = "name a folder by TRIPTYCH_ARCHIVE: `scrapy reextract` reads from it"
        yield Finding("archive", State.DOUBTFUL, "responses are not kept", mend)
        return
    folder = Path(settings["ARCHIVE_FOLDER"])
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if trouble := _trouble_writing(there):
        yield Finding("archive", State.BAD, f"{folder}: {trouble}", "name another folder by TRIPTYCH_ARCHIVE")
        return
    free = shutil.disk_usage(there).free
    told = f"{folder}, {free / (1 << 30):,.1f} GiB free"
    if free < _FREE_BYTES:
        yield Finding("archive", State.BAD, told, "free some space, or name another folder by TRIPTYCH_ARCHIVE")
    else:
        yield Finding("archive", State.GOOD, told)


def _trouble_writing(folder: Path) -> str | None:
    try:
        with TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"{error.strerror or error}"


def _chromium(settings: Settings) -> Iterator[Finding]:
    """Only where pages are to go through it; it is started, and says what it is."""
    if not settings.getbool("BROWSER_ENABLED"):
        return
    if find_spec("scrapy_playwright") is None:
        mend = "run in its folder: pip install -e '.[js]'"
        yield Finding("chromium", State.BAD, "BROWSER_ENABLED needs the package scrapy-playwright", mend)
        return
    from crawler.browser.middleware import executable_of

    mend = "install one (as with: apt install chromium), or name it in BROWSER_EXECUTABLE"
    try:
        program = executable_of(settings)
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=20)  # noqa: S603  # the operator's own
    except (UsageError, OSError, subprocess.SubprocessError) as error:
        yield Finding("chromium", State.BAD, str(error).partition(";")[0], mend)
        return
    yield Finding("chromium", State.GOOD, f"{done.stdout.strip()} ({program})")


def _terminal(_settings: Settings) -> Iterator[Finding]:
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding in ("utf8", "gb18030"):
        yield Finding("terminal", State.GOOD, f"shows Chinese ({sys.stdout.encoding})")
    else:
        told = f"cannot show Chinese ({sys.stdout.encoding or 'no encoding'})"
        yield Finding("terminal", State.DOUBTFUL, told, "set LANG=C.UTF-8, or PYTHONUTF8=1")
