"""`scrapy duplicates`: articles that are nearly the same text, over all sites."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from rich.text import Text

from crawler.commands.stored import existing_database
from crawler.console import ConsoleCommand, CountLine, Exit, Waiting, counted, print_json, printable, say, stdout
from crawler.errors import UsageError
from models.identity import registered_domain

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from pipelines.duplicates import Cluster, Copy


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy duplicates",
        "scrapy duplicates --across --site example.com",
        "scrapy duplicates --distance 10 --json",
    )
    json_told: ClassVar[str] = "one JSON line a cluster"

    def short_desc(self) -> str:
        return "List articles of nearly the same text: reprints, copies"

    def long_desc(self) -> str:
        return (
            "Lists clusters of articles whose texts are nearly the same, over all sites, the oldest copy first: with "
            "the date, the bits of 64 in which a text differs from the oldest one, the URL, and the page that a "
            "reprint names as its source. Texts of fewer than 32 words or Han characters are not compared. "
            "Articles stored before there were similarity hashes get theirs now, which writes to the database."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--distance",
            type=int,
            default=6,
            metavar="BITS",
            help="how many bits of 64 may differ, 0 to 16; 6 unless told: a few words exchanged, an advertisement "
            "added, the last lines cut off. 10 finds copies of three quarters, and first chance pairs",
        )
        parser.add_argument("--site", metavar="DOMAIN", help="only clusters with an article of this site")
        parser.add_argument("--across", action="store_true", help="only clusters of more than one site")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if args:
            raise UsageError(f"no arguments expected, found {' '.join(args)}")
        clusters = [
            cluster
            for cluster in self._clusters(opts.distance)
            if (not opts.across or len(cluster.sites) > 1) and (not opts.site or _domain(opts.site) in cluster.sites)
        ]
        for cluster in clusters:
            if opts.json:
                record = {"copies": [asdict(copy) for copy in cluster.copies]}
                print_json(record)
            else:
                stdout().print(_shown(cluster), soft_wrap=True)
        articles = sum(len(cluster.copies) for cluster in clusters)
        say(f"{counted(articles, 'article')} in {counted(len(clusters), 'cluster')}")
        return Exit.OK

    def _clusters(self, most: int) -> "Sequence[Cluster]":
        from pipelines.duplicates import MOST_DISTANCE, find_clusters

        if not 0 <= most <= MOST_DISTANCE:
            raise UsageError(f"--distance: 0 to {MOST_DISTANCE} expected, found {most}")
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                say("nothing is stored yet\nstart with: scrapy crawl articles -a url=https://example.com/")
                return ()
            _fill(engine)
            with Waiting("Comparing all articles"):
                return find_clusters(engine, most)


def _fill(engine: "Engine") -> None:
    from pipelines.store.similarities import fill_similarities

    with CountLine("Hashing", "version") as progress:
        for done in fill_similarities(engine):
            progress.update(pages=done, articles=0, errors=0)


def _domain(site: str) -> str:
    """As sites are stored: of "www.example.com" or a URL its registered domain; an address keeps its port."""
    netloc = urlsplit(site if "//" in site else f"//{site}").netloc.lower()
    return registered_domain(netloc) if ":" not in netloc else netloc


def _shown(cluster: "Cluster") -> Text:
    oldest = cluster.copies[0]
    count = f"{len(cluster.copies)} copies on {counted(len(cluster.sites), 'site')}: "
    text = Text.assemble((count, "bold cyan"), (printable(oldest.headline or "no headline"), "bold"), "\n")
    for copy in cluster.copies:
        text.append_text(_line(copy))
    return text


def _line(copy: "Copy") -> Text:
    day = f"{copy.at:%Y-%m-%d}{' ' if copy.is_dated else '?'}"
    text = Text.assemble("  ", (day, "dim"), (f"{copy.distance:>3} ", "yellow"), printable(copy.url))
    text.append(" (gone)" if copy.is_gone else "", style="red")
    if copy.reprint_of:
        how = "by a link" if copy.named_by == "link" else f"as {copy.source}"
        text.append(
            f"\n                 reprint of {printable(copy.reprint_of)}, named {printable(how)}", style="green"
        )
    return text.append("\n")
