"""What a page's site is called, and values without that name."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.document import Document
from crawler.extractors.tree.outline import Outline
from crawler.markup.text import CJK_LETTERS

# Dashes part a title only between spaces, or beside Han letters: "e-commerce", "新闻_某网".
SEPARATOR = re.compile(
    r"\s[-–—_·•:：/\\<>~‹›→]{1,3}\s|\s?[|｜»«¦丨]{1,2}\s?|_{1,3}|(?<=[^\x00-\xff])[-—–]{1,2}(?=[^\x00-\xff])"
)
HOME = re.compile(r"(?:https?://[^/]{1,80})?/?(?:index\.\w{1,5})?")
"""Links to the start of the site."""
_HAS_SEPARATOR = re.compile(r"[-–—_·•:：/\\<>~‹›→|｜»«¦丨]")
_WORDS = re.compile(rf"[{CJK_LETTERS}]|[^\W{CJK_LETTERS}]+")
_ASCII_WORDS = re.compile(r"[a-z0-9_]+")
_MOST_CUTS = 4
_LONGEST = 400


def key(text: str) -> str:
    """Words only, folded: what two spellings of one headline have in common."""
    return _key(text[:_LONGEST])


@lru_cache(maxsize=1024)
def _key(text: str) -> str:
    if text.isascii():
        return " ".join(_ASCII_WORDS.findall(text.lower()))
    return " ".join(_WORDS.findall(unicodedata.normalize("NFKC", text).casefold()))


def without_site(text: str, site_keys: frozenset[str]) -> str:
    """A value without the site's name at its end or its beginning; some systems add it twice."""
    if not _HAS_SEPARATOR.search(text):
        return text
    for _ in range(_MOST_CUTS):
        rest = _without_site_once(text, site_keys)
        if rest == text or not rest:
            break
        text = rest
    return text


def _without_site_once(text: str, site_keys: frozenset[str]) -> str:
    cuts = list(SEPARATOR.finditer(text[:_LONGEST]))
    prefix, colon, rest = text.partition(": ")
    if colon and key(prefix).replace(" ", "") in site_keys:
        return rest.strip()
    if not cuts:
        return text
    if _names_site(text[cuts[-1].end() :], site_keys):
        return text[: cuts[-1].start()].strip()
    if _names_site(text[: cuts[0].start()], site_keys):
        return text[cuts[0].end() :].strip()
    return text


def _names_site(part: str, site_keys: frozenset[str]) -> bool:
    """The site's name, or its host in words: "Example Tires" at tires.example.com, "Koi" at drinkkoi.com."""
    words = key(part).split()
    name = "".join(words)
    if name in site_keys or (len(words) > 1 and site_keys.issuperset(words)):
        return True
    return len(name) >= 4 and any(name in known for known in site_keys)


def site_keys(document: Document) -> frozenset[str]:
    """What the site is called, as one word: declared names, and the labels of its host."""
    # Some systems fill the headline into "application-name" too.
    given = (candidate.value for candidate in document.structured.site_names if candidate.value != document.title)
    names = {key(name).replace(" ", "") for name in given}
    try:
        host = (urlsplit(document.url or "").hostname or "").removeprefix("www.")
    except ValueError:  # "http://["
        host = ""
    labels = host.split(".")
    names.update((host.replace(".", ""), *labels[:-1]))
    return frozenset(name for name in names if len(name) > 1)


def home_names(outline: Outline, title: str) -> frozenset[str]:
    """What links to the site's start call it, as one word, where the title begins or ends with that."""
    # Few links have a text of the title: only of those the address is looked at.
    return frozenset(
        key(anchor.text).replace(" ", "")
        for anchor in outline.anchors
        if anchor.text and (title.startswith(anchor.text) or title.endswith(anchor.text))
        if HOME.fullmatch(anchor.href.strip())
    )
