"""`scrapy recrawl URL …`: these pages again, now, and what has changed on them."""

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler

from crawler.console import ConsoleCommand, Exit, printable, stdout
from crawler.errors import UsageError
from models.items import Item

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from pipelines.differences import Difference
    from pipelines.store import Stored

# Lines of a body that are shown of each change: a whole rewritten article would hide the other fields.
SHOWN_LINES = 5
SHOWN_LETTERS = 300


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy recrawl https://example.com/2024/03/article.html",
        "scrapy recrawl https://example.com/a https://example.com/b && echo both are up to date",
    )

    def syntax(self) -> str:
        return "URL [URL …]"

    def short_desc(self) -> str:
        return "Fetch articles again now and print what has changed"

    def long_desc(self) -> str:
        return (
            "Fetches each URL now, by the same rules and into the same tables as a crawl, and prints field by field "
            "what has changed since it was stored. Exit status: 0 every URL is an article and is stored as it is now, "
            "1 one of them is not (the reason is printed and recorded), 2 wrong call, 3 the database failed."
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:  # noqa: ARG002  # the signature of all commands
        from crawler.runs import run_articles
        from models.engine import open_database

        if not args:
            raise UsageError("no URL given")
        urls = tuple(dict.fromkeys(args))
        engine = open_database(self.project_settings["DATABASE_URL"])
        items: list[Item] = []

        def keep(item: Item) -> None:
            items.append(item)

        def listen(crawler: Crawler) -> None:
            crawler.signals.connect(keep, signal=signals.item_scraped)

        # Written below, not by the crawl: only who writes can say what an item has changed.
        self.project_settings.set("ITEM_PIPELINES", {}, priority="cmdline")
        arguments: dict[str, Any] = {"url": " ".join(urls), "follow": "no"}
        sums = run_articles(self.project_settings, arguments, listen=listen)
        return self._store(engine, items, {"asked": sums.asked, "reason": sums.finish_reason, "urls": urls})

    def _store(self, engine: "Engine", items: list[Item], run: dict[str, Any]) -> Exit:
        from pipelines.differences import page_differences
        from pipelines.queries import stored_page
        from pipelines.store import Store

        store = Store(engine)
        crawl_id = store.begin_crawl("recrawl", {"urls": list(run["urls"])})
        status = Exit.OK
        for item in items:
            before = stored_page(engine, item.url) if item.url else None
            stored = store.write([item], crawl_id).stored[0]
            after = stored_page(engine, item.url) if item.url else None
            _print(stored, page_differences(before, after) if after else ())
            if stored.failure:
                status = Exit.FAILED
        store.finish_crawl(crawl_id, reason=run["reason"], asked=run["asked"])
        engine.dispose()
        # An article over several pages asks for more than its URL.
        return status if len(items) == run["asked"] >= len(run["urls"]) else Exit.FAILED


def _print(stored: "Stored", differences: "Iterable[Difference]") -> None:
    console = stdout()
    if stored.failure:
        what = str(stored.outcome)
        reason = f"{stored.failure.failure_class}: {stored.failure.message}"
        console.print(
            Text.assemble((f"{what:<10}", "bold red"), printable(f"{stored.url}\n          {reason}")), soft_wrap=True
        )
        return
    what = "stored" if stored.read_at is None else "changed" if stored.outcome == "stored" else "unchanged"
    console.print(Text.assemble((f"{what:<10}", "bold green"), printable(stored.url)), soft_wrap=True)
    if stored.read_at is None:
        return
    for difference in differences:
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
