"""`scrapy crawl articles`: Scrapy's own command, with sums at the end and an exit status that tells the truth."""

import argparse
import sys
from typing import ClassVar

from scrapy.utils.conf import arglist_to_dict

from crawler.commands.stored import tell_quarantined
from crawler.console import ConsoleCommand, Exit, say
from crawler.errors import UsageError
from crawler.transport.typed import ask_typed


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy crawl articles -a url=https://example.com/",
        "scrapy crawl articles -a url=https://example.com/news/ -a limit=50",
        "scrapy crawl articles -a url=https://example.com/ -a revisit=due",
        "scrapy crawl articles -a site=example -s DATABASE_URL=sqlite:///a.db",
    )
    json_told: ClassVar[str] = "print the sums as one JSON line, as `scrapy work`"
    actions: ClassVar[tuple[str, ...]] = ("articles",)

    def syntax(self) -> str:
        return "articles -a url=URL [-a site=NAME] [-a limit=N] [-a revisit=due] [-a hosts=any]"

    def short_desc(self) -> str:
        return "Crawl an article site into the database"

    def long_desc(self) -> str:
        return (
            "Crawls the site of URL: its sitemaps, feeds, list pages and links, robots.txt obeyed. Splits each page "
            "into body, related-article lists and tag lists, and stores them. A page that is stored already is asked "
            "whether it has changed; with revisit=due only if its own history says that it is time. With hosts=any it "
            "goes on to all hosts that are linked to, and asks for what is due of other sites too. A crawl that was "
            "killed or stopped goes on where it was when it is called again. "
            "Exit status: 0 all that was asked for is stored or accounted for, 1 nothing could be fetched or too much "
            "failed, 2 wrong call, 3 the database failed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-a",
            dest="spargs",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="url, site, limit, revisit or hosts; repeatable",
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from crawler.runs import run_articles
        from models.engine import open_database

        if args != ["articles"]:
            raise UsageError(f"the spider is called articles, found {' '.join(args) or 'none'}")
        arguments = _arguments(opts.spargs)
        ask_typed(self.project_settings, arguments.get("url", "").split())
        open_database(self.project_settings["DATABASE_URL"]).dispose()  # told before anything is fetched
        sums = run_articles(self.project_settings, arguments)
        if opts.json:
            sys.stdout.write(f"{sums.to_json()}\n")
        else:
            sums.print()
            if sums.example:
                say(f"\nlook at one: scrapy show {sums.example}")
        tell_quarantined(self.project_settings["DATABASE_URL"])
        return sums.tell(self.project_settings.getfloat("FAILURE_SHARE_MAX"))


def _arguments(pairs: list[str]) -> dict[str, str]:
    try:
        arguments: dict[str, str] = arglist_to_dict(pairs)
    except ValueError:
        raise UsageError(f"-a takes NAME=VALUE, found {' '.join(pairs)}") from None
    unknown = set(arguments) - {"url", "site", "limit", "revisit", "hosts"}
    if unknown:
        raise UsageError(f"-a takes hosts, url, site, limit and revisit, found {', '.join(sorted(unknown))}")
    return arguments
