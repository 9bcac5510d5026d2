"""A page as the JSON of `scrapy extract`, and back: one shape for every command that writes JSON.

Keys are the field names of `models.items`, all of them always there; times are ISO 8601 with their offset.
"""

import json
from datetime import datetime
from typing import Any

from models.items import (
    Article,
    Block,
    BlockType,
    FailureClass,
    LinkItem,
    LinkList,
    LinkListKind,
    Origin,
    Outlink,
    OutlinkKind,
    Page,
    PageError,
    PageKind,
    TagItem,
    TagList,
    TagListKind,
)

JsonObject = dict[str, Any]

JUDGEMENTS = frozenset({"kind_reason", "confidence", "origin", "origins"})
"""Keys of what the extractor thinks of its findings; all others are what the page says."""


def page_to_json(page: Page, page_id: str) -> JsonObject:
    """`page_id` is the caller's own name for the page: its URL, or the id of a manifest."""
    return {
        "id": page_id,
        "url": page.url,
        "canonical_url": page.canonical_url,
        "kind": page.kind.value,
        "kind_reason": page.kind_reason,
        "articles": [_article_to_json(article) for article in page.articles],
        "link_lists": [
            _list_to_json(link_list) | {"items": [_link_item_to_json(item) for item in link_list.items]}
            for link_list in page.link_lists
        ],
        "tag_lists": [
            _list_to_json(tag_list) | {"items": [_tag_item_to_json(item) for item in tag_list.items]}
            for tag_list in page.tag_lists
        ],
        "outlinks": [{"url": link.url, "text": link.text, "kind": link.kind.value} for link in page.outlinks],
        "errors": [_error_to_json(FailureClass.EXTRACTION, f"{error.field}: {error.message}") for error in page.errors],
    }


def failure_to_json(page_id: str, failure_class: FailureClass, message: str) -> JsonObject:
    """The line of a page that could not be read: empty panels and one error."""
    failed = page_to_json(Page(url=None), page_id)
    return failed | {"errors": [_error_to_json(failure_class, message)]}


def page_from_json(record: JsonObject) -> Page:
    """What the JSON says of a page. Fields that it does not carry, as the part of a block, have their defaults.

    Raises KeyError for a key left out, ValueError for a kind or time that is none.
    """
    return Page(
        url=record["url"],
        canonical_url=record["canonical_url"],
        kind=PageKind(record["kind"]),
        kind_reason=record["kind_reason"],
        articles=tuple(_article_from_json(article, position) for position, article in enumerate(record["articles"])),
        link_lists=tuple(map(_link_list_from_json, record["link_lists"])),
        tag_lists=tuple(map(_tag_list_from_json, record["tag_lists"])),
        outlinks=tuple(
            Outlink(url=link["url"], text=link["text"], kind=OutlinkKind(link["kind"])) for link in record["outlinks"]
        ),
        errors=tuple(_error_from_json(error) for error in record["errors"]),
    )


def json_line(record: JsonObject) -> bytes:
    """One line of UTF-8. A lone surrogate, which UTF-8 has no bytes for, becomes its JSON escape."""
    return (json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _article_to_json(article: Article) -> JsonObject:
    return {
        "headline": article.headline,
        "article_body": article.article_body,
        "blocks": [
            {"type": block.type.value, "level": block.level, "text": block.text, "url": block.url}
            for block in article.blocks
        ],
        "authors": list(article.authors),
        "source": article.source,
        "source_url": article.source_url,
        "date_published": _to_text(article.date_published),
        "date_modified": _to_text(article.date_modified),
        "date_text": article.date_text,
        "in_language": article.in_language,
        "section": article.section,
        "description": article.description,
        "main_image": article.main_image,
        "xpath": article.xpath,
        "confidence": article.confidence,
        "origins": {field: origin.value for field, origin in article.origins.items()},
    }


def _article_from_json(record: JsonObject, position: int) -> Article:
    """`article_body` is left out: it follows from the blocks."""
    return Article(
        position=position,
        headline=record["headline"],
        blocks=tuple(
            Block(type=BlockType(block["type"]), level=block["level"], text=block["text"], url=block["url"])
            for block in record["blocks"]
        ),
        authors=tuple(record["authors"]),
        source=record["source"],
        source_url=record["source_url"],
        date_published=_from_text(record["date_published"]),
        date_modified=_from_text(record["date_modified"]),
        date_text=record["date_text"],
        in_language=record["in_language"],
        section=record["section"],
        description=record["description"],
        main_image=record["main_image"],
        xpath=record["xpath"],
        confidence=record["confidence"],
        origins={field: Origin(origin) for field, origin in record["origins"].items()},
    )


def _list_to_json(found: LinkList | TagList) -> JsonObject:
    return {
        "kind": found.kind.value,
        "heading": found.heading,
        "xpath": found.xpath,
        "confidence": found.confidence,
        "origin": found.origin.value,
    }


def _tag_item_to_json(item: TagItem) -> JsonObject:
    return {"name": item.name, "url": item.url, "date_published": _to_text(item.date_published)}


def _link_item_to_json(item: LinkItem) -> JsonObject:
    return {
        "url": item.url,
        "headline": item.headline,
        "description": item.description,
        "date_published": _to_text(item.date_published),
        "date_text": item.date_text,
        "image": item.image,
    }


def _link_list_from_json(record: JsonObject) -> LinkList:
    return LinkList(
        kind=LinkListKind(record["kind"]),
        heading=record["heading"],
        xpath=record["xpath"],
        confidence=record["confidence"],
        origin=Origin(record["origin"]),
        items=tuple(map(_link_item_from_json, record["items"])),
    )


def _tag_list_from_json(record: JsonObject) -> TagList:
    return TagList(
        kind=TagListKind(record["kind"]),
        heading=record["heading"],
        xpath=record["xpath"],
        confidence=record["confidence"],
        origin=Origin(record["origin"]),
        items=tuple(
            TagItem(name=tag["name"], url=tag["url"], date_published=_from_text(tag["date_published"]))
            for tag in record["items"]
        ),
    )


def _link_item_from_json(record: JsonObject) -> LinkItem:
    return LinkItem(
        url=record["url"],
        headline=record["headline"],
        description=record["description"],
        date_published=_from_text(record["date_published"]),
        date_text=record["date_text"],
        image=record["image"],
    )


def _error_to_json(failure_class: FailureClass, message: str) -> JsonObject:
    return {"class": failure_class.value, "message": message}


def _error_from_json(record: JsonObject) -> PageError:
    field, _, message = record["message"].partition(": ")
    return PageError(field=field, message=message)


def _to_text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _from_text(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
