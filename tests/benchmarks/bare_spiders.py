"""What a crawl is measured against: Scrapy as it comes, told every URL, in a process of its own.

    python -m tests.benchmarks.bare_spiders fetch|merge SITE_URL PAGES DATABASE_URL

`fetch` fetches the pages and does nothing with them. `merge` is what is usually written: trafilatura in the callback,
and one ORM object merged and committed for each page.
"""

import sys
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Request, Response
from sqlalchemy import Text, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tests.benchmarks.large_site import paths

SETTINGS = {
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOAD_DELAY": 0,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}


class BareSpider(scrapy.Spider):
    name = "bare"

    def __init__(self, site_url: str, pages: int, database_url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site_url, self.pages, self.database_url = site_url.rstrip("/"), pages, database_url

    async def start(self) -> AsyncIterator[Request]:
        for path in paths(self.pages):
            yield Request(self.site_url + path)

    def parse(self, response: Response) -> Any:
        """Nothing."""


class Table(DeclarativeBase):
    type_annotation_map = {str: Text()}  # noqa: RUF012  # SQLAlchemy's hook


class StoredArticle(Table):
    __tablename__ = "stored_article"
    url: Mapped[str] = mapped_column(primary_key=True)
    headline: Mapped[str | None]
    body: Mapped[str]
    author: Mapped[str | None]
    date: Mapped[datetime | None]
    fetched_at: Mapped[datetime]


class MergeSpider(BareSpider):
    name = "merge"
    custom_settings = {"ITEM_PIPELINES": {"tests.benchmarks.bare_spiders.MergePipeline": 100}}  # noqa: RUF012  # Scrapy's

    def parse(self, response: Response) -> Iterator[StoredArticle]:
        from trafilatura import bare_extraction  # noqa: PLC0415  # an extra of the benchmarks

        found = bare_extraction(response.text, url=response.url, with_metadata=True)
        if found is not None:
            yield StoredArticle(
                url=response.url,
                headline=found.title,
                body=found.text,
                author=found.author,
                date=datetime.fromisoformat(found.date) if found.date else None,
                fetched_at=datetime.now(),  # noqa: DTZ005  # as it is usually written
            )


class MergePipeline:
    @classmethod
    def from_crawler(cls, crawler: Any) -> "MergePipeline":
        pipeline = cls()
        pipeline.crawler = crawler  # type: ignore[attr-defined]
        return pipeline

    def open_spider(self) -> None:
        self.session = Session(create_engine(self.crawler.spider.database_url))  # type: ignore[attr-defined]
        Table.metadata.create_all(self.session.connection())
        self.session.commit()

    def process_item(self, item: StoredArticle) -> StoredArticle:
        self.session.merge(item)
        self.session.commit()
        return item

    def close_spider(self) -> None:
        self.session.close()


def main(kind: str, site_url: str, pages: str, database_url: str) -> None:
    process = AsyncCrawlerProcess(SETTINGS)
    spider = MergeSpider if kind == "merge" else BareSpider
    process.crawl(spider, site_url=site_url, pages=int(pages), database_url=database_url)
    process.start()


if __name__ == "__main__":
    main(*sys.argv[1:])
