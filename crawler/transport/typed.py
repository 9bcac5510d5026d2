"""URLs that somebody has typed. Loaded with every command: imports next to nothing."""

import re
from collections.abc import Iterable

from scrapy.settings import BaseSettings

from crawler.errors import UsageError

_USER = re.compile(r"[\w+.-]*:?//[^/?#]*@")
_UP_TO_HOST = re.compile(r"//.*@")


def ask_typed(settings: BaseSettings, urls: Iterable[str]) -> None:
    """These stand on the command line, which is consent to ask their hosts, wherever they are. Raises UsageError."""
    typed = list(urls)
    refuse_credentials(typed)
    if settings.getbool("TYPED_URLS_ALLOWED"):
        settings.set("URLS_TYPED", typed, priority="cmdline")


def refuse_credentials(urls: Iterable[str]) -> None:
    """Raises UsageError for a URL with a user: it would be stored with the run, logged and shown."""
    if any(map(_USER.match, urls)):
        raise UsageError(
            "a URL without user and password expected: it is stored and shown; "
            "set TRIPTYCH_CREDENTIALS=https://user:password@host, which is sent to that host and is kept nowhere"
        )


def shown(url: str) -> str:
    """For messages about what is no URL: a password that is not written as URLs have it may be in it."""
    return _UP_TO_HOST.sub("//***@", url)
