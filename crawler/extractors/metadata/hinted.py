"""Facts that the site's file points at. Strict: a hint whose node is missing or says nothing raises LayoutChanged."""

from dataclasses import replace
from typing import TypeVar

from lxml.etree import _Element

from crawler.document import Document
from crawler.errors import LayoutChanged
from crawler.extractors.hints import select_hinted, select_hinted_one
from crawler.extractors.metadata.record import Metadata
from crawler.extractors.metadata.sightings import Reading
from crawler.markup.dates import ParsedDate, find_date
from crawler.markup.names import parse_byline, split_people
from crawler.markup.text import collapse
from crawler.site import Site
from models.items import Origin

_Value = TypeVar("_Value")


def with_hinted(found: Metadata, document: Document, *, site: Site, reading: Reading) -> Metadata:
    """The facts, with those the site's file has a selector for taken from there."""
    if css := site.headline:
        element = select_hinted_one(document, css, field="headline", site=site)
        found = replace(found, headline=_stated(_text(element), document, css=css, field="headline"))
    if css := site.source:
        element = select_hinted_one(document, css, field="source", site=site)
        found = replace(found, source=_stated(_source(element), document, css=css, field="source"))
    if css := site.authors:
        elements = select_hinted(document, css, field="authors", site=site)
        names = tuple(dict.fromkeys(name for element in elements for name in split_people(_text(element))))
        found = replace(found, authors=_stated(names, document, css=css, field="authors"))
    if css := site.date_published:
        element = select_hinted_one(document, css, field="date_published", site=site)
        date = _stated(_date(element, reading), document, css=css, field="date_published")
        found = replace(found, date_published=date.moment, date_text=date.text)
    hinted = [field for field in ("headline", "source", "authors", "date_published") if getattr(site, field)]
    return replace(found, origins={**found.origins, **dict.fromkeys(hinted, Origin.HINT)}) if hinted else found


def _stated(value: _Value | None, document: Document, *, css: str, field: str) -> _Value:
    if not value:
        raise LayoutChanged(f"expected a value in {css!r}, found none", url=document.url, field=field)
    return value


def _text(element: _Element) -> str:
    return collapse("".join(map(str, element.itertext())))


def _source(element: _Element) -> str:
    text = _text(element)
    byline = parse_byline(text)
    return byline.source if byline and byline.source else text


def _date(element: _Element, reading: Reading) -> ParsedDate | None:
    """The machine's date of an element, else the date in its text."""
    values = (element.get("datetime"), element.get("content"), element.get("title"), _text(element))
    dates = (
        find_date(value, now=reading.now, timezone=reading.timezone, languages=reading.languages)
        for value in values
        if value
    )
    return next((date for date in dates if date is not None), None)
