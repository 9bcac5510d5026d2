"""`scrapy browse`: what is stored, in a web browser."""

import argparse
import webbrowser
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.stored import existing_database
from crawler.console import ConsoleCommand, Exit, complain, say
from crawler.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

_PORT = 8765
_NEEDED = ("starlette", "jinja2", "uvicorn", "nh3")


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy browse",
        "scrapy browse --open",
        "scrapy browse --port 9000 -s DATABASE_URL=postgresql://reader@host/articles",
    )

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Look at what is stored in a web browser"

    def long_desc(self) -> str:
        return (
            "Serves pages on 127.0.0.1 until Ctrl-C: articles with search and filters, each in its three panels beside "
            "the archived page, versions word by word, the graph of related articles, sites, tags, runs, failures and "
            "schedules. Nothing is written: the database is opened for reading only. Other machines cannot reach it; "
            "from one, forward the port: ssh -L 8765:127.0.0.1:8765 HOST."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--port", metavar="N", type=int, default=_PORT, help=f"0 is any free one ({_PORT})")
        parser.add_argument("--open", action="store_true", help="open the browser of this machine, too")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if args or not 0 <= opts.port <= 65535:
            raise UsageError(f"no arguments and a --port of up to 65535 expected, found {' '.join(args) or opts.port}")
        if missing := [name for name in _NEEDED if find_spec(name) is None]:
            raise UsageError(f"browse needs {', '.join(missing)}; run: pip install 'triptych[web]'")
        url: str = self.project_settings["DATABASE_URL"]
        with existing_database(url) as engine:
            if engine is None:
                complain("nothing is stored yet\ncrawl something first: scrapy crawl articles -a url=URL")
                return Exit.FAILED
        from pipelines.browse import open_to_read

        folder = self.project_settings["ARCHIVE_FOLDER"]
        engine = open_to_read(url)
        try:
            _serve(engine, archive=Path(folder) if folder else None, port=opts.port, is_opened=opts.open)
        finally:
            engine.dispose()
        return Exit.OK


def _serve(engine: "Engine", *, archive: Path | None, port: int, is_opened: bool) -> None:
    from pipelines.browse import HOST, bind, create_app, server

    try:
        listening = bind(port)
    except OSError as error:
        raise UsageError(f"port {port}: {error.strerror}; try another --port, or 0 for any that is free") from None
    with listening:
        address = f"http://{HOST}:{listening.getsockname()[1]}/"
        say(f"{address}  (Ctrl-C ends)")
        if is_opened:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):  # it is how this ends
            server(create_app(engine, archive=archive)).run(sockets=[listening])
