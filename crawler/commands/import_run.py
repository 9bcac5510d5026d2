"""An import of WARC files from its index to its sums. No command itself."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.console import BytesLine, ProgressLine, complain, counted, print_json, say, stdout, table

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from crawler.commands.importing import Imported, Job
    from crawler.page_limits import PageLimits
    from models.items import ArchivePlace, Item
    from pipelines.archive import ArchiveWriter
    from pipelines.archive.foreign import Foreign, ForeignIndex
    from pipelines.store import Store

_BATCH = 50
_SKIPPED = {
    "already_imported": "imported before",
    "damaged": "damaged",
    "not_pages": "no pages: pictures, scripts and the like",
    "not_chosen": "of another site or time",
    "repeated": "of the same URL and moment as another, or a redirect to itself",
    "unresolved_revisits": "revisits of a response that is neither in these files nor in the archive",
    "no_records": "files without a single record",
}
_SUMS = ("asked", "stored", "unchanged", "failed", "refused")


@dataclass(slots=True)
class ImportSums:
    files: int
    crawl: dict[str, Any] = field(default_factory=dict)
    """asked = stored + unchanged + failed + refused, as in the row of the run."""
    articles: int = 0
    new_versions: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """Records that ended as no item, by reason."""

    def print(self, *, as_json: bool) -> None:
        if as_json:
            skipped = {name: self.skipped[name] for name in _SKIPPED}
            sums = {"files": self.files, **self.crawl, "articles": self.articles, "new_versions": self.new_versions}
            print_json({**sums, "skipped": skipped})
            return
        rows = table(*(f"{name}#" for name in _SUMS), "articles#", "new versions#")
        rows.add_row(*(f"{self.crawl[name]:,}" for name in _SUMS), f"{self.articles:,}", f"{self.new_versions:,}")
        stdout().print(rows)
        for name, meaning in _SKIPPED.items():
            if self.skipped[name]:
                say(f"{counted(self.skipped[name], 'record')} skipped: {meaning}")


class ImportRun:
    def __init__(self, engine: "Engine", folder: Path, *, site: str | None, since: datetime | None) -> None:
        """`folder` is the archive."""
        self._engine = engine
        self._folder = folder
        self._site = site
        self._since = since
        self._sums = ImportSums(files=0)
        self._progress = ProgressLine("Importing")

    def run(self, files: list[Path], *, workers: int, most_parts: int, limits: "PageLimits") -> ImportSums:
        """Raises OSError and StorageError; what had been stored by then is, and the next run goes on from there."""
        from crawler.commands.importing import read_job
        from pipelines.archive import ArchiveWriter, mend_folder
        from pipelines.archive.foreign import ForeignIndex
        from pipelines.archive.scratch import scratch_folder

        self._sums = ImportSums(files=len(files))
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        mend_folder(self._folder)
        with scratch_folder(self._folder) as scratch:
            index = ForeignIndex(scratch / "index.sqlite")
            writer = ArchiveWriter(self._folder)
            try:
                self._index(index, files, scratch)
                work = partial(read_job, index=index.path, folder=self._folder, most_parts=most_parts, limits=limits)
                self._store(index, writer, work, workers, self._arguments(files))
            finally:
                writer.close()
                index.close()
        return self._sums

    def _arguments(self, files: list[Path]) -> dict[str, Any]:
        since = self._since.isoformat() if self._since else None
        return {"files": [path.name for path in files], "site": self._site, "since": since}

    def _index(self, index: "ForeignIndex", files: list[Path], scratch: Path) -> None:
        from crawler.commands.importing import is_page

        total, before = sum(path.stat().st_size for path in files), 0
        with BytesLine("Indexing", total=total) as progress:
            for path in files:
                for read in index.add(path, scratch, is_page=is_page, tell=complain):
                    progress.update(pages=before + read, articles=0, errors=index.skipped["damaged"])
                before += path.stat().st_size
        self._sums.skipped.update(index.skipped)

    def _store(self, index: "ForeignIndex", writer: "ArchiveWriter", work: Any, workers: int, arguments: Any) -> None:
        from crawler.commands.importing import died
        from crawler.ordered_work import work_in_order
        from pipelines.importing import SPIDER, stopped_import
        from pipelines.store import Store

        store = Store(self._engine, keeps_newer=True)
        stopped = stopped_import(self._engine, arguments)
        if stopped:
            say("going on where the last import was stopped")
        crawl_id = stopped or store.begin_crawl(SPIDER, arguments)
        copying = _Copying(self._engine, index, writer)
        batch: list[Item] = []
        with ProgressLine("Importing", total=index.count()) as self._progress:
            for imported in work_in_order(self._jobs(index), work, workers=workers, died=died):
                item = self._ended(imported, copying)
                if item is not None:
                    batch.append(item)
                if len(batch) >= _BATCH:
                    self._write(store, batch, crawl_id)
                    batch = []
            self._write(store, batch, crawl_id)
        row = store.finish_crawl(crawl_id, reason="finished")
        self._sums.crawl = {"crawl_id": crawl_id, **{name: row[name] for name in _SUMS}}

    def _write(self, store: "Store", batch: "list[Item]", crawl_id: int) -> None:
        for stored in store.write(batch, crawl_id).stored:
            for article in stored.articles:
                self._sums.articles += article.version == 1
                self._sums.new_versions += article.version > 1

    def _ended(self, imported: "Imported", copying: "_Copying") -> "Item | None":
        if imported.item is None:
            if imported.fault:
                self._skip("damaged")
                record = imported.job.record
                complain(f"{record.path.name}, record at {record.offset:,} skipped: {imported.fault}")
            else:
                self._skip("repeated")
            return None
        self._progress.advance()
        return replace(imported.item, archived=copying.copy(imported))

    def _skip(self, reason: str) -> None:
        self._sums.skipped[reason] += 1
        self._progress.advance(errors=reason == "damaged")

    def _jobs(self, index: "ForeignIndex") -> "Iterator[Job]":
        from crawler.commands.importing import Job
        from pipelines.importing import stored_fetches

        seen: set[str] = set()
        moment = None
        for records in index.in_order():
            stored = stored_fetches(self._engine, [(record.url, record.at) for record in records])
            for record in records:
                seen, moment = (seen, moment) if record.at == moment else (set(), record.at)
                reason = self._reason_to_skip(record, stored, seen)
                original = self._original_of(record, index) if reason is None else None
                if reason is None and record.kind == "revisit" and original is None:
                    reason = "unresolved_revisits"
                if reason is None:
                    seen.add(record.url)
                    yield Job(record, original)
                else:
                    self._skip(reason)

    def _reason_to_skip(self, record: "Foreign", stored: Any, seen: set[str]) -> str | None:
        from models.identity import site_domain

        if self._site is not None and site_domain(record.url) != self._site:
            return "not_chosen"
        if self._since is not None and record.at < self._since:
            return "not_chosen"
        if (record.url, record.at) in stored:
            return "already_imported"
        return "repeated" if record.url in seen else None

    def _original_of(self, record: "Foreign", index: "ForeignIndex") -> "Foreign | ArchivePlace | None":
        if record.kind != "revisit":
            return None
        return index.original_of(record) or _stored_place(self._engine, record.original_url, record.original_at)


class _Copying:
    """The records that are used, into the archive: as they are, or as revisits of what is there."""

    def __init__(self, engine: "Engine", index: "ForeignIndex", writer: "ArchiveWriter") -> None:
        self._engine = engine
        self._index = index
        self._writer = writer

    def copy(self, imported: "Imported") -> "ArchivePlace | None":
        """None where there is nothing: reading it killed the reader."""
        record = imported.job.record
        if imported.exchange is not None:
            original, exchange = self._place_of(imported.job), imported.exchange
            return self._writer.write_revisit(exchange, original) if original else self._writer.write(exchange)
        if not imported.members:
            return None
        place = self._writer.append(imported.members, at=record.at)
        self._index.note_archived(record.id, place)
        return place

    def _place_of(self, job: "Job") -> "ArchivePlace | None":
        """Where the original of a revisit was copied to: by this run, or an earlier one."""
        from models.items import ArchivePlace

        original = job.original
        if original is None or isinstance(original, ArchivePlace):
            return original
        return self._index.place_of(original.id) or _stored_place(self._engine, original.url, original.at)


def _stored_place(engine: "Engine", url: str | None, at: datetime | None) -> "ArchivePlace | None":
    from pipelines.importing import stored_fetches

    if url is None or at is None:
        return None
    return stored_fetches(engine, [(url, at)]).get((url, at))
