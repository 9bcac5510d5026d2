"""`scrapy recrawl URL …`: these pages again, now, and what has changed on them."""

import argparse
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from scrapy.crawler import Crawler

from crawler.console import ConsoleCommand, Exit, print_json, printable, say, stdout
from crawler.errors import UsageError
from crawler.transport.typed import ask_typed

if TYPE_CHECKING:
    from pipelines.differences import Difference
    from pipelines.recrawling.telling import Told

# Lines of a body that are shown of each change: a whole rewritten article would hide the other fields.
SHOWN_LINES = 5
SHOWN_LETTERS = 300


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy recrawl https://example.com/2024/03/article.html",
        "scrapy recrawl https://example.com/a https://example.com/b && echo good",
        "scrapy recrawl --site example.com --where 'date_published >= 2026-03-01'",
    )

    json_told: ClassVar[str] = "a JSON line a page: url, outcome, failure_class, message, was_stored, differences"

    def syntax(self) -> str:
        return "URL [URL …] | [--site DOMAIN] [--where CONDITION]"

    def short_desc(self) -> str:
        return "Fetch articles again now and print what has changed"

    def long_desc(self) -> str:
        return (
            "Fetches each URL now, by the same rules and into the same tables as a crawl, and prints field by field "
            "what has changed since it was stored. Instead of URLs, the stored articles of a site, or the pages that "
            "meet all conditions. Where a running crawl has the site, that crawl fetches the page next, once, and is "
            "waited for. Exit status: 0 every URL is an article and is stored as it is now, 1 one of them is not (the "
            "reason is printed and recorded), 2 wrong call, 3 the database failed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", metavar="DOMAIN", help="the articles of a site, as `scrapy sites` names it")
        parser.add_argument(
            "--where",
            metavar="CONDITION",
            action="append",
            default=[],
            help="as 'date_published >= 2026-03-01', 'url ~ /news/', 'kind = listing'; repeatable",
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from crawler.runs import run_articles
        from models.engine import open_database
        from pipelines.recrawling.telling import page_told

        settings = self.project_settings
        arguments = self._choose(args, opts)
        open_database(settings["DATABASE_URL"]).dispose()  # told before anything is fetched
        told_pages: list[bool] = []

        def tell(told: "Told") -> None:
            told_pages.append(told.failure_class is None)
            if opts.json:
                print_json(told)
            else:
                _print(told)

        def listen(crawler: Crawler) -> None:
            crawler.signals.connect(tell, signal=page_told, weak=False)

        sums = run_articles(settings, arguments, listen=listen)
        if not sums.is_balanced or sums.finish_reason == "shutdown":
            return sums.tell(settings.getfloat("FAILURE_SHARE_MAX"))
        if not told_pages:
            say("no stored page is meant; `scrapy sites` shows the sites there are")
        # An article over several pages asks for more than its URL.
        return Exit.OK if all(told_pages) and len(told_pages) >= max(len(set(args)), 1) else Exit.FAILED

    def _choose(self, args: list[str], opts: argparse.Namespace) -> dict[str, Any]:
        """The spider's arguments, and the settings by which it is fed."""
        from pipelines.recrawling.choice import Choice, Condition

        if bool(args) == bool(opts.site or opts.where):
            raise UsageError("URLs, or else --site or --where, expected; found " + ("both" if args else "no URL given"))
        settings = self.project_settings
        feeding = {"pipelines.frontier.feeding.FrontierMiddleware": None}
        feeding |= {"pipelines.recrawling.feeding.ChosenMiddleware": 100}  # type: ignore[dict-item]  # a number or None
        settings.set("SPIDER_MIDDLEWARES", settings.getdict("SPIDER_MIDDLEWARES") | feeding, priority="cmdline")
        settings.set("ITEM_PIPELINES", {"pipelines.recrawling.telling.TellingPipeline": 100}, priority="cmdline")
        if args:
            ask_typed(self.project_settings, args)
            return {"url": " ".join(dict.fromkeys(args)), "follow": "no", "revisit": "due"}
        try:
            choice = Choice(site=opts.site, conditions=tuple(map(Condition.of, opts.where)))
        except ValueError as error:
            raise UsageError(f"--where: {error}") from None
        settings.set("RECRAWL_CHOICE", choice, priority="cmdline")
        return {"sites": "all", "follow": "no"}


def _print(told: "Told") -> None:
    console = stdout()
    if told.failure_class is not None:
        reason = f"{told.failure_class}: {told.message}"
        console.print(
            Text.assemble((f"{told.outcome:<10}", "bold red"), printable(f"{told.url}\n          {reason}")),
            soft_wrap=True,
        )
        return
    what = "stored" if not told.was_stored else "changed" if told.outcome == "stored" else "unchanged"
    console.print(Text.assemble((f"{what:<10}", "bold green"), printable(told.url)), soft_wrap=True)
    if told.was_stored:
        for difference in told.differences:
            console.print(_lines_of(difference), soft_wrap=True)


def _lines_of(difference: "Difference") -> Text:
    text = Text(f"  {difference.field}\n", style="bold")
    if not difference.gone and not difference.added:
        text.append("    in another order\n", style="not bold")
    for sign, style, values in (("-", "red", difference.gone), ("+", "green", difference.added)):
        for value in values[:SHOWN_LINES]:
            shown = value if len(value) <= SHOWN_LETTERS else f"{value[:SHOWN_LETTERS]} …"
            text.append(f"    {sign} {printable(shown)}\n", style=f"not bold {style}")
        if len(values) > SHOWN_LINES:
            text.append(f"    {sign} … {len(values) - SHOWN_LINES} more\n", style=f"not bold {style}")
    text.rstrip()
    return text
