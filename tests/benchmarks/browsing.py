"""How long the pages of `triptych browse` take on PostgreSQL, with many articles.

    python -m tests.benchmarks.browsing --articles 100000

2,000 pages are stored as a crawl does; then their rows are copied within the database, the copies spread over sites,
until there are as many as asked for: what takes hours by storing takes minutes. Tags and authors are shared by all. One
article in ten has the same tag, and the first page is in a list of every other. Each address is asked over HTTP, six
times; the first answer, which fills the caches, is told apart. Sums over whole tables are counted in the background:
until they are there, the answer says that.
"""

import argparse
import http.client
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from sqlalchemy import Connection, Engine, text

from models.engine import open_database, writing
from models.items import LinkItem, LinkList, LinkListKind, Page, TagItem, TagList, TagListKind
from models.search import drop_search_index, make_search_index
from models.tables import METADATA
from pipelines.browse import create_app, open_to_read
from pipelines.store import Store
from tests.benchmarks.searching import COMMON, chinese_page
from tests.benchmarks.write_speed import databases
from tests.browsing import Browsed, served

_LAST = datetime(2026, 11, 1, tzinfo=UTC)
_FRONT = "https://news0.example.com/2026/11/0.html"
_STORED, _BATCH, _TIMES = 2_000, 100, 6
_SITES = 40
_SHIFT = 1_000_000
"""Between the keys of one copy and those of the next."""
# Columns that are not copied as they are; :copy is the number of the copy, :front the key of the first page.
_SHIFTED = f"+ :copy * {_SHIFT}"
_COPIED: dict[str, dict[str, str]] = {
    "page": {
        "id": f"id {_SHIFTED}",
        "site_id": f"9000000 + :copy % {_SITES}",
        "url": "url || '?copy=' || :copy",
        "url_hash": "substring(sha256(convert_to(url || '?copy=' || :copy, 'UTF8')) FROM 1 FOR 16)",
    },
    "article": {"id": f"id {_SHIFTED}", "page_id": f"page_id {_SHIFTED}"},
    "article_version": {"article_id": f"article_id {_SHIFTED}"},
    "article_author": {"article_id": f"article_id {_SHIFTED}"},
    "article_tag": {"article_id": f"article_id {_SHIFTED}"},
    "link_list": {"id": f"id {_SHIFTED}", "page_id": f"page_id {_SHIFTED}"},
    "link_item": {
        "link_list_id": f"link_list_id {_SHIFTED}",
        "target_page_id": f"CASE WHEN target_page_id = :front THEN :front ELSE target_page_id {_SHIFTED} END",
    },
    "tag_list": {"id": f"id {_SHIFTED}", "page_id": f"page_id {_SHIFTED}"},
    "tag_list_item": {"tag_list_id": f"tag_list_id {_SHIFTED}"},
    "fetch": {"id": f"id {_SHIFTED}", "page_id": f"page_id {_SHIFTED}"},
}


def page(number: int) -> Page:
    made = chinese_page(number, among=_STORED)
    dated = replace(made.articles[0], date_published=_LAST - timedelta(hours=number))
    tags = made.tag_lists[0].items + ((TagItem(name="Every tenth"),) if number % 10 == 0 else ())
    latest = LinkList(kind=LinkListKind.LATEST, items=(LinkItem(url=_FRONT, headline="The first"),))
    return replace(
        made,
        articles=(dated,),
        tag_lists=(TagList(kind=TagListKind.ARTICLE, items=tags),),
        link_lists=(*made.link_lists, latest) if number else made.link_lists,
        outlinks=(),
    )


def fill(engine: Engine, articles: int, *, is_searched: bool) -> None:
    with writing(engine) as connection:
        drop_search_index(connection)
    store = Store(engine)
    crawl_id = store.begin_crawl("articles", {"start_urls": [_FRONT]})
    for start in range(0, _STORED, _BATCH):
        store.write([page(number) for number in range(start, start + _BATCH)], crawl_id)
    store.finish_crawl(crawl_id, reason="finished")
    with writing(engine) as connection:
        for number in range(_SITES):
            connection.execute(
                text("INSERT INTO site (id, domain, first_seen_at) VALUES (:id, :domain, now())"),
                {"id": 9_000_000 + number, "domain": f"copy{number}.example"},
            )
        front: int = connection.execute(text("SELECT id FROM page WHERE url = :url"), {"url": _FRONT}).scalar_one()
    for copy in range(1, articles // _STORED):
        with writing(engine) as connection:
            _copy(connection, copy, front=front)
    if is_searched:
        with writing(engine) as connection:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            make_search_index(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))


