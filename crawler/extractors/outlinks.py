"""The links of a page, each URL once: where they lead, and which turn pages."""

import re
from collections.abc import Iterator
from urllib.parse import urldefrag

from crawler.document import Document
from crawler.extractors.tree.outline import Anchor, Outline
from crawler.markup.feed_links import feed_links
from crawler.markup.links import is_broken, registered_domain, same_site
from models.items import Outlink, OutlinkKind

_TURNING_WORDS = """
    next previous prev older newer more_posts older_posts newer_posts older_entries newer_entries next_page
    previous_page prev_page next_posts previous_posts load_more 下一页 下页 上一页 上页 后一页 前一页 尾页 末页
    下一頁 上一頁 次へ 前へ 次のページ 前のページ 다음 이전 suivant précédent siguiente anterior weiter zurück nächste
    vorherige volgende vorige nästa föregående successivo precedente następna poprzednia 加载更多 更早的文章 较新的文章
"""
_TURNING = frozenset(word.replace("_", " ") for word in _TURNING_WORDS.split())
_ARROWS = re.compile(r"[\s«»‹›<>←→⟨⟩❮❯|&:]+")
_PLAIN_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*")  # no port, no user, no address
_LONGEST_TURNING = 40  # characters, arrows included
_PAGE_DIGITS = 4
_PAGER_WORDS = frozenset(
    "pagination pager paginator paging pages pagenavi pagelist pagenav pagebar wp nav-links paginate page".split()
)
_PAGER_HEIGHT = 4  # levels from a page number up to the box that names itself a pager
_NUMBERED_ADDRESS = re.compile(
    r"(?:[/_?&-]|^)(?:page|p|pg|paged|index|seite|pagina|list)[=/_-]?\d{1,5}(?:\.\w+)?/?$|_\d{1,3}\.s?html?$"
)


def read_outlinks(document: Document, outline: Outline) -> tuple[Outlink, ...]:
    """In page order; broken links stand as written. Links to places on the page itself, mail and scripts are none.

    One more than the page's limit says that there are more.
    """
    reader = _Reader(document, outline)
    most = document.limits.links
    for anchor in outline.anchors:
        reader.add(anchor)
        if len(reader.found) > most:
            break
    return (tuple(reader.found.values()) + reader.announced())[: most + 1]


class _Reader:
    def __init__(self, document: Document, outline: Outline) -> None:
        self.document = document
        self.outline = outline
        self.found: dict[str, Outlink] = {}
        self._own_hosts: dict[str, bool] = {}
        self._own = urldefrag(document.url).url if document.url else None
        self._base = document.base_url
        self._resolve = document.resolver.resolve
        host = (document.url or "").split("/", 3)[2:3]
        self._domain = registered_domain(host[0]) if host and _PLAIN_HOST.fullmatch(host[0]) else None

    def add(self, anchor: Anchor) -> None:
        url = self._resolve(anchor.href)
        if url is None:
            self._add_unresolved(anchor)
            return
        if "#" in url:
            url = url.partition("#")[0]
        if url != self._own:
            kind = self._kind_of_own(anchor) if self._is_own(url) else OutlinkKind.EXTERNAL
            self._keep(url, anchor, kind)

    def _add_unresolved(self, anchor: Anchor) -> None:
        base, href = self._base, anchor.href
        if is_broken(base, href):
            self._keep(href.strip(), anchor, OutlinkKind.BROKEN)
        elif base is None and _is_relative(href):
            self._keep(href.strip().partition("#")[0], anchor, self._kind_of_own(anchor))

    def announced(self) -> tuple[Outlink, ...]:
        """What no visible link leads to: the neighbours that `<link rel="next">` names, and the site's feeds."""
        more = [Outlink(url=url, text=None, kind=OutlinkKind.INTERNAL) for url in self._feeds()]
        tree = self.document.tree
        for attributes in map(tree.attributes.__getitem__, tree.numbers_of("link")):
            if attributes.get("rel", "").lower() in ("next", "prev"):
                url = self._resolve(attributes.get("href", ""))
                if url and url not in self.found and url != self._own and self._is_own(url):
                    more.append(Outlink(url=url, text=None, kind=OutlinkKind.PAGINATION))
        return tuple(more)

    def _feeds(self) -> Iterator[str]:
        """None below the page's own address, as a blog has one of each tag and of the comments on each article."""
        own_folder = f"{(self._own or '').partition('?')[0].rstrip('/')}/"
        is_first_page = own_folder.count("/") == 3  # scheme://host/
        for url in dict.fromkeys(feed_links(self.document.tree, self._resolve)):
            if url not in self.found and self._is_own(url) and (is_first_page or not url.startswith(own_folder)):
                yield url

    def _keep(self, url: str, anchor: Anchor, kind: OutlinkKind) -> None:
        text = anchor.text or anchor.alt or None
        before = self.found.get(url)
        if before is None:
            self.found[url] = Outlink(url=url, text=text, kind=kind)
        elif (before.text is None and text) or (kind is OutlinkKind.PAGINATION and before.kind is not kind):
            better = kind if kind is OutlinkKind.PAGINATION else before.kind
            self.found[url] = Outlink(url=url, text=before.text or text, kind=better)

    def _is_own(self, url: str) -> bool:
        if self.document.url is None:
            return False
        parts = url.split("/", 3)
        host = parts[2] if len(parts) > 2 else url  # behind the scheme, and nothing
        own = self._own_hosts.get(host)
        if own is None:
            if self._domain and _PLAIN_HOST.fullmatch(host):
                own = registered_domain(host) == self._domain
            else:
                own = same_site(url, self.document.url)
            self._own_hosts[host] = own
        return own

    def _kind_of_own(self, anchor: Anchor) -> OutlinkKind:
        return OutlinkKind.PAGINATION if self._turns_page(anchor) else OutlinkKind.INTERNAL

    def _turns_page(self, anchor: Anchor) -> bool:
        text, outline = anchor.text, self.outline
        if anchor.node in outline.related:
            relations = outline.attributes[anchor.node]["rel"]
            if not _TURNING.isdisjoint(relations.lower().split()):
                # Previous and next article of a blog say rel=next too; their text is a headline.
                return len(text) < 30 and bool(_NUMBERED_ADDRESS.search(anchor.href.lower()))
        if len(text) > _LONGEST_TURNING:
            return False
        if not text.replace(" ", "").isalnum():  # as little else is, which need not be looked through for arrows
            text = _ARROWS.sub(" ", text).strip()
        text = text.lower()
        if text in _TURNING:
            return self._in_pager(anchor) or bool(_NUMBERED_ADDRESS.search(anchor.href.lower()))
        return len(text) <= _PAGE_DIGITS and text.isdecimal() and self._in_pager(anchor)

    def _in_pager(self, anchor: Anchor) -> bool:
        node = anchor.node
        for _ in range(_PAGER_HEIGHT):
            if not _PAGER_WORDS.isdisjoint(self.outline.words(node)):
                return True
            node = self.outline.parents[node]
            if node <= 0:
                return False
        return False


def _is_relative(href: str) -> bool:
    href = href.strip()
    return bool(href) and href[0] != "#" and ":" not in href.split("/", 1)[0]
