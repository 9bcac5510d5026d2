"""Reading a page: one door, `extract_page`."""

from crawler.extractors.page import extract_page

__all__ = ["extract_page"]
