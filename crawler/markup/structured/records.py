"""Structured: what a page declares about itself, as candidates in order of trust."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Declared(StrEnum):
    """Which kind of markup declares a value."""

    JSON_LD = "json-ld"
    META = "meta"  # OpenGraph, Dublin Core, news and other meta elements
    MICRODATA = "microdata"
    EMBEDDED = "embedded"  # the state of a script, on pages without paragraphs


class Candidate(NamedTuple):
    """One declared value. Never empty; white space collapsed, entities resolved."""

    value: str
    source: Declared
    name: str
    """Key, property or meta name it stood under, as "og:title"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Structured:
    """Candidates of each field, the most trusted kind of markup first, in page order within one kind."""

    headlines: tuple[Candidate, ...] = ()
    authors: tuple[Candidate, ...] = ()
    """Names as declared: several glued together, roles and addresses included."""
    publishers: tuple[Candidate, ...] = ()
    """Who publishes the site; the source of a reprint only under "source"."""
    dates_published: tuple[Candidate, ...] = ()
    dates_modified: tuple[Candidate, ...] = ()
    languages: tuple[Candidate, ...] = ()
    sections: tuple[Candidate, ...] = ()
    descriptions: tuple[Candidate, ...] = ()
    images: tuple[Candidate, ...] = ()
    """URLs as written."""
    keywords: tuple[Candidate, ...] = ()
    article_bodies: tuple[Candidate, ...] = ()
    """Plain text or HTML as declared, white space kept."""
    site_names: tuple[Candidate, ...] = ()
    urls: tuple[Candidate, ...] = ()
    """The page's own names for itself, as written: canonical links, og:url, mainEntityOfPage."""
    types: frozenset[str] = frozenset()
    """schema.org types of the page's nodes and "og:article" and the like, as written."""
    errors: tuple[str, ...] = ()
    """What could not be read."""


FIELDS = tuple(name for name in Structured.__dataclass_fields__ if name not in ("types", "errors"))
