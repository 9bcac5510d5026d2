"""`scrapy prune`: what is too old to be kept, deleted."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from crawler.commands.stored import existing_database, time_before
from crawler.console import ConsoleCommand, CountLine, Exit, Waiting, counted, print_json, say, stdout, table
from crawler.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from pipelines.prune import Prunable, Rules


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy prune --versions-older-than 90d --keep-versions 3",
        "scrapy prune --failures-older-than 30d --fetches-older-than 30d --yes",
        "scrapy prune --changes-older-than 2w --dry-run",
    )

    json_told: ClassVar[str] = "one JSON object: what is too old by table, and how many rows were deleted"

    def syntax(self) -> str:
        return "[options] [--yes]"

    def short_desc(self) -> str:
        return "Delete old versions, failures, fetches and changes"

    def long_desc(self) -> str:
        return (
            "Deletes what is older than its rule says, and shows before how much that is; without --yes, nothing is "
            "deleted. The current version of an article is always kept. Targets of `scrapy sync` lose the same rows at "
            "their next sync. Changes are deleted only once all webhooks have been told; other databases keep their "
            "position themselves, and one that has not fetched the changes by then is copied anew. An AGE is 12h, 90d, "
            "8w or 2y. May be stopped at any moment, and run beside a crawl. Exit status: 0 done, 2 wrong call, 3 the "
            "database failed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        kept = "versions read longer ago, if they are not among the last that --keep-versions keeps"
        parser.add_argument("--versions-older-than", metavar="AGE", help=kept)
        parser.add_argument("--keep-versions", metavar="N", type=int, help="all but the last N versions of an article")
        parser.add_argument("--failures-older-than", metavar="AGE", help="failures")
        parser.add_argument("--fetches-older-than", metavar="AGE", help="requests whose response is not archived")
        parser.add_argument("--changes-older-than", metavar="AGE", help="the record that sync and --since read")
        parser.add_argument("--dry-run", action="store_true", help="only show how much would be deleted")
        parser.add_argument("--yes", action="store_true", help="delete it")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from pipelines.prune import prunable

        if args:
            raise UsageError(f"only options expected, found {' '.join(args)}")
        rules = _rules(opts, now=datetime.now(UTC))
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                say("nothing is stored yet")
                return Exit.OK
            with Waiting("Looking for what is too old"):
                found = prunable(engine, rules)
            if not opts.json:
                _show(found)
            is_meant = opts.yes and not opts.dry_run
            deleted = _prune(engine, rules, total=sum(each.rows for each in found)) if is_meant else 0
        if opts.json:
            print_json({"deleted": deleted, "tables": [asdict(each) for each in found]})
        if is_meant:
            say(f"{counted(deleted, 'row')} deleted; the database uses their space again")
        else:
            say("nothing was deleted" + ("" if opts.dry_run else "; to delete it, add --yes"))
        return Exit.OK


def _rules(opts: argparse.Namespace, *, now: datetime) -> "Rules":
    from pipelines.prune import Rules

    rules = Rules(
        versions_before=time_before(opts.versions_older_than, now),
        keep_versions=opts.keep_versions,
        failures_before=time_before(opts.failures_older_than, now),
        fetches_before=time_before(opts.fetches_older_than, now),
        changes_before=time_before(opts.changes_older_than, now),
    )
    if rules == Rules():
        raise UsageError("say what is too old, as --versions-older-than 90d; nothing is deleted without a rule")
    if rules.keep_versions is not None and rules.keep_versions < 1:
        raise UsageError("--keep-versions: 1 or more expected, as the current version is always kept")
    return rules


def _show(found: "Sequence[Prunable]") -> None:
    shown = table("table", "to delete#", "size#", "kept#", "")
    for each in found:
        held = f"kept back for {each.held_by} as far as it has not been told" if each.held_by else ""
        shown.add_row(each.table, f"{each.rows:,}", _size(each.size_bytes), f"{each.kept:,}", held)
    stdout().print(shown)


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _prune(engine: "Engine", rules: "Rules", *, total: int) -> int:
    """How many rows were deleted."""
    from pipelines.prune import prune

    with CountLine("Deleting", "row", total=total) as progress:
        for _, rows in prune(engine, rules):
            progress.advance(rows)
    return progress.pages
