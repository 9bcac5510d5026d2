"""`scrapy history`: how a stored page came to be as it is."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from crawler.commands.stored import existing_database
from crawler.console import ConsoleCommand, Exit, complain, print_json, stdout
from crawler.errors import UsageError
from crawler.markup.links import absolute_url
from crawler.transport.typed import refuse_credentials, shown

if TYPE_CHECKING:
    from pipelines.history import ArticleHistory, ListChange, PageHistory, VersionChange


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy history https://example.com/news/1.html",
        "scrapy history https://example.com/news/1.html --version 1 3",
        "scrapy history --json https://example.com/news/1.html",
    )
    json_told: ClassVar[str] = "one JSON line, with the versions as they were"

    def syntax(self) -> str:
        return "[options] URL"

    def short_desc(self) -> str:
        return "Show what has changed on a stored page, word by word"

    def long_desc(self) -> str:
        return (
            "Lists the versions of each article of a page, and shows what changed from one to the next: headline and "
            "body word by word, a Chinese text letter by letter; facts; blocks that moved; related articles and tags "
            "that came and went. In a terminal what is gone is red and what was added green, elsewhere they are "
            "[-gone-] and {+added+}. Nothing is fetched: scrapy recrawl does that."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--version",
            type=int,
            nargs="+",
            action="extend",
            default=[],
            metavar="N",
            help="only the change that made version N; of two numbers, what lies between the two",
        )

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        if len(args) != 1 or absolute_url(None, args[0]) is None:
            raise UsageError(f"one http or https URL expected, found {shown(' '.join(args)) or 'none'}")
        if len(set(opts.version)) > 2:
            raise UsageError("--version: one or two numbers expected")
        (url,) = args
        refuse_credentials(args)
        history = self._history(url)
        if history is None:
            complain(f"nothing is stored of {url}\nfetch it now: scrapy recrawl '{url}'")
            return Exit.FAILED
        changes = {article.position: _changes(article, sorted({*opts.version})) for article in history.articles}
        if opts.version and not any(changes.values()):
            numbers = sorted({version.number for article in history.articles for version in article.versions})
            stored = f"{numbers[0]} to {numbers[-1]}" if numbers else "none"
            complain(
                f"{history.url} has no such change\nversions stored: {stored}; each is compared with the one before"
            )
            return Exit.FAILED
        lists = _list_changes(history, changes, is_chosen=bool(opts.version))
        if opts.json:
            print_json(_to_json(history, changes, lists))
        else:
            from crawler.commands.history_shown import shown_history

            stdout().print(*shown_history(history, changes, lists), sep="\n")
        return Exit.OK

    def _history(self, url: str) -> "PageHistory | None":
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                return None
            from pipelines.history import page_history

            return page_history(engine, url)


def _changes(article: "ArticleHistory", numbers: Sequence[int]) -> "list[VersionChange]":
    """From each version to the next; or between the versions of these numbers, as far as there are such."""
    from pipelines.history import version_change

    if not numbers:
        return [version_change(*pair) for pair in pairwise(article.versions)]
    wanted = (numbers[0] - 1, numbers[0]) if len(numbers) == 1 else tuple(numbers)
    chosen = [version for version in article.versions if version.number in wanted]
    return [version_change(*chosen)] if len(chosen) == 2 else []


def _list_changes(
    history: "PageHistory", changes: "dict[int, list[VersionChange]]", *, is_chosen: bool
) -> "list[ListChange]":
    """All; or those between the times of the chosen versions."""
    from pipelines.history import ListChange, list_changes, lists_between

    if not is_chosen:
        return list(list_changes(history))
    spans = {(change.before.seen_at, change.after.seen_at) for found in changes.values() for change in found}
    return [
        ListChange(after, difference)
        for before, after in sorted(spans)
        for difference in lists_between(history.lists, before, after)
    ]


def _to_json(
    history: "PageHistory", changes: "dict[int, list[VersionChange]]", lists: "list[ListChange]"
) -> dict[str, Any]:
    record = asdict(history)
    for article in record["articles"]:
        article["changes"] = [*map(_change_to_json, changes[article["position"]])]
    record["list_changes"] = [{"at": change.at, **asdict(change.difference)} for change in lists]
    return record


def _change_to_json(change: "VersionChange") -> dict[str, Any]:
    """`body` is a list of parts, each with its kind: kept, edited, moved, retyped; a piece of text is [op, text]."""
    parts: Iterator[dict[str, Any]] = ({"kind": type(part).__name__.lower(), **asdict(part)} for part in change.body)
    return {
        "before": change.before.number,
        "after": change.after.number,
        "headline": list(change.headline),
        "facts": [asdict(fact) for fact in change.facts],
        "body": list(parts),
    }
