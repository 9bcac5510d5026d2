"""What speaks for an article, and what against: rules that hold on any site, each with its weight and words.

Weights are natural logarithms of odds, set by hand; what labelled pages teach beyond them is learned on top.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from crawler.extractors.kinds.overview import Overview
from crawler.extractors.kinds.page_words import Wall, wall_of
from crawler.extractors.tree.outline import Outline

_ARTICLE_TYPES = re.compile(r"(og:)?(\w*article|\w*blogposting|report|review|recipe|howto)$", re.IGNORECASE)
# Not "og:blog": blogs declare it on every page.
_LISTING_TYPES = frozenset({"collectionpage", "itemlist", "searchresultspage", "blog", "profilepage"})
_OTHER_TYPES = frozenset(
    "product offer og:product product.item og:product.item productgroup qapage discussionforumposting jobposting event "
    "course softwareapplication service contactpage".split()
)
_LISTING_PATH = re.compile(
    r"(?:^|/)(?:(?:tags?|categor(?:y|ies)|authors?|pages?|topics?|search|label|section|index[-_]?\d*|list(?:[-_]\d+){0,3}|blog|"
    r"news|posts|articles?|latest|all|feed)(?:/\d{1,3})?|archives?)(?:\.\w+)?/?$|/(?:tags?|categor(?:y|ies)|author)/[^/]+/?$"
    r"|/page/?\d+(?:\.html?)?/?$|/archives/(?:19|20)\d\d(?:/\d+)*(?:/page/\d+)?/?$"
    r"|^/(?:[^/]+/)?(?:19|20)\d\d(?:/(?:0?[1-9]|1[0-2]))?/?$",
    re.IGNORECASE,
)
# No site was seen to keep its articles there, as some do below /news/ or /category/.
_TAG_PATH = re.compile(r"/(?:(?:tags?|authors?)/[^/]+(?:/page/?\d+(?:\.\w+)?)?|page/?\d+(?:\.\w+)?)/?$", re.IGNORECASE)
_OTHER_PATH = re.compile(
    r"/(?:products?|shop|store|item|dp|cart|threads?|forums?|viewtopic|questions|docs?|documentation|wiki|api|reference|"
    r"jobs?|services?|about|contact|privacy|terms|login|help|support|faq|pricing|solutions?|departments?|glossary|"
    r"discussions?|showthread)(?:[/.]|$)|/features?/?$",
    re.IGNORECASE,
)
# Shops and companies keep articles too: below their name for them, whatever is above.
_ARTICLES_PATH = re.compile(r"/(?:blogs?|news|articles?|posts?|stor(?:y|ies)|magazine)/", re.IGNORECASE)
_INDEX_FILE = re.compile(r"(?<=/)index\.\w+$", re.IGNORECASE)
_ARTICLE_PATH = re.compile(
    r"/(?:19|20)\d\d[/-]?[01]\d(?:[/-]?[0-3]\d)?/|[a-z0-9]+(?:-[a-z0-9]+){3,}|/\d{5,}|[a-z]\d{6,}", re.IGNORECASE
)
_OTHER_HOST = re.compile(
    r"(?:docs?|documentation|wiki|developers?|forums?|community|discuss|support|help|shop|store|api|jobs)\."
)
_LIST_TITLE = re.compile(
    r"^(?:tag|category|kategorie|schlagwort|catégorie|étiquette|categoría|etiqueta|分类|标签|栏目|タグ|カテゴリー?|태그|"
    r"카테고리) ?[:：「“\"|-]|\barchives\s*(?:$|[|–—·»_-])|\bposts tagged\b|标签[「“]|归档",
    re.IGNORECASE,
)
_SEARCH_QUERY = re.compile(r"(?:^|&)(?:s|q|query|keywords?|search|wd)=", re.IGNORECASE)
# What WordPress and its like write on the body element; "home" alone is also what others call it on every page.
_SINGLE_CLASSES = frozenset({"single", "single-post", "post-template-default"})
_LISTING_CLASSES = frozenset(
    {"archive", "category", "tag", "blog", "search", "search-results", "author", "paged", "tax"}
)
_MORE = re.compile(
    r"(?:read|continue|view|see) (?:more|reading|the rest|full)\b.*|阅读(?:更多|全文)|查看全文|weiterlesen|"
    r"lire la suite|leer más|続きを読む|더 ?보기",
    re.IGNORECASE,
)
_NO_TEXT = 80  # letters: no more than a headline
_FEWEST_POSTS = 3
_ONLY_LINKS = 0.6  # of the body's letters
_MORE_BEGINS = frozenset("rcvswl阅查続더RCVSWL")


class Evidence(NamedTuple):
    weight: float
    """Above 0 speaks for an article."""
    words: str
    is_listing: bool = False
    """Where it speaks against an article: for a listing rather than any other page."""
    is_wall: bool = False
    """Something seems to stand in place of the page: an error, a login, a request for consent."""
    is_neutral: bool = False
    """Where it speaks against an article: for neither of the two, as lists have no text of their own either."""


def gather_evidence(page: Overview) -> list[Evidence]:
    return [evidence for rule in _RULES for evidence in rule(page)]


def _from_types(page: Overview) -> Iterator[Evidence]:
    types = page.types
    articles = sorted(name for name in types if _ARTICLE_TYPES.match(name))
    others = sorted(types & _OTHER_TYPES)
    listings = sorted(types & _LISTING_TYPES)
    if articles:
        # Reviews declare what they review as a product beside themselves.
        yield Evidence(0.5 if others else 1.5, f"declares {articles[0]}")
    elif others:
        yield Evidence(-2.5, f"declares {others[0]}")
    elif listings:
        yield Evidence(-1.5, f"declares {listings[0]}", is_listing=True)


def _from_url(page: Overview) -> Iterator[Evidence]:
    if not page.url:
        return
    query, folder = urlsplit(page.url).query, _INDEX_FILE.sub("", page.path)
    # Some keep each article in a folder of its own.
    path = folder if _ARTICLE_PATH.search(folder) else page.path
    if folder.strip("/") in ("", "home") and not query:
        yield Evidence(-4, "the address is a home page", is_listing=True)
    elif _TAG_PATH.search(path):
        yield Evidence(-3.5, "the address is that of a tag, an author or a further page", is_listing=True)
    elif _LISTING_PATH.search(path):
        yield Evidence(-2, "the address is that of a list", is_listing=True)
    elif _is_other_address(page.host, path):
        yield Evidence(-2, "the address is that of a shop, forum, manual or company page")
    elif _SEARCH_QUERY.search(query):
        yield Evidence(-2, "the address is a search", is_listing=True)
    elif _ARTICLE_PATH.search(path):
        yield Evidence(1, "the address is that of an article")


def _is_other_address(host: str, path: str) -> bool:
    return bool(_OTHER_PATH.search(path) or _OTHER_HOST.match(host)) and not _ARTICLES_PATH.search(path)


def _from_title(page: Overview) -> Iterator[Evidence]:
    if _LIST_TITLE.search(page.title):
        yield Evidence(-1.5, "the title is that of a list", is_listing=True)


def _from_walls(page: Overview) -> Iterator[Evidence]:
    """What stands in place of a page: its title says so, and there is little else."""
    wall = wall_of(page)
    if wall is Wall.SEARCH:
        yield Evidence(-3, wall.value, is_listing=True, is_wall=True)
    elif wall is not None:
        yield Evidence(-7, wall.value, is_wall=True)


def _from_text(page: Overview) -> Iterator[Evidence]:
    declared = max((len(body.value) for body in page.structured.article_bodies), default=0)
    letters = max(page.letters, declared)  # some pages have their text in JSON alone
    if letters < _NO_TEXT:
        yield Evidence(-6, "no running text", is_neutral=True)
    elif letters < 250:
        yield Evidence(-2.5, "hardly any running text", is_neutral=True)
    elif letters < 600:
        yield Evidence(-0.5, "little running text", is_neutral=True)
    else:
        yield Evidence(1.5, f"{len(page.texts)} blocks of running text")
    if page.share > 0.9 and letters >= 600:
        yield Evidence(2, "nearly all of the page is one text")
    elif page.share > 0.5:
        yield Evidence(0.5, "most of the page is one text")


def _from_headline(page: Overview) -> Iterator[Evidence]:
    if page.headline is not None:
        yield Evidence(1, "a headline that is the title")
        if page.is_dated:
            yield Evidence(1, "a date beside the headline")


def _from_classes(page: Overview) -> Iterator[Evidence]:
    classes = _classes_of_body(page.outline)
    if classes & _SINGLE_CLASSES:
        yield Evidence(1.5, "the page's own class calls it a post")
    elif classes & _LISTING_CLASSES:
        yield Evidence(-1.5, "the page's own class calls it a list", is_listing=True)


def _classes_of_body(outline: Outline) -> set[str]:
    try:
        attributes = outline.attributes[outline.tags.index("body")]
    except ValueError:
        return set()
    return set(attributes.get("class", "").split())


def _from_more(page: Overview) -> Iterator[Evidence]:
    """ "Read more" below a text: a teaser."""
    last = page.numbers[-1] if page.numbers else 0
    for block in page.outline.blocks[: last + 10]:
        if block.linked and block.text[0] in _MORE_BEGINS and _MORE.fullmatch(block.text) and page.leads_away(block):
            yield Evidence(-1, "a teaser that leads to its text", is_listing=True)
            return


def _from_cards(page: Overview) -> Iterator[Evidence]:
    if page.is_card_list:
        weight = -3 - min(page.cards, 10) / 5
        yield Evidence(weight, f"{page.cards} headings link elsewhere, each over its own text", is_listing=True)


def _from_posts(page: Overview) -> Iterator[Evidence]:
    """Whole articles one below the other, each under its headline as a link; an article of many has one of its own."""
    if page.headline is None and not page.is_card_list and page.begins_below_card and page.cards >= _FEWEST_POSTS:
        yield Evidence(-3, f"{page.cards} texts, each under a headline that links to it", is_listing=True)


def _from_lines(page: Overview) -> Iterator[Evidence]:
    """Links to other pages, a line each: nearly all there is to read."""
    if page.share_leading_away > _ONLY_LINKS:
        yield Evidence(-3, "nearly all of the text leads to other pages", is_listing=True)


def _from_teasers(page: Overview) -> Iterator[Evidence]:
    """Lines that are a link, alone or beside a date, each over a text: nearly all there is to read."""
    teasers, texts = page.teasers
    if teasers >= 3 and teasers * 3 >= texts * 2:
        yield Evidence(-2, f"{teasers} of {texts} texts stand under a link of their own", is_listing=True)


_RULES: tuple[Callable[[Overview], Iterator[Evidence]], ...] = (
    _from_types,
    _from_url,
    _from_title,
    _from_walls,
    _from_text,
    _from_headline,
    _from_classes,
    _from_more,
    _from_cards,
    _from_posts,
    _from_lines,
    _from_teasers,
)
