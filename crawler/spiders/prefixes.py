"""Traps: addresses of one form that a site makes without end, as calendars, sessions, filters and empty lists do."""

import re
from collections.abc import Callable
from time import monotonic
from urllib.parse import urlsplit

ADMITTED = "triptych_admitted"
"""In a request's meta, once its prefix has had room for it."""
_NUMBERS = re.compile(r"[0-9a-fA-F]{8,}|\d+")  # of a session, too
_REMEMBERED = 50_000  # prefixes; a real site has a few hundred
_OPEN_AGAIN_SECONDS = 3600.0  # for workers that never end


class Prefixes:
    """How many pages of each prefix were asked for since the last one that was an article."""

    def __init__(self, most: int, clock: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._clock = clock
        self._counts: dict[str, tuple[int, float]] = {}

    def admit(self, url: str) -> bool:
        """Counts a page that is to be asked for; False where its prefix has had as many as it may."""
        prefix = prefix_of(url)
        count, since = self._counts.get(prefix, (0, self._clock()))
        if count >= self._most:
            if self._clock() - since < _OPEN_AGAIN_SECONDS:
                return False
            count = 0
        if len(self._counts) >= _REMEMBERED:
            self._counts.clear()
        self._counts[prefix] = (count + 1, since if count else self._clock())
        return True

    def bring(self, url: str) -> None:
        """The page was an article: what else has its prefix is worth to be asked for."""
        self._counts.pop(prefix_of(url), None)


def prefix_of(url: str) -> str:
    """What pages have in common that one script makes: the folders of the address, each once, and the name of the page
    if it has a number or a query; 0 for numbers, and for folders that have one. Of a query, that there is one."""
    parts = urlsplit(url)
    *folders, name = _NUMBERS.sub("0", parts.path).split("/")
    known = dict.fromkeys("0" if "0" in folder else folder for folder in folders)
    shown = name if "0" in name or parts.query else ""
    return f"{parts.netloc}{'/'.join(known)}/{shown}{'?' if parts.query else ''}"
