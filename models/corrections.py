"""A label set right: what those who show pages ask of those who read them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from models.items import BlockType, LinkListKind, Page, TagListKind

LABELS: dict[str, tuple[str, ...]] = {
    "none": ("",),
    "body": ("", *(kind.value for kind in BlockType if kind not in (BlockType.IMAGE, BlockType.TABLE))),
    "links": tuple(kind.value for kind in LinkListKind),
    "tags": tuple(kind.value for kind in TagListKind),
}
"""Panels, each with the kinds that a box of it can be of; the first leaves the kind to the rules."""


class CannotCorrect(Exception):
    """With what was expected, for people. Nothing was saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a box of the page is."""

    css: str
    panel: str
    kind: str | None
    is_for_one: bool
    """For this page, and no other of its site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """An element that a label can be given to: what was clicked, or what stands around it."""

    css: str
    matches: int
    """Elements of the page that the selector finds."""
    is_by_place: bool
    """It counts siblings, so on other pages it may find something else."""
    tag: str
    text: str
    """Its beginning."""
    links: int


class KeptPage(Protocol):
    """A response as it came, with its encodings undone."""

    @property
    def url(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def content_type(self) -> str | None: ...
    @property
    def body(self) -> bytes: ...
    @property
    def fetched_at(self) -> datetime: ...


class Corrector(Protocol):
    """All raise CannotCorrect."""

    def boxes(self, archived: KeptPage, number: int, /) -> tuple[Box, ...]:
        """The element of that number in document order, and those around it; empty where there is none."""

    def read(self, archived: KeptPage, correction: Correction | None, /) -> Page:
        """What the rules of today make of it, with the correction."""

    def save_hint(self, archived: KeptPage, correction: Correction, /) -> str:
        """Where it was saved."""

    def save_case(self, archived: KeptPage, correction: Correction | None, /, *, name: str) -> str:
        """Where it was saved."""
