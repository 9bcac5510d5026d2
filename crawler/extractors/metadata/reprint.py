"""Where a reprint (转载) was taken from, as far as the page says so by a link."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from crawler.document import Document
from crawler.extractors.metadata.region import Region
from crawler.extractors.tree.outline import Outline, TextBlock
from crawler.markup.links import absolute_url, same_site

_LONGEST_BLOCK = 600
_FARTHEST = 60
"""Letters between the words that announce a source and its link."""
# Plain searches first: the pattern is tried on the few blocks that have one of these.
_STEMS = (
    "转载",
    "转自",
    "转发自",
    "摘自",
    "原载",
    "首发",
    "原文",
    "来源",
    "來源",
    "出处",
    "出處",
    "轉載",
    "ublished",
    "ppeared",
    "rinted",
    "osted",
)
_ANNOUNCED = re.compile(
    r"转载(?:自|于)|轉載自|转(?:发)?自|摘自|原载于?|首发于|原文(?:链接|地址|网址|出处|来源|刊于|发表于)|"
    # Pictures and figures have sources too.
    r"(?<![图图片据料像源])(?:来\s?源|來源)(?:于|自|网站)?\s?[:：]|(?<!明)(?:出处|出處)\s?[:：]|"
    r"(?i:\b(?:originally|first|previously|also) (?:published|appeared|posted|printed) (?:in|on|at|by|here)\b|"
    r"\b(?:was|is) (?:re|cross-?)(?:published|posted|printed) (?:from|with permission)\b|"
    r"\b(?:republished|reprinted|reposted|cross-?posted) (?:from|with (?:the )?permission (?:of|from))\b)"
)
_URL = re.compile(r"https?://[!-;=?-~]{4,400}")
_CREDITS = frozenset(("figure", "figcaption", "caption", "table"))


def find_source_url(document: Document, outline: Outline, region: Region) -> str | None:
    """The page that this one names as the one it was taken from, or the home page of its publisher; never of this site.

    Named by a line around the text or at either end of it, as "本文转载自…" or "first published on …"; else by a
    canonical URL on another site. None too where the page's own URL is not known: its site is not either.
    """
    own = document.url
    if own is None:
        return None
    linked = [block for block in region if len(block.text) <= _LONGEST_BLOCK and (block.anchors or "://" in block.text)]
    told = "\n".join([block.text for block in linked])
    stems = [stem for stem in _STEMS if stem in told]  # hardly any page has one
    for block in linked if stems else ():
        if any(stem in block.text for stem in stems):
            url = _announced(document, outline, block)
            if url is not None:
                return url
    return _canonical_elsewhere(document, own)


def _announced(document: Document, outline: Outline, block: TextBlock) -> str | None:
    match = _ANNOUNCED.search(block.text)
    if match is None or outline.closest(block.node, _CREDITS) is not None:
        return None
    links = list(_links_behind(document, outline, block, start=match.start()))
    # "First published on <The Paper>. Read the <original article>."
    deep = (url for url in links if same_site(url, links[0]) and _path_of(url))
    return next(deep, links[0] if links else None)


def _links_behind(document: Document, outline: Outline, block: TextBlock, *, start: int) -> Iterator[str]:
    """URLs on other sites, the first of them near the announcement."""
    own, farthest = document.url or "", start + _FARTHEST
    for number in block.anchors:
        anchor = outline.anchors[number]
        place = block.text.find(anchor.text, start) if anchor.text else -1
        url = document.resolver.resolve(anchor.href) if 0 <= place <= farthest else None
        if url is not None and not same_site(url, own):
            yield url
            farthest = len(block.text)
    written = _URL.search(block.text, start, start + _FARTHEST + 400)
    url = absolute_url(None, written[0].rstrip(".,;:!?)")) if written and written.start() <= farthest else None
    if url is not None and not same_site(url, own):
        yield url


def _canonical_elsewhere(document: Document, own: str) -> str | None:
    """A page of another site with another path: under the same path it is this site by a former or a test name."""
    for candidate in document.structured.urls:
        if candidate.name == "canonical":
            url = document.resolver.resolve(candidate.value)
            if url is not None and not same_site(url, own) and _path_of(url) not in ("", _path_of(own)):
                return url
    return None


def _path_of(url: str) -> str:
    """With its query; empty for a home page."""
    parts = urlsplit(url)
    return f"{parts.path.strip('/')}?{parts.query}" if parts.query else parts.path.strip("/")
