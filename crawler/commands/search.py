"""`scrapy search WORDS`: the stored articles that have them."""

import argparse
import sys
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from crawler.commands.stored import existing_database, parse_time
from crawler.console import ConsoleCommand, Exit, Waiting, complain, counted, print_json, printable, say, stdout
from crawler.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from pipelines.search import Hit, Word

_EXCERPT_LINES = 2
_INDENT = 2


class Command(ConsoleCommand):
    examples: ClassVar[tuple[str, ...]] = (
        "scrapy search 电商 物流",
        "scrapy search '\"supply chain\" ports' --since 2026-01-01",
        "scrapy search 仓库 --site example.com --tag 跨境 --limit 50 --json",
        "scrapy search --index",
    )
    json_told: ClassVar[str] = "a JSON line an article"

    def syntax(self) -> str:
        return "[options] WORDS"

    def short_desc(self) -> str:
        return "Find stored articles by their words"

    def long_desc(self) -> str:
        return (
            "Finds the articles that have all the words, in the headline or in the text of their current version. "
            "Words between double quotes are a phrase. Chinese is found wherever its characters stand together; a word "
            "of Latin letters at the beginning of a word, or as the whole of it where it has up to three letters. "
            "Upper and lower case are the same. Words in the headline count most; of the newest 200 articles with them "
            "there, and of the newest 200 in all, the best are shown. Exit status: 0 found, 1 nothing found, 2 wrong "
            "call, 3 the database failed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--site", metavar="DOMAIN", help="only articles of this site")
        parser.add_argument("--tag", metavar="NAME", help="only articles with this tag")
        parser.add_argument("--since", metavar="TIME", help="only what was published since then, as 2026-11-23")
        parser.add_argument("--limit", metavar="N", type=int, default=10, help="at most so many, of up to 400 (10)")
        parser.add_argument("--index", action="store_true", help="make the search index anew, and find nothing")

    def perform(self, args: list[str], opts: argparse.Namespace) -> Exit:
        from pipelines.search import parse_words

        words = parse_words(" ".join(args).encode("utf-8", "replace").decode())
        if bool(words) == opts.index or opts.limit < 1:
            raise UsageError("expected words to find, or --index alone; and a --limit of 1 or more")
        with existing_database(self.project_settings["DATABASE_URL"]) as engine:
            if engine is None:
                say("nothing is stored yet; crawl something first: scrapy crawl articles -a url=URL")
                return Exit.FAILED
            return _index(engine) if opts.index else _find(engine, words, opts)


def _index(engine: "Engine") -> Exit:
    from pipelines.search import rebuild_index

    with Waiting("Making the search index"):
        missing = rebuild_index(engine)
    if missing:
        complain(missing)
        return Exit.STORAGE
    say("the search index is made")
    return Exit.OK


def _find(engine: "Engine", words: "Sequence[Word]", opts: argparse.Namespace) -> Exit:
    from pipelines.search import Question, find_articles

    console = stdout()
    question = Question(
        words=words,
        site=opts.site,
        tag=opts.tag,
        since=parse_time(opts.since),
        limit=opts.limit,
        excerpt_cells=_EXCERPT_LINES * (min(console.width, 120) - _INDENT - 1),
    )
    hits, missing = find_articles(engine, question)
    if missing:
        say(f"every article was read: {missing}")
    for hit in hits:
        if opts.json:
            print_json(_plain(hit))
        else:
            console.print(_shown(hit, words))
    sys.stdout.flush()
    if not hits:
        say("no stored article has all of these words")
        return Exit.FAILED
    if len(hits) == opts.limit and not opts.json:
        say(f"the best {counted(len(hits), 'article')}; more with --limit {4 * opts.limit}")
    return Exit.OK


def _shown(hit: "Hit", words: "Sequence[Word]") -> Group:
    date = hit.date_published.date().isoformat() if hit.date_published else "no date   "
    gone = Text(" (gone from its page)", style="dim") if hit.gone_at else Text()
    headline = Text(printable(hit.headline or "(no headline)"), style="bold")
    text = Text(printable(hit.excerpt))
    for word in words:
        for each in (headline, text):
            each.highlight_regex(word.pattern, "bold yellow")
    below = Group(Text(printable(hit.url), style="dim"), text)
    return Group(Text.assemble((date, "dim"), " ", headline, gone), Padding(below, (0, 0, 0, _INDENT)))


def _plain(hit: "Hit") -> dict[str, Any]:
    return {
        "url": hit.url,
        "site": hit.site,
        "headline": hit.headline,
        "date_published": hit.date_published.isoformat() if hit.date_published else None,
        "first_seen_at": hit.first_seen_at.isoformat(),
        "gone_at": hit.gone_at.isoformat() if hit.gone_at else None,
        "excerpt": hit.excerpt,
        "score": hit.score,
    }
