"""What `scrapy site new` has found, for people and for scripts. No command itself."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.rule import Rule
from rich.text import Text

from crawler.console import counted, print_json, printable, stdout, table
from crawler.pagejson import page_to_json
from crawler.panels import ThreePanels, page_head
from models.items import Page

if TYPE_CHECKING:
    from crawler.looking import Announcement, Looked, SiteLook

_BLOCKS = 5
_ITEMS = 4
_LISTS = 3
_NAMES = {"sitemap_index": "index of sitemaps"}
_PARTS: dict[str, Callable[[Page], bool]] = {
    "headline": lambda page: any(article.headline for article in page.articles),
    "body": lambda page: any(article.blocks for article in page.articles),
    "date": lambda page: any(article.date_published for article in page.articles),
    "authors": lambda page: any(article.authors for article in page.articles),
    "related lists": lambda page: bool(page.link_lists),
    "tag lists": lambda page: bool(page.tag_lists),
}


def print_look(look: "SiteLook") -> None:
    """What announces articles, the panels of each page, and what the articles have in common."""
    if look.front:
        _print_page("List page", look.front)
    for number, looked in enumerate(look.articles, 1):
        _print_page(f"Article {number} of {len(look.articles)}", looked)
    console = stdout()
    console.print()
    _print_announcements(look.announcements)
    rows = table(*(f"{name}#" for name in _PARTS), title=f"Of {counted(len(look.articles), 'article')}, so many have")
    rows.add_row(*(_count(has, look.articles) for has in _PARTS.values()))
    console.print(rows)
    console.print()


def _print_page(title: str, looked: "Looked") -> None:
    console = stdout()
    console.print()
    console.print(Rule(Text(title, style="bold"), align="left", style="blue"))
    console.print(page_head(looked.page))
    console.print(ThreePanels(looked.page, blocks=_BLOCKS, items=_ITEMS, lists=_LISTS))


def _print_announcements(announcements: "Sequence[Announcement]") -> None:
    rows = table("announced by", "entries#", "address", title="Feeds and sitemaps")
    for each in announcements:
        rows.add_row(_NAMES.get(each.format, each.format), f"{each.entries:,}", printable(each.url))
    if announcements:
        stdout().print(rows)
        stdout().print()


def _count(has: Callable[[Page], bool], articles: "Sequence[Looked]") -> Text:
    count = sum(has(looked.page) for looked in articles)
    return Text(f"{count}", style="" if count == len(articles) else "yellow")


def print_found(name: str, look: "SiteLook", written: Sequence[Path]) -> None:
    record = {
        "site": name,
        "site_file": str(written[0]) if written else None,
        "cases": [str(path) for path in written[1:]],
        "announcements": [
            {"url": each.url, "format": each.format.value, "entries": each.entries, "is_found_by_crawls": each.is_known}
            for each in look.announcements
        ],
        "front": page_to_json(look.front.page, look.front.saved.id) if look.front else None,
        "articles": [page_to_json(looked.page, looked.saved.id) for looked in look.articles],
        "failed": [
            {"url": page.id, "class": page.failure_class, "message": page.failure_message} for page in look.failed
        ],
    }
    print_json(record)
