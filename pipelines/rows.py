"""Items to rows and back. Pure: no keys of the database are known here, no clock, no connection.

A row that points to another page carries the target's normalised URL beside it; one that points to an author or a tag
carries the name. `store` puts the keys in their place.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from models.identity import HASH_BYTES, page_url
from models.items import (
    BODY_TYPES,
    Article,
    Block,
    BlockType,
    LinkItem,
    LinkList,
    LinkListKind,
    Origin,
    Outlink,
    OutlinkKind,
    Page,
    TagItem,
    TagList,
    TagListKind,
)

Row = dict[str, Any]
Values = tuple[Any, ...]
"""A row without the names of its columns: where rows come by the dozen a page, names cost more than values."""
StoredRow = Mapping[Any, Any]
"""As SQLAlchemy hands it out: columns by name."""

FACTS = (
    *("headline", "source", "date_published", "date_modified", "date_text", "in_language", "section", "description"),
    "main_image",
)
"""Columns that an article and each of its versions have in common, named as the fields of the item."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)|(?<!\d)\d{4}年")


@dataclass(frozen=True, slots=True)
class ArticleRows:
    position: int
    facts: Row
    """Of `article` and `article_version` alike: FACTS and content_hash."""
    text: Row
    """The other columns of `article_version`, but for the hash of the body, which only a new version needs."""
    authors: tuple[str, ...]
    images: tuple[Values, ...]
    """The columns of `image` but for its owner, in their order."""
    source_page: str | None
    """The normalised URL of the page that a reprint names."""


@dataclass(frozen=True, slots=True)
class ListRows:
    row: Row
    items: tuple[Values, ...]
    """The URL or the name of what each points to, then its columns after that pointer, in the order of the table."""


def page_row(page: Page) -> Row:
    """What was read of the page, but for its links."""
    return {
        "kind": page.kind.value,
        "kind_reason": page.kind_reason,
        "title": page.title,
        "encoding": page.encoding,
        "errors": [[error.field, error.message] for error in page.errors] or None,
    }


def article_rows(article: Article) -> ArticleRows:
    facts = {name: getattr(article, name) for name in FACTS}
    facts["content_hash"] = content_hash(article)
    text = {
        "authors": list(article.authors),
        "article_body": article.article_body,
        "blocks": outline(article.blocks),
        "xpath": article.xpath,
        "confidence": article.confidence,
        "origins": {name: origin.value for name, origin in article.origins.items()},
        "source_url": article.source_url,
    }
    images = tuple(_image_values(article.blocks))
    return ArticleRows(article.position, facts, text, article.authors, images, page_url(article.source_url))


def content_hash(article: Article) -> bytes:
    """Equal as long as the article says the same.

    Left out: where on the page it stands and how sure the extractor is; the date of modification, which some sites set
    to the time of the request; and a date of publication shown as "3 hours ago", which differs at each fetch.
    """
    blocks = [(block.type, block.level, block.text, block.url) for block in article.blocks]
    is_declared = article.origins.get("date_published") is Origin.STRUCTURED
    published = (
        _moment(article.date_published) if is_declared else fixed_date(article.date_published, article.date_text)
    )
    facts = (article.headline, article.source, published, article.in_language, article.section, article.description)
    said = [facts, article.main_image, article.authors, blocks]
    # Only where there is one: versions stored before it was looked for keep their hash.
    return _hash([*said, article.source_url] if article.source_url else said)


def outline(blocks: Sequence[Block]) -> list[list[Any]]:
    """[type, level, start, end] of each block's text in `article_body`; [type, text, url] of those that are not in it.

    Blocks of a further part of an article over several pages have the part's number after that.
    `start` and `end` count characters from 0: in SQL, substr(article_body, start + 1, end - start).
    """
    entries: list[list[Any]] = []
    start = 0
    for block in blocks:
        part = [block.part] if block.part > 1 else []
        if block.type not in BODY_TYPES:
            entries.append([block.type.value, block.text, block.url, *part])
            continue
        end = start + len(block.text)
        entries.append([block.type.value, block.level, start, end, *part])
        if block.text:
            start = end + 1  # the line feed between two blocks
    return entries


def blocks_of(article_body: str, entries: Iterable[Sequence[Any]]) -> tuple[Block, ...]:
    """The blocks of which `outline` was made."""
    return tuple(
        Block(type=BlockType(entry[0]), level=entry[1], text=article_body[entry[2] : entry[3]], part=_part(entry[4:]))
        if BlockType(entry[0]) in BODY_TYPES
        else Block(type=BlockType(entry[0]), text=entry[1], url=entry[2], part=_part(entry[3:]))
        for entry in entries
    )


