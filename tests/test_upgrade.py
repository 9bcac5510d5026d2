"""A database of an earlier version, with rows in it: upgraded, its rows are as they were, and crawls go on in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, MetaData, Table, bindparam, insert, select

from models.engine import DatabaseState, create_database_engine, database_state, differences, upgrade
from models.identity import name_hash, url_hash
from models.items import Article, Block, BlockType, Page, PageKind, Priority, TagItem, TagList, TagListKind
from models.tables import METADATA
from pipelines.queries import stored_page
from pipelines.rows import content_hash, outline, outlinks_hash, tag_list_rows
from pipelines.store import Outcome, Store

NOW = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
URL, OTHER = "https://news.example.com/1", "https://elsewhere.example/2"
ARTICLE = Article(
    headline="港口的自动化改造",
    blocks=(Block(type=BlockType.PARAGRAPH, text="岸桥的远程操作已经覆盖七个泊位。" * 5),),
    authors=("王芳",),
    source="某报",
    date_published=NOW,
)
TAGS = TagList(kind=TagListKind.ARTICLE, items=(TagItem(name="港口"),))
PAGE = Page(
    url=URL,
    canonical_url=URL,
    fetched_at=NOW,
    status=200,
    kind=PageKind.ARTICLE,
    articles=(ARTICLE,),
    tag_lists=(TAGS,),
)
FACTS = {
    **{name: getattr(ARTICLE, name) for name in ("headline", "source", "date_published")},
    "content_hash": content_hash(ARTICLE),
}
READ = {"fetched_at": NOW, "read_at": NOW, "status": 200, "kind": "article", "outlinks_hash": outlinks_hash(())}
VERSION = {
    "article_id": 3,
    "seen_at": NOW,
    "authors": ["王芳"],
    "article_body": ARTICLE.article_body,
    "blocks": outline(ARTICLE.blocks),
    "origins": {},
    **FACTS,
}
# By table, in the order of their keys: what a crawl of the first version had written.
ROWS: dict[str, list[dict[str, Any]]] = {
    "site": [{"id": 1, "domain": "example.com", "first_seen_at": NOW}],
    "page": [
        {"id": 1, "site_id": 1, "url": URL, "url_hash": url_hash(URL), "first_seen_at": NOW, **READ},
        {"id": 2, "site_id": 1, "url": OTHER, "url_hash": url_hash(OTHER), "first_seen_at": NOW},
    ],
    "author": [{"id": 1, "name": "王芳", "name_hash": name_hash("王芳"), "first_seen_at": NOW}],
    "tag": [{"id": 1, "name": "港口", "name_hash": name_hash("港口"), "first_seen_at": NOW}],
    "article": [
        {"id": 3, "page_id": 1, "position": 0, "version": 2, "first_seen_at": NOW, "changed_at": NOW, **FACTS},
    ],
    "article_version": [VERSION | {"number": 1, "headline": "港口"}, VERSION | {"number": 2}],
    "article_author": [{"article_id": 3, "position": 0, "author_id": 1}],
    "article_tag": [{"article_id": 3, "position": 0, "tag_id": 1}],
    "image": [{"article_id": 3, "position": 0, "url": f"{URL}.jpg"}],
    "tag_list": [{"id": 1, "page_id": 1, "first_seen_at": NOW, **tag_list_rows(0, TAGS).row}],
    "tag_list_item": [{"tag_list_id": 1, "position": 0, "tag_id": 1, "name_text": "港口"}],
    "outlink": [{"page_id": 2, "position": 0, "target_page_id": 1, "kind": "internal"}],
    "crawl": [
        {"id": 1, "spider": "articles", "arguments": {"url": URL}, "started_at": NOW}
        | dict.fromkeys(("stored", "unchanged", "failed", "refused", "batches"), 0)
    ],
    "change": [{"table_name": "article", "row_id": 3, "op": "insert", "changed_at": NOW}],
}


def planned(name: str, old: dict[str, Any]) -> dict[str, Any]:
    """What later versions have added. Nothing is due: the next crawl that comes to a page makes it so."""
    if name == "site":
        return {"lists_per_day": 0.0, "articles_per_day": 0.0}
    if name != "page":
        return {}
    asked = {"asked_at": old["fetched_at"]} if old["fetched_at"] else {}
    return {"priority": Priority.NEW, "changes_seen": 0.0, "changes_expected": 0.0, "failures": 0} | asked


def fill(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """The rows, by the columns that the tables have now; as they are read back."""
    tables = tables_of(engine)
    kept = {}
    with engine.begin() as connection:
        for name, rows in ROWS.items():
            for row in rows:
                # Values take our types on their way: times stay UTC, JSON stays JSON.
                connection.execute(insert(tables[name]).values({key: typed(name, key, row[key]) for key in row}))
            kept[name] = [dict(row) for row in connection.execute(select(tables[name])).mappings()]
    return kept


def typed(table: str, column: str, value: Any) -> Any:
    return bindparam(None, value, type_=METADATA.tables[table].c[column].type)


def tables_of(engine: Engine) -> dict[str, Table]:
    metadata = MetaData()
    # The tables of the search index hold no rows that can be read.
    metadata.reflect(engine, only=lambda name, _: not name.startswith("article_search"))
    return dict(metadata.tables)


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_rows_of_an_earlier_version_stay_as_they_were(database_url: str, revision: str) -> None:
    engine = create_database_engine(database_url)
    upgrade(engine, revision)
    before = fill(engine)

    upgrade(engine)

    assert database_state(engine) is DatabaseState.CURRENT
    assert differences(engine) == []
    for name, table in tables_of(engine).items():
        with engine.connect() as connection:
            ordered = select(table).order_by(*table.primary_key)
            rows = [dict(row) for row in connection.execute(ordered).mappings()]
        for row, old in zip(rows, before.get(name, rows), strict=True):
            assert row | old == row, name
            new = {column: row[column] for column in row.keys() - old.keys() if row[column] is not None}
            assert new == (planned(name, old) if name in before else {}), name
    engine.dispose()


def test_crawls_go_on_in_a_database_of_an_earlier_version(database_url: str) -> None:
    engine = create_database_engine(database_url)
    upgrade(engine, "0001")
    fill(engine)
    upgrade(engine)
    store = Store(engine)

    again = store.write([replace(PAGE, fetched_at=NOW + timedelta(days=1))]).stored[0]

    assert again.outcome is Outcome.UNCHANGED, "no version more only because the code is newer"
    kept = stored_page(engine, URL)
    assert kept is not None
    assert kept.articles == PAGE.articles
    assert kept.tag_lists == PAGE.tag_lists
    engine.dispose()
