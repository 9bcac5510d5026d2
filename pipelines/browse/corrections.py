"""A label set right: what is asked of whoever reads pages, as storing does not read."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from models.items import BlockType, LinkListKind, Page, TagListKind
from pipelines.archive import Archived

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


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a panel that a correction brings or takes."""

    panel: str
    is_added: bool
    kind: str
    text: str


class Corrector(Protocol):
    """All raise CannotCorrect."""

    def boxes(self, archived: Archived, number: int, /) -> tuple[Box, ...]:
        """The element of that number in document order, and those around it; empty where there is none."""

    def read(self, archived: Archived, correction: Correction | None, /) -> Page:
        """What the rules of today make of it, with the correction."""

    def save_hint(self, archived: Archived, correction: Correction, /) -> str:
        """Where it was saved."""

    def save_case(self, archived: Archived, correction: Correction | None, /, *, name: str) -> str:
        """Where it was saved."""


def changes(before: Page, after: Page) -> list[Change]:
    """What leaves the panels, then what comes, each in page order."""
    old, new = list(_lines(before)), list(_lines(after))
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    return [*_of(old, gone, is_added=False), *_of(new, come, is_added=True)]


def _of(
    lines: list[tuple[str, str, str]], wanted: Counter[tuple[str, str, str]], *, is_added: bool
) -> Iterator[Change]:
    left = Counter(wanted)
    for line in lines:
        if left[line]:
            left[line] -= 1
            yield Change(line[0], is_added, line[1], line[2])


def _lines(page: Page) -> Iterator[tuple[str, str, str]]:
    """Panel, kind and text."""
    for article in page.articles:
        for block in article.blocks:
            yield "body", block.type.value, block.text or block.url or ""
    for link_list in page.link_lists:
        for link in link_list.items:
            yield "links", link_list.kind.value, link.headline or link.url or ""
    for tag_list in page.tag_lists:
        for tag in tag_list.items:
            yield "tags", tag_list.kind.value, tag.name
