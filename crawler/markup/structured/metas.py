"""Meta elements: OpenGraph, article:*, Dublin Core, and the names that news systems made up."""

import re

from crawler.markup.structured.records import Candidate, Declared
from crawler.markup.text import collapse
from crawler.markup.tree import Attributes

# Field to names, the most trusted first. After what the development pages, GNE, newspaper and trafilatura know.
_NAMES = {
    "headlines": "og:title twitter:title headline dc.title dcterms.title citation_title parsely-title sailthru.title "
    "cxenseparse:title articletitle hdl title",
    "authors": "author article:author_name article:author authors dc.creator dcterms.creator dc.contributor.author byl "
    "byline parsely-author sailthru.author cxenseparse:author citation_author article:authors og:article:author "
    "article.author news_author book:author creator dcsext.author",
    "publishers": "source contentsource og:publisher_name article:publisher_name dc.publisher dcterms.publisher "
    "publisher",
    "dates_published": "article:published_time "
    "og:article:published_time og:published_time datepublished date.published "
    "published_time published_at article:published publishdate publish-date publish_date publish_time pubdate "
    "pub_date publication_date publicationdate parsely-pub-date sailthru.date cxenseparse:recs:publishtime "
    "article.published dc.date.issued dcterms.issued dc.date.created dcterms.created dcterms.date dc.date "
    "dc.terms.issued citation_publication_date citation_online_date citation_date og:release_date "
    "article:create_at weibo:article:create_at article_date_original originalpublicationdate dcterms.available "
    "bt:pubdate shareaholic:article_published_time article:post_date datecreated pubtime date.created created "
    "date rnews:datepublished",
    "dates_modified": "article:modified_time og:article:modified_time og:updated_time og:modified_time datemodified "
    "article:updated_time article:update_at weibo:article:update_at dcterms.modified dc.date.modified lastmod "
    "last-modified last_modified revised modified updated_time rnews:datemodified",
    "languages": "content-language dc.language dcterms.language language og:locale",
    "sections": "article:section og:article:section og:section section parsely-section cxenseparse:section channel "
    "sailthru.section category",
    "descriptions": "description og:description twitter:description dc.description dcterms.description",
    "images": "og:image og:image:url og:image:secure_url twitter:image twitter:image:src thumbnail",
    "keywords": "article:tag og:article:tag news_keywords parsely-tags keywords",
    "site_names": "og:site_name application-name al:ios:app_name twitter:app:name:iphone dc.publisher",
    "urls": "og:url twitter:url",
}
_FIELDS = {
    name: [
        (field, rank) for field, names in _NAMES.items() for rank, known in enumerate(names.split()) if known == name
    ]
    for name in {name for names in _NAMES.values() for name in names.split()}
}
# Every other system has its own name for it: "w-published-date", "published", "sm_publish_date".
_LIKE_PUBLISHED = re.compile(
    r"(?:\w{1,12}[-_.:]){0,2}(?:date[-_]?published|published?[-_]?(?:date|time|at|on|datetime)?|pub[-_]?(?:date|time)|"
    r"release[-_]?date)"
)
_LIKE_MODIFIED = re.compile(
    r"(?:\w{1,12}[-_.:]){0,2}(?:date[-_]?(?:modified|updated?)|(?:modified|updated?)[-_]?(?:date|time|at|on)?)"
)
_MOST_CANDIDATES = 200
_LONGEST = 4000
"""Longer values are no fact about the page; og:image with an inlined picture is the common case."""


class MetaReader:
    """Gathers meta elements as they come; `candidates` sorts them."""

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[int, Candidate]]] = {}
        self._labels: dict[str, str] = {}
        self.types: set[str] = set()

    def read(self, attributes: Attributes) -> None:
        content = attributes.get("content")
        if not content or len(content) > _LONGEST:
            return
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = attributes.get(key)
            if name:
                self._add(name.strip().lower(), collapse(content))

    def _add(self, name: str, value: str) -> None:
        if not value:
            return
        for field, rank in _FIELDS.get(name) or _guessed_fields(name):
            found = self._found.setdefault(field, [])
            if len(found) < _MOST_CANDIDATES:
                found.append((rank, Candidate(value, Declared.META, name)))
        if name == "og:type":
            self.types.add(f"og:{value.lower()}")
        elif name.startswith(("twitter:label", "twitter:data")):
            self._labels.setdefault(name, value)

    def candidates(self) -> dict[str, list[Candidate]]:
        """Field to its candidates, the most trusted name first."""
        # WordPress with Yoast has the author's name only as a label for Twitter cards, in the site's language.
        for number in "12":
            if _is_author_label(self._labels.get(f"twitter:label{number}", "")):
                name = f"twitter:data{number}"
                if name in self._labels:
                    candidate = Candidate(self._labels[name], Declared.META, name)
                    self._found.setdefault("authors", []).append((0, candidate))
        return {
            field: [candidate for _, candidate in sorted(found, key=lambda pair: pair[0])]
            for field, found in self._found.items()
        }


def _guessed_fields(name: str) -> list[tuple[str, int]]:
    if "publish" not in name and "pub" not in name and "date" not in name and "modified" not in name:
        return []
    if _LIKE_PUBLISHED.fullmatch(name):
        return [("dates_published", 90)]
    return [("dates_modified", 90)] if _LIKE_MODIFIED.fullmatch(name) else []


_AUTHOR_LABELS = frozenset(
    "written by|author|verfasst von|geschrieben von|autor|autore|auteur|écrit par|escrito por|scritto da|skriven av|"
    "geschreven door|skrevet av|skrevet af|napisane przez|написано автором|автор|作者|著者|執筆者|글쓴이|yazan|"
    "ditulis oleh".split("|")
)


def _is_author_label(label: str) -> bool:
    return label.strip(" :：").casefold() in _AUTHOR_LABELS
