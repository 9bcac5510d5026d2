"""What the path and query of an address tell: whether it is shaped like an article's, a section's or an offer's."""

import re
from functools import lru_cache
from typing import NamedTuple

from crawler.markup.text import letter_table

# Words of addresses of pages that list articles, or are none.
_SECTION_WORDS = frozenset(
    """
    abo about account app apps archiv archive archives author authors autor autoren autores bbs by categoria category
    categories channel comments contact dossier dossiers download downloads event events faq feed forum game games help
    hub impressum index job jobs journalist kategori kategorie kategorien kommentare kontakt legal list login member
    members newsletter newsletters page pages people person podcast podcasts print privacy profile profiles register
    ressort rss rubrik rubrique rubriques search section sections series share sharer shop signin signup space special
    staff store subscribe suche terms u user users zt
    """.split()
)
_TAG_WORDS = frozenset(
    """
    amne argomenti argomento article_tag biaoqian country emne emner etiket etiqueta etiquetas hub keyword keywords konu
    label labels people person schlagwort schlagworte stichwort subject subjects sujet sujets tag tagged tags tema temas
    thema theme themen themes topic topics
    """.split()
)
_SEARCH_WORDS = frozenset("arama buscar haku recherche search sok suche zoeken".split())
_SEARCH_PARAMETERS = frozenset("q s query keyword keywords param tag tags wd".split())
_CATEGORY_WORDS = frozenset(
    """
    cat categoria categorias categorie categories category kat kategori kategorie kategorien kategoriya rubrik rubrique
    rubriques section sections
    """.split()
)
_AUTHOR_WORDS = frozenset(
    """
    auteur auteurs author authors autor autoren autores by journalist journalists member members profil profile profiles
    space staff team user users
    """.split()
)
_KIND_WORDS = frozenset(
    part
    for word in _TAG_WORDS | _CATEGORY_WORDS | _AUTHOR_WORDS | _SEARCH_WORDS | _SEARCH_PARAMETERS
    for part in word.split("_")
)
_OFFER_WORDS = frozenset(
    """
    abo abonnement advertorial anzeige campaign coupon coupons course courses deals event events job jobs notice notices
    offer offers partner partners poll polls pr product products promo promotion quiz shop sponsored store subscribe
    subscription survey training vote voting webinar webinars whitepaper whitepapers
    """.split()
)
# Folders in which nothing else stands: "training" and "polls" are sections of newspapers, too.
_OFFER_FOLDERS = frozenset(
    """
    abo abonnement abonnements coupon coupons courses curso cursos deals ebook ebooks event events evento eventos
    gutscheine job jobs karriere kurse kurs newsletter newsletters notice notices offer offers pr product products
    promotions quiz shop store stellenangebote subscribe subscription subscriptions termine veranstaltung
    veranstaltungen webinar webinars whitepaper whitepapers
    """.split()
)
_ADVERTISING = frozenset(
    "advertorial advertorials anzeige anzeigen promo sponsored partnercontent publirreportaje".split()
)
OFFER_HOSTS = frozenset(
    """
    abo academy ads coupon coupons deals epaper event events gutscheine job jobs karriere kurse pay poll quiz shop store
    stellenmarkt stellenanzeigen subscribe survey tickets vote webinar webinars
    """.split()
)
_OFFER_NAMES = _OFFER_WORDS | _OFFER_FOLDERS | _ADVERTISING
_LONGEST_FOLDER = 3  # words; one with more holds a headline, before the number of its article
_WORD_BREAK = letter_table("/?&=_.-", " ")
_SLUG_BREAK = letter_table("-_+.,", " ")
_DATED = re.compile(r"(?:19|20)\d\d[/_.-]?(?:0?[1-9]|1[0-2])(?:[/_.-]?(?:[0-2]?\d|3[01]))?(?!\d)")
_DIGITS = re.compile(r"\d+")
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp|ece|cms|article|amp)$", re.IGNORECASE)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp3|mp4|docx?|xlsx?|apk)$", re.IGNORECASE)


class Target(NamedTuple):
    """What path and query tell: the fields of LinkUrl of the same names."""

    slug: int
    digits: int
    dated: bool
    depth: int
    section: bool
    offer: bool
    tag: bool
    category: bool
    author: bool
    file: bool
    pattern: str
    article: bool
    measures: tuple[float, ...]


