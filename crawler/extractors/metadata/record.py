"""Metadata: the facts about a page's article, and the blocks that show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from models.items import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """None where the page does not say. Fields as in `models.items.Article`."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    source: str | None = None
    source_url: str | None = None
    date_published: datetime | None = None
    date_modified: datetime | None = None
    date_text: str | None = None
    in_language: str | None = None
    section: str | None = None
    description: str | None = None
    main_image: str | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)
    blocks: frozenset[int] = frozenset()
    """Numbers of the outline's blocks that are headline, byline or date line, so none of the body."""
