"""PageLimits: how much of a page is read. What is beyond is left out, and the page's errors say so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLimits:
    """No page of a thousand saved ones comes near: the most were 55 levels, 4,687 elements, 5,290 runs of text, 32
    attributes in a tag, 1,095 links and 32,000 characters of JSON-LD."""

    depth: int = 512
    """Levels of elements; those below stand beside each other on the last, as in browsers, with all their text."""
    elements: int = 500_000
    """The page ends with the last of them."""
    texts: int = 30_000
    """Runs of text between tags, each of which may be a block; the page ends with the last of them."""
    attributes: int = 256
    """Of one element, the first ones."""
    links: int = 2_000
    """Different ones that lead anywhere, the first ones."""
    json_ld_length: int = 1024 * 1024
    """Characters of a script; a longer one is left out. That of the longest live blog met has 840,000."""
    json_ld_depth: int = 64
    """Levels of arrays and objects; a deeper script is left out."""
    sitemap_entries: int = 50_000
    """Of a feed or sitemap, the first ones; as in the sitemap protocol, like the next."""
    sitemap_bytes: int = 50 * 1024 * 1024
    """Unpacked."""


USUAL = PageLimits()
