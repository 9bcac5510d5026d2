"""`scrapy work`: one or more workers over all sites, until nothing is due or for ever."""

import argparse
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.stored import tell_quarantined
from crawler.console import ConsoleCommand, CountLine, Exit
from crawler.errors import UsageError
from models.errors import StorageError

if TYPE_CHECKING:
    from crawler.runs import RunSums


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy work",
        "scrapy work --follow",
        "scrapy work --processes 4 -s DATABASE_URL=postgresql://user@host/articles",
    )
    json_told: ClassVar[str] = "print the sums as one JSON line"

    def short_desc(self) -> str:
        return "Ask for all that is due, of all sites, beside other workers"

    def long_desc(self) -> str:
        return (
            "Asks for all pages that are due: those that were found and never asked for, and those whose own history "
            "says that it is time. A crawl makes a site known. Any number of workers on any number of machines share "
            "one PostgreSQL; each page goes to one of them, and what a killed one held comes back within a minute. "
            "Ends when nothing is due, or with --follow never. Ctrl-C and SIGTERM end it well: what is under way is "
            "stored, the rest is given back. Exit status: 0 all that was asked for is stored or accounted for, 1 too "
            "much failed, 2 wrong call, 3 the database failed, 130 stopped."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--processes", metavar="N", type=int, default=1, help="workers on this machine (1)")
        parser.add_argument("--follow", action="store_true", help="wait for what becomes due, until stopped")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from models.engine import open_database

        settings = self.project_settings
        if args:
            raise UsageError(f"no argument expected, found {' '.join(args)}; `scrapy crawl` takes a URL")
        if opts.processes < 1:
            raise UsageError(f"--processes: 1 or more expected, found {opts.processes}")
        engine = open_database(settings["DATABASE_URL"])  # told before anything is fetched
        engine.dispose()
        if opts.processes > 1 and engine.dialect.name == "sqlite":
            raise UsageError(
                "--processes: SQLite lets one process write at a time, so a second worker would wait for the first; "
                "run one, or name a PostgreSQL with -s DATABASE_URL=postgresql://user@host/name"
            )
        sums = self._work_beside(opts) if opts.processes > 1 else self._work(opts)
        if opts.json:
            sys.stdout.write(f"{sums.to_json()}\n")
        else:
            sums.print()
            tell_quarantined(settings["DATABASE_URL"])
        return sums.tell(settings.getfloat("FAILURE_SHARE_MAX"))

    def _work(self, opts: argparse.Namespace) -> "RunSums":
        from crawler.runs import run_articles

        return run_articles(self.project_settings, {"sites": "all", "stays": "yes" if opts.follow else "no"})

    def _work_beside(self, opts: argparse.Namespace) -> "RunSums":
        from sqlalchemy.exc import DBAPIError

        from crawler.commands.working import Workers
        from models.engine import open_database
        from pipelines.frontier.overview import last_fetch

        # The URL of the database may hold a password: not on a command line, which every user of the machine sees.
        environment = {**os.environ, "TRIPTYCH_DATABASE_URL": self.project_settings["DATABASE_URL"]}
        options = ["--follow"] if opts.follow else []
        options += ["-q"] if opts.quiet else []
        options += ["-s", "PROGRESS_ENABLED=False"]
        options += [each for pair in opts.set if not pair.startswith("DATABASE_URL=") for each in ("-s", pair)]
        settings = self.project_settings
        engine = open_database(settings["DATABASE_URL"])
        before = last_fetch(engine)
        try:
            # Of all workers of this database, wherever they are: those of this call are in no way apart there.
            with CountLine("Working", "page", enabled=settings.getbool("PROGRESS_ENABLED")) as progress:

                def tell() -> None:
                    with suppress(StorageError, DBAPIError):  # no reason to end workers, who try again
                        progress.update(pages=last_fetch(engine) - before, articles=0, errors=0)

                return Workers(options, environment).run(opts.processes, tell=tell)
        finally:
            engine.dispose()
