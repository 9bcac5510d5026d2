"""Document: one parsed page and its URL. Parsed once, shared by every extractor, changed by none."""

from functools import cached_property
from urllib.parse import urljoin

from lxml import etree
from lxml.etree import _Element
from parsel import Selector

from crawler.errors import UnparsablePage
from crawler.markup.encodings import decode
from crawler.markup.structured import Structured, read_structured
from crawler.markup.text import collapse


class Document:
    """The tree of a page. Elements are plain lxml: `itertext()`, not lxml.html's `text_content()`."""

    __slots__ = ("__dict__", "encoding", "root", "text", "url")

    def __init__(self, root: _Element, text: str, *, url: str | None, encoding: str) -> None:
        self.root = root
        """The `html` element. Comments and processing instructions are not in the tree."""
        self.text = text
        """The decoded page."""
        self.url = url
        self.encoding = encoding

    @classmethod
    def parse(
        cls,
        html: bytes | str,
        *,
        url: str | None = None,
        content_type: str | None = None,
        encoding: str | None = None,
    ) -> "Document":
        """`content_type` is the header of the response; `encoding` overrides it and the page's own word.

        Raises UnparsablePage where there is nothing to parse.
        """
        if isinstance(html, str):
            text, used = html.replace("\0", ""), "str"
        else:
            text, used = decode(html, content_type=content_type, override=encoding)
        # A tree is made from UTF-8 bytes: lxml refuses a str with an XML declaration, and copies a str anyway.
        source = text.encode("utf-8", "replace")
        root = _parse(source) if source.strip() else None
        if root is None:
            raise UnparsablePage("a page with at least one element expected, found an empty one", url=url)
        return cls(root, text, url=url, encoding=used)

    @cached_property
    def base_url(self) -> str | None:
        """What relative links are resolved against: `<base href>`, else the page's URL."""
        for element in self.root.iter("base"):
            href = (element.get("href") or "").strip()
            if href:
                try:
                    return urljoin(self.url, href) if self.url else href
                except ValueError:
                    break
        return self.url

    @cached_property
    def selector(self) -> Selector:
        """CSS and XPath over the same tree."""
        return Selector(root=self.root, type="html", base_url=self.base_url)

    @cached_property
    def structured(self) -> Structured:
        """What the page declares about itself."""
        return read_structured(self.root, self.text, title=self.title)

    @cached_property
    def title(self) -> str | None:
        """The first `<title>` outside drawings, white space collapsed."""
        for element in self.root.iter("title"):
            parent = element.getparent()
            if parent is None or parent.tag != "svg":
                return collapse("".join(map(str, element.itertext()))) or None
        return None

    @cached_property
    def html_lang(self) -> str | None:
        """`<html lang>` as written."""
        language = self.root.get("lang") or self.root.get("{http://www.w3.org/XML/1998/namespace}lang")
        return (language or self.root.get("xml:lang") or "").strip() or None


def _parse(source: bytes) -> _Element | None:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(source, parser=parser)
    except etree.XMLSyntaxError:  # "Document is empty": only comments or control characters
        return None
    return root if root is not None and isinstance(root.tag, str) else None
