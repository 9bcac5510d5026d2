"""ChosenMiddleware: pages that were asked for by name, fetched through the frontier like all others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from scrapy.crawler import Crawler
from sqlalchemy import Connection, RowMapping, Table, select

from models.engine import reading
from models.identity import page_url, site_domain, url_hash
from models.items import Discovery, FailureClass, Page, Priority
from models.tables import METADATA
from pipelines.differences import page_differences
from pipelines.frontier.feeding import FrontierMiddleware
from pipelines.frontier.held import HeldSite
from pipelines.frontier.records import Lease
from pipelines.queries import stored_page
from pipelines.recrawling.choice import Choice, chosen_pages
from pipelines.recrawling.telling import Told, page_told

PAGE, FETCH, FAILURE = (METADATA.tables[name] for name in ("page", "fetch", "failure"))
_AHEAD = 32
"""Pages that are chosen and not yet ended: no more is kept in memory, however many are meant."""


@dataclass(slots=True)
class _Chosen:
    pushed_at: datetime
    before: Page | None
    is_ours: bool = False
    """This process asks for it; until then another may."""


class ChosenMiddleware(FrontierMiddleware):
    """Asks for the URLs of the spider's start requests, or for those of the setting RECRAWL_CHOICE, and nothing else.

    Each is made due before all others of its site. If another worker holds the site, it is that worker who asks.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._chosen: dict[str, _Chosen] = {}
        self._urls: Iterator[str] = iter(())
        self._is_exhausted = False

    def _push_first(self, first: list[Discovery]) -> None:
        choice: Choice | None = self._crawler.settings.get("RECRAWL_CHOICE")
        urls = (url for each in first if (url := page_url(each.url)))
        self._urls = iter(dict.fromkeys(urls)) if choice is None else self._chosen_urls(choice)
        self._choose()

    def _chosen_urls(self, choice: Choice) -> Iterator[str]:
        after = 0
        while rows := chosen_pages(self._engine, choice, after=after, most=_AHEAD):
            yield from (url for _, url in rows)
            after = rows[-1][0]

    @property
    def _domains(self) -> tuple[str, ...] | None:
        return tuple({site_domain(url) for url in self._chosen})

    @property
    def _may_gain(self) -> bool:
        return super()._may_gain or self._wants_more

    @property
    def _wants_more(self) -> bool:
        return not self._is_exhausted and len(self._chosen) <= _AHEAD // 2

    async def _lease_more(self) -> bool:
        if self._wants_more:
            await self._call(self._choose)
        for told in await self._call(self._ended_elsewhere):
            self._crawler.signals.send_catch_log(page_told, told=told)
        return await super()._lease_more()

    def _choose(self) -> None:
        """The next of those that are meant, made due."""
        new = list(islice(self._urls, _AHEAD - len(self._chosen)))
        self._is_exhausted = not new
        pushed_at = self._frontier.now()
        for url in new:
            self._chosen[url] = _Chosen(pushed_at, stored_page(self._engine, url))
        self._frontier.push([Discovery(url=url, priority=Priority.URGENT) for url in new], at_once=True)

    def _lease(self, site: HeldSite, most: int) -> list[Lease]:
        leases = super()._lease(site, most)
        ours = [lease for lease in leases if lease.url in self._chosen]
        for lease in ours:
            self._chosen[lease.url].is_ours = True
        self._frontier.give_back(lease.page_id for lease in leases if lease.url not in self._chosen)
        return ours

    def _ended(self, lease: Lease) -> None:
        super()._ended(lease)
        self._chosen.pop(lease.url, None)

    async def _is_done(self) -> bool:
        is_written = self._store is None or self._store.is_idle
        return self._is_exhausted and not self._chosen and is_written

    def _ended_elsewhere(self) -> list[Told]:
        """Those that another worker has asked for since, and stored."""
        waited_for = {url_hash(url): url for url, chosen in self._chosen.items() if not chosen.is_ours}
        if not waited_for:
            return []
        query = select(PAGE.c.id, PAGE.c.url_hash, PAGE.c.asked_at).where(PAGE.c.url_hash.in_(list(waited_for)))
        with reading(self._engine) as connection:
            asked = {waited_for[row.url_hash]: row for row in connection.execute(query) if row.asked_at is not None}
        ended = {url: row.id for url, row in asked.items() if row.asked_at >= self._chosen[url].pushed_at}
        return [self._tell(url, page_id) for url, page_id in ended.items()]

    def _tell(self, url: str, page_id: int) -> Told:
        before = self._chosen.pop(url).before
        with reading(self._engine) as connection:
            fetch = _last(connection, FETCH, page_id)
            failure = _last(connection, FAILURE, page_id) if fetch and fetch["failure_class"] else None
        after = stored_page(self._engine, url)
        return Told(
            url=url,
            outcome=fetch["outcome"] if fetch else "unchanged",
            failure_class=FailureClass(failure["failure_class"]) if failure else None,
            message=failure["message"] if failure else "",
            was_stored=before is not None,
            differences=page_differences(before, after) if after and not failure else (),
        )


def _last(connection: Connection, table: Table, page_id: int) -> RowMapping | None:
    query = select(table).where(table.c.page_id == page_id).order_by(table.c.id.desc()).limit(1)
    return connection.execute(query).mappings().one_or_none()
