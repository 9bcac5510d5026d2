"""`scrapy metrics`: what Prometheus asks for, read from the database."""

import argparse
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.stored import existing_database
from crawler.console import ConsoleCommand, Exit, say
from crawler.errors import UsageError

if TYPE_CHECKING:
    from pipelines.metrics import Measure

_PORTS = range(1, 65536)


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy metrics",
        "scrapy metrics --port 9150",
        "scrapy metrics --textfile collected/triptych.prom",
    )

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Give Prometheus its metrics: print, serve or write them"

    def long_desc(self) -> str:
        return (
            "Prints the metrics of runs, extraction, store, frontier, copies and alarms in the text format of "
            "Prometheus; serves them with --port, on this machine only unless --host says otherwise; or writes them "
            "with --textfile for node_exporter. They are read from the database, so no crawl is slowed. A Grafana "
            "dashboard for them is pipelines/metrics/dashboard.json. Needs the extra `metrics`. Exit status: 0 done, "
            "2 wrong call, 3 the database failed, 130 stopped."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--port", metavar="N", type=int, help="serve them at http://HOST:N/metrics until stopped")
        parser.add_argument("--host", metavar="ADDRESS", default="127.0.0.1", help="with --port (127.0.0.1)")
        parser.add_argument("--textfile", metavar="FILE", type=Path, help="write them to a file, in one step")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if args:
            raise UsageError(f"no arguments expected, found {' '.join(args)}")
        if opts.port is not None and (opts.textfile or opts.port not in _PORTS):
            raise UsageError("--port: a number from 1 to 65535 expected, and no --textfile beside it")
        if find_spec("prometheus_client") is None:
            raise UsageError("prometheus-client is not installed; run: pip install -e '.[metrics]'")
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                say("nothing is stored yet; crawl something first: scrapy crawl articles -a url=URL")
                return Exit.OK
            from pipelines.metrics import measures
            from pipelines.metrics.exposing import exposition, serve, write_file

            def read() -> "tuple[Measure, ...]":
                return measures(engine, now=datetime.now(UTC))

            if opts.port is not None:
                say(f"metrics at http://{opts.host}:{opts.port}/metrics until stopped")
                serve(read, port=opts.port, host=opts.host)
            elif opts.textfile:
                write_file(read, opts.textfile)
            else:
                sys.stdout.write(exposition(read))
        return Exit.OK
