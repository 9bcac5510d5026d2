"""Facts about a page's article: headline, authors, source, dates, language, section, description, image."""

from collections.abc import Collection
from datetime import datetime

from crawler.document import Document
from crawler.extractors.metadata.bylines import find_authors
from crawler.extractors.metadata.dates import find_article_dates
from crawler.extractors.metadata.headline import find_headline
from crawler.extractors.metadata.hinted import with_hinted
from crawler.extractors.metadata.language import find_language
from crawler.extractors.metadata.record import Metadata
from crawler.extractors.metadata.region import find_region
from crawler.extractors.metadata.reprint import find_source_url
from crawler.extractors.metadata.sightings import Reading
from crawler.extractors.tree.outline import Outline
from crawler.markup.structured import Candidate
from crawler.site import Site
from models.items import Origin

__all__ = ["Metadata", "extract_metadata"]

_LONGEST_DESCRIPTION = 2000


def extract_metadata(
    document: Document, outline: Outline, body: Collection[int], *, site: Site, now: datetime | None
) -> Metadata:
    """`body` holds the numbers of the body's blocks as far as they are known; facts are looked for around them.

    `now` is when the page was fetched; without it relative dates are left out. Hints of `site` override what is found;
    raises LayoutChanged where one no longer fits.
    """
    structured = document.structured
    headline = find_headline(document, outline, body)
    language = find_language(document.html_lang, structured, _sample(outline, body))
    region = find_region(outline, body, headline.blocks if headline else ())
    reading = Reading(now, site.timezone, site.languages or ((language,) if language else ()))
    dates = find_article_dates(document, outline, region, reading)
    authors = find_authors(document, outline, region)
    source_url = find_source_url(document, outline, region)
    origins = {
        "headline": headline.origin if headline else None,
        "authors": authors.origin if authors.authors else None,
        "source": Origin.GENERIC if authors.source else None,
        "source_url": Origin.GENERIC if source_url else None,
        "date_published": dates.origin if dates.published else None,
        "date_modified": dates.origin if dates.modified else None,
    }
    found = Metadata(
        headline=headline.text if headline else None,
        authors=authors.authors,
        source=authors.source,
        source_url=source_url,
        date_published=dates.published.moment if dates.published else None,
        date_modified=dates.modified.moment if dates.modified else None,
        date_text=dates.text,
        in_language=language,
        section=_first(structured.sections),
        description=_first(structured.descriptions),
        main_image=_main_image(document),
        origins={field: origin for field, origin in origins.items() if origin is not None},
        blocks=frozenset(headline.blocks if headline else ()) | authors.blocks | dates.blocks,
    )
    return with_hinted(found, document, site=site, reading=reading)


def _sample(outline: Outline, body: Collection[int]) -> str:
    """Text enough to tell its script: the body's, or the page's where there is no body."""
    numbers = sorted(body)[:10] or range(min(60, len(outline.blocks)))
    return "\n".join(outline.blocks[number].text[:400] for number in numbers)


def _first(candidates: tuple[Candidate, ...]) -> str | None:
    return next((c.value for c in candidates if len(c.value) <= _LONGEST_DESCRIPTION), None)


def _main_image(document: Document) -> str | None:
    for candidate in document.structured.images:
        url = document.resolver.resolve(candidate.value)
        if url or not document.base_url:
            return url or candidate.value
    return None
