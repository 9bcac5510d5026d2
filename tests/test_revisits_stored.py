"""The policy as the store applies it: three days of a simulated site through the tables, with their own queries."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, RowMapping, select, text

from models.engine import open_database, reading
from models.items import Article, Block, BlockType, Discovery, Failure, FailureClass, Item, Page, PageKind, Priority
from models.tables import METADATA
from pipelines.frontier.due_pages import due_pages, next_due_at
from pipelines.revisits import Policy
from pipelines.store import Store
from tests.benchmarks.simulated_sites import Lastmod, SimulatedList, SimulatedSite, simulated_sites
from tests.benchmarks.simulated_year import OurPlans, run_year

DAYS = 3
HOURS = DAYS * 24.0
START = datetime(2025, 3, 3, 6, 30, tzinfo=UTC)  # past: the store believes no time to come
BASE = "https://sim.example/"
SITE = METADATA.tables["site"]


@dataclass
class StoredSite:
    """A simulated site, asked for page by page as the tables say."""

    site: SimulatedSite
    store: Store
    engine: Engine
    requests: int = 0

    def run(self) -> None:
        self.store.write([self.answer(f"{BASE}list/{place}", START) for place in range(len(self.site.lists))])
        self.requests += len(self.site.lists)
        at = START
        while (at := max(at, self.next_at())) < START + timedelta(hours=HOURS):
            rows = self.due(at)
            self.store.write([self.answer(row["url"], at) for row in rows])
            self.requests += len(rows)

    def next_at(self) -> datetime:
        with reading(self.engine) as connection:
            return next_due_at(connection, self.site_id(connection)) or datetime.max.replace(tzinfo=UTC)

    def due(self, at: datetime) -> list[RowMapping]:
        with reading(self.engine) as connection:
            return list(due_pages(connection, self.site_id(connection), now=at, most=16))

    def site_id(self, connection: Connection) -> int:
        found: int = connection.execute(select(SITE.c.id)).scalar_one()
        return found

    def answer(self, url: str, at: datetime) -> Item:
        kind, _, place = url.removeprefix(BASE).partition("/")
        hours = (at - START).total_seconds() / 3600
        if kind == "list":
            shown = self.site.lists[int(place)]
            return Page(url=url, fetched_at=at, status=200, kind=shown.kind, discovered=tuple(self.found(shown, hours)))
        article = self.site.articles[int(place)]
        if hours >= article.gone:
            gone = FailureClass.GONE
            return Failure(url=url, failure_class=gone, message="gone", occurred_at=at, stage="download", status=404)
        said = f"{sum(edit <= hours for edit in article.edits)} edits"
        content = Article(
            blocks=(Block(type=BlockType.PARAGRAPH, text=said),),
            date_published=START + timedelta(hours=article.published),
        )
        return Page(url=url, fetched_at=at, status=200, kind=PageKind.ARTICLE, articles=(content,))

    def found(self, shown: SimulatedList, hours: float) -> Iterator[Discovery]:
        for place in self.site.shown(shown, hours):
            modified = self.site.modified(shown, place, hours)
            modified_at = None if modified is None else START + timedelta(hours=modified)
            yield Discovery(url=f"{BASE}a/{place}", priority=Priority.NEW, modified_at=modified_at)


@pytest.fixture
def site() -> SimulatedSite:
    lists = (
        SimulatedList(PageKind.LISTING, 20),
        SimulatedList(PageKind.SITEMAP, 40, lastmod=Lastmod.HONEST),
    )
    return replace(simulated_sites(31, sites=1, articles=40, hours=HOURS)[0], lists=lists)


def test_the_tables_keep_what_the_policy_needs(site: SimulatedSite, sqlite_url: str) -> None:
    """Asked for as the tables say, the site gets the visits that it gets where all is kept in memory."""
    in_memory = run_year([site], lambda: OurPlans(Policy()), hours=HOURS)
    engine = open_database(sqlite_url)
    stored = StoredSite(site, Store(engine), engine)
    stored.run()

    with reading(engine) as connection:
        query = text(
            "SELECT (SELECT count(*) FROM article), (SELECT count(*) FROM article_version),"
            " (SELECT count(*) FROM page WHERE asked_at IS NULL), lists_per_day + articles_per_day,"
            " (SELECT sum(86400.0 / interval_seconds) FROM page) FROM site"
        )
        articles, versions, never_asked, planned, intervals = connection.execute(query).one()
    engine.dispose()
    assert stored.requests == pytest.approx(in_memory.requests, rel=0.02)
    assert articles >= len(list(site.shown(site.lists[1], HOURS - 1)))
    assert never_asked == 0
    edits = sum(0 < edit < HOURS for article in site.articles for edit in article.edits)
    assert 0.5 * edits < versions - articles <= edits
    assert planned == pytest.approx(intervals, rel=1e-3)
