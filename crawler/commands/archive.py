"""`scrapy archive`: WARC files of others into the database, and a look at our own."""

import argparse
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.stored import existing_database, parse_time, time_before
from crawler.console import ConsoleCommand, Exit, complain, counted, printable, say, stdout, table
from crawler.errors import UsageError
from crawler.limited_process import cores

if TYPE_CHECKING:
    from pipelines.archive.scanning import Scanned


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy archive import crawl.warc.gz",
        "scrapy archive import 2025/*.warc.gz --site example.com --json",
        "scrapy archive list",
        "scrapy archive check",
        "scrapy archive prune --older-than 1y --yes",
    )
    json_told: ClassVar[str] = "the sums of an import as JSON on stdout"
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
            return _list(folder)
        if action == "check":
            return _check([Path(name) for name in names] or sorted(folder.glob("*.warc.gz")))
        if action == "prune" and not names:
            return self._prune(folder, opts)
        raise UsageError(f"import FILE …, list, check [FILE …] or prune expected, found {' '.join(args) or 'nothing'}")

    def _import(self, files: list[Path], folder: Path, opts: argparse.Namespace) -> Exit:
        from crawler.commands.import_run import ImportRun
        from models.engine import open_database

        workers = opts.workers if opts.workers is not None else cores()
        if workers < 1:
            raise UsageError(f"--workers: 1 or more expected, found {workers}")
        run_of = {"site": opts.site, "since": parse_time(opts.since)}
        engine = open_database(self.project_settings["DATABASE_URL"])
        try:
            run = ImportRun(engine, folder, **run_of)
            sums = run.run(files, workers=workers, most_parts=self.project_settings.getint("PARTS_PER_ARTICLE"))
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
            with tempfile.TemporaryDirectory(prefix="triptych-") as scratch:
                files = old_files(engine, folder, before, scratch=Path(scratch))
            size = sum(file.size_bytes for file in files) / 1e6
            if not opts.yes:
                say(f"{counted(len(files), 'file')} of {size:,.1f} MB would go; to delete them, add --yes")
                return Exit.OK
            gone = sum(1 for _ in delete_files(engine, folder, files))
        say(f"{counted(gone, 'file')} of {size:,.1f} MB deleted")
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


def _list(folder: Path) -> Exit:
    from pipelines.archive.members import OPEN

    rows = table("file", "MB#", "")
    for path in sorted(folder.glob("*.warc.gz*")):
        state = "being written, or left by a process that died" if path.name.endswith(OPEN) else ""
        rows.add_row(printable(path.name), f"{path.stat().st_size / 1e6:,.1f}", state)
    stdout().print(rows)
    return Exit.OK


def _check(files: list[Path]) -> Exit:
    damaged = 0
    rows = table("file", "records#", "responses#", "revisits#", "damaged#")
    with tempfile.TemporaryDirectory(prefix="triptych-") as scratch:
        for path in files:
            kinds = _checked(path.resolve(), Path(scratch))
            damaged += kinds["damaged"]
            records = sum(count for kind, count in kinds.items() if kind != "damaged")
            columns = (records, kinds["response"] + kinds["conversion"], kinds["revisit"], kinds["damaged"])
            rows.add_row(printable(path.name), *(f"{count:,}" for count in columns))
    stdout().print(rows)
    say(f"{counted(len(files), 'file')} checked, {damaged:,} damaged records")
    return Exit.FAILED if damaged else Exit.OK


def _checked(path: Path, scratch: Path) -> Counter[str]:
    """Records by type, and those that are damaged."""
    from pipelines.archive.scanning import Damaged, Scanned, scan

    kinds: Counter[str] = Counter()
    for each in scan(path, scratch):
        reason = each.reason if isinstance(each, Damaged) else _fault_of(each)
        if isinstance(each, Scanned) and reason is None:
            kinds[each.fields.get("warc-type", "")] += 1
        else:
            kinds["damaged"] += 1
            complain(f"{path.name}, record at {each.offset:,}: {reason}")
    return kinds


def _fault_of(scanned: "Scanned") -> str | None:
    from pipelines.archive.members import read_record
    from pipelines.archive.records import RecordFault

    try:
        read_record(scanned.path, scanned.offset)
    except RecordFault as fault:
        return str(fault)
    return None