@lru_cache(maxsize=16384)
def read_target(path: str, query: str) -> Target:
    segments = [segment for segment in path.split("/") if segment]
    last = segments[-1] if segments else ""
    target = f"{path}?{query}" if query else path
    lowered = target.lower()
    words = lowered.translate(_WORD_BREAK).split()
    boxes = () if _KIND_WORDS.isdisjoint(words) else _box_words(lowered)
    runs = _DIGITS.findall(target)
    digits, depth = max(map(len, runs)) if runs else 0, len(segments)
    slug = _read_segment(max(segments, key=len, default=""))[1]
    ended = _EXTENSION.search(last) is not None if "." in last else False
    dated = digits >= 4 and ("20" in path or "19" in path) and bool(_DATED.search(path))
    section = not _SECTION_WORDS.isdisjoint(words)
    tag = bool(boxes) and (not _TAG_WORDS.isdisjoint(boxes) or _is_search(lowered))
    category, author = not _CATEGORY_WORDS.isdisjoint(boxes), not _AUTHOR_WORDS.isdisjoint(boxes)
    file = not ended and "." in last and bool(_FILE.search(last))
    if file or (depth == 0 and not digits):
        article = False
    elif author or tag:
        article = digits >= 6  # "/author/four-names-in-a-row" has the slug of an article
    elif section:
        article = digits >= 6 or slug >= 5
    else:
        # "formula-1/drivers.html" is no article: the last segment or the query holds the number.
        numbered = ended and digits > 0 and bool(_DIGITS.search(query) or _DIGITS.search(last))
        article = dated or digits >= 5 or slug >= 3 or numbered
    pattern = "/".join([_read_segment(segment)[0] for segment in segments])
    kinds = (section, tag, category, author, file)
    folders = [] if _OFFER_NAMES.isdisjoint(words) else _folders(segments, last)
    offered = any(not _OFFER_WORDS.isdisjoint(names) for names in folders)
    measures = (article, min(slug, 10), min(digits, 12), dated, ended, min(depth, 8), *kinds, offered)
    return Target(slug, digits, dated, depth, section, _is_offer(folders), *kinds[1:], pattern, article, measures)


@lru_cache(maxsize=16384)
def _read_segment(segment: str) -> tuple[str, int]:
    """Its part of the pattern, and the words in it."""
    kept = _EXTENSION.search(segment) if "." in segment else None
    stem = segment[: kept.start()] if kept else segment
    parts = stem.translate(_SLUG_BREAK).split()
    words = len([part for part in parts if not part.isdigit()])
    if words <= 2 and not stem.isascii() and len(stem) >= 8:
        words = len(stem) // 2  # a headline in a script without spaces, as one segment
    if segment.isdigit():
        return "0" * min(len(segment), 8), words
    shape = "w" if len(parts) <= 1 else "w-w" if len(parts) == 2 else "w-w-w"
    return shape + ("0" if _DIGITS.search(stem) else "") + (kept.group().lower() if kept else ""), words


def _folders(segments: list[str], last: str) -> list[list[str]]:
    """The words of each folder's name, and of the beginning of a file's: in a headline words are said of anything."""
    named = [segment.lower().translate(_SLUG_BREAK).split() for segment in segments[:-1]]
    if "_" in last:
        named.append([last.partition("_")[0].lower()])
    return [words for words in named if len(words) <= _LONGEST_FOLDER]


def _is_offer(folders: list[list[str]]) -> bool:
    return any(
        not _ADVERTISING.isdisjoint(words) or (len(words) == 1 and words[0] in _OFFER_FOLDERS) for words in folders
    )


def _box_words(lowered: str) -> list[str]:
    """Where words for kinds of pages stand: segments that something follows, and first words, as in "tag_57"."""
    path, _, query = lowered.partition("?")
    *boxes, last = path.strip("/").split("/")
    for segment in (*boxes, last):
        word, mark, rest = segment.partition("_")
        if mark and rest:
            boxes.append(word)
    boxes.extend(parameter.partition("=")[0] for parameter in query.split("&") if query)
    return boxes


def names_kind(href: str) -> bool:
    """A word for tags, categories, authors or a search stands somewhere in the address."""
    return not _KIND_WORDS.isdisjoint(href.lower().translate(_WORD_BREAK).split())


def _is_search(lowered: str) -> bool:
    path, _, query = lowered.partition("?")
    if not _SEARCH_WORDS.isdisjoint(path.split("/")):
        return True
    return bool(query) and any(part.partition("=")[0] in _SEARCH_PARAMETERS for part in query.split("&"))
