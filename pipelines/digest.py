"""A proof that two databases hold the same: one digest a table, over natural keys.

Ids and the times of fetching differ from run to run and are left out, and so are the history and dates shown as
"3 hours ago". What remains is what the pages say now. Rows are digested one by one and summed, so that their order
does not count and memory stays constant.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Engine, RowMapping, Select, select

from models.engine import reading
from models.tables import METADATA
from pipelines.rows import fixed_date

_TABLES = METADATA.tables
_PAGE, _TARGET = _TABLES["page"], _TABLES["page"].alias("target")
_ARTICLE, _VERSION = _TABLES["article"], _TABLES["article_version"]
_BITS = 128


@dataclass(frozen=True, slots=True)
class TableDigest:
    rows: int
    digest: str
    """Of all rows, whatever their order."""


def database_digest(engine: Engine) -> dict[str, TableDigest]:
    """By table. Two databases that hold the same rows give equal dictionaries."""
    with reading(engine) as connection:
        return {
            name: _digest(connection.execution_options(yield_per=1000).execute(query).mappings())
            for name, query in _queries().items()
        }


def _digest(rows: Iterable[RowMapping]) -> TableDigest:
    count = total = 0
    for row in rows:
        text = json.dumps(_natural(row), ensure_ascii=False, sort_keys=True, default=_text)
        total += int.from_bytes(hashlib.sha256(text.encode()).digest()[: _BITS // 8])
        count += 1
    return TableDigest(rows=count, digest=f"{total % 2**_BITS:0{_BITS // 4}x}")


def _natural(row: RowMapping) -> dict[str, Any]:
    natural = dict(row)
    if "date_published" in natural:
        natural["date_published"] = fixed_date(natural["date_published"], natural.get("date_text"))
    return natural


def _text(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _queries() -> dict[str, Select[Any]]:
    return {
        "site": select(_TABLES["site"].c.domain),
        "page": _pages(),
        "article": _articles(),
        "article_author": _names_of_articles("author"),
        "article_tag": _names_of_articles("tag"),
        "author": select(_TABLES["author"].c.name_hash),
        "tag": select(_TABLES["tag"].c.name_hash),
        "image": _of_article("image"),
        "link_list": _lists("link_list"),
        "link_item": _link_items(),
        "tag_list": _lists("tag_list"),
        "tag_list_item": _tag_items(),
        "outlink": _outlinks(),
    }


def _columns(name: str, *left_out: str) -> list[Column[Any]]:
    return [column for column in _TABLES[name].columns if column.name not in left_out]


def _pages() -> Select[Any]:
    names = ("url", "kind", "title", "encoding", "errors", "outlinks_hash")
    target = _TARGET.c.url.label("canonical_url")
    return select(*(_PAGE.c[name] for name in names), target).outerjoin(
        _TARGET, _TARGET.c.id == _PAGE.c.canonical_page_id
    )


def _articles() -> Select[Any]:
    """With the text of the current version."""
    left_out = ("id", "page_id", "version", "first_seen_at", "changed_at", "date_modified", "source_page_id")
    text = [_VERSION.c[name] for name in ("authors", "article_body", "blocks", "source_url")]
    current = (_VERSION.c.article_id == _ARTICLE.c.id) & (_VERSION.c.number == _ARTICLE.c.version)
    joined = select(_PAGE.c.url, *_columns("article", *left_out, "gone_at"), *text).join(
        _ARTICLE, _ARTICLE.c.page_id == _PAGE.c.id
    )
    return joined.join(_VERSION, current).where(_ARTICLE.c.gone_at.is_(None))


def _of_article(name: str, *left_out: str) -> Select[Any]:
    table = _TABLES[name]
    place = _ARTICLE.c.position.label("article_position")
    return (
        select(_PAGE.c.url.label("page_url"), place, *_columns(name, "article_id", *left_out))
        .join(_ARTICLE, _ARTICLE.c.page_id == _PAGE.c.id)
        .join(table, table.c.article_id == _ARTICLE.c.id)
        .where(_ARTICLE.c.gone_at.is_(None))
    )


def _names_of_articles(name: str) -> Select[Any]:
    table, named = _TABLES[f"article_{name}"], _TABLES[name]
    joined = _of_article(f"article_{name}", f"{name}_id")
    return joined.join(named, named.c.id == table.c[f"{name}_id"]).add_columns(named.c.name_hash)


def _lists(name: str) -> Select[Any]:
    table = _TABLES[name]
    left_out = ("id", "page_id", "first_seen_at", "last_seen_at")
    shown = select(_PAGE.c.url, *_columns(name, *left_out)).join(table, table.c.page_id == _PAGE.c.id)
    return shown.where(table.c.last_seen_at.is_(None))


def _items(name: str, items: str) -> Select[Any]:
    """Each with its page and what tells its list from the page's other lists."""
    table, item = _TABLES[name], _TABLES[items]
    key = [_PAGE.c.url.label("page_url"), table.c.items_hash, table.c.position.label("list_position")]
    columns = _columns(items, f"{name}_id", "target_page_id", "tag_id")
    joined = select(*key, *columns).join(table, table.c.page_id == _PAGE.c.id)
    return joined.join(item, item.c[f"{name}_id"] == table.c.id).where(table.c.last_seen_at.is_(None))


def _link_items() -> Select[Any]:
    pointer = _TARGET.c.id == _TABLES["link_item"].c.target_page_id
    return _items("link_list", "link_item").outerjoin(_TARGET, pointer).add_columns(_TARGET.c.url.label("target_url"))


def _tag_items() -> Select[Any]:
    tag = _TABLES["tag"]
    items = _items("tag_list", "tag_list_item").join(tag, tag.c.id == _TABLES["tag_list_item"].c.tag_id)
    return items.add_columns(tag.c.name_hash)


def _outlinks() -> Select[Any]:
    outlink = _TABLES["outlink"]
    columns = _columns("outlink", "page_id", "target_page_id")
    joined = select(_PAGE.c.url.label("page_url"), *columns, _TARGET.c.url.label("target_url"))
    joined = joined.join(outlink, outlink.c.page_id == _PAGE.c.id)
    return joined.outerjoin(_TARGET, _TARGET.c.id == outlink.c.target_page_id)
