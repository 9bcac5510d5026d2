"""`scrapy alarms`: what is not as it was, told by each site's own history."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text

from crawler.commands.stored import existing_database
from crawler.console import ConsoleCommand, Exit, Waiting, complain, counted, print_json, printable, say, stdout
from crawler.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from pipelines.alarms import ShownAlarm


_RETRY_SECONDS = 30.0


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy alarms",
        "scrapy alarms --site example.com --all",
        "scrapy alarms --accept 12 13",
        "scrapy alarms --json | jq -r .message",
    )
    json_told: ClassVar[str] = "a JSON line an alarm"

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Tell what is not as it was, with pages to look at"

    def long_desc(self) -> str:
        return (
            "Lists the alarms that are open. Runs are looked at when they end; this looks at what no look has seen. "
            "Each site is compared with its own last weeks, and no thresholds are set: articles that lack a field, "
            "shorter bodies, bodies in another place, pages that hold no article any more, no new articles, failures "
            "of a class, a sync that is behind. An alarm clears by itself when things are as they were. --accept "
            "says that it is meant to be so. TRIPTYCH_ALARM_WEBHOOK and TRIPTYCH_ALARM_COMMAND are told of each that "
            "is raised or cleared. Exit status: 0 none is open, 1 one is, 2 wrong call, 3 the database failed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", metavar="DOMAIN", help="only those of this site, or of this target of a sync")
        parser.add_argument("--all", action="store_true", help="those that were cleared too")
        parser.add_argument(
            "--accept", metavar="ID", type=int, nargs="+", help="it is usual from now on: clear these alarms"
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if args:
            raise UsageError(f"no arguments expected, found {' '.join(args)}")
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                say("nothing is stored yet; crawl something first: scrapy crawl articles -a url=URL")
                return Exit.OK
            from pipelines.alarms import Listeners, listed_alarms, look, tell

            if opts.accept:
                return _accept(engine, opts.accept)
            with Waiting("Looking at what is stored"):
                look(engine, now=datetime.now(UTC))
            names = ("ALARM_WEBHOOK", "WEBHOOK_SECRET", "ALARM_COMMAND")
            listeners = Listeners(*(self.project_settings[name] for name in names))
            tell(engine, listeners, now=datetime.now(UTC), retry_seconds=_RETRY_SECONDS)
            alarms = listed_alarms(engine, watched=opts.site, with_cleared=opts.all)
        if opts.json:
            for alarm in alarms:
                print_json(alarm)
        else:
            print_alarms(alarms)
        return Exit.FAILED if any(alarm.cleared_at is None for alarm in alarms) else Exit.OK


def _accept(engine: "Engine", ids: Sequence[int]) -> Exit:
    from pipelines.alarms import accept

    unknown = [id_ for id_ in ids if not accept(engine, id_, now=datetime.now(UTC))]
    say(f"{counted(len(ids) - len(unknown), 'alarm')} accepted: it is usual from now on")
    if unknown:
        numbers = ", ".join(map(str, unknown))
        complain(f"no open alarm {numbers}\n`scrapy alarms` lists those that are open with their numbers")
    return Exit.FAILED if unknown else Exit.OK


def print_alarms(alarms: "Sequence[ShownAlarm]") -> None:
    """Each with its pages."""
    console = stdout()
    if not alarms:
        console.print("no alarms")
    for alarm in alarms:
        is_open = alarm.cleared_at is None
        head = (f"{alarm.id}", "bold red" if is_open else "dim"), "  ", (printable(alarm.watched), "bold")
        # A terminal breaks lines between words; what reads a pipe finds a line a fact.
        is_whole = not console.is_terminal
        console.print(Text.assemble(*head, f": {printable(alarm.message)}"), soft_wrap=is_whole)
        console.print(Text(f"    {_times(alarm)}", style="dim"), soft_wrap=is_whole)
        for page in alarm.pages:
            version = f" v{page.version}" if page.version and page.version > 1 else ""
            side = "before" if page.is_before else "now   "
            console.print(f"    {side}  {printable(page.url)}{version}", soft_wrap=True)
    if any(alarm.cleared_at is None for alarm in alarms):
        say("\nlook at what changed on a page: scrapy history URL\nif it is meant to be so: scrapy alarms --accept ID")


def _times(alarm: "ShownAlarm") -> str:
    since = f"since {_short(alarm.since_at)}"
    if alarm.cleared_at is not None:
        return f"{since}, cleared {_short(alarm.cleared_at)} UTC: {alarm.cleared_because}"
    run = f" by run {alarm.crawl_id}" if alarm.crawl_id else ""
    return f"{since}, raised {_short(alarm.raised_at)}{run}, last seen {_short(alarm.seen_at)} UTC"


def _short(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M}"
