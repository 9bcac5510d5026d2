"""URLs that somebody has typed. Loaded with every command: imports next to nothing."""

from collections.abc import Iterable

from scrapy.settings import BaseSettings


def ask_typed(settings: BaseSettings, urls: Iterable[str]) -> None:
    """These stand on the command line, which is consent to ask their hosts, wherever they are."""
    if settings.getbool("TYPED_URLS_ALLOWED"):
        settings.set("URLS_TYPED", list(urls), priority="cmdline")
