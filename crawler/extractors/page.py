"""extract_page: a page's bytes in, its three panels out."""

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

import numpy as np

from crawler.document import Document
from crawler.errors import LayoutChanged
from crawler.extractors.articles import Assembled, assemble_articles
from crawler.extractors.body.finder import BodyBlocks, BodyFinder
from crawler.extractors.canonical import canonical_url
from crawler.extractors.dump.extract import extract_dump, is_dump
from crawler.extractors.hints import hinted_body, hinted_boxes
from crawler.extractors.home_zones import country_zone, home_zone
from crawler.extractors.kinds import Judgement, judge_kind
from crawler.extractors.labels import labelled_boxes
from crawler.extractors.learned import SHIPPED, Learned
from crawler.extractors.lists.headed_boxes import headed_blocks
from crawler.extractors.lists.link_lists import LinkListsFound, extract_link_lists
from crawler.extractors.lists.link_panels import LinkPanels
from crawler.extractors.lists.tag_lists import TagListsFound, extract_tag_lists
from crawler.extractors.metadata import Metadata, extract_metadata
from crawler.extractors.metadata.language import find_language
from crawler.extractors.outlinks import read_outlinks
from crawler.extractors.parts import PartFound, find_part
from crawler.extractors.tree.outline import outline_of
from crawler.page_limits import USUAL, PageLimits
from crawler.site import GENERIC, Site
from models.items import Origin, Outlink, Page, PageError, PageKind, PagePart

_Found = TypeVar("_Found")


