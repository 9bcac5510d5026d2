"""`scrapy browse`: what is stored, in a web browser."""

import argparse
import getpass
import os
import subprocess
import sys
import webbrowser
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, ClassVar

from scrapy.settings import Settings

from crawler.commands.stored import existing_database
from crawler.console import ConsoleCommand, Exit, complain, say
from crawler.errors import UsageError

if TYPE_CHECKING:
    from pipelines.browse import Actions, Exposure, Recrawled
    from pipelines.browse.guard import Application

_PORT = 8765
_SHORTEST = 10
_RECRAWL_SECONDS = 300
_NEEDED = ("starlette", "jinja2", "uvicorn", "nh3")


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy browse",
        "scrapy browse --open",
        "scrapy browse --name articles.example.com",
        "scrapy browse --port 9000 -s DATABASE_URL=postgresql://user@host/db",
    )

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Look at what is stored in a web browser"

    def long_desc(self) -> str:
        return (
            "Serves pages on 127.0.0.1 until Ctrl-C: articles with search and filters, each in its three panels beside "
            "the archived page, versions word by word, the graph of related articles, sites, tags, runs, failures and "
            "schedules. The database is opened for reading only. With a password (TRIPTYCH_BROWSE_PASSWORD_HASH, as "
            "--hash-password prints it) who logs in can have a page crawled again. Other machines cannot reach it; "
            "from one, forward the port: ssh -L 8765:127.0.0.1:8765 HOST. With --name it answers to a name of others "
            "too: then by https only, and nothing without a login."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--port", metavar="N", type=int, default=_PORT, help=f"0 is any free one ({_PORT})")
        parser.add_argument(
            "--hash-password", action="store_true", help="ask for a password, print its hash, and serve nothing"
        )
        parser.add_argument(
            "--name", metavar="NAME", action="append", default=[], help="what others call it, behind a proxy with https"
        )
        parser.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="to listen on (127.0.0.1)")
        parser.add_argument("--certificate", metavar="FILE", type=Path, help="for https without a proxy (PEM)")
        parser.add_argument("--key", metavar="FILE", type=Path, help="of the certificate")
        parser.add_argument("--open", action="store_true", help="open the browser of this machine, too")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if args or not 0 <= opts.port <= 65535:
            raise UsageError(f"no arguments and a --port of up to 65535 expected, found {' '.join(args) or opts.port}")
        if missing := [name for name in _NEEDED if find_spec(name) is None]:
            raise UsageError(f"browse needs {', '.join(missing)}; run: pip install 'triptych[web]'")
        if opts.hash_password:
            return _hash_password()
        exposure = _exposure(opts, has_password=bool(self.project_settings["BROWSE_PASSWORD_HASH"]))
        url: str = self.project_settings["DATABASE_URL"]
        with existing_database(url) as engine:
            if engine is None:
                complain("nothing is stored yet\ncrawl something first: scrapy crawl articles -a url=URL")
                return Exit.FAILED
        from pipelines.browse import create_app, open_to_read

        folder = self.project_settings["ARCHIVE_FOLDER"]
        engine = open_to_read(url)
        try:
            application = create_app(
                engine,
                archive=Path(folder) if folder else None,
                names=exposure.names,
                actions=_actions(self.project_settings),
            )
            _serve(application, exposure, port=opts.port, is_opened=opts.open)
        finally:
            engine.dispose()
        return Exit.OK


def _hash_password() -> Exit:
    from pipelines.browse import hash_password

    password = getpass.getpass("password: ")
    if len(password) < _SHORTEST or password != getpass.getpass("again: "):
        complain(f"the same password twice expected, of {_SHORTEST} characters or more\nrun the command again")
        return Exit.FAILED
    print(f"export TRIPTYCH_BROWSE_PASSWORD_HASH='{hash_password(password)}'")
    return Exit.OK


def _actions(settings: Settings) -> "Actions | None":
    from crawler.correcting import SiteCorrector
    from crawler.spiders.limits import page_limits
    from pipelines.browse import Actions, Logins

    kept = settings["BROWSE_PASSWORD_HASH"]
    if not kept:
        return None
    try:
        logins = Logins(kept)
    except ValueError as error:
        raise UsageError(f"BROWSE_PASSWORD_HASH: {error}") from None
    return Actions(logins, partial(_recrawl, settings), Lock(), SiteCorrector(page_limits(settings)))


def _recrawl(settings: Settings, url: str) -> "Recrawled":
    """In a process of its own: a reactor runs once in each."""
    from pipelines.browse import Recrawled

    environment = {
        **os.environ,
        "TRIPTYCH_DATABASE_URL": settings["DATABASE_URL"],
        "TRIPTYCH_ARCHIVE": settings["ARCHIVE_FOLDER"] or "",
        "COLUMNS": "100",
        "PYTHONIOENCODING": "utf-8",
    }
    try:
        done = subprocess.run(  # noqa: S603  # our own command; the URL is one of the database, behind "--"
            [sys.executable, "-m", "crawler", "recrawl", "-s", "TYPED_URLS_ALLOWED=False", "--", url],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=_RECRAWL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Recrawled(False, f"it did not end within {_RECRAWL_SECONDS} seconds")
    return Recrawled(done.returncode == Exit.OK, done.stdout.strip())


def _exposure(opts: argparse.Namespace, *, has_password: bool) -> "Exposure":
    from pipelines.browse import Exposure

    names = tuple(name.lower() for name in opts.name)
    exposure = Exposure(host=opts.host, names=names, certificate=opts.certificate, key=opts.key)
    if fault := exposure.fault(has_password=has_password):
        raise UsageError(fault)
    return exposure


def _serve(application: "Application", exposure: "Exposure", *, port: int, is_opened: bool) -> None:
    from pipelines.browse import bind, server

    try:
        listening = bind(port, exposure.host)
    except OSError as error:
        raise UsageError(
            f"{exposure.host}, port {port}: {error.strerror}; try another --port, or 0 for any that is free"
        ) from None
    with listening:
        scheme = "https" if exposure.certificate else "http"
        address = f"{scheme}://{exposure.host}:{listening.getsockname()[1]}/"
        say(f"{address}  (Ctrl-C ends)")
        if is_opened:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):  # it is how this ends
            server(application, exposure).run(sockets=[listening])
