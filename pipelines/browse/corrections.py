"""What a corrected label changes of a page's panels."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from models.items import Page


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a panel that a correction brings or takes."""

    panel: str
    is_added: bool
    kind: str
    text: str


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
