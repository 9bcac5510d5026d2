"""`scrapy sync TARGET_URL`: what is stored here, in another database, and kept like it."""

import argparse
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from crawler.commands.stored import chosen_roots, existing_database, parse_time
from crawler.console import (
    ConsoleCommand,
    CountLine,
    Exit,
    ProgressLine,
    complain,
    counted,
    print_json,
    say,
    stdout,
    table,
)
from crawler.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from pipelines.sync import Choice, Sync, TableSum, WarehouseSync, WebhookSync

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

    json_told: ClassVar[str] = (
        "one JSON object: rows, changes, refused, behind, behind_seconds, seconds; a line each time with --follow; "
        "with --check the tables, with --resend how many were taken"
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
                return _check(source, args[0], choice, as_json=opts.json)
            with open_sync(source, args[0], choice) as sync:
                return _keep_up(sync, _Notes(source, args[0], choice), follow=opts.follow, as_json=opts.json)

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
        if opts.resend:
            return _resend(sync, as_json=opts.json)
        return _keep_up(sync, _Notes(source, url, choice), follow=opts.follow, as_json=opts.json)

    def _load(self, source: "Engine", url: str, choice: "Choice", opts: argparse.Namespace) -> Exit:
        from pipelines.sync import WarehouseSync

        if opts.check or opts.tombstones:
            raise UsageError(
                "a warehouse takes no --check and no --tombstones: dlt replaces all rows of what has changed"
            )
        sync = WarehouseSync(source, url, choice)
        return _keep_up(sync, _Notes(source, url, choice), follow=opts.follow, as_json=opts.json)


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


def _keep_up(sync: "Sync | WebhookSync | WarehouseSync", notes: _Notes, *, follow: bool, as_json: bool) -> Exit:
    refused = _catch_up(sync, label="Copying", as_json=as_json)
    notes.caught_up()
    while follow:
        time.sleep(_POLL_SECONDS)
        refused += _catch_up(sync, label="Following", as_json=as_json, quiet=True)
        notes.caught_up()
    if refused:
        complain(
            f"the receiver refused {refused:,} of the batches; see the table dead_letter for its answers\n"
            "once it takes them, post their rows again: scrapy sync URL --resend"
        )
    return Exit.FAILED if refused else Exit.OK


def _resend(sync: "WebhookSync", *, as_json: bool) -> Exit:
    taken = refused = 0
    with CountLine("Resending", "dead letter") as progress:
        for step in sync.resend():
            taken, refused = taken + (not step.refused), refused + step.refused
            progress.advance()
    if as_json:
        print_json({"taken": taken, "refused": refused})
    say(f"{counted(taken, 'dead letter')} taken, {counted(refused, 'dead letter')} refused again")
    return Exit.FAILED if refused else Exit.OK


def _catch_up(sync: "Sync | WebhookSync | WarehouseSync", *, label: str, as_json: bool, quiet: bool = False) -> int:
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
    behind, age = sync.lag()
    seconds = time.monotonic() - started
    if as_json:
        sums = {"rows": rows, "changes": changes, "refused": refused, "behind": behind}
        print_json(sums | {"behind_seconds": age, "seconds": round(seconds, 3)})
    oldest = f", the oldest for {age:.0f} s" if behind else ""
    say(f"{written} in {seconds:.1f} s; {counted(behind, 'change')} behind{oldest}")
    return refused


class _RowsLine(ProgressLine):
    """Rows written, their rate, and what is left."""

    def status(self, seconds: float) -> str:
        rate = f"{self.articles / seconds if seconds > 0 else 0:,.0f}/s"
        behind = f"{max((self.total or 0) - self.pages, 0):,} behind"
        left = self.left(self.pages / seconds if seconds > 0 else 0.0)
        return " · ".join((counted(self.articles, "row"), rate, *((behind, *left) if self.total else ())))


def _check(source: "Engine", target_url: str, choice: "Choice", *, as_json: bool) -> Exit:
    from sqlalchemy import inspect

    from models.engine import reading
    from pipelines.sync import open_target, table_counts, table_sums

    target = open_target(target_url)
    try:
        with reading(source) as ours, target.connect() as theirs:
            if not set(choice.roots) <= set(inspect(theirs).get_table_names()):
                complain("the target has not all of these tables yet; run `scrapy sync` without --check first")
                return Exit.FAILED
            total = 2 * sum(table_counts(ours, choice.roots).values())
            with CountLine("Comparing", "row", total=total) as progress:
                copied = table_sums(theirs, choice.roots, tombstones=choice.tombstones, tell=progress.advance)
                own = table_sums(ours, choice.roots, tell=progress.advance)
                pairs = [(name, here, there) for (name, here), (_, there) in zip(own, copied, strict=True)]
    finally:
        target.dispose()
    differs = any(here != there for _, here, there in pairs)
    if as_json:
        print_json({"is_equal": not differs, "tables": [_compared(*pair) for pair in pairs]})
    else:
        shown = table("table", "rows#", "in the target#", "checksum", "")
        for name, here, there in pairs:
            is_equal = "" if here == there else "differs"
            shown.add_row(name, f"{here.rows:,}", f"{there.rows:,}", here.checksum[:12], is_equal)
        stdout().print(shown)
    if differs:
        complain("the target is not like the source\nrun `scrapy sync` first, and compare while nobody writes")
    return Exit.FAILED if differs else Exit.OK


def _compared(name: str, here: "TableSum", there: "TableSum") -> dict[str, Any]:
    return {"table": name, "rows": here.rows, "target_rows": there.rows, "is_equal": here == there}
