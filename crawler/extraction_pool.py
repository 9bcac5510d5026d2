"""Saved pages on all cores: lines in the order given, in constant memory; a deadly page costs only itself."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from crawler.errors import LayoutChanged, PageError, UnparsablePage
from crawler.extractors import extract_page
from crawler.limited_process import Limits
from crawler.ordered_work import work_in_order
from crawler.page_limits import USUAL, PageLimits
from crawler.pagejson import failure_to_json, json_line, page_to_json
from crawler.saved_cases import what_the_page_says
from crawler.saved_pages import NoPage, SavedPage
from crawler.sites import known_sites, site_named, site_of
from models.items import FailureClass


class Line(NamedTuple):
    """What became of one page."""

    page_id: str
    json: bytes
    articles: int
    failure: str | None
    """Class and message; None for a page that was read."""


def extract_saved_pages(
    pages: Iterable[SavedPage],
    *,
    workers: int,
    site: str | None = None,
    limits: Limits | None = None,
    page_limits: PageLimits = USUAL,
) -> Iterator[Line]:
    """One line a page. With one worker all is done in this process, and a page that kills it ends the run.

    `site` names the site file for all pages; None finds it by each URL. `limits` are those of the process for a page,
    `page_limits` those of what is read of it.
    """
    if workers == 1:
        return (extract_saved_page(page, site, page_limits) for page in pages)
    work = partial(extract_saved_page, site=site, limits=page_limits)
    return work_in_order(pages, work, workers=workers, died=_died, limits=limits)


def extract_saved_page(page: SavedPage, site: str | None, limits: PageLimits = USUAL) -> Line:
    """Never raises for a page: any bytes give a page or a failure."""
    try:
        found = extract_page(
            page.read(),
            url=page.url,
            content_type=page.content_type,
            site=site_named(site) if site else site_of(page.url or ""),
            now=page.fetched_at,
            limits=limits,
        )
        return Line(page.id, json_line(page_to_json(found, page.id)), len(found.articles), None)
    except NoPage as error:
        return _failed(page, error.failure_class, str(error))
    except PageError as error:
        return _failed(page, _class_of(error), str(error))
    except Exception as error:  # noqa: BLE001  # the one seam: a fault of the extractor is the page's recorded failure
        return _failed(page, FailureClass.EXTRACTION, f"{type(error).__name__}: {error}")


def expectation_of(page: SavedPage, *, site: str, case: str) -> dict[str, Any]:
    """What the extractor says of a page today, for the test case of that name; `site` may be one without a file."""
    line = extract_saved_page(page, site if site in known_sites() else None)
    return what_the_page_says(line.json) | {"id": f"{site}/{case}"}


def _class_of(error: PageError) -> FailureClass:
    if isinstance(error, UnparsablePage):
        return FailureClass.UNPARSABLE
    return FailureClass.LAYOUT_CHANGED if isinstance(error, LayoutChanged) else FailureClass.EXTRACTION


def _died(page: SavedPage, reason: str) -> Line:
    return _failed(page, FailureClass.EXTRACTION, reason)


def _failed(page: SavedPage, failure_class: FailureClass, message: str) -> Line:
    record = failure_to_json(page.id, failure_class, message) | {"url": page.url}
    return Line(page.id, json_line(record), 0, f"{failure_class.value}: {message}")
