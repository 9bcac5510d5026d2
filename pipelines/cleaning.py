"""Single values as any database and terminal takes them; why one was changed is counted."""

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from models.identity import fold, page_url

URL_LENGTH = 2_083
LINE_LENGTH = 1_000
"""Headlines, headings, titles, captions of links."""
NAME_LENGTH = 200
"""Authors, tags, sources, sections."""
FIRST_YEAR, LAST_YEAR = 1700, 2100

# NUL and lone surrogates are refused by databases; other controls forge log lines and terminals.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_REFUSED_ASCII = bytes(code for code in range(128) if _REFUSED.match(chr(code)))
_USER = re.compile(r"([A-Za-z][\w+.-]*://|//)[^/?#]*@")
_BREAK = re.compile("[\t\n\r\u2028\u2029]")
_NO_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")  # either of the two
_INT_MAX = 2**31 - 1  # the integer columns
_Part = TypeVar("_Part")


@dataclass(slots=True)
class ValueCleaner:
    reasons: Counter[str] = field(default_factory=Counter)

    def text(self, text: str | None, length: int) -> str | None:
        """None for text without a visible character."""
        if not text:
            return None
        if _is_refused(text):
            text = _REFUSED.sub("", text)
            self.reasons["control_characters"] += 1
        if len(text) > length:
            text = text[:length]
            self.reasons["text_too_long"] += 1
        return None if text.isspace() else text or None

    def line(self, text: str | None, length: int = LINE_LENGTH) -> str | None:
        # Most text is all printable, which is seen in a third of the time.
        if text is None or (len(text) <= length and (text.isprintable() or not _NO_LINE.search(text))):
            return text if text and not text.isspace() else None
        return self.text(" ".join(text.split()) if _BREAK.search(text) else text, length)

    def name(self, name: str | None) -> str | None:
        """None for a name of which nothing can be seen."""
        name = self.line(name, NAME_LENGTH)
        return name.strip() if name and (name.isascii() or fold(name)) else None  # a line has something to see

    def url(self, url: str | None) -> str | None:
        """None for one that is too long: a part of a URL leads elsewhere. A user and password are cut out."""
        if url and "@" in url and _USER.match(url):
            url = _USER.sub(r"\1", url)
            self.reasons["user_in_url"] += 1
        if url and len(url) <= URL_LENGTH and url[0] != " " and url.isprintable():  # as all are but a few
            return url
        if url is not None and len(url) > URL_LENGTH:
            self.reasons["url_too_long"] += 1
            return None
        return self.line(url, URL_LENGTH)

    def token(self, token: str | None) -> str | None:
        """A header that is sent back as it came, or not at all."""
        return None if token is not None and len(token) > LINE_LENGTH else self.line(token)

    def own_url(self, url: str | None) -> str:
        cleaned = self.url(url)
        if not cleaned or page_url(cleaned) is None:
            raise ValueError(f"an http URL of at most {URL_LENGTH} characters expected, found {(url or '')[:200]!r}")
        return cleaned

    def moment(self, moment: datetime | None) -> datetime:
        """The time of a fetch, without which an item has no place in the history."""
        kept = self.date(moment)
        if kept is None:
            raise ValueError(f"an aware time of fetching expected, found {moment!r}")
        return kept

    def date(self, date: datetime | None) -> datetime | None:
        if date is None:
            return None
        if date.tzinfo is None:
            self.reasons["date_without_zone"] += 1
            return None
        if not FIRST_YEAR < date.year < LAST_YEAR:
            self.reasons["date_out_of_range"] += 1
            return None
        return date

    def first(self, parts: tuple[_Part, ...], count: int, what: str) -> tuple[_Part, ...]:
        if len(parts) > count:
            self.reasons[f"too_many_{what}"] += 1
        return parts[:count]


def _is_refused(text: str) -> bool:
    # Each way takes a third of the time of the next.
    if text.isascii():
        return len(text.encode().translate(None, _REFUSED_ASCII)) < len(text)
    return not text.isprintable() and _REFUSED.search(text) is not None


def small(number: int | None) -> int | None:
    """None for what an integer column cannot hold."""
    return number if number is not None and 0 <= number <= _INT_MAX else None


def finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None