def extract_page(
    html: bytes | str,
    *,
    url: str | None = None,
    content_type: str | None = None,
    site: Site = GENERIC,
    now: datetime | None = None,
    limits: PageLimits = USUAL,
) -> Page:
    """Split a page, or a plain-text dump of one. Every block of it is part of one panel at most.

    `url` is the page's own, after redirects; without it relative links stay as written. `content_type` is the header
    of the response. `now` is when the page was fetched: it resolves relative times, which are left out without it.
    What is beyond the limits is left out, and stands in `Page.errors`.
    Raises UnparsablePage where there is nothing to parse, and LayoutChanged where a hint of `site` no longer fits; any
    other fault costs the part it is in, and stands in `Page.errors`.
    """
    with _uncollected():
        # Held by no name, so that it is gone before the search goes on.
        return read_document(
            Document.parse(html, url=url, content_type=content_type, encoding=site.encoding, limits=limits),
            site=site,
            now=now,
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for reference cycles meanwhile.

    The thousands of parts of a page live till its end and hold no cycles, but the collector went through them again and
    again, and through all that the process had loaded: 1 ms a page. Where threads read at once, it is on again with the
    first that is done.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_document(
    document: Document, *, site: Site = GENERIC, now: datetime | None = None, learned: Learned = SHIPPED
) -> Page:
    """`extract_page` after the parse, and with other models than the shipped ones, if need be."""
    if is_dump(document.text):
        dump = extract_dump(document.text, url=document.url, site=site, now=now)
        return replace(dump, encoding=document.encoding)
    return _Reading(document, site, now, learned=learned).page()


class _Reading:
    """The parts of one page, each read from those before it."""

    def __init__(self, document: Document, site: Site, now: datetime | None, *, learned: Learned) -> None:
        self.document = document
        self.site = site
        self.now = now
        self.learned = learned
        self.outline = outline_of(document)
        self.labelled = labelled_boxes(document, self.outline, site)
        self.errors: list[PageError] = []

    def page(self) -> Page:
        document = self.document
        finder = BodyFinder(self.outline, model=self.learned.bodies)
        labelled = self.labelled
        rough = self._labelled(finder.find_roughly(claimed=labelled.claims(headed_blocks(self.outline))))
        self.site = self._in_zone(rough)
        judgement = self._judge(rough)
        has_text = judgement.has_text  # or nearly one: whoever stores pages goes by their kind
        hinted = self._hinted(rough) if has_text else None
        rough = hinted or rough
        panels = LinkPanels(document, self.outline, rough.numbers, model=self.learned.links, labelled=labelled)
        part = self._part_of_article(rough) if judgement.kind is PageKind.ARTICLE else None
        links = _without_pager(self._link_lists(panels, rough), part)
        tags = self._tag_lists(panels, rough)
        assembled = Assembled(())
        if has_text:
            announced = links.blocks if self.site.link_lists is None else frozenset()
            links = links.without(finder.sure(links.unannounced, announced=announced), outline=self.outline)
            claimed = links.blocks | tags.blocks | (part.blocks if part else frozenset())
            assembled = self._articles(finder, hinted, rough=rough, claimed=claimed)
        outlinks = self._outlinks()
        linked = {link.url for link in outlinks}
        self.errors.extend(PageError(field="structured", message=message) for message in document.structured.errors)
        self.errors.extend(PageError(field="markup", message=message) for message in document.tree.faults)
        return Page(
            url=document.url,
            canonical_url=self._canonical_url(part.part if part else None),
            kind=judgement.kind,
            kind_reason=judgement.reason,
            title=document.title,
            encoding=document.encoding,
            articles=assembled.articles,
            link_lists=(*links.lists, *assembled.promotions),
            tag_lists=tags.lists,
            outlinks=(*outlinks, *(link for link in assembled.broken if link.url not in linked)),
            errors=tuple(self.errors),
            part=part.part if part else None,
        )

    def _part(self, field: str, read: Callable[[], _Found], otherwise: _Found) -> _Found:
        """A part of the page; `otherwise` and a recorded error where reading it fails."""
        try:
            return read()
        except LayoutChanged:
            raise
        except Exception as error:  # noqa: BLE001  # the one seam: a fault in one part must not cost the others
            self.errors.append(PageError(field=field, message=f"{type(error).__name__}: {error}"))
            return otherwise

    def _part_of_article(self, body: BodyBlocks) -> PartFound | None:
        first = min(body.numbers, default=0)
        return self._part("part", lambda: find_part(self.outline, first_block=first), None)

    def _canonical_url(self, part: PagePart | None) -> str | None:
        """A further part of an article is another name of the first, whatever it calls itself."""
        if part and part.number > 1:
            return part.first_url
        return self._part("canonical_url", lambda: canonical_url(self.document), self.document.url)

    def _in_zone(self, body: BodyBlocks) -> Site:
        """The site's hints, with the zone of the page's language or country where they name none."""
        if self.site.timezone:
            return self.site
        document = self.document
        sample = "\n".join([self.outline.texts[number] for number in sorted(body.numbers)[:20]])
        language = find_language(document.html_lang, document.structured, sample)
        # First that of the frame: a Chinese site writes of Korea in Korean, and by its own clock.
        zone = home_zone(document.html_lang) or home_zone(language) or country_zone(_host(document.url))
        return replace(self.site, timezone=zone)

    def _labelled(self, body: BodyBlocks) -> BodyBlocks:
        labelled = self.labelled
        return replace(body, numbers=labelled.completed(body.numbers), types=labelled.types) if labelled.boxes else body

    def _judge(self, body: BodyBlocks) -> Judgement:
        """The site's own patterns of addresses stand before what the page looks like."""
        document, site = self.document, self.site
        address = document.url or ""
        if site.listing_url and re.search(site.listing_url, address):
            return Judgement(PageKind.LISTING, "the site's file calls the address a listing", 0.0)
        if site.article_url and re.search(site.article_url, address):
            return Judgement(PageKind.ARTICLE, "the site's file calls the address an article", 1.0)
        return judge_kind(self.outline, body, url=document.url, model=self.learned.kinds)

    def _hinted(self, rough: BodyBlocks) -> BodyBlocks | None:
        found = hinted_body(self.document, self.outline, self.site)
        if found is None:
            return None
        numbers, nodes = found
        scores = np.zeros(len(rough.scores))
        scores[list(numbers)] = 1.0
        return BodyBlocks(numbers, scores, nodes[0] if len(nodes) == 1 else None, 1.0, nodes)

    def _link_lists(self, panels: LinkPanels, body: BodyBlocks) -> LinkListsFound:
        return self._part(
            "link_lists",
            lambda: extract_link_lists(
                self.document, self.outline, body.numbers, site=self.site, now=self.now, panels=panels
            ),
            LinkListsFound((), frozenset()),
        )

    def _outlinks(self) -> tuple[Outlink, ...]:
        nothing: tuple[Outlink, ...] = ()
        found = self._part("outlinks", lambda: read_outlinks(self.document, self.outline), nothing)
        most = self.document.limits.links
        if len(found) > most:
            self.errors.append(
                PageError(field="outlinks", message=f"more than {most} links; the first of them are kept")
            )
        return found[:most]

    def _tag_lists(self, panels: LinkPanels, body: BodyBlocks) -> TagListsFound:
        return self._part(
            "tag_lists",
            lambda: extract_tag_lists(
                self.document, self.outline, body.numbers, site=self.site, now=self.now, panels=panels
            ),
            TagListsFound((), frozenset()),
        )

    def _articles(
        self, finder: BodyFinder, hinted: BodyBlocks | None, *, rough: BodyBlocks, claimed: frozenset[int]
    ) -> Assembled:
        metadata = self._part(
            "metadata",
            lambda: extract_metadata(self.document, self.outline, rough.numbers, site=self.site, now=self.now),
            Metadata(),
        )
        if hinted is None:
            claimed |= metadata.blocks | hinted_boxes(self.document, self.outline, self.site)
            claimed = self.labelled.claims(claimed)
            body = self._labelled(finder.find(claimed=claimed))
        else:
            claimed = self.labelled.claims(claimed)
            body = self._labelled(replace(hinted, numbers=hinted.numbers - claimed))
        assembled = assemble_articles(self.outline, body, metadata, claimed=claimed)
        if hinted is None:
            return assembled
        articles = (
            replace(article, origins={**article.origins, "article_body": Origin.HINT}) for article in assembled.articles
        )
        return replace(assembled, articles=tuple(articles))


def _without_pager(found: LinkListsFound, part: PartFound | None) -> LinkListsFound:
    """The other parts of an article are no articles beside it."""
    if part is None:
        return found
    others = {*part.part.urls.values(), part.part.first_url}
    lists = (replace(each, items=tuple(item for item in each.items if item.url not in others)) for each in found.lists)
    return replace(found, lists=tuple(each for each in lists if each.items))


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url or "").hostname
    except ValueError:  # "http://["
        return None
