"""The texts of the sample site, read from the TOML files beside this module.

A story's text has one block a line: "## heading", "- list item", "> quote", "| cell | cell" (rows that follow each
other are one table), "$ code" (lines that follow each other are one block), "! image: caption"; all else is a
paragraph.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from itertools import groupby
from typing import Any

from models.items import Block, BlockType

_TEXTS = resources.files("crawler.samplesite") / "texts"
_MARKS = {"## ": BlockType.HEADING, "- ": BlockType.LIST_ITEM, "> ": BlockType.QUOTE}
_RUN_MARKS = {"| ": BlockType.TABLE, "$ ": BlockType.CODE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as written, before a layout dresses it."""

    slug: str
    headline: str
    published: datetime
    blocks: tuple[Block, ...]
    """Images carry their file name as URL."""
    authors: tuple[str, ...] = ()
    source: str | None = None
    section: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()
    modified: datetime | None = None
    second: str | None = None
    """Slug of the story that runs on in the same body; such a story has no page of its own."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks if block.type is BlockType.PARAGRAPH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One language in one layout: its paths and the words around its articles. See texts/editions.toml."""

    name: str
    layout: str
    title: str
    language: str
    article_path: str
    listing_path: str
    page_path: str
    per_page: int
    charset: str
    charset_declared: bool
    date_format: str
    labels: Mapping[str, str]
    tag_path: str | None = None
    print_path: str | None = None

    def path_of(self, story: Story) -> str:
        return self._fill(self.article_path, story)

    def print_path_of(self, story: Story) -> str | None:
        return self._fill(self.print_path, story) if self.print_path else None

    @staticmethod
    def _fill(pattern: str, story: Story) -> str:
        day = story.published
        return pattern.format(year=f"{day:%Y}", month=f"{day:%m}", day=f"{day:%Y%m%d}", slug=story.slug)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """A line of label and URL between two articles; two paths are two URLs glued to each other."""

    label: str
    glue: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotions:
    paragraph: str
    broken_url: str
    lines: tuple[Promotion, ...]


def read_editions() -> tuple[Edition, ...]:
    return tuple(Edition(**fields) for fields in _read("editions")["edition"])


def read_stories(edition: Edition) -> tuple[Story, ...]:
    """All stories of an edition in the order of its file, newest first or by number."""
    return tuple(_story(fields) for fields in _read(edition.name)["story"])


def read_promotions() -> Promotions:
    fields = _read("promotions")
    lines = tuple(Promotion(**{**line, "paths": tuple(line["paths"])}) for line in fields["promotion"])
    return Promotions(paragraph=fields["paragraph"], broken_url=fields["broken_url"], lines=lines)


def read_template(name: str) -> str:
    return (resources.files("crawler.samplesite") / "templates" / name).read_text("utf-8")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_TEXTS / f"{name}.toml").read_text("utf-8"))


def _story(fields: dict[str, Any]) -> Story:
    text = fields.pop("text")
    for name in ("authors", "tags"):
        fields[name] = tuple(fields.get(name, ()))
    return Story(**fields, blocks=tuple(_blocks(text.strip().splitlines())))


def _blocks(lines: list[str]) -> Iterator[Block]:
    for mark, run in groupby(lines, key=lambda line: line[:2] if line[:2] in _RUN_MARKS else None):
        if mark is None:
            for line in run:
                yield from _line(line)
        elif mark == "| ":
            rows = ["\t".join(cell.strip() for cell in line[2:].split(" | ")) for line in run]
            yield Block(type=BlockType.TABLE, text="\n".join(rows))
        else:
            yield Block(type=BlockType.CODE, text="\n".join(line[2:] for line in run))


def _line(line: str) -> Iterator[Block]:
    if line.startswith("! "):
        image, _, caption = line[2:].partition(": ")
        yield Block(type=BlockType.IMAGE, text="", url=image)
        yield Block(type=BlockType.CAPTION, text=caption)
        return
    for mark, kind in _MARKS.items():
        if line.startswith(mark):
            level = {BlockType.HEADING: 2, BlockType.LIST_ITEM: 1}.get(kind)
            yield Block(type=kind, text=line.removeprefix(mark), level=level)
            return
    yield Block(type=BlockType.PARAGRAPH, text=line)
