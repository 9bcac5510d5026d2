"""Readings taken of what runs have fetched: sums by site, out of the rows of `fetch` that no reading has counted yet.

A run is read once, by the index of its own rows: nothing of what was stored before it is looked at again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, func, insert, select, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from models.engine import reading, writing
from models.tables import METADATA
from pipelines.alarms.sums import Example, Lengths, Sums, chosen, place_of
from pipelines.health import FIELDS, has_field

TABLES = METADATA.tables
READING, CRAWL, FETCH, PAGE, ARTICLE, VERSION = (
    TABLES[name] for name in ("reading", "crawl", "fetch", "page", "article", "article_version")
)
SPIDER = "articles"
"""Only what was fetched now says how a site is now: neither imports nor what is read again out of the archive."""
KEPT = timedelta(days=45)
"""How far histories reach back."""
_FULL = 8
"""Articles from which a reading says something by itself; a smaller one is added to by the next of its run."""
_MERGED_WITHIN = timedelta(days=1)
_ARTICLES_EACH = 500
"""Of a site in one reading; more would not make it surer."""


class _Bytes(FunctionElement[int]):
    """Of a text, without unpacking it on PostgreSQL."""

    inherit_cache = True
    name = "text_bytes"


@compiles(_Bytes)
def _length(element: _Bytes, compiler: Any, **options: Any) -> str:
    return f"length(CAST({compiler.process(element.clauses, **options)} AS BLOB))"


@compiles(_Bytes, "postgresql")
def _octet_length(element: _Bytes, compiler: Any, **options: Any) -> str:
    return f"octet_length({compiler.process(element.clauses, **options)})"


def take_readings(engine: Engine, *, now: datetime, crawl_id: int | None = None) -> set[int]:
    """Of one run, or of all of late that have something unread. The sites that have a new reading."""
    with reading(engine) as connection:
        crawls = connection.execute(_unread(now, crawl_id)).all()
    touched: set[int] = set()
    for id_, started_at, read_until in crawls:
        touched |= _take(engine, id_, started_at, read_until=read_until or 0)
    return touched


def _unread(now: datetime, crawl_id: int | None) -> Any:
    """Runs with the last of their rows of `fetch` that was counted."""
    counted = select(func.max(READING.c.until_fetch_id)).where(READING.c.crawl_id == CRAWL.c.id).scalar_subquery()
    query = select(CRAWL.c.id, CRAWL.c.started_at, counted.label("counted")).where(CRAWL.c.spider == SPIDER)
    if crawl_id is not None:
        return query.where(CRAWL.c.id == crawl_id)
    beyond = (FETCH.c.crawl_id == CRAWL.c.id, FETCH.c.id > func.coalesce(counted, 0))
    has_more = select(FETCH.c.id).where(*beyond).exists()
    return query.where(CRAWL.c.started_at > now - KEPT, has_more).order_by(CRAWL.c.id)


def _take(engine: Engine, crawl_id: int, started_at: datetime, *, read_until: int) -> set[int]:
    is_unread = (FETCH.c.crawl_id == crawl_id, FETCH.c.id > read_until)
    with reading(engine) as connection:
        until = connection.execute(select(func.max(FETCH.c.id)).where(*is_unread)).scalar()
        if until is None:
            return set()
        is_meant = (*is_unread, FETCH.c.id <= until)
        requests = _requests(connection, is_meant)
        articles = _articles(connection, is_meant)
    taken = [
        _sums(site_id, found, articles.get(site_id, []), crawl_id=crawl_id, started_at=started_at)
        for site_id, found in requests.items()
    ]
    with writing(engine) as connection:
        connection.execute(select(CRAWL.c.id).where(CRAWL.c.id == crawl_id).with_for_update())
        counted = select(func.max(READING.c.until_fetch_id)).where(READING.c.crawl_id == crawl_id)
        if (connection.execute(counted).scalar() or 0) != read_until:  # another process has, meanwhile
            return set()
        for sums in taken:
            _write(connection, replace(sums, until_fetch_id=until))
    return set(requests)


def _requests(connection: Connection, is_meant: Sequence[ColumnElement[bool]]) -> dict[int, list[Row[Any]]]:
    """By site: class of failure or null, requests, the time of the last."""
    failed = func.coalesce(FETCH.c.failure_class, "").label("failure_class")
    query = (
        select(PAGE.c.site_id, failed, func.count().label("requests"), func.max(FETCH.c.fetched_at).label("last"))
        .join(PAGE, PAGE.c.id == FETCH.c.page_id)
        .where(*is_meant)
        .group_by(PAGE.c.site_id, failed)
    )
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.site_id].append(row)
    return found


def _articles(connection: Connection, is_meant: Sequence[ColumnElement[bool]]) -> dict[int, list[Row[Any]]]:
    """By site, its articles that were answered anew, each once: the first of each page."""
    asked = PAGE.alias("asked")
    has = has_field()
    columns = (PAGE.c.site_id, PAGE.c.id.label("page_id"), ARTICLE.c.version, ARTICLE.c.first_seen_at)
    read = (ARTICLE.c.gone_at, _Bytes(VERSION.c.article_body).label("length"), VERSION.c.xpath)
    query = (
        select(*columns, *read, *(has[name].label(f"has_{name}") for name in FIELDS))
        .select_from(FETCH)
        .join(asked, asked.c.id == FETCH.c.page_id)
        .join(PAGE, PAGE.c.id == func.coalesce(asked.c.canonical_page_id, asked.c.id))
        .join(ARTICLE, (ARTICLE.c.page_id == PAGE.c.id) & (ARTICLE.c.position == 0))
        .join(VERSION, (VERSION.c.article_id == ARTICLE.c.id) & (VERSION.c.number == ARTICLE.c.version))
        .where(*is_meant, FETCH.c.outcome.in_(("stored", "unchanged")), FETCH.c.status != 304)
    )
    found: dict[int, dict[int, Row[Any]]] = defaultdict(dict)
    for row in connection.execution_options(yield_per=500).execute(query):
        if len(found[row.site_id]) < _ARTICLES_EACH:
            found[row.site_id][row.page_id] = row
    return {site_id: list(rows.values()) for site_id, rows in found.items()}


def _sums(
    site_id: int, requests: Sequence[Row[Any]], rows: Sequence[Row[Any]], *, crawl_id: int, started_at: datetime
) -> Sums:
    articles = [row for row in rows if row.gone_at is None]
    known = [
        row for row in rows if row.first_seen_at < started_at and (row.gone_at is None or row.gone_at >= started_at)
    ]
    lost = [row for row in known if row.gone_at is not None]
    failures = {row.failure_class: row.requests for row in requests if row.failure_class}
    return Sums(
        site_id=site_id,
        crawl_id=crawl_id,
        until_fetch_id=0,
        taken_at=max(row.last for row in requests),
        requests=sum(row.requests for row in requests),
        failures={name: count for name, count in failures.items() if not name.startswith("refused")},
        articles=len(articles),
        new_articles=sum(row.first_seen_at >= started_at for row in articles),
        known_articles=len(known),
        lost_articles=len(lost),
        fields={name: sum(bool(getattr(row, f"has_{name}")) for row in articles) for name in FIELDS}
        if articles
        else {},
        lengths=Lengths.of(row.length for row in articles),
        places=Counter(place_of(row.xpath) for row in articles),
        examples=chosen(_examples([*lost[:2], *articles]), FIELDS),
    )


def _examples(rows: Sequence[Row[Any]]) -> Iterator[Example]:
    for row in rows:
        lacks = tuple(name for name in FIELDS if not getattr(row, f"has_{name}"))
        if row.gone_at is not None:
            yield Example(page_id=row.page_id, version=None)
        else:
            place = place_of(row.xpath)
            yield Example(page_id=row.page_id, version=row.version, lacks=lacks, length=row.length, place=place)


def _write(connection: Connection, sums: Sums) -> None:
    """Added to the site's last reading, where that is of the same run, of today and says little yet."""
    last = select(READING).where(READING.c.site_id == sums.site_id).order_by(READING.c.id.desc()).limit(1)
    row = connection.execute(last).mappings().first()
    if row is not None and _is_merged(before := Sums.of_row(dict(row)), sums):
        connection.execute(update(READING).where(READING.c.id == row["id"]).values((before + sums).to_row()))
    else:
        connection.execute(insert(READING).values(sums.to_row()))


def _is_merged(before: Sums, sums: Sums) -> bool:
    is_near = sums.taken_at - before.taken_at < _MERGED_WITHIN
    return before.crawl_id == sums.crawl_id and is_near and min(before.articles, sums.articles) < _FULL
