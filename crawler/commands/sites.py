"""`scrapy sites`: the sites that have a file of their own, and those that something is stored of."""

import argparse
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, ClassVar

from crawler.commands.stored import existing_database
from crawler.console import ConsoleCommand, Exit, Waiting, print_json, printable, say, stdout, table
from crawler.errors import UsageError
from crawler.site import GENERIC, Site
from crawler.sites import known_sites

if TYPE_CHECKING:
    from pipelines.queries import SiteCounts


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = ("scrapy sites", "scrapy sites --json")
    json_told: ClassVar[str] = "one JSON object: site_files and stored_sites"

    def short_desc(self) -> str:
        return "List known sites: those with a file, those stored"

    def long_desc(self) -> str:
        return (
            "Lists the site files of crawler/sites with their domains and the hints they give, and the sites in the "
            "database with the numbers of their pages and articles. A site needs no file to be crawled."
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if args:
            raise UsageError(f"no arguments expected, found {' '.join(args)}")
        known = tuple(known_sites().values())
        stored = self._stored()
        if opts.json:
            record = {"site_files": [_to_json(site) for site in known], "stored_sites": list(map(asdict, stored))}
            print_json(record)
            return Exit.OK
        _print_files(known)
        _print_stored(stored)
        return Exit.OK

    def _stored(self) -> "tuple[SiteCounts, ...]":
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                return ()
            from pipelines.queries import site_counts

            with Waiting("Counting what is stored"):
                return site_counts(engine)


def _hints(site: Site) -> tuple[str, ...]:
    """Names of the fields that the site's file fills in."""
    told = ("name", "domains")
    names = (field.name for field in fields(Site) if field.name not in told)
    return tuple(name for name in names if getattr(site, name) != getattr(GENERIC, name))


def _to_json(site: Site) -> dict[str, Any]:
    return {"name": site.name, "domains": site.domains, "hints": _hints(site)}


def _print_files(known: tuple[Site, ...]) -> None:
    if not known:
        say("no site files; none is needed, and `scrapy site new URL` writes one\n")
        return
    rows = table("site file", "domains", "hints", title="Site files")
    for site in known:
        rows.add_row(site.name, ", ".join(site.domains), ", ".join(_hints(site)))
    stdout().print(rows)
    stdout().print()


def _print_stored(stored: "tuple[SiteCounts, ...]") -> None:
    if not stored:
        say("nothing is stored yet\nstart with: scrapy crawl articles -a url=https://example.com/")
        return
    rows = table("site", "pages#", "articles#", "failures#", "last fetched", title="Stored sites")
    for site in stored:
        last = site.last_fetched_at.strftime("%Y-%m-%d %H:%M UTC") if site.last_fetched_at else "never"
        counts = (f"{count:,}" for count in (site.pages, site.articles, site.failures))
        rows.add_row(printable(site.domain), *counts, last)
    stdout().print(rows)
