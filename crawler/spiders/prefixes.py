"""Traps: addresses of one form that a site makes without end, as calendars, sessions, filters and empty lists do."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from time import monotonic
from urllib.parse import urlsplit

ADMITTED = "triptych_admitted"
"""In a request's meta, once its prefix has had room for it."""
_NUMBERS = re.compile(r"[0-9a-fA-F]{8,}|\d+")  # of a session, too
_REMEMBERED = 50_000  # prefixes; a real site has a few hundred
_OPEN_AGAIN_SECONDS = 3600.0  # for workers that never end


@dataclass(slots=True)
class _Prefix:
    count: int = 0
    """Of the pages asked for since the last one that was an article."""
    since: float = 0.0
    """When the first of those was."""
    body: int | None = None
    """Hash of the last answer."""
    same: set[int] = field(default_factory=set)
    """Hashes of the addresses that have given it, without another answer between."""


class Prefixes:
    """How many pages of each prefix were asked for since the last one that was an article, and how many of them were
    the same one, to the letter."""

    def __init__(self, most: int, *, most_same: int, clock: Callable[[], float] = monotonic) -> None:
        self._most = most
        self._most_same = most_same
        self._clock = clock
        self._known: dict[str, _Prefix] = {}

    def admit(self, url: str) -> bool:
        """Counts a page that is to be asked for; False where its prefix has had as many as it may."""
        prefix = self._of(url)
        if prefix.count >= self._most or len(prefix.same) >= self._most_same:
            if self._clock() - prefix.since < _OPEN_AGAIN_SECONDS:
                return False
            prefix.count = 0
            prefix.same.clear()
        if not prefix.count:
            prefix.since = self._clock()
        prefix.count += 1
        return True

    def answer(self, url: str, body: bytes) -> None:
        """What came: pages without end are often one page, under addresses that mean nothing to the site."""
        prefix = self._of(url)
        answer = hash(body)
        if answer != prefix.body:
            prefix.body = answer
            prefix.same.clear()
        prefix.same.add(hash(url))

    def bring(self, url: str) -> None:
        """The page was an article: what else has its prefix is worth to be asked for."""
        self._of(url).count = 0

    def _of(self, url: str) -> _Prefix:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        return self._known.setdefault(prefix_of(url), _Prefix())


@lru_cache(maxsize=256)  # asked for of each page when it is asked for, when it is there, and when it was an article
def prefix_of(url: str) -> str:
    """What pages have in common that one script makes: the folders of the address, each once, and the name of the page
    if it has a number or a query; 0 for numbers, and for folders that have one. Of a query, that there is one."""
    parts = urlsplit(url)
    *folders, name = _NUMBERS.sub("0", parts.path).split("/")
    known = dict.fromkeys("0" if "0" in folder else folder for folder in folders)
    shown = name if "0" in name or parts.query else ""
    return f"{parts.netloc}{'/'.join(known)}/{shown}{'?' if parts.query else ''}"
