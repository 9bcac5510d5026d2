"""What two readings of one page differ in, field by field. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

from models.items import Article, LinkList, Page, TagList

_COMPARED = tuple(
    field.name
    for field in fields(Article)
    if field.name not in ("position", "blocks", "xpath", "confidence", "origins")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that is not what it was."""

    field: str
    """As in the items: "headline", "article_body", "tag_lists article"; of a second article "headline 2"."""
    gone: tuple[str, ...]
    """What the field no longer says: its old value, or the lines, names or URLs that left it."""
    added: tuple[str, ...]


def page_differences(before: Page | None, after: Page) -> tuple[Difference, ...]:
    """In the order of the panels: articles, link lists, tag lists. Without `before` everything is added."""
    before = before or Page(url=after.url)
    found = [*_articles(before.articles, after.articles)]
    found += _lists("link_lists", before.link_lists, after.link_lists)
    found += _lists("tag_lists", before.tag_lists, after.tag_lists)
    return tuple(found)


def article_differences(old: Article, new: Article) -> Iterator[Difference]:
    """Facts in the order of the item, then the body line by line."""
    for name in _COMPARED:
        yield from difference_of(name, _texts(getattr(old, name)), _texts(getattr(new, name)))
    yield from difference_of("article_body", old.article_body.splitlines(), new.article_body.splitlines())


def _articles(before: tuple[Article, ...], after: tuple[Article, ...]) -> Iterator[Difference]:
    for position in range(max(len(before), len(after))):
        old = before[position] if position < len(before) else Article()
        new = after[position] if position < len(after) else Article()
        suffix = f" {position + 1}" if position else ""
        for difference in article_differences(old, new):
            yield replace(difference, field=f"{difference.field}{suffix}")


def _lists(
    name: str, before: Iterable[LinkList | TagList], after: Iterable[LinkList | TagList]
) -> Iterator[Difference]:
    old, new = _by_kind(before), _by_kind(after)
    for kind in sorted(old.keys() | new.keys()):
        yield from difference_of(f"{name} {kind}", old.get(kind, ()), new.get(kind, ()))


def _by_kind(lists: Iterable[LinkList | TagList]) -> dict[str, list[str]]:
    """List kind to its entries."""
    found: dict[str, list[str]] = {}
    for shown in lists:
        found.setdefault(str(shown.kind), []).extend(entries_of(shown))
    return found


def entries_of(shown: LinkList | TagList) -> tuple[str, ...]:
    """A line an entry: the name of a tag, headline and URL of an article."""
    if isinstance(shown, LinkList):
        return tuple(" ".join(filter(None, (item.headline, item.url))) for item in shown.items)
    return tuple(item.name for item in shown.items)


def difference_of(field: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Difference]:
    """None where they are the same; with neither gone nor added entries where only their order differs."""
    old, new = tuple(old), tuple(new)
    if old == new:
        return
    gone = tuple(text for text in old if text not in set(new))
    added = tuple(text for text in new if text not in set(old))
    yield Difference(field=field, gone=gone, added=added)


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, tuple):
        return tuple(map(str, value))
    # In UTC: a stored time has lost its zone, and is the same moment.
    return (value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value),)
