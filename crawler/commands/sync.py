"""`scrapy sync TARGET_URL`: what is stored here, in another database, and kept like it."""

import argparse
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.stored import chosen_roots, existing_database, parse_time
from crawler.console import ConsoleCommand, Exit, ProgressLine, complain, counted, say, stdout, table
from crawler.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from pipelines.sync import Choice, Sync, WarehouseSync, WebhookSync

_POLL_SECONDS = 1.0


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy sync postgresql://user:password@host/copy",
        "scrapy sync sqlite:///copy.db --tables article,tag",
        "scrapy sync mariadb://user:password@host/copy --tombstones --follow",
        "scrapy sync postgresql://user:password@host/copy --check",
        "scrapy sync dlt+duckdb:///warehouse.duckdb",
        "scrapy sync https://example.com/hooks/articles --tables article --follow",
        "scrapy sync https://example.com/hooks/articles --resend",
    )

    def syntax(self) -> str:
        return "[options] TARGET_URL"

    def short_desc(self) -> str:
        return "Keep another database like this one"

    def long_desc(self) -> str:
        return (
            "Makes the same tables in another database: a first copy, then what has changed since the last time, in "
            "order. It goes on where it was after any stop, with nothing missed and nothing doubled, because the "
            "position is kept in the target with the rows. One source may have many targets. To an https:// URL, "
            "changes are posted as JSON lines, signed with TRIPTYCH_WEBHOOK_SECRET; what it refuses is kept in the "
            "table dead_letter. dlt+NAME:// is a warehouse that dlt loads into. Exit status: 0 all that can be "
            "delivered is (on PostgreSQL, changes wait until transactions that began before them have ended), 1 "
            "--check found a difference or a batch was refused, 2 wrong call, 3 a database or the receiver failed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--follow", action="store_true", help="wait for more changes until stopped")
        parser.add_argument(
            "--tables", metavar="NAME,…", help="only these of site, page, article, author, tag, crawl, fetch, failure"
        )
        parser.add_argument(
            "--since", metavar="TIME", help="no first copy: start with the changes since then, as 2026-11-23"
        )
        parser.add_argument(
            "--tombstones", action="store_true", help="mark rows that are gone in deleted_at, and keep them"
        )
        parser.add_argument(
            "--check", action="store_true", help="compare rows and checksums of all tables, copy nothing"
        )
        parser.add_argument(
            "--resend", action="store_true", help="post the rows of dead letters once more, as they are now"
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from pipelines.sync import Choice, open_sync

        if len(args) != 1:
            raise UsageError(f"one TARGET_URL expected, found {len(args)}")
        choice = Choice(chosen_roots(opts.tables), parse_time(opts.since), opts.tombstones)
        if opts.resend and (opts.follow or opts.check or not args[0].startswith(("http://", "https://"))):
            raise UsageError("--resend is for webhooks, and by itself")
        with existing_database(self.project_settings["DATABASE_URL"]) as source:
            if source is None:
                say("nothing is stored yet; crawl something first: scrapy crawl articles -a url=URL")
                return Exit.OK
            if args[0].startswith(("http://", "https://")):
                return self._post(source, args[0], choice, opts)
            if args[0].startswith("dlt+"):
                return self._load(source, args[0], choice, opts)
            if opts.check:
                return _check(source, args[0], choice)
            with open_sync(source, args[0], choice) as sync:
                return _keep_up(sync, _Notes(source, args[0], choice), follow=opts.follow)

    def _post(self, source: "Engine", url: str, choice: "Choice", opts: argparse.Namespace) -> Exit:
        from pipelines.sync import RefusedReceiver, WebhookSync

        secret: str = self.project_settings["WEBHOOK_SECRET"]
        if not secret:
            raise UsageError("what is posted is signed: set TRIPTYCH_WEBHOOK_SECRET to a secret the receiver knows")
        if opts.check or opts.tombstones:
            raise UsageError("a webhook is an https:// URL (http:// on this machine), without --check and --tombstones")
        try:
            sync = WebhookSync(source, url, choice, secret=secret.encode())
        except RefusedReceiver as error:
            raise UsageError(str(error)) from None
        return _resend(sync) if opts.resend else _keep_up(sync, _Notes(source, url, choice), follow=opts.follow)

    def _load(self, source: "Engine", url: str, choice: "Choice", opts: argparse.Namespace) -> Exit:
        from pipelines.sync import WarehouseSync

        if opts.check or opts.tombstones:
            raise UsageError(
                "a warehouse takes no --check and no --tombstones: dlt replaces all rows of what has changed"
            )
        return _keep_up(WarehouseSync(source, url, choice), _Notes(source, url, choice), follow=opts.follow)


class _Notes:
    """Left in the source, so that its alarms and metrics know how far the target is: now and then while it follows."""

    _LEAST_SECONDS = 30.0

    def __init__(self, source: "Engine", url: str, choice: "Choice") -> None:
        self._source, self._url, self._choice = source, url, choice
        self._noted_at: float | None = None

    def caught_up(self) -> None:
        from sqlalchemy.exc import DBAPIError

        from pipelines.alarms import note_caught_up

        if self._noted_at is not None and time.monotonic() - self._noted_at < self._LEAST_SECONDS:
            return
        now = datetime.now(UTC)
        try:
            note_caught_up(self._source, self._url, shown=_shown(self._url), tables=self._choice.roots, now=now)
        except DBAPIError:  # a source that may only be read, or is busy, is copied all the same
            say("the source takes no note of how far this target is, so `scrapy status` of it cannot tell")
        self._noted_at = time.monotonic()


def _shown(url: str) -> str:
    """Without what may be secret in it: user, password and query; of a webhook, long parts of the path too."""
    from pipelines.sync import shown_webhook

    if url.startswith(("http://", "https://")):
        return shown_webhook(url)
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"  # a password may hold a question mark


def _keep_up(sync: "Sync | WebhookSync | WarehouseSync", notes: _Notes, *, follow: bool) -> Exit:
    refused = _catch_up(sync, label="Copying")
    notes.caught_up()
    while follow:
        time.sleep(_POLL_SECONDS)
        refused += _catch_up(sync, label="Following", quiet=True)
        notes.caught_up()
    if refused:
        complain(
            f"the receiver refused {refused:,} of the batches; see the table dead_letter for its answers\n"
            "once it takes them, post their rows again: scrapy sync URL --resend"
        )
    return Exit.FAILED if refused else Exit.OK


def _resend(sync: "WebhookSync") -> Exit:
    steps = list(sync.resend())
    refused = sum(step.refused for step in steps)
    say(f"{counted(len(steps) - refused, 'dead letter')} taken, {counted(refused, 'dead letter')} refused again")
    return Exit.FAILED if refused else Exit.OK


def _catch_up(sync: "Sync | WebhookSync | WarehouseSync", *, label: str, quiet: bool = False) -> int:
    """One line at the end: what was written, and how far the target is behind. The number of batches refused."""
    started = time.monotonic()
    done = rows = changes = refused = 0
    with _RowsLine(label, total=None if quiet else sync.left()) as progress:
        for step in sync.catch_up():
            done, rows, changes = done + step.done, rows + step.rows, changes + step.changes
            refused += step.refused
            progress.update(pages=done, articles=rows, errors=0)
    if quiet and not changes:
        return refused
    written = f"{counted(rows, 'row')} written, {counted(changes, 'change')} delivered"
    behind, seconds = sync.lag()
    age = f", the oldest for {seconds:.0f} s" if behind else ""
    say(f"{written} in {time.monotonic() - started:.1f} s; {counted(behind, 'change')} behind{age}")
    return refused


class _RowsLine(ProgressLine):
    """Rows written, their rate, and what is left."""

    def status(self, seconds: float) -> str:
        rate = f"{self.articles / seconds if seconds > 0 else 0:,.0f}/s"
        left = f"{max((self.total or 0) - self.pages, 0):,} behind"
        return " · ".join((counted(self.articles, "row"), rate, *((left,) if self.total else ())))


def _check(source: "Engine", target_url: str, choice: "Choice") -> Exit:
    from sqlalchemy import inspect

    from models.engine import reading
    from pipelines.sync import open_target, table_sums

    target = open_target(target_url)
    shown = table("table", "rows#", "in the target#", "checksum", "")
    differs = False
    try:
        with reading(source) as ours, target.connect() as theirs:
            if not set(choice.roots) <= set(inspect(theirs).get_table_names()):
                complain("the target has not all of these tables yet; run `scrapy sync` without --check first")
                return Exit.FAILED
            copied = table_sums(theirs, choice.roots, tombstones=choice.tombstones)
            for (name, own), (_, other) in zip(table_sums(ours, choice.roots), copied, strict=True):
                differs |= own != other
                shown.add_row(
                    name, f"{own.rows:,}", f"{other.rows:,}", own.checksum[:12], "" if own == other else "differs"
                )
    finally:
        target.dispose()
    stdout().print(shown)
    if differs:
        complain("the target is not like the source\nrun `scrapy sync` first, and compare while nobody writes")
    return Exit.FAILED if differs else Exit.OK
