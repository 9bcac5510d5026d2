"""`scrapy reextract`: stored pages read again out of the archive, by the rules of today."""

import argparse
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from crawler.commands.stored import existing_database, parse_time
from crawler.console import ConsoleCommand, Exit, ProgressLine, counted, print_json, printable, say, stdout, table
from crawler.errors import UsageError
from crawler.limited_process import cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import Engine

    from crawler.commands.replaying import Replayed
    from models.items import Page
    from pipelines.reextraction import ArchivedPage, Selection

_BATCH = 50


@dataclass(slots=True)
class _Report:
    """What is another than before, by site and field, each with the first page it was seen on."""

    changed: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: dict[tuple[str, str], str] = field(default_factory=dict)
    pages: int = 0
    changed_pages: int = 0
    unread: Counter[str] = field(default_factory=Counter)

    def print(self, *, dry_run: bool, as_json: bool) -> None:
        if as_json:
            print_json(self._plain() | {"is_dry_run": dry_run})
        elif self.changed:
            rows = table("site", "field", "pages#", "the first of them")
            for (site, name), count in sorted(self.changed.items()):
                rows.add_row(printable(site), name, f"{count:,}", printable(self.first[site, name]))
            stdout().print(rows)
        for reason, count in self.unread.most_common(5):
            say(f"{counted(count, 'page')} left as stored: {reason}")
        would = "would change" if dry_run else "changed"
        say(f"{counted(self.pages, 'page')} read again, {self.changed_pages:,} {would}")

    def _plain(self) -> dict[str, Any]:
        changed = [
            {"site": site, "field": name, "pages": count, "first": self.first[site, name]}
            for (site, name), count in sorted(self.changed.items())
        ]
        return {
            "pages": self.pages,
            "changed_pages": self.changed_pages,
            "changed": changed,
            "unread": dict(self.unread),
        }


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy reextract --dry-run",
        "scrapy reextract --site example.com --since 2026-01-01",
    )

    json_told: ClassVar[str] = "one JSON object: pages, changed_pages, changed by site and field, unread by reason"

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Read archived pages again by the rules of today, without fetching"

    def long_desc(self) -> str:
        return (
            "Reads the last archived response of each stored page again, and stores what is another than before as a "
            "new version. Nothing is fetched. --dry-run only tells, by site and field, what would change. A run that "
            "was stopped goes on where it was. Exit status: 0 done, 1 some pages could not be read again, 2 wrong "
            "call, 3 the database failed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", metavar="DOMAIN", help="only pages of this site")
        parser.add_argument("--since", metavar="TIME", help="only what was fetched since then, as 2026-11-23")
        parser.add_argument("--dry-run", action="store_true", help="store nothing")
        parser.add_argument("--workers", metavar="N", type=int, help="processes (default: one a core)")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from crawler.commands.replaying import replay
        from crawler.spiders.limits import page_limits
        from pipelines.reextraction import Selection

        if args:
            raise UsageError(f"only options expected, found {' '.join(args)}")
        workers = opts.workers if opts.workers is not None else cores()
        if workers < 1:
            raise UsageError(f"--workers: 1 or more expected, found {workers}")
        folder = self.project_settings["ARCHIVE_FOLDER"]
        if not folder:
            raise UsageError("no archive: ARCHIVE_FOLDER is empty; name the folder, as in -s ARCHIVE_FOLDER=archive")
        selection = Selection(site=opts.site, since=parse_time(opts.since))
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                say("nothing is stored yet")
                return Exit.OK
            read = partial(
                replay,
                folder=Path(folder),
                workers=workers,
                most_parts=self.project_settings.getint("PARTS_PER_ARTICLE"),
                limits=page_limits(self.project_settings),
            )
            run = _Run(engine, selection, read)
            report = run.dry() if opts.dry_run else run.store()
        report.print(dry_run=opts.dry_run, as_json=opts.json)
        return Exit.FAILED if report.unread else Exit.OK


class _Run:
    def __init__(
        self, engine: "Engine", selection: "Selection", replay: "Callable[[Iterable[ArchivedPage]], Iterator[Replayed]]"
    ) -> None:
        self._engine = engine
        self._selection = selection
        self._replay = replay
        self._report = _Report()

    def dry(self) -> _Report:
        for _ in self._changed(after=0):
            pass
        return self._report

    def store(self) -> _Report:
        from pipelines.reextraction import SPIDER, note_position, stopped_run
        from pipelines.store import Store

        store = Store(self._engine, records_fetches=False)
        stopped = stopped_run(self._engine, self._selection)
        crawl_id, after = stopped or (store.begin_crawl(SPIDER, self._selection.arguments), 0)
        if stopped:
            say("going on where the last run was stopped")
        batch: list[Page] = []
        for number, (fetch_id, page) in enumerate(self._changed(after=after), 1):
            if page is not None:
                batch.append(page)
            if number % _BATCH == 0:  # of those read: a run in which little changes does not begin anew either
                store.write(batch, crawl_id)
                batch = []
                note_position(self._engine, crawl_id, self._selection, fetch_id)
        store.write(batch, crawl_id)
        store.finish_crawl(crawl_id, reason="finished")
        return self._report

    def _changed(self, *, after: int) -> "Iterator[tuple[int, Page | None]]":
        """Each page with the id of its fetch; None for one that is as it was, or cannot be read."""
        from pipelines.reextraction import archived_pages, count_archived

        total = count_archived(self._engine, self._selection, after=after)
        pages = archived_pages(self._engine, self._selection, after=after)
        with ProgressLine("Reading", total=total) as progress:
            for replayed in self._replay(pages):
                changed = self._compare(replayed)
                progress.advance(articles=changed is not None, errors=replayed.reason is not None)
                yield replayed.archived.fetch_id, changed

    def _compare(self, replayed: "Replayed") -> "Page | None":
        from datetime import UTC, datetime

        from pipelines.differences import page_differences
        from pipelines.queries import stored_page
        from pipelines.validate import check_item

        report, archived = self._report, replayed.archived
        if replayed.page is None:
            if replayed.reason is not None:
                report.unread[replayed.reason] += 1
            return None
        report.pages += 1
        after = check_item(replayed.page, now=datetime.now(UTC)).item
        before = stored_page(self._engine, archived.url)
        fields = {each.field for each in page_differences(before, after)}  # type: ignore[arg-type]  # a Page, checked
        if before is not None and before.kind is not replayed.page.kind:
            fields.add("kind")
        for name in fields:
            key = (archived.site, name)
            report.changed[key] += 1
            report.first.setdefault(key, archived.url)
        report.changed_pages += bool(fields)
        return replayed.page if fields else None
