"""What kind of page this is: an article, a listing of articles, or something else; with the reason in words."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import numpy as np

from crawler.extractors.body.finder import BodyBlocks
from crawler.extractors.tree.outline import Outline, TextBlock
from crawler.markup.links import same_site
from crawler.markup.text import is_cjk
from models.items import PageKind

_ARTICLE_TYPES = re.compile(r"(og:)?(\w*article|\w*blogposting|report|review|recipe|howto)$", re.IGNORECASE)
_LISTING_TYPES = frozenset({"collectionpage", "itemlist", "searchresultspage", "blog", "og:blog", "profilepage"})
_OTHER_TYPES = frozenset(
    "product offer og:product product.item og:product.item productgroup qapage discussionforumposting jobposting event "
    "course softwareapplication service contactpage".split()
)
_LISTING_PATH = re.compile(
    r"(?:^|/)(?:tags?|categor(?:y|ies)|archives?|authors?|pages?|topics?|search|label|section|index\d*|list(?:_\d+)?|blog|"
    r"news|posts|articles?|latest|all|feed)(?:/\d+)?(?:\.\w+)?/?$|/(?:tags?|categor(?:y|ies)|author|page|archives)/[^/]+/?$"
    r"|/page/?\d+(?:\.html?)?/?$|/archives/\d{4}(?:/\d+)*(?:/page/\d+)?/?$",
    re.IGNORECASE,
)
# No site was seen to keep its articles there, as some do below /news/ or /category/.
_TAG_PATH = re.compile(r"/(?:tags?|authors?|page)/[^/]+(?:/page/?\d+)?/?$", re.IGNORECASE)
_OTHER_PATH = re.compile(
    r"/(?:products?|shop|store|item|dp|cart|threads?|forums?|viewtopic|questions|docs?|documentation|wiki|api|reference|"
    r"jobs?|services?|about|contact|privacy|terms|login|help|support|faq|pricing|solutions?|features?)(?:[/.]|$)",
    re.IGNORECASE,
)
_ARTICLE_PATH = re.compile(
    r"/(?:19|20)\d\d[/-]?[01]\d(?:[/-]?[0-3]\d)?/|[a-z0-9]+(?:-[a-z0-9]+){3,}|/\d{5,}|[a-z]\d{6,}", re.IGNORECASE
)
# What WordPress and its like write on the body element; "home" alone is also what others call it on every page.
_SINGLE_CLASSES = frozenset({"single", "single-post", "post-template-default"})
_LISTING_CLASSES = frozenset(
    {"archive", "category", "tag", "blog", "search", "search-results", "author", "paged", "tax"}
)
_DATE = re.compile(r"(?:19|20)\d\d|\b\d{1,2}[./]\d{1,2}[./]\d\d")
_DATE_LINE = 120
_MORE = re.compile(
    r"(?:read|continue|view|see) (?:more|reading|the rest|full)\b.*|阅读(?:更多|全文)|查看全文|weiterlesen|"
    r"lire la suite|leer más|続きを読む|더 ?보기",
    re.IGNORECASE,
)
_CARD_TEXT = 700  # letters: what stands under a heading of a list is an excerpt
_CARD_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "dt"})


@dataclass(frozen=True, slots=True)
class Judgement:
    kind: PageKind
    reason: str
    """The strongest evidence, in a few words."""
    confidence: float
    """0.5 to 1."""


@dataclass(frozen=True, slots=True)
class _Evidence:
    weight: float
    """Above 0 speaks for an article."""
    words: str
    listing: bool = False
    """Where it speaks against an article: for a listing rather than any other page."""


def judge_kind(outline: Outline, body: BodyBlocks, *, url: str | None) -> Judgement:
    structured = outline.document.structured
    evidence = [
        *_from_types({name.lower() for name in structured.types}),
        *_from_url(url),
        *_from_text(outline, body, declared=max((len(body.value) for body in structured.article_bodies), default=0)),
        *_from_headline(outline),
        *_from_cards(outline, body),
        *_from_teasers(outline, body),
        *_from_classes(outline),
        *_from_more(outline, body),
    ]
    total = sum(item.weight for item in evidence)
    confidence = float(1 / (1 + np.exp(-abs(total))))
    if total > 0:
        kind, side = PageKind.ARTICLE, [item for item in evidence if item.weight > 0]
    else:
        side = [item for item in evidence if item.weight <= 0]
        listing = sum(item.weight for item in side if item.listing) * 2 < sum(item.weight for item in side)
        kind = PageKind.LISTING if listing else PageKind.OTHER
    side.sort(key=lambda item: -abs(item.weight))
    return Judgement(kind, "; ".join(item.words for item in side[:3]) or "nothing on the page is text", confidence)


def _from_types(types: AbstractSet[str]) -> Iterator[_Evidence]:
    articles = sorted(name for name in types if _ARTICLE_TYPES.match(name))
    others = sorted(types & _OTHER_TYPES)
    listings = sorted(types & _LISTING_TYPES)
    if articles:
        # Reviews declare what they review as a product beside themselves.
        yield _Evidence(0.5 if others else 1.5, f"declares {articles[0]}")
    elif others:
        yield _Evidence(-2.5, f"declares {others[0]}")
    elif listings:
        yield _Evidence(-1.5, f"declares {listings[0]}", listing=True)


def _from_url(url: str | None) -> Iterator[_Evidence]:
    if not url:
        return
    parts = urlsplit(url)
    path = unquote(parts.path)
    if path.strip("/") in ("", "index.html", "index.htm", "index.php", "home") and not parts.query:
        yield _Evidence(-4, "the address is a home page", listing=True)
    elif _TAG_PATH.search(path):
        yield _Evidence(-3.5, "the address is that of a tag, an author or a further page", listing=True)
    elif _LISTING_PATH.search(path):
        yield _Evidence(-2, "the address is that of a list", listing=True)
    elif _OTHER_PATH.search(path):
        yield _Evidence(-2, "the address is that of a shop, forum, manual or company page")
    elif _ARTICLE_PATH.search(path):
        yield _Evidence(1, "the address is that of an article")


def _from_text(outline: Outline, body: BodyBlocks, *, declared: int) -> Iterator[_Evidence]:
    texts = [outline.blocks[number].text for number in sorted(body.numbers)]
    letters = sum(map(_width, texts))
    whole = sum(len(block.text) for block in outline.blocks) or 1
    share = sum(map(len, texts)) / whole
    letters = max(letters, declared)  # some pages have their text in JSON alone
    if letters < 250:
        yield _Evidence(-2.5, "hardly any running text")
    elif letters < 600:
        yield _Evidence(-0.5, "little running text")
    else:
        yield _Evidence(1.5, f"{len(texts)} blocks of running text")
    if share > 0.5:
        yield _Evidence(0.5, "most of the page is one text")


def _width(text: str) -> float:
    return len(text) * (2.5 if is_cjk(text[:80]) else 1.0)


def _from_headline(outline: Outline) -> Iterator[_Evidence]:
    title = outline.document.title or ""
    for number, block in enumerate(outline.blocks):
        if block.tag != "h1" or len(block.text) <= 12 or block.text[:40] not in title:
            continue
        if _leads_away(outline, block) or outline.is_hidden(block.node):
            continue
        yield _Evidence(1, "a headline that is the title")
        if _has_date_near(outline, number):
            yield _Evidence(1, "a date beside the headline")
        return


def _has_date_near(outline: Outline, headline: int) -> bool:
    """A short line that is no link, just above or below."""
    near = outline.blocks[max(headline - 2, 0) : headline] + outline.blocks[headline + 1 : headline + 6]
    return any(
        len(block.text) < _DATE_LINE and block.linked * 2 <= len(block.text) and _DATE.search(block.text)
        for block in near
    )


def _from_classes(outline: Outline) -> Iterator[_Evidence]:
    body = next((node for node, tag in enumerate(outline.tags) if tag == "body"), None)
    classes = set((outline.attributes[body].get("class", "")).split()) if body is not None else set()
    if classes & _SINGLE_CLASSES:
        yield _Evidence(1.5, "the page's own class calls it a post")
    elif classes & _LISTING_CLASSES:
        yield _Evidence(-1.5, "the page's own class calls it a list", listing=True)


def _from_more(outline: Outline, body: BodyBlocks) -> Iterator[_Evidence]:
    """ "Read more" below a text: a teaser."""
    last = max(body.numbers, default=0)
    for block in outline.blocks[: last + 10]:
        if block.linked and _MORE.fullmatch(block.text) and _leads_away(outline, block):
            yield _Evidence(-1, "a teaser that leads to its text", listing=True)
            return


def _from_cards(outline: Outline, body: BodyBlocks) -> Iterator[_Evidence]:
    """Headings that are links within the site, each over a short text of its own: the entries of a list."""
    if body.container is None:
        return
    span = outline.blocks_of(body.container)
    cards = 0
    for number in span:
        block = outline.blocks[number]
        if block.tag in _CARD_HEADINGS and _leads_away(outline, block) and _has_text_below(body, number, span):
            cards += 1
    letters = sum(_width(outline.blocks[number].text) for number in body.numbers)
    if cards >= 3 and letters < cards * _CARD_TEXT:
        yield _Evidence(
            -3 - min(cards, 10) / 5, f"{cards} headings link elsewhere, each over its own text", listing=True
        )


def _from_teasers(outline: Outline, body: BodyBlocks) -> Iterator[_Evidence]:
    """Lines that are a link, alone or beside a date, each over a text: nearly all there is to read."""
    texts = [
        number for number in body.numbers if len(outline.blocks[number].text) >= 30 and not _leads(outline, number)
    ]
    teasers = sum(number > 0 and _leads(outline, number - 1) for number in texts)
    if teasers >= 3 and teasers * 3 >= len(texts) * 2:
        yield _Evidence(-2, f"{teasers} of {len(texts)} texts stand under a link of their own", listing=True)


def _leads(outline: Outline, number: int) -> bool:
    block = outline.blocks[number]
    return block.linked >= 8 and block.linked * 3 > len(block.text)


def _leads_away(outline: Outline, block: TextBlock) -> bool:
    """A heading that is a link to another page."""
    if block.linked * 10 <= len(block.text) * 9:
        return False
    hrefs = (outline.anchors[number].href.strip() for number in block.anchors)
    return any(_is_other_page(outline, href) for href in hrefs)


def _is_other_page(outline: Outline, href: str) -> bool:
    """Of the same site: an article may list shops and sources, each as a heading."""
    if href.startswith("#"):
        return False
    own, url = outline.document.url, outline.document.resolver.resolve(href)
    return own is None or (url is not None and url != own and same_site(url, own))


def _has_text_below(body: BodyBlocks, number: int, span: range) -> bool:
    return any(other in body.numbers for other in range(number + 1, min(number + 6, span.stop)))
