"""`scrapy archive`: WARC files of others into the database, and a look at our own."""

import argparse
import tempfile
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.stored import existing_database, parse_time, time_before
from crawler.console import (
    BytesLine,
    ConsoleCommand,
    CountLine,
    Exit,
    Waiting,
    complain,
    counted,
    print_json,
    printable,
    say,
    stdout,
    table,
)
from crawler.errors import UsageError
from crawler.limited_process import cores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.archive.scanning import Scanned


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy archive import crawl.warc.gz",
        "scrapy archive import 2025/*.warc.gz --site example.com --json",
        "scrapy archive list",
        "scrapy archive check",
        "scrapy archive prune --older-than 1y --yes",
    )
    json_told: ClassVar[str] = (
        "one JSON object: the sums of an import, or what prune deletes; of list and check, a line a file"
    )
    actions: ClassVar[tuple[str, ...]] = ("import", "list", "check", "prune")

    def syntax(self) -> str:
        return "import FILE … | list | check [FILE …] | prune --older-than AGE [--yes]"

    def short_desc(self) -> str:
        return "Import WARC files of any tool; list and check the archive"

    def long_desc(self) -> str:
        return (
            "import: the responses of WARC files (.warc, .warc.gz) become pages as if they had been crawled when they "
            "were fetched, in the order of time: an older one never replaces a newer reading, and what was imported "
            "before is not stored again. The records that are used are copied into the archive as they are, so FILE "
            "may go. A run that was stopped goes on when it is called again. list: the files of the archive. check: "
            "reads every record and compares its digest. prune: deletes files in which nothing is needed: no response "
            "as young as AGE (12h, 90d, 8w, 2y), no last one of a page, no original of a revisit that stays. Exit "
            "status: 0 done, 1 some records are damaged, 2 wrong call, 3 the database failed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", metavar="DOMAIN", help="import only pages of this site")
        parser.add_argument("--since", metavar="TIME", help="import only what was fetched since then, as 2026-11-23")
        parser.add_argument("--workers", metavar="N", type=int, help="processes (default: one a core)")
        parser.add_argument("--older-than", metavar="AGE", help="prune: what is younger stays")
        parser.add_argument("--yes", action="store_true", help="prune: delete, and not only show")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        action, *names = args or [""]
        if not self.project_settings["ARCHIVE_FOLDER"]:
            raise UsageError("no archive: ARCHIVE_FOLDER is empty; name the folder, as in -s ARCHIVE_FOLDER=archive")
        folder = Path(self.project_settings["ARCHIVE_FOLDER"])
        if action == "import":
            return self._import(_files(names, folder), folder, opts)
        if action == "list" and not names:
            return _list(folder, as_json=opts.json)
        if action == "check":
            return _check([Path(name) for name in names] or sorted(folder.glob("*.warc.gz")), as_json=opts.json)
        if action == "prune" and not names:
            return self._prune(folder, opts)
        raise UsageError(f"import FILE …, list, check [FILE …] or prune expected, found {' '.join(args) or 'nothing'}")

    def _import(self, files: list[Path], folder: Path, opts: argparse.Namespace) -> Exit:
        from crawler.commands.import_run import ImportRun
        from crawler.spiders.limits import page_limits
        from models.engine import open_database

        workers = opts.workers if opts.workers is not None else cores()
        if workers < 1:
            raise UsageError(f"--workers: 1 or more expected, found {workers}")
        run_of = {"site": opts.site, "since": parse_time(opts.since)}
        engine = open_database(self.project_settings["DATABASE_URL"])
        try:
            run = ImportRun(engine, folder, **run_of)
            most_parts = self.project_settings.getint("PARTS_PER_ARTICLE")
            sums = run.run(files, workers=workers, most_parts=most_parts, limits=page_limits(self.project_settings))
        finally:
            engine.dispose()
        sums.print(as_json=opts.json)
        return Exit.FAILED if sums.skipped["damaged"] or sums.skipped["no_records"] else Exit.OK

    def _prune(self, folder: Path, opts: argparse.Namespace) -> Exit:
        from pipelines.archive_retention import delete_files, old_files

        before = time_before(opts.older_than, datetime.now(UTC))
        if before is None:
            raise UsageError("say what is too old, as in: scrapy archive prune --older-than 1y")
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                say("nothing is stored yet")
                return Exit.OK
            with tempfile.TemporaryDirectory(prefix="triptych-") as scratch, Waiting("Looking for what is needed"):
                files = old_files(engine, folder, before, scratch=Path(scratch))
            with CountLine("Deleting", "file", total=len(files)) as progress:
                for _ in delete_files(engine, folder, files if opts.yes else ()):
                    progress.advance()
        if opts.json:
            print_json({"deleted": progress.pages, "files": [asdict(file) for file in files]})
        size = sum(file.size_bytes for file in files) / 1e6
        would = "deleted" if opts.yes else "would go; to delete them, add --yes"
        say(f"{counted(len(files), 'file')} of {size:,.1f} MB {would}")
        return Exit.OK


