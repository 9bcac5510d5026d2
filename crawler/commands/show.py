"""`scrapy show`: what is stored of one URL, in three panels."""

import argparse
import sys
from typing import ClassVar

from crawler.commands.stored import existing_database
from crawler.console import ConsoleCommand, Exit, complain, stdout
from crawler.errors import UsageError
from crawler.markup.links import absolute_url
from crawler.pagejson import json_line, page_to_json
from crawler.panels import ThreePanels, page_head
from crawler.transport.typed import refuse_credentials, shown
from models.items import Page


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy show https://example.com/news/1.html",
        "scrapy show --json https://example.com/news/1.html",
    )
    json_told: ClassVar[str] = "one JSON line, in the form of scrapy extract"

    def syntax(self) -> str:
        return "[options] URL"

    def short_desc(self) -> str:
        return "Show a stored page: body, related lists, tag lists"

    def long_desc(self) -> str:
        return (
            "Shows what is stored of a page, in three panels: the body as typed blocks, the related-article lists, the "
            "tag lists. Any spelling of its URL will do, with tracking parameters or without, and any other URL that "
            "leads to it. Nothing is fetched."
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if len(args) != 1 or absolute_url(None, args[0]) is None:
            raise UsageError(f"one http or https URL expected, found {shown(' '.join(args)) or 'none'}")
        (url,) = args
        refuse_credentials(args)
        page = self._stored(url)
        if page is None:
            complain(f"nothing is stored of {url}\nfetch it now: scrapy recrawl '{url}'")
            return Exit.FAILED
        if opts.json:
            sys.stdout.buffer.write(json_line(page_to_json(page, page.canonical_url or url)))
        else:
            stdout().print(page_head(page))
            stdout().print(ThreePanels(page))
        return Exit.OK

    def _stored(self, url: str) -> Page | None:
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                return None
            from pipelines.queries import stored_page

            return stored_page(engine, url)