def _copy(connection: Connection, copy: int, *, front: int) -> None:
    connection.execute(text("SET LOCAL session_replication_role = replica"))  # keys point to rows of the same copy
    for name, changed in _COPIED.items():
        names = [column.name for column in METADATA.tables[name].columns]
        values = ", ".join(changed.get(column, column) for column in names)
        statement = (
            f'INSERT INTO "{name}" ({", ".join(names)}) '  # noqa: S608  # names of our tables
            f'SELECT {values} FROM "{name}" WHERE {next(iter(changed))} < {_SHIFT}'
        )
        given = {"copy": copy, "front": front}
        connection.execute(text(statement), {key: value for key, value in given.items() if f":{key}" in statement})


def addresses(engine: Engine) -> Iterator[str]:
    def first(statement: str) -> int:
        with engine.connect() as connection:
            return int(connection.execute(text(statement)).scalar_one())

    newest = first("SELECT max(page_id) FROM article")
    front = first(f"SELECT id FROM page WHERE url = '{_FRONT}'")  # noqa: S608  # our own
    hot = first("SELECT id FROM tag WHERE name = 'Every tenth'")
    other = first("SELECT min(id) FROM tag WHERE name LIKE 'Tag %'")
    with engine.connect() as connection:
        bodies = text("SELECT article_body FROM article_version ORDER BY article_id LIMIT 1")
        body: str = connection.execute(bodies).scalar_one()
    yield from ("/articles", f"/articles?after=_{newest // 2}", "/articles?order=published")
    yield from ("/articles?since=2026-10-01&until=2026-10-02", "/articles?site=copy7.example", "/articles?kind=listing")
    yield from ("/articles?kind=article&order=published", "/articles?kind=other&site=copy7.example")
    yield from ("/articles?site=copy7.example&order=published", "/articles?site=example.com")
    yield from searches(body)
    yield from (f"/pages/{front}", f"/pages/{newest}", f"/pages/{newest}/history", f"/pages/{front}/graph")
    yield from (
        f"/pages/{newest}/graph",
        f"/tags/{hot}",
        f"/tags/{other}",
        "/tags?q=Tag+1",
        "/tags",
        "/sites",
        "/sites/copy7.example",
    )
    yield from ("/runs", "/runs/1", "/runs/over-time", "/failures", "/schedules", "/alarms")


def searches(body: str) -> Iterator[str]:
    """For words of an article, for one that most texts have, and for what is nowhere; with filters, and further on."""
    rare, other = body[2:4], body[40:42]
    words = {
        "word": rare,
        "headline": body[:20],
        "long phrase": body[100:160].replace("\n", ""),
        "two words": f"{rare} {other}",
        "one character": rare[0],
        "common word": COMMON,
        "common character": COMMON[0],
        "common and rare": f"{COMMON} {rare}",
        "nowhere": "龘龘",
        "phrase that is nowhere": f"{body[:8]}龘{body[8:12]}",
        "letters and characters": f"5G{rare}",
        "letters": "part",
        "punctuation": "%",
    }
    for asked in words.values():
        yield f"/articles?q={quote(asked)}"
    for chosen in ("site=copy7.example", "since=2026-10-01&until=2026-10-02", "kind=listing", "page=2"):
        yield from (f"/articles?q={quote(asked)}&{chosen}" for asked in (rare, COMMON))


def ask(browsed: Browsed, address: str) -> tuple[float, float, str]:
    """Milliseconds of the first answer and of the middle one of the others; the status, and how often nothing was
    there to show but that it is being counted."""
    took: list[float] = []
    counting = 0
    connection = http.client.HTTPConnection("127.0.0.1", browsed.port, timeout=120)
    for _ in range(_TIMES):
        started = time.perf_counter()
        connection.request("GET", address)
        response = connection.getresponse()
        response.read()
        took.append(1000 * (time.perf_counter() - started))
        counting += response.getheader("refresh") is not None
    connection.close()
    status = f"{response.status}{f' ({counting} times being counted)' if counting else ''}"
    return took[0], statistics.median(took[1:]), status


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000, help=f"a multiple of {_STORED}")
    parser.add_argument("--database", help="of an earlier run, or an empty one to fill and keep; else one of its own")
    parser.add_argument("--without-search", action="store_true", help="no search index: it takes longest to make")
    options = parser.parse_args(arguments)
    with databases("postgresql") as make:
        url = options.database or make("browsed").url
        engine = open_database(url)
        with engine.connect() as connection:
            there = connection.execute(text("SELECT count(*) FROM article")).scalar_one()
        if there == 0:
            started = time.perf_counter()
            fill(engine, options.articles, is_searched=not options.without_search)
            print(f"{options.articles:,} articles in {time.perf_counter() - started:.0f} s", flush=True)
        reader = open_to_read(url)
        with served(create_app(reader, archive=None)) as browsed:
            print(f"{'first':>8}{'then':>8}  ms")
            for address in addresses(engine):
                if options.without_search and "q=%" in address:
                    continue
                first, then, status = ask(browsed, address)
                print(f"{first:8.0f}{then:8.0f}  {status} {address}", flush=True)
        reader.dispose()
        engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
