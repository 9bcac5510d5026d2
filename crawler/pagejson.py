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
    Outlink,
    OutlinkKind,
    Page,
    PageError,
    TagItem,
    TagList,
    TagListKind,
)

JsonObject = dict[str, Any]


def page_to_json(page: Page, page_id: str) -> JsonObject:
    """`page_id` is the caller's own name for the page: its URL, or the id of a manifest."""
    return {
        "id": page_id,
        "url": page.url,
        "canonical_url": page.canonical_url,
        "articles": [_article_to_json(article) for article in page.articles],
        "link_lists": [
            {
                "kind": link_list.kind.value,
                "heading": link_list.heading,
                "xpath": link_list.xpath,
                "items": [_link_item_to_json(item) for item in link_list.items],
            }
            for link_list in page.link_lists
        ],
        "tag_lists": [
            {
                "kind": tag_list.kind.value,
                "heading": tag_list.heading,
                "xpath": tag_list.xpath,
                "items": [
                    {"name": tag.name, "url": tag.url, "date_published": _to_text(tag.date_published)}
                    for tag in tag_list.items
                ],
            }
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
    """What the JSON says of a page. Fields that it does not carry, as confidence and origins, have their defaults.

    Raises KeyError for a key left out, ValueError for a kind or time that is none.
    """
    return Page(
        url=record["url"],
        canonical_url=record["canonical_url"],
        articles=tuple(_article_from_json(article, position) for position, article in enumerate(record["articles"])),
        link_lists=tuple(
            LinkList(
                kind=LinkListKind(found["kind"]),
                heading=found["heading"],
                xpath=found["xpath"],
                items=tuple(_link_item_from_json(item) for item in found["items"]),
            )
            for found in record["link_lists"]
        ),
        tag_lists=tuple(
            TagList(
                kind=TagListKind(found["kind"]),
                heading=found["heading"],
                xpath=found["xpath"],
                items=tuple(
                    TagItem(name=tag["name"], url=tag["url"], date_published=_from_text(tag["date_published"]))
                    for tag in found["items"]
                ),
            )
            for found in record["tag_lists"]
        ),
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
        "date_published": _to_text(article.date_published),
        "date_modified": _to_text(article.date_modified),
        "date_text": article.date_text,
        "in_language": article.in_language,
        "section": article.section,
        "description": article.description,
        "main_image": article.main_image,
        "xpath": article.xpath,
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
        date_published=_from_text(record["date_published"]),
        date_modified=_from_text(record["date_modified"]),
        date_text=record["date_text"],
        in_language=record["in_language"],
        section=record["section"],
        description=record["description"],
        main_image=record["main_image"],
        xpath=record["xpath"],
    )


def _link_item_to_json(item: LinkItem) -> JsonObject:
    return {
        "url": item.url,
        "headline": item.headline,
        "description": item.description,
        "date_published": _to_text(item.date_published),
        "date_text": item.date_text,
        "image": item.image,
    }


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