def _part(rest: Sequence[Any]) -> int:
    return rest[0] if rest else 1


def link_list_rows(position: int, link_list: LinkList) -> ListRows:
    items = tuple(map(_link_item_values, link_list.items))
    shown = [
        (target or url_text, headline, description, fixed_date(date, date_text) if date else None, image)
        for target, url_text, headline, description, date, date_text, image in items
    ]
    return ListRows(_list_row(position, link_list, shown), items)


def tag_list_rows(position: int, tag_list: TagList) -> ListRows:
    shown = [(item.name, item.url, _moment(item.date_published)) for item in tag_list.items]
    items = tuple((item.name, item.name, item.url, item.date_published) for item in tag_list.items)
    return ListRows(_list_row(position, tag_list, shown), items)


def outlink_rows(outlinks: Sequence[Outlink]) -> tuple[Values, ...]:
    """As the items of a list."""
    return tuple(
        (target := page_url(link.url), None if link.url == target else link.url, link.text, link.kind._value_)
        for link in outlinks
    )


def outlinks_hash(outlinks: Sequence[Outlink]) -> bytes:
    return _hash([(link.url, link.text, link.kind) for link in outlinks])


def article_of(row: StoredRow) -> Article:
    """The article of which its version's row was made; `row` has the position too."""
    return Article(
        position=row["position"],
        blocks=blocks_of(row["article_body"], row["blocks"]),
        authors=tuple(row["authors"]),
        xpath=row["xpath"],
        confidence=row["confidence"],
        source_url=row["source_url"],
        origins={name: Origin(origin) for name, origin in row["origins"].items()},
        **{name: row[name] for name in FACTS},
    )


def link_list_of(row: StoredRow, items: Iterable[StoredRow]) -> LinkList:
    """`items` have `target_url`, the URL of the page they point to, beside their own columns."""
    return LinkList(
        kind=LinkListKind(row["kind"]),
        items=tuple(
            LinkItem(
                url=item["url_text"] or item["target_url"],
                **{name: item[name] for name in ("headline", "description", "date_published", "date_text", "image")},
            )
            for item in items
        ),
        **_shown_of(row),
    )


def tag_list_of(row: StoredRow, items: Iterable[StoredRow]) -> TagList:
    return TagList(
        kind=TagListKind(row["kind"]),
        items=tuple(
            TagItem(name=item["name_text"], url=item["url"], date_published=item["date_published"]) for item in items
        ),
        **_shown_of(row),
    )


def outlink_of(row: StoredRow) -> Outlink:
    return Outlink(url=row["url_text"] or row["target_url"], text=row["text"], kind=OutlinkKind(row["kind"]))


def fixed_date(date: datetime | None, text: str | None) -> str | None:
    """The date in UTC; None for one shown without its year, which is counted back from the time of the fetch."""
    return None if text and not _YEAR.search(text) else _moment(date)


def _shown_of(row: StoredRow) -> dict[str, Any]:
    shown = {name: row[name] for name in ("heading", "xpath", "confidence")}
    return shown | {"origin": Origin(row["origin"])}


def _list_row(position: int, shown_list: LinkList | TagList, shown: list[Any]) -> Row:
    return {
        "position": position,
        "kind": shown_list.kind.value,
        "heading": shown_list.heading,
        "xpath": shown_list.xpath,
        "confidence": shown_list.confidence,
        "origin": shown_list.origin.value,
        "items_hash": _hash([shown_list.kind.value, shown_list.heading, shown]),
    }


def _link_item_values(item: LinkItem) -> Values:
    target = page_url(item.url)
    url_text = None if item.url == target else item.url
    return target, url_text, item.headline, item.description, item.date_published, item.date_text, item.image


def _image_values(blocks: Sequence[Block]) -> Iterable[Values]:
    """The body's images, each with the caption that follows it, else its alternative text."""
    images = [(block, after) for block, after in zip_longest(blocks, blocks[1:]) if block.url]
    for position, (block, after) in enumerate(images):
        caption = after.text if after and after.type is BlockType.CAPTION else block.text
        yield position, block.url, caption or None


def _moment(date: datetime | None) -> str | None:
    return None if date is None else date.astimezone(UTC).isoformat()


def _hash(parts: Any) -> bytes:
    return hashlib.sha256(_ENCODER.encode(parts).encode()).digest()[:HASH_BYTES]