def _files(names: list[str], folder: Path) -> list[Path]:
    """Raises UsageError for none, and for one of this archive."""
    if not names:
        raise UsageError("no file; name one as in: scrapy archive import crawl.warc.gz")
    files = [Path(name).resolve() for name in dict.fromkeys(names)]
    for path in files:
        if path.parent == folder.resolve():
            raise UsageError(f"{path.name} is in the archive already; `scrapy reextract` reads it again")
        if not path.is_file():
            raise UsageError(f"no such file: {path.name}")
    return files


def _list(folder: Path, *, as_json: bool) -> Exit:
    from pipelines.archive.members import OPEN

    rows = table("file", "MB#", "")
    for path in sorted(folder.glob("*.warc.gz*")):
        is_open, size = path.name.endswith(OPEN), path.stat().st_size
        if as_json:
            print_json({"file": path.name, "bytes": size, "is_open": is_open})
        state = "being written, or left by a process that died" if is_open else ""
        rows.add_row(printable(path.name), f"{size / 1e6:,.1f}", state)
    if not as_json:
        stdout().print(rows)
    return Exit.OK


def _check(files: list[Path], *, as_json: bool) -> Exit:
    damaged = before = 0
    progress = BytesLine("Checking", total=sum(path.stat().st_size for path in files))
    rows = table("file", "records#", "responses#", "revisits#", "damaged#")
    with tempfile.TemporaryDirectory(prefix="triptych-") as scratch, progress:
        for path in files:
            kinds: Counter[str] = Counter()
            for kind, read in _checked(path.resolve(), Path(scratch)):
                kinds[kind] += 1
                progress.update(pages=before + read, articles=0, errors=damaged + kinds["damaged"])
            before += path.stat().st_size
            damaged += kinds["damaged"]
            columns = {"records": kinds.total() - kinds["damaged"]}
            columns |= {"responses": kinds["response"] + kinds["conversion"], "revisits": kinds["revisit"]}
            columns |= {"damaged": kinds["damaged"]}
            rows.add_row(printable(path.name), *(f"{count:,}" for count in columns.values()))
            if as_json:
                print_json({"file": path.name, **columns})
    if not as_json:
        stdout().print(rows)
    say(f"{counted(len(files), 'file')} checked, {damaged:,} damaged records")
    return Exit.FAILED if damaged else Exit.OK


def _checked(path: Path, scratch: Path) -> "Iterator[tuple[str, int]]":
    """Each record's type, or "damaged", and how much of the file is read by then."""
    from pipelines.archive.scanning import Damaged, Scanned, scan

    for each in scan(path, scratch):
        reason = each.reason if isinstance(each, Damaged) else _fault_of(each)
        if isinstance(each, Scanned) and reason is None:
            yield each.fields.get("warc-type", ""), each.scanned_bytes
        else:
            complain(f"{path.name}, record at {each.offset:,}: {reason}")
            yield "damaged", each.offset


def _fault_of(scanned: "Scanned") -> str | None:
    from pipelines.archive.members import read_record
    from pipelines.archive.records import RecordFault

    try:
        read_record(scanned.path, scanned.offset)
    except RecordFault as fault:
        return str(fault)
    return None
