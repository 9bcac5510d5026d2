"""`scrapy frontier`: what is due, who asks for it, and which pages are in quarantine."""

import argparse
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from crawler.commands.stored import existing_database
from crawler.console import ConsoleCommand, Exit, Waiting, counted, print_json, printable, say, stdout, table
from crawler.errors import UsageError

if TYPE_CHECKING:
    from pipelines.frontier.overview import Quarantined, SiteFrontier


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy frontier",
        "scrapy frontier --quarantined",
        "scrapy frontier --quarantined --json | jq -r .url | xargs scrapy recrawl",
    )
    json_told: ClassVar[str] = "a JSON line each"

    def short_desc(self) -> str:
        return "Show what is due, who asks for it, and pages in quarantine"

    def long_desc(self) -> str:
        return (
            "Shows the sites of which pages are planned: how many are due and how many of those were never asked for, "
            "how many are asked for at this moment, and when the next is due. A page in quarantine is one whose worker "
            "died with it time after time; it is not asked for again until `scrapy recrawl` is told to."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--quarantined", action="store_true", help="list the pages in quarantine")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if args:
            raise UsageError(f"no argument expected, found {' '.join(args)}")
        if opts.quarantined:
            pages = self._quarantined()
            _tell(pages, as_json=opts.json, show=_print_quarantined, none="no page is in quarantine")
        else:
            none = "nothing is planned; a crawl makes a site known"
            _tell(self._sites(), as_json=opts.json, show=_print_sites, none=none)
        return Exit.OK

    def _sites(self) -> "list[SiteFrontier]":
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                return []
            from pipelines.frontier.overview import site_frontiers

            with Waiting("Counting what is due"):
                return site_frontiers(engine)

    def _quarantined(self) -> "list[Quarantined]":
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                return []
            from pipelines.frontier.overview import quarantined_pages

            return quarantined_pages(engine)


def _tell(rows: list[Any], *, as_json: bool, show: Callable[[list[Any]], None], none: str) -> None:
    if as_json:
        for row in rows:
            print_json(row)
    elif rows:
        show(rows)
    else:
        say(none)


def _print_sites(sites: "list[SiteFrontier]") -> None:
    rows = table("site", "due#", "new#", "asked now#", "quarantined#", "next", "")
    for site in sites:
        closed = f"not before {_short(site.not_before)}" if site.not_before else ""
        counts = (site.due, site.new, site.leased, site.quarantined)
        state = "a worker has it" if site.is_held else closed
        rows.add_row(printable(site.domain), *(f"{count:,}" for count in counts), _short(site.next_due_at), state)
    stdout().print(rows)


def _print_quarantined(pages: "list[Quarantined]") -> None:
    rows = table("in quarantine since", "page, and why")
    for page in pages:
        rows.add_row(_short(page.since), printable(f"{page.url}\n{page.message or ''}"))
    stdout().print(rows)
    say(f"{counted(len(pages), 'page')}; `scrapy recrawl URL` tries one once more")


def _short(moment: datetime | None) -> str:
    return f"{moment:%m-%d %H:%M}" if moment else ""
