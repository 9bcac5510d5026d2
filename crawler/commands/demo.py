"""`scrapy demo`: the whole way on a site of our own, from the first request to the three panels."""

import argparse
import json
import socket
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from crawler.console import ConsoleCommand, Exit, print_json, say, stdout, table
from crawler.errors import UsageError
from crawler.pagejson import page_to_json

if TYPE_CHECKING:
    from sqlalchemy import Engine

# The same at each demonstration if it is free, so that the second updates what the first has stored.
PORT = 8808
SHOWN_BLOCKS = 6
SHOWN_ITEMS = 4


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = ("scrapy demo", "scrapy demo -s DATABASE_URL=sqlite:///other.db")

    json_told: ClassVar[str] = "one JSON object: the sums of the crawl, and the page that is shown"

    def short_desc(self) -> str:
        return "Crawl a sample site into the database and show one page"

    def long_desc(self) -> str:
        return (
            "Serves a sample site on 127.0.0.1 (Chinese and English, three layouts, one in GBK), crawls it into the "
            "database, and prints what was stored and one page's three panels. Nothing leaves this machine."
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if args:
            raise UsageError(f"no arguments expected, found {' '.join(args)}")
        from crawler.panels import ThreePanels
        from crawler.runs import run_articles
        from crawler.samplesite import serve
        from models.engine import open_database
        from pipelines.queries import stored_page

        settings = self.project_settings
        for name, value in (("AUTOTHROTTLE_ENABLED", False), ("CONCURRENT_REQUESTS_PER_DOMAIN", 8)):
            settings.set(name, value, priority="cmdline")  # the site is our own
        engine = open_database(settings["DATABASE_URL"])
        with serve(_free_port()) as base:
            settings.set("ADDRESSES_ALLOWED", [urlsplit(base).netloc], priority="cmdline")
            say(f"A sample site is served at {base}/ while it is crawled.")
            sums = run_articles(settings, {"url": f"{base}/"})
            shown = _showcase(base)
        page = stored_page(engine, shown)
        if opts.json:
            print_json({"sums": json.loads(sums.to_json()), "page": page_to_json(page, shown) if page else None})
        else:
            sums.print()
            _print_sites(engine)
            if page:
                stdout().print(ThreePanels(page, blocks=SHOWN_BLOCKS, items=SHOWN_ITEMS))
        engine.dispose()
        _print_next(shown)
        return sums.exit_status(settings.getfloat("FAILURE_SHARE_MAX")) if page else Exit.FAILED


def _showcase(base: str) -> str:
    """A page with everything: two articles run together, promotion links, related articles, hot tags."""
    from crawler.samplesite import SampleSite

    return next(url for url, page in SampleSite(base).truth().items() if len(page.articles) > 1)


def _print_sites(engine: "Engine") -> None:
    from pipelines.queries import site_counts

    rows = table("site", "pages#", "articles#", "related links#", "resolved#", "tags#", "failures#")
    for site in site_counts(engine):
        counts = (site.pages, site.articles, site.link_items, site.resolved_items, site.tags, site.failures)
        rows.add_row(site.domain, *(f"{count:,}" for count in counts))
    stdout().print()
    stdout().print(rows)
    stdout().print()


def _print_next(shown: str) -> None:
    say(
        f"""
Next:
  scrapy show {shown}
  scrapy crawl articles -a url=https://example.com/ -a limit=20     your own site
  scrapy recrawl URL                                                one page, now
  scrapy sites                                                      what is stored"""
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return 0
    return PORT
