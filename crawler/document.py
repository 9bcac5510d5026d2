"""Document: one parsed page and its URL. Parsed once, shared by every extractor, changed by none."""

from codecs import BOM_UTF8
from functools import cached_property
from urllib.parse import urljoin

from lxml import etree
from lxml.etree import _Element
from parsel import Selector

from crawler.errors import UnexpectedContentType, UnparsablePage
from crawler.markup.content_types import foreign_type
from crawler.markup.encodings import decode, undoubled
from crawler.markup.links import UrlResolver
from crawler.markup.structured import Structured, read_structured
from crawler.markup.text import collapse
from crawler.markup.tree import PageTree, open_body, open_end, read_tree
from crawler.page_limits import USUAL, PageLimits


class Document:
    """A page and its URL. All readers but a site's own selectors ask its flat `tree`; for these lxml's is built."""

    __slots__ = ("__dict__", "_markup", "encoding", "limits", "text", "tree", "url")

    def __init__(self, tree: PageTree, markup: bytes, *, text: str, url: str | None, encoding: str) -> None:
        self.tree = tree
        """All elements. Comments and processing instructions are not among them."""
        self._markup = markup
        self.text = text
        """The decoded page."""
        self.url = url
        self.encoding = encoding
        self.limits = USUAL

    @classmethod
    def parse(
        cls,
        html: bytes | str,
        *,
        url: str | None = None,
        content_type: str | None = None,
        encoding: str | None = None,
        limits: PageLimits = USUAL,
    ) -> "Document":
        """`content_type` is the header of the response; `encoding` overrides it and the page's own word.

        Raises UnparsablePage where there is nothing to parse, UnexpectedContentType for bytes that are no text.
        """
        if isinstance(html, str):
            text, used = html.replace("\0", ""), "str"
        elif found := foreign_type(html):
            raise UnexpectedContentType(f"a page expected, found {found} by its first bytes", url=url)
        else:
            html = html if encoding else undoubled(html)
            text, used = decode(html, content_type=content_type, override=encoding)
        # A tree is made from UTF-8 bytes: lxml refuses a str with an XML declaration, and copies a str anyway.
        is_utf8 = isinstance(html, bytes) and used == "utf-8" and _is_exact(html, text)
        markup = html if is_utf8 and isinstance(html, bytes) else text.encode("utf-8", "replace")
        tree = read_tree(markup, limits) if text and not text.isspace() else None
        if tree is None:
            raise UnparsablePage("a page with at least one element expected, found an empty one", url=url)
        for opens in (open_body, open_end):
            if opened := opens(markup, tree):
                markup, tree = opened, read_tree(opened, limits) or tree
        document = cls(tree, markup, text=text, url=url, encoding=used)
        document.limits = limits
        return document

    @cached_property
    def root(self) -> _Element:
        """The `html` element of lxml's tree, for a site's own selectors: made by a second parse, once it is asked for.

        `itertext()`, not lxml.html's `text_content()`; its elements are as many as those of `tree`.
        """
        parser = etree.HTMLParser(
            encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
        )
        return etree.fromstring(self._markup, parser=parser)

    @cached_property
    def base_url(self) -> str | None:
        """What relative links are resolved against: `<base href>`, else the page's URL."""
        for number in self.tree.numbers_of("base"):
            href = self.tree.attributes[number].get("href", "").strip()
            if href:
                try:
                    return urljoin(self.url, href) if self.url else href
                except ValueError:
                    break
        return self.url

    @cached_property
    def resolver(self) -> UrlResolver:
        """Of the page's links, each of which is joined to the base once."""
        return UrlResolver(self.base_url)

    @cached_property
    def selector(self) -> Selector:
        """CSS and XPath over the same tree."""
        return Selector(root=self.root, type="html", base_url=self.base_url)

    @cached_property
    def structured(self) -> Structured:
        """What the page declares about itself."""
        return read_structured(self.tree, title=self.title, limits=self.limits)

    @cached_property
    def title(self) -> str | None:
        """The first `<title>` outside drawings, white space collapsed."""
        tree = self.tree
        for number in tree.numbers_of("title"):
            if tree.tags[tree.parents[number]] != "svg":
                return collapse(tree.text_of(number)) or None
        return None

    @cached_property
    def html_lang(self) -> str | None:
        """`<html lang>` as written."""
        attributes = self.tree.attributes[0]
        return (attributes.get("lang") or attributes.get("xml:lang") or "").strip() or None


def _is_exact(html: bytes, text: str) -> bool:
    """The bytes are the text in UTF-8: nothing was replaced or left out."""
    return "\ufffd" not in text and b"\0" not in html and not html.startswith(BOM_UTF8)
