"""`scrapy export --format parquet FOLDER`: what is stored, as files for other programs."""

import argparse
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.stored import chosen_roots, existing_database, parse_time
from crawler.console import ConsoleCommand, CountLine, Exit, counted, print_json, say
from crawler.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

_FORMATS = ("parquet", "jsonl", "csv")


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy export --format parquet articles",
        "scrapy export --format csv articles-csv --tables article,tag",
        "scrapy export --format jsonl changed --since 2026-11-01",
    )

    json_told: ClassVar[str] = "one JSON object: folder, format, rows, and the rows of each table"

    def syntax(self) -> str:
        return "--format parquet|jsonl|csv [options] FOLDER"

    def short_desc(self) -> str:
        return "Write what is stored into a folder of files"

    def long_desc(self) -> str:
        return (
            "Writes all tables, as they are at one moment, into a new folder: a Parquet data set with a part a day, "
            "or a file a table of JSON lines or CSV. The folder appears when it is whole. In CSV, text that a "
            "spreadsheet would take for a formula gets an apostrophe before it. Exit status: 0 the folder is there, "
            "1 it could not be written, 2 wrong call, 3 the database failed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--format", choices=_FORMATS, required=True, help="of the files")
        parser.add_argument(
            "--tables", metavar="NAME,…", help="only these of site, page, article, author, tag, crawl, fetch, failure"
        )
        parser.add_argument("--since", metavar="TIME", help="only what has come or changed since then, as 2026-11-23")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if len(args) != 1:
            raise UsageError(f"one FOLDER expected, found {len(args)}")
        if opts.format == "parquet" and find_spec("pyarrow") is None:
            raise UsageError("--format parquet needs pyarrow; run: pip install 'triptych[export]'")
        folder, roots, since = Path(args[0]), chosen_roots(opts.tables), parse_time(opts.since)
        with existing_database(self.project_settings["DATABASE_URL"]) as source:
            if source is None:
                say("nothing is stored yet; crawl something first: scrapy crawl articles -a url=URL")
                return Exit.OK
            rows = _write(source, folder, opts.format, roots=roots, since=since)
        if opts.json:
            sums = {"folder": str(folder), "format": opts.format, "rows": rows.total()}
            print_json(sums | {"tables": rows})
        say(f"{counted(rows.total(), 'row')} written to {folder}")
        return Exit.OK


def _write(
    source: "Engine", folder: Path, format_name: str, *, roots: tuple[str, ...], since: "datetime | None"
) -> Counter[str]:
    """The rows of each table. How many there will be is known only where all are meant."""
    from models.engine import reading
    from pipelines.exports import export_tables
    from pipelines.sync import table_counts

    total = None
    if since is None:
        with reading(source) as connection:
            total = sum(table_counts(connection, roots).values())
    rows: Counter[str] = Counter()
    with CountLine("Exporting", "row", total=total) as progress:
        for exported in export_tables(source, folder, format_name, roots=roots, since=since):
            rows[exported.table] += exported.rows
            progress.advance(exported.rows)
    return rows
