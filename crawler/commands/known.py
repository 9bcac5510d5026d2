"""The commands of this project, found as Scrapy finds them. No command itself."""

from scrapy.utils.misc import walk_modules_iter

from crawler.console import ConsoleCommand

SCRAPYS_OWN = ("check", "fetch", "list", "parse", "settings", "shell", "version", "view")
"""Those of Scrapy that are of use in a project."""


def known_commands() -> dict[str, ConsoleCommand]:
    """By name."""
    found = {}
    for module in walk_modules_iter("crawler.commands"):
        kind = getattr(module, "Command", None)
        if isinstance(kind, type) and issubclass(kind, ConsoleCommand):
            found[module.__name__.rpartition(".")[2]] = kind()
    return dict(sorted(found.items()))
