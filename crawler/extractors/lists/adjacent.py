"""The links to the previous and the next article."""

import re
from itertools import pairwise

from crawler.extractors.lists.class_words import MARKS, NAVIGATION_WORDS
from crawler.extractors.lists.headlines import first_words, is_direction
from crawler.extractors.lists.judged_links import JudgedLinks
from crawler.extractors.lists.link_groups import LinkGroup
from crawler.extractors.lists.link_urls import LinkUrl
from crawler.extractors.lists.list_kinds import Announced, announced_by
from crawler.extractors.tree.outline import Anchor

_DIRECTION, _SLIDER, _NAVIGATES = MARKS["direction"], MARKS["slider"], MARKS["navigation"]
_PAGED = re.compile(r"(?i)/page/\d+|[?&](?:page|p|paged)=\d+")
_NUMBERED = re.compile(r"[_-]\d{1,2}(?=(?:\.\w+)?$)")
_MONTH = re.compile(r"/(?:19|20)\d\d(?:/\d{1,2}){0,2}$")  # what the arrows of a calendar lead to
_OTHER_LISTS = Announced.RELATED | Announced.POPULAR | Announced.LATEST
_MOST = 3  # previous, next, and one of a series; more are a slider
_LEVELS = 3
# "下一篇：没有了" says that there is none, and heads no link.
_NO_OTHER = re.compile(r"[没沒]有|暂无|暫無|已是|已经|已經|[:：]\s?[无無]$")
# "post-navigation", "article-nav": the box of the two links below a text, however they are set.
_OF_POST = frozenset("post posts article articles entry single".split())


def find_adjacent(links: JudgedLinks) -> list[Anchor]:
    """The links to the articles before and after this one, in page order; empty where the page has none or many."""
    found: list[Anchor] = []
    for group in links.groups:
        if len(group.anchors) <= 2 * _MOST and not group.in_sentence:
            told = _tells(links, group)
            found.extend(anchor for anchor in group.anchors if _is_adjacent(links, group, anchor, told=told))
    found.sort(key=lambda anchor: anchor.number)
    hrefs = {anchor.href for anchor in found}
    return found if 0 < len(hrefs) <= _MOST else []


def _tells(links: JudgedLinks, group: LinkGroup) -> bool:
    """The words before the group or above it."""
    if group.lead and announced_by(group.lead) & Announced.ADJACENT:
        return True
    return _is_headed(links, group)


def _is_adjacent(links: JudgedLinks, group: LinkGroup, anchor: Anchor, *, told: bool) -> bool:
    if not (told or _is_told(links, anchor) or (_is_classed(links, anchor) and not _is_other_list(links, group))):
        return False
    link = links.reader.read(anchor.href)
    return link is not None and link.own and not link.self_link and not link.home and _is_article(links, link)


def _is_told(links: JudgedLinks, anchor: Anchor) -> bool:
    """By its relation to the page, or by its words."""
    outline = links.outline
    if anchor.node in outline.related and outline.attributes[anchor.node]["rel"] in ("prev", "next"):
        return True
    if not anchor.text:  # a link laid over its card
        attributes = outline.attributes[anchor.node]
        return is_direction(attributes.get("aria-label") or attributes.get("title") or "")
    first = outline.blocks[anchor.block].text if anchor.block is not None else anchor.text
    if is_direction(first) or (first != anchor.text and is_direction(anchor.text)):
        return True
    return is_direction(first_words(outline, anchor))


def _is_classed(links: JudgedLinks, anchor: Anchor) -> bool:
    if not links.boxes.is_near(anchor.node, _DIRECTION | _NAVIGATES, levels=_LEVELS):
        return False
    outline, marks_of, marks, node = links.outline, links.boxes.marks, 0, anchor.node
    navigates, is_below = False, links.block_of(anchor) > links.last_body
    for _ in range(_LEVELS):
        if node < 0:
            break
        own = marks_of[node]
        if own and len(outline.anchors_of(node)) > 2 * _MOST:
            break
        marks |= own
        navigates = navigates or bool(is_below and own & _NAVIGATES and _is_post_navigation(outline.words(node)))
        node = outline.parents[node]
    return (navigates or bool(marks & _DIRECTION)) and not marks & _SLIDER


def _is_post_navigation(words: tuple[str, ...]) -> bool:
    return any(first in _OF_POST and second in NAVIGATION_WORDS for first, second in pairwise(words))


def _is_other_list(links: JudgedLinks, group: LinkGroup) -> bool:
    heading = group.heading
    return heading is not None and bool(heading.announced & _OTHER_LISTS) and links.heads(group)


def _is_headed(links: JudgedLinks, group: LinkGroup) -> bool:
    heading = group.heading
    return (
        heading is not None
        and bool(heading.announced & Announced.ADJACENT)
        and _NO_OTHER.search(heading.block.text) is None
        and heading.stop - heading.first <= 2 * _MOST
        and links.heads(group)
    )


def _is_article(links: JudgedLinks, link: LinkUrl) -> bool:
    """Of the shape of this page's address; not a page of a listing, nor the next page of this very article."""
    page = links.reader.page
    if link.tag or link.category or link.author or _MONTH.search(link.key):
        return False
    if page is None:
        return link.article
    if _PAGED.search(link.key) and link.key.startswith(page.key[: max(8, len(page.key) - 8)]):
        return False
    # "crane_2.html" beside "crane.html" or "crane_1.html"; "show-1012-1.html" is not of "show-1011-1.html".
    if _NUMBERED.search(link.key) and _NUMBERED.sub("", link.key) in (page.key, _NUMBERED.sub("", page.key)):
        return False
    return link.article or (link.pattern == page.pattern and link.depth > 0)
