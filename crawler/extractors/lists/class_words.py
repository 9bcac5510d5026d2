"""Words of class names, ids and short texts, by what they tell of the links among them."""

import re
from functools import lru_cache

import numpy as np

from crawler.extractors.tree.outline import split_words
from crawler.extractors.tree.word_hashes import KnownWords

CLASS_WORDS = {
    "related": """
        related recommend recommended recommendations recommendation similar also more read further readmore readnext
        suggestions suggested suggest relevant associated verwandt xgwz xgyd xiangguan tuijian guess like youlike
        interest interesting relate relation relations recirc recirculation onward linkbox
    """,
    "popular": """
        popular trending trend trends hot most mostread mostpopular top rank ranking rankings best views viewed viral
        meistgelesen hits charts paihang phb bestseller
    """,
    "latest": "latest recent recents new newest ticker live newsfeed last fresh aktuell zuixin recently",
    "adjacent": "prev previous next pager adjacent neighbor prevnext older newer siblings",
    "tags": """
        tag tags keyword keywords topic topics taxonomy thema themen schlagwort schlagworte tagcloud taglist etiquetas
        tagged hashtag hashtags tagbox
    """,
    "card": """
        teaser card cards promo story stories article item items post posts entry headline headlines title media grid
        slider carousel swiper thumb thumbnail
    """,
    "list": "list lists feed module box widget block news bd ul",
    "menu": """
        nav menu navbar navigation mainnav submenu dropdown megamenu sitemap subnav hamburger menus navi drawer flyout
    """,
    "header": "header head topbar masthead banner top toolbar bar",
    "footer": "footer foot bottom copyright legal colophon foo",
    "crumb": "breadcrumb breadcrumbs crumb crumbs path position location",
    "share": "share social facebook twitter follow sns weibo whatsapp sharing bookmark print",
    "author": "author authors byline writer bio profile avatar person contributor user",
    "advert": """
        ad ads adv advert advertisement sponsor sponsored outbrain taboola partner partners commercial shop deals deal
        affiliate native promotion offers buy product products
    """,
    "comment": "comment comments reply replies discuss discussion disqus respond",
    "category": "category categories cat cats section kicker eyebrow channel column overline rubric ressort genre",
    "side": "sidebar aside side rail right left secondary rightbar siderbar",
    "content": "content body text entry main single detail richtext",
    "service": """
        newsletter subscribe login account search language app form toc signup register cookie consent modal popup jobs
        events
    """,
    "date": "date time timestamp meta info published",
    "inline": "inline embed embedded pullout related inset readalso callout incontent infobox",
}
TITLE_WORDS = frozenset("title headline heading titre titulo titolo subject tit hd ttl".split())
NOISE_WORDS = frozenset(
    """
    kicker overline eyebrow label badge num number rank ranking count counter time date timestamp duration author byline
    category cat section comments comment icon views tag tags premium plus paywall meta info stats reading readtime
    credit source index position roofline topline flag supertitle prefix pretitle spitzmarke dachzeile oberzeile
    """.split()
)
NAVIGATION_WORDS = frozenset("nav navi navigation pagination paginator pager".split())
# More sets, that no model asks for; a word may be in several.
_MORE_WORDS = {
    "title-word": TITLE_WORDS,
    "noise": NOISE_WORDS,
    "heading": "title heading head header headline hd tit titre titulo caption subtitle".split(),
    "direction": "prev previous next older newer prevnext adjacent neighbor neighbors neighbours".split(),
    "slider": "slider carousel swiper slick gallery glide splide arrow lightbox calendar comment comments".split(),
    "cloud": "tagcloud cloud hot trending trends trend".split(),
    "popular-box": """
        popular trending mostread mostpopular ranking rankings viral meistgelesen bestseller phb paihang
    """.split(),
    "latest-box": "latest recent recents newest ticker newsfeed zuixin recently".split(),
    "navigation": NAVIGATION_WORDS,
}
MARKS = {name: 1 << position for position, name in enumerate((*CLASS_WORDS, *_MORE_WORDS))}
_BITS: dict[str, int] = {}
for _name, _words in (*((name, words.split()) for name, words in CLASS_WORDS.items()), *_MORE_WORDS.items()):
    for _word in _words:
        _BITS[_word] = _BITS.get(_word, 0) | MARKS[_name]
MARKED_WORDS = KnownWords(list(_BITS))
WORD_MARKS = np.array(list(_BITS.values()))
"""The bits of each of these."""

_TIME = re.compile(
    r"(?i)\d{1,2}:\d\d|\d{4}[-/.年]\d{1,2}|\d{1,2}[-/.月]\d{1,2}|"
    r"(?:\d\.? |\b)(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*\.?,? \d|"
    r"\d\.? (?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*\b|"
    r"\d+\s*(?:hours?|days?|min\w*|hrs?|weeks?|months?|stunden|tage\w*)\b|\d+\s*(?:小时|分钟|天|時間|分)前|\bago\b"
)
_DIGIT = re.compile(r"\d")
_WIDE = re.compile("[\u2e80-\uffff]")
_MORE = re.compile(
    r"(?i)^[\W\d]*(?:(?:read|view|see|show|load|all|learn|discover|explore)?\s*(?:more|all|full|story|article)|"
    r"continue(?:\s+reading)?|weiterlesen|mehr(?:\s\w+)?|alle\b.*|lire(?: la suite| plus)?|leer más|ver más|más|"
    r"leggi(?: tutto)?|lees (?:verder|meer)|läs mer|les mer|læs mere|czytaj(?: więcej| dalej)?|więcej|devamı?|"
    r"daha fazla|далее|подробнее|читать(?: далее)?|xem thêm|更多|全部|查看更多|阅读全文|详细|详情|もっと見る|"
    r"続きを読む|一覧|더보기|전체보기)[\W]*$"
)
# Most texts begin with none of these.
_MORE_BEGINNINGS = frozenset("al ar co cz da de di ex fu le li lo me mo re se sh st ve vi we wi xe".split())


@lru_cache(maxsize=32768)
def class_marks(names: str) -> int:
    """The bits of MARKS of all words of a class attribute or an id."""
    marks = 0
    for word in split_words(names):
        if word in _BITS:
            marks |= _BITS[word]
    return marks


@lru_cache(maxsize=8192)
def looks_like_time(text: str) -> bool:
    """The text holds a date, a time of day or an age; not for long texts."""
    # All but "ago" have a digit in them; to try the pattern at each letter takes ten times as long.
    return bool((_DIGIT.search(text) or "ago" in text.lower()) and _TIME.search(text))


def is_more(text: str) -> bool:
    """The words of a link that leads on, not those of a headline: "Read more", 更多."""
    return len(text) <= 30 and _is_more(text)


@lru_cache(maxsize=8192)
def _is_more(text: str) -> bool:
    begins = text[:2]
    if begins.isascii() and begins.isalpha() and begins.lower() not in _MORE_BEGINNINGS:
        return False
    return bool(_MORE.match(text))


def width(text: str) -> int:
    """Length in Latin letters: one of Han or Kana says as much as two and a half."""
    return len(text) if text.isascii() else _width(text)


@lru_cache(maxsize=8192)
def _width(text: str) -> int:
    return len(text) + len(_WIDE.findall(text)) * 3 // 2
