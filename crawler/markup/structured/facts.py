"""Facts of JSON-LD nodes: which nodes speak of the page's article, and what they say."""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from crawler.markup.structured.json_ld import JsonLd, Node, node_types
from crawler.markup.structured.records import Candidate, Declared
from crawler.markup.text import collapse, fold

_LONGEST_VALUE = 4000
_ARTICLES = frozenset(
    "Article NewsArticle BlogPosting ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle "
    "BackgroundNewsArticle ReviewNewsArticle AskPublicNewsArticle AdvertiserContentArticle SatiricalArticle "
    "ScholarlyArticle TechArticle Report "
    "LiveBlogPosting SocialMediaPosting DiscussionForumPosting MedicalScholarlyArticle Recipe HowTo Review".split()
)
_PAGES = frozenset("WebPage ItemPage AboutPage FAQPage MedicalWebPage QAPage VideoObject".split())
_SITES = frozenset(("WebSite", "Organization", "NewsMediaOrganization", "NewsOrganization"))
_KEYS = {
    "headlines": ("headline", "name"),
    "dates_published": ("datePublished", "dateCreated", "uploadDate"),
    "dates_modified": ("dateModified",),
    "sections": ("articleSection",),
    "descriptions": ("description",),
    "keywords": ("keywords",),
    "languages": ("inLanguage",),
    "article_bodies": ("articleBody",),
}


# JSON escapes can write half a surrogate pair and NUL, which are no text and which no encoding takes.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_MOST_NAMES = 40
_DEEPEST = 4


def read_facts(json_ld: JsonLd, *, title: str) -> dict[str, list[Candidate]]:
    """Field to candidates: those of article nodes first, the one whose headline the title shows before all."""
    found: dict[str, list[Candidate]] = {}
    of_article: set[str] = set()
    for node in _ordered(json_ld, fold(title)):
        is_article = not _ARTICLES.isdisjoint(node_types(node))
        facts = _facts(node, json_ld)
        # Of several article nodes the first speaks for the page: the others are articles it lists.
        for field, candidates in facts.items():
            if field not in of_article and (is_article or field != "authors"):
                found.setdefault(field, []).extend(candidates)
        of_article.update(facts if is_article else ())
    for node in json_ld.nodes:
        if not _SITES.isdisjoint(node_types(node)):
            _add_first(found, "site_names", [("name", _texts(node.get("name")))])
    return found


def _facts(node: Node, json_ld: JsonLd) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for field, keys in _KEYS.items():
        _add_first(found, field, ((key, _texts(node.get(key), long=field == "article_bodies")) for key in keys))
    _add_first(found, "authors", ((key, _names(node.get(key), json_ld)) for key in ("author", "creator")))
    _add_first(found, "publishers", [("publisher", _names(node.get("publisher"), json_ld))])
    _add_first(found, "images", ((key, _links(node.get(key), json_ld)) for key in ("image", "thumbnailUrl")))
    _add_first(found, "urls", ((key, _links(node.get(key), json_ld)) for key in ("mainEntityOfPage", "url")))
    return found


def _add_first(found: dict[str, list[Candidate]], field: str, readings: Iterable[tuple[str, Iterator[str]]]) -> None:
    """The values under the first key that has any."""
    for key, values in readings:
        candidates = [Candidate(value, Declared.JSON_LD, key) for value in islice(values, _MOST_NAMES)]
        if candidates:
            found.setdefault(field, []).extend(candidates)
            return


def _ordered(json_ld: JsonLd, folded_title: str) -> list[Node]:
    def rank(node: Node) -> int:
        types = set(node_types(node))
        if not types & _ARTICLES:
            return 2
        headline = fold(next(_texts(node.get("headline") or node.get("name")), ""))
        return 0 if headline and headline in folded_title else 1

    return sorted((n for n in json_ld.nodes if set(node_types(n)) & (_ARTICLES | _PAGES)), key=rank)


def _texts(value: object, *, long: bool = False, depth: int = 0) -> Iterator[str]:
    """The strings a member holds, by itself, in a list, or as a thing with a name."""
    if isinstance(value, str):
        value = _NO_TEXT.sub("", value)
        if long:
            yield from [value] if value.strip() else []
        elif len(value) <= _LONGEST_VALUE:
            # Twice: "&amp;#8217;" is what comes of escaping an escaped text.
            text = collapse(html.unescape(html.unescape(value)) if "&" in value else value)
            yield from [text] if text else []
    elif isinstance(value, list) and depth < _DEEPEST:
        for member in value:
            yield from _texts(member, long=long, depth=depth + 1)
    elif isinstance(value, dict) and depth < _DEEPEST:
        yield from _texts(value.get("name", value.get("@value")), long=long, depth=depth + 1)


def _names(value: object, json_ld: JsonLd, depth: int = 0) -> Iterator[str]:
    if isinstance(value, list) and depth < _DEEPEST:
        for member in value:
            yield from _names(member, json_ld, depth + 1)
        return
    value = json_ld.resolve(value)
    if isinstance(value, dict) and "name" not in value:
        parts = (next(_texts(value.get(key)), "") for key in ("givenName", "familyName"))
        yield from _texts(" ".join(parts))
    else:
        yield from _texts(value)


def _links(value: object, json_ld: JsonLd, depth: int = 0) -> Iterator[str]:
    value = json_ld.resolve(value)
    if isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST_VALUE:
        yield _NO_TEXT.sub("", value).strip()
    elif isinstance(value, list) and depth < _DEEPEST:
        for member in value:
            yield from _links(member, json_ld, depth + 1)
    elif isinstance(value, dict) and depth < _DEEPEST:
        yield from _links(value.get("url") or value.get("contentUrl") or value.get("@id"), json_ld, depth + 1)
