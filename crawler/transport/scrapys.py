"""Scrapy's handler of http, loaded in half the time.

It brings in three deprecated names. To say in which module each stands, Scrapy has `inspect` read the source of every
frame of the stack and compare it with every module that is loaded: 0.1 to 0.2 s of the start of each crawl.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from scrapy.utils import deprecate


@contextmanager
def _without_search_for_the_caller() -> Iterator[None]:
    """Deprecated names that are made meanwhile are said to stand in `scrapy.utils.deprecate`."""
    found = vars(deprecate)["inspect"]
    quick = SimpleNamespace(isclass=found.isclass, stack=lambda: [(), (None,)], getmodule=lambda _frame: None)
    vars(deprecate)["inspect"] = quick
    try:
        yield
    finally:
        vars(deprecate)["inspect"] = found


with _without_search_for_the_caller():
    from scrapy.core.downloader.handlers.http11 import (
        HTTP11DownloadHandler,
        _LenientHTTP11ClientFactory,
        _LenientHTTP11ClientProtocol,
        _ScrapyAgent,
    )

__all__ = ["HTTP11DownloadHandler", "_LenientHTTP11ClientFactory", "_LenientHTTP11ClientProtocol", "_ScrapyAgent"]
